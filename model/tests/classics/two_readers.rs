//! Sealed bytes that two read: one approves them, the other acts on what it was told is approved. Each opens
//! them with the message key that it was given. Where sealing does not commit to the key, a sender who made
//! two keys made one ciphertext that says something harmless to the one and something else to the other
//! (the invisible salamanders of <https://doi.org/10.1007/978-3-319-96884-1_6>, sent to a moderator and a
//! friend). Repaired, what is approved covers a hash of the key.

use countersign_model::dolev_yao::expression::Expression;
use countersign_model::dolev_yao::level::Level;
use countersign_model::dolev_yao::protocol::Protocol;
use countersign_model::dolev_yao::role::{
    Demand, ME, PEER, Role, Wanted, encrypted, hash, opened, signature, tuple, var,
};
use countersign_model::dolev_yao::term::Sort;
use countersign_model::dolev_yao::weakness::{Weakness, Weaknesses};

use super::{protocol, shortest_attack, withstands};

const UNCOMMITTED: Weaknesses = Weaknesses::NONE.with(Weakness::UncommittedSeal);

/// The protocol; `committed`, the approver signs for the key, too. Who sends is left open: the attacker.
fn script(committed: bool, weaknesses: Weaknesses) -> Protocol {
    // What both do: open what was sealed, by the key that came with it. What is approved, and for whom.
    let read = |role: &mut Role| {
        let key = var(role.any(Wanted::Name(Sort::Key)));
        let bytes = role.any(Wanted::Sealed);
        let text = var(role.any(Wanted::Name(Sort::Constant)));
        let demands = [
            Demand::Part(encrypted(var(ME), key.clone())),
            opened(bytes, key.clone(), text.clone()),
        ];
        (demands, [var(bytes), hash(key)], text)
    };
    let approval = |by: &Expression, bytes: [Expression; 2], reader: &Expression| {
        let [bytes, commitment] = bytes;
        let covered = [reader.clone(), bytes].into_iter();
        signature(
            by.clone(),
            tuple(covered.chain(committed.then_some(commitment))),
        )
    };
    let mut reader = Role::new("reader");
    let (me, peer) = (var(ME), var(PEER));
    let (demands, bytes, text) = read(&mut reader);
    let vetted = Demand::Part(approval(&peer, bytes, &me));
    reader
        .receive_all(demands.into_iter().chain([vetted]).collect())
        .commit(0, peer, text, None);

    let mut approver = Role::new("approver");
    let (me, peer) = (var(ME), var(PEER));
    let (demands, bytes, text) = read(&mut approver);
    let asked = Demand::Part(peer.clone());
    approver
        .receive_all([asked].into_iter().chain(demands).collect())
        .running(peer.clone(), text)
        .send(approval(&me, bytes, &peer));

    let mut protocol = protocol(vec![reader, approver]);
    protocol.weaknesses = weaknesses;
    // A second key for the attacker.
    protocol.hostile.push(Expression::Name(Sort::Key, 9));
    protocol
}

const AS_APPROVED: (Level, u8) = (Level::Agreed, 0);

#[test]
fn the_reader_reads_what_nobody_approved_in_two_deliveries() {
    assert_eq!(
        shortest_attack(script(false, UNCOMMITTED), 2, AS_APPROVED),
        2
    );
    // Those bytes were approved, for this reader: only not what they say.
    withstands(script(false, UNCOMMITTED), 2, &[(Level::Mutual, 0)]);
}

#[test]
fn where_the_seal_commits_to_its_key_it_withstands() {
    let perfect = || script(false, Weaknesses::NONE);
    assert_eq!(withstands(perfect(), 2, &[AS_APPROVED]), 1122);
    assert_eq!(withstands(perfect(), 3, &[AS_APPROVED]), 25_372);
}

#[test]
fn with_the_key_in_what_is_approved_it_withstands() {
    assert_eq!(
        withstands(script(true, UNCOMMITTED), 2, &[AS_APPROVED]),
        261_420
    );
}
