//! The handshake as two scripts of terms, for the symbolic attacker.
//!
//! Every decision is the guard table's: a script turns terms into facts and asks it. What the flawed
//! mechanisms do instead stands beside the right way.
//!
//! Not modelled: the randoms (a fresh share already makes each transcript the only one of its kind) and
//! lengths. An offer is a set of versions, of which 3 is the newest, 2 is on its way out and the
//! last-accepted date of 1 has passed.

use self::exchange::{Exchange, Side, Words};
use self::heard::Heard;
use self::vocabulary::{Word, capabilities, chosen_version, junk, offer, suite};
use super::Handshake;
use super::guard::Stage;
use super::promise::Point;
use super::weakening::Mechanism;
use crate::dolev_yao::expression::{Expression, Variable};
use crate::dolev_yao::role::{
    Demand, Event, ME, Role, Step, agreed, mac, secret_key, share, tuple, var,
};
use crate::dolev_yao::term::Sort;
use crate::rulebook::Ruleset;

mod belief;
mod claims;
mod codec;
mod exchange;
mod heard;
mod proof;
mod vocabulary;

pub(super) use self::exchange::Purpose;
pub use vocabulary::{
    ALICE, BOB, CAROL, EVERY_CAPABILITY, EVERY_VERSION, HONEST, MALLORY, NEWEST, OFFERS,
    OTHER_SUITE, PRINCIPALS, REQUIRED_CAPABILITY, SUITE, VERSION_FLOOR, best_version,
};
pub(super) use vocabulary::{capability_levels, constants, suites, versions};

/// A role of the handshake, with the variables that hold what it has heard.
#[derive(Clone)]
pub(super) struct Script {
    pub(super) role: Role,
    heard: Heard,
}

/// The script of the one who begins.
pub(super) fn initiator(rules: Ruleset<Handshake>) -> Script {
    let mut role = Role::new("initiator");
    let exponent = own_exponent(rules, &mut role);
    let heard = Heard::new(&mut role);
    let own_words = words(share(exponent.clone()));
    let hello = tuple([
        own_words.offers.clone(),
        own_words.capabilities.clone(),
        own_words.share.clone(),
    ]);
    let exchange = Exchange {
        rules,
        initiator: own_words,
        responder: theirs(heard),
        version: var(heard.version),
        suite: var(heard.suite),
        agreed: agreed(exponent, var(heard.share)),
    };
    role.send(hello);

    let check = |stage| Demand::Check(heard.check(rules, stage));
    let mut answer = hear_words(heard);
    answer.extend(one_of(heard.version, Word::Version));
    answer.push(check(Stage::Offer));
    answer.extend(one_of(heard.suite, Word::Suite));
    answer.push(check(Stage::Choice));
    answer.push(Demand::Part(var(heard.share)));
    answer.push(check(Stage::Share));
    let answered = exchange.transcript(&[]);
    answer.extend(proof::demands(&exchange, heard, Side::Responder, &answered));
    role.receive_all(answer);

    let proven = exchange.transcript(&[var(heard.proof)]);
    seal_with(&mut role, &exchange, [&answered, &proven]);
    let me = var(ME);
    let secret = secret_key(me.clone());
    let evidence = exchange.proof_body(Side::Initiator, &proven, &me, &secret);
    let finish = exchange.proof(Side::Initiator, &proven, &me, &secret);
    let finish = var(role.compute(finish));
    let whole = exchange.transcript(&[var(heard.proof), finish.clone()]);
    let session = var(role.compute(exchange.key(Purpose::Session, &whole)));
    let peer = var(heard.id);
    let agreement = tuple([exchange.terms_of_session(), session.clone()]);
    role.steps
        .extend(claims::claims(heard, Point::Answered as u8, true));
    role.commit(
        Point::Answered as u8,
        peer.clone(),
        exchange.terms_of_session(),
        Some(session.clone()),
    )
    .conceal(Point::Answered as u8, peer.clone(), evidence.clone())
    .running(peer.clone(), agreement.clone())
    .send(finish);

    let valid = confirmation(&exchange, &whole);
    role.receive_all(vec![
        Demand::Let(heard.valid_confirmation, valid),
        Demand::Either(vec![
            vec![
                Demand::Derived(var(heard.valid_confirmation)),
                Demand::Let(heard.confirmation, var(heard.valid_confirmation)),
            ],
            vec![Demand::Let(heard.confirmation, junk())],
        ]),
        check(Stage::Confirmation),
        Demand::Part(var(heard.confirmation)),
    ]);
    role.steps
        .extend(claims::claims(heard, Point::Confirmed as u8, true));
    role.conceal(Point::Confirmed as u8, peer.clone(), evidence)
        .commit(Point::Confirmed as u8, peer, agreement, Some(session));
    Script { role, heard }
}

/// The script of the one who waits.
pub(super) fn responder(rules: Ruleset<Handshake>) -> Script {
    let mut role = Role::new("responder");
    let heard = Heard::new(&mut role);
    let check = |stage| Demand::Check(heard.check(rules, stage));
    let mut hello = hear_words(heard);
    let chosen = Expression::Computed(chosen_version, vec![var(heard.offers)]);
    hello.push(Demand::Let(heard.version, chosen));
    hello.push(Demand::Let(heard.suite, suite(SUITE)));
    hello.push(check(Stage::Offer));
    hello.push(Demand::Part(var(heard.share)));
    hello.push(check(Stage::Share));
    role.receive_all(hello);

    let exponent = own_exponent(rules, &mut role);
    let own_words = words(share(exponent.clone()));
    let exchange = Exchange {
        rules,
        initiator: theirs(heard),
        responder: own_words.clone(),
        version: var(heard.version),
        suite: var(heard.suite),
        agreed: agreed(exponent, var(heard.share)),
    };
    let answered = exchange.transcript(&[]);
    let me = var(ME);
    let own_proof = exchange.proof(Side::Responder, &answered, &me, &secret_key(me.clone()));
    let own_proof = var(role.compute(own_proof));
    role.steps.push(Step::Say(Event::Running {
        peer: None,
        data: exchange.terms_of_session(),
    }));
    role.send(tuple([
        var(heard.version),
        var(heard.suite),
        own_words.offers,
        own_words.capabilities,
        own_words.share,
        own_proof.clone(),
    ]));

    let proven = exchange.transcript(std::slice::from_ref(&own_proof));
    seal_with(&mut role, &exchange, [&answered, &proven]);
    role.receive_all(proof::demands(&exchange, heard, Side::Initiator, &proven));
    let whole = exchange.transcript(&[own_proof, var(heard.proof)]);
    let session = var(role.compute(exchange.key(Purpose::Session, &whole)));
    let agreement = tuple([exchange.terms_of_session(), session.clone()]);
    let peer = var(heard.id);
    role.steps
        .extend(claims::claims(heard, Point::Finished as u8, false));
    role.running(peer.clone(), agreement.clone())
        .commit(Point::Finished as u8, peer, agreement, Some(session))
        .send(confirmation(&exchange, &whole));
    Script { role, heard }
}

/// The exponent that a run uses: one of its own.
fn own_exponent(rules: Ruleset<Handshake>, role: &mut Role) -> Expression {
    if rules.has(Mechanism::StaticShares) {
        secret_key(var(ME))
    } else {
        var(role.fresh(Sort::Exponent))
    }
}

/// A run has the keys of both proofs: the responder's, after what was said when it was `answered`, and the
/// initiator's after that proof.
fn seal_with(role: &mut Role, exchange: &Exchange, [answered, proven]: [&Expression; 2]) {
    let (answer, _) = exchange.proof_keys(Side::Responder, answered);
    let (finish, _) = exchange.proof_keys(Side::Initiator, proven);
    role.seals_with(answer).seals_with(finish);
}

/// What an honest side says, besides its `share`.
fn words(share: Expression) -> Words {
    Words {
        offers: offer(EVERY_VERSION),
        capabilities: capabilities(EVERY_CAPABILITY),
        share,
    }
}

fn theirs(heard: Heard) -> Words {
    Words {
        offers: var(heard.offers),
        capabilities: var(heard.capabilities),
        share: var(heard.share),
    }
}

fn hear_words(heard: Heard) -> Vec<Demand> {
    one_of(heard.offers, Word::Offer)
        .into_iter()
        .chain(one_of(heard.capabilities, Word::Capability))
        .collect()
}

/// A constant of one kind is delivered.
fn one_of(variable: Variable, word: Word) -> [Demand; 2] {
    [
        Demand::Part(var(variable)),
        Demand::Check(Heard::is(variable, word)),
    ]
}

fn confirmation(exchange: &Exchange, whole: &Expression) -> Expression {
    mac(
        exchange.key(Purpose::Confirmation, whole),
        vocabulary::responder(),
    )
}
