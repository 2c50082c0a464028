//! What becomes of single deliveries, and what is told of them.

use super::{Delivered, Performance, every};
use crate::dolev_yao::reveal::Reveals;
use crate::dolev_yao::run::Participant;
use crate::handshake::Handshake;
use crate::handshake::attack::{INITIATOR, RESPONDER};
use crate::handshake::flight::{Confirmation, Forged, Message, Proof, Share, Signature, Words};
use crate::handshake::guard::{Flight, Rejection};
use crate::handshake::script::{
    ALICE, BOB, EVERY_CAPABILITY, EVERY_VERSION, MALLORY, NEWEST, SUITE,
};
use crate::rulebook::{Book as _, Ruleset};

const ALICES: u8 = 0;
const BOBS: u8 = 1;

/// Alice, who means `peer`; and bob, who waits.
fn performance(rules: Ruleset<Handshake>, peer: u8) -> Performance {
    let begins = Participant {
        role: INITIATOR,
        me: ALICE,
        peer: Some(peer),
    };
    let waits = Participant {
        role: RESPONDER,
        me: BOB,
        peer: None,
    };
    Performance::new(rules, vec![begins, waits], Reveals::NONE)
}

/// The rules without the guards that these weakenings leave out.
fn without(weakenings: &[&str]) -> Ruleset<Handshake> {
    let rows = Handshake::WEAKENINGS.iter();
    let left_out: Vec<_> = rows.filter(|row| weakenings.contains(&row.name)).collect();
    assert_eq!(left_out.len(), weakenings.len());
    let hardened = Ruleset::HARDENED;
    left_out
        .into_iter()
        .fold(hardened, Ruleset::dangerously_with)
}

fn words(share: Share) -> Words {
    Words {
        offers: EVERY_VERSION,
        capabilities: EVERY_CAPABILITY,
        share,
    }
}

fn hello(share: Share) -> Message {
    Message::Hello(words(share))
}

fn answer(share: Share, proof: Proof) -> Message {
    Message::Answer {
        words: words(share),
        version: NEWEST,
        suite: SUITE,
        proof,
    }
}

/// A proof that the attacker is who it is.
const OF_MALLORY: Proof = Proof::Forged(Forged {
    id: MALLORY,
    key: MALLORY,
    signature: Signature::Made,
    sealed: true,
    bound: true,
});

/// What alice and bob have to hear from each other.
fn passed_on() -> [(u8, Message); 4] {
    [
        (BOBS, hello(Share::Run(ALICES))),
        (ALICES, answer(Share::Run(BOBS), Proof::Run(BOBS))),
        (BOBS, Message::Finish(Proof::Run(ALICES))),
        (ALICES, Message::Confirm(Confirmation::Run(BOBS))),
    ]
}

#[track_caller]
fn accepts(runs: &mut Performance, slot: u8, message: &Message) {
    let delivered = runs.deliver(slot, message);
    let accepted = matches!(delivered, Delivered::Accepted { .. });
    assert!(accepted, "{message:?}: {delivered:?}");
}

#[test]
fn a_run_has_a_peer_once_it_has_accepted_its_proof() {
    let mut runs = performance(Ruleset::HARDENED, BOB);
    let peers =
        |runs: &Performance| -> Vec<_> { runs.standings().iter().map(|it| it.peer).collect() };
    assert_eq!(peers(&runs), [None, None]);
    let after = [
        [None, None],
        [Some(BOB), None],
        [Some(BOB), Some(ALICE)],
        [Some(BOB), Some(ALICE)],
    ];
    for ((slot, message), after) in passed_on().into_iter().zip(after) {
        accepts(&mut runs, slot, &message);
        assert_eq!(peers(&runs), after, "{message:?}");
    }
}

#[test]
fn only_a_responder_confirms() {
    let mut runs = performance(Ruleset::HARDENED, BOB);
    for (slot, message) in &passed_on()[..3] {
        accepts(&mut runs, *slot, message);
    }
    for (confirmation, delivered) in [
        (Confirmation::Run(ALICES), Delivered::Impossible),
        (
            Confirmation::Junk,
            Delivered::Refused(Rejection::NotConfirmed),
        ),
    ] {
        let message = Message::Confirm(confirmation);
        assert_eq!(runs.deliver(ALICES, &message), delivered, "{message:?}");
    }
    accepts(&mut runs, ALICES, &passed_on()[3].1);
}

#[test]
fn the_attacker_proves_itself_only_under_a_key_that_it_has() {
    let finish = Message::Finish(OF_MALLORY);
    let mut runs = performance(Ruleset::HARDENED, BOB);
    accepts(&mut runs, BOBS, &hello(Share::Run(ALICES)));
    assert_eq!(runs.deliver(BOBS, &finish), Delivered::Impossible);

    let mut runs = performance(Ruleset::HARDENED, BOB);
    accepts(&mut runs, BOBS, &hello(Share::Own));
    accepts(&mut runs, BOBS, &finish);
}

#[test]
fn a_proof_that_does_not_open_says_nothing_and_is_refused_whatever_the_rules() {
    let rows = [
        ("without-proof-opens", Rejection::ProofDoesNotOpen),
        ("without-identity-bound", Rejection::IdentityUnbound),
        ("without-key-of-peer", Rejection::UnknownKey),
        ("without-signature-valid", Rejection::BadSignature),
    ];
    let weakenings = rows.map(|(weakening, _)| weakening);
    let rejections = rows.into_iter().map(|(_, rejection)| rejection);
    for (off, rejection) in (0..).zip(rejections.chain([Rejection::ProofDoesNotOpen])) {
        let mut runs = performance(without(&weakenings[..off]), BOB);
        accepts(&mut runs, BOBS, &hello(Share::Run(ALICES)));
        // Bob's own proof is under another key.
        let delivered = runs.deliver(BOBS, &Message::Finish(Proof::Run(BOBS)));
        assert_eq!(delivered, Delivered::Refused(rejection), "{weakenings:?}");
    }
}

#[test]
fn a_confirmation_is_told_by_where_it_comes_from() {
    let loose = without(&["without-confirmation-valid"]);
    for (peer, rules, confirmation) in [
        (BOB, Ruleset::HARDENED, Confirmation::Run(BOBS)),
        (MALLORY, Ruleset::HARDENED, Confirmation::Made),
        (BOB, loose, Confirmation::Junk),
    ] {
        let mut runs = performance(rules, peer);
        if peer == BOB {
            for (slot, message) in &passed_on()[..3] {
                accepts(&mut runs, *slot, message);
            }
        } else {
            accepts(&mut runs, ALICES, &answer(Share::Own, OF_MALLORY));
        }
        let script = runs.script(ALICES).unwrap();
        let state = runs.state();
        let message = Message::Confirm(confirmation);
        let told = runs
            .attacked
            .look_at(&state, |arena, points, knowledge, _| {
                let all = every(points, &state, 2);
                let run = all[usize::from(ALICES)].run;
                let heard = script.encode(arena, knowledge, &all, &run, &message)?;
                Some(script.decode(arena, knowledge, &all, Flight::Confirm, &heard))
            });
        assert_eq!(told, Some(message));
        accepts(&mut runs, ALICES, &message);
    }
}
