//! Receiving a proof: every way in which the attacker can come by one.

use super::exchange::{Exchange, Side, secret_of, signed_with};
use super::heard::Heard;
use super::vocabulary::junk;
use crate::dolev_yao::expression::Expression;
use crate::dolev_yao::role::{Demand, mac, sealed, tuple, var};
use crate::handshake::guard::{GuardId, Stage};

/// What the receiver of `side`'s proof demands of it, `transcript` being what it must cover.
pub(super) fn demands(
    exchange: &Exchange,
    heard: Heard,
    side: Side,
    transcript: &Expression,
) -> Vec<Demand> {
    let rules = exchange.rules;
    let check = |stage| Demand::Check(heard.check(rules, stage));
    let (sealing, binding) = exchange.proof_keys(side, transcript);
    let (id, key, signature) = (var(heard.id), var(heard.key), var(heard.signature));
    let body = tuple([id.clone(), key.clone(), signature.clone(), var(heard.mac)]);
    let form = sealed(var(heard.sealing_key), body.clone());
    let valid_signature = signed_with(secret_of(key.clone()), exchange.signed(side, transcript));
    let valid_mac = mac(binding, tuple([id.clone(), key.clone()]));

    // The attacker names somebody whom the receiver can accept, with a signature that it has or can
    // make. One that is not valid is as good as any other.
    let mut signatures = vec![vec![
        Demand::Let(heard.signature, valid_signature.clone()),
        Demand::Derived(signature),
    ]];
    if !rules.enforces(GuardId::SignatureValid) {
        signatures.push(vec![Demand::Let(heard.signature, junk())]);
    }
    let mut acceptable = vec![check(Stage::Identity)];
    if side == Side::Responder {
        acceptable.push(check(Stage::Intention));
    }
    let names = || {
        let mut names = vec![Demand::Part(id.clone()), Demand::Part(key.clone())];
        names.extend(acceptable.iter().cloned());
        names.push(Demand::Either(signatures.clone()));
        names
    };
    let pass_on = vec![
        Demand::Overheard(form.clone()),
        Demand::Let(heard.proof, form.clone()),
    ];
    let mut macs = vec![vec![Demand::Let(heard.mac, valid_mac.clone())]];
    if !rules.enforces(GuardId::IdentityBound) {
        macs.push(vec![Demand::Let(heard.mac, junk())]);
    }
    let put_together = |proof: Expression| {
        let mut demands = names();
        demands.push(Demand::Either(macs.clone()));
        demands.push(Demand::Let(heard.proof, proof));
        demands
    };
    let mut seal = vec![Demand::Derived(var(heard.sealing_key))];
    seal.extend(put_together(form));
    let mut ways = vec![pass_on, seal];
    if !rules.enforces(GuardId::ProofOpens) {
        ways.push(put_together(body));
    }
    let mut demands = vec![
        Demand::Let(heard.sealing_key, sealing),
        Demand::Either(ways),
        Demand::Let(heard.valid_signature, valid_signature),
        Demand::Let(heard.valid_mac, valid_mac),
        check(Stage::Proof),
    ];
    demands.extend(acceptable.iter().cloned());
    demands.push(check(Stage::Signature));
    demands.push(Demand::Part(var(heard.proof)));
    demands
}
