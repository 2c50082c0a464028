//! Handshakes: honest exchanges, what they survive, and a way to earn each rejection.

use countersign_model::dolev_yao::reveal::Reveals;
use countersign_model::dolev_yao::run::Participant;
use countersign_model::handshake::attack::{INITIATOR, RESPONDER};
use countersign_model::handshake::flight::{
    Confirmation, Forged, Message, Proof, Share, Signature, Words,
};
use countersign_model::handshake::script::{ALICE, BOB, CAROL, MALLORY};
use countersign_model::handshake::story::Story;

use super::{Happens, Scenario};

/// The exchanges, then one for each rejection in the order of the guard table.
pub(super) const TABLE: &[Scenario] = &[
    told(
        "exchanges/handshake-completed",
        "alice and bob have one session, and nobody else has it",
        || story(&BOTH, honest(0, 1)),
    ),
    told(
        "exchanges/handshake-crossed",
        "two handshakes at once, one each way, share nothing",
        crossed,
    ),
    told(
        "exchanges/handshake-with-mallory",
        "whoever means the attacker has a session with the attacker",
        with_mallory,
    ),
    told(
        "exchanges/handshake-replayed",
        "yesterday's finish says nothing about today's answer",
        replayed,
    ),
    told(
        "rejected/no-common-version/handshake-unheard-of",
        "an initiator that speaks no known version",
        || story(&BOTH, vec![(1, hello(words(0, 2, Share::Run(0))))]),
    ),
    told(
        "rejected/version-deprecated/handshake-only-the-oldest",
        "the newest versions are struck from the offer",
        || story(&BOTH, vec![(1, hello(words(0b001, 2, Share::Run(0))))]),
    ),
    told(
        "rejected/capability-missing/handshake-nothing-to-offer",
        "an initiator without what is required",
        || story(&BOTH, vec![(1, hello(words(0b111, 0, Share::Run(0))))]),
    ),
    told(
        "rejected/version-downgraded/handshake-second-best",
        "the version chosen is not the best of both",
        || story(&BOTH, vec![(1, hello(everything(0))), (0, chosen(2, 0))]),
    ),
    told(
        "rejected/suite-not-offered/handshake-another-suite",
        "the suite chosen was never offered",
        || story(&BOTH, vec![(1, hello(everything(0))), (0, chosen(3, 1))]),
    ),
    told(
        "rejected/share-degenerate/handshake-low-order",
        "a share of low order makes every secret zero",
        || story(&BOTH, vec![(1, hello(words(0b111, 2, Share::LowOrder)))]),
    ),
    told(
        "rejected/proof-does-not-open/handshake-offer-lowered",
        "an offer that was lowered on the way is not the one that was sent",
        || {
            let lowered = hello(words(0b011, 2, Share::Run(0)));
            story(&BOTH, vec![(1, lowered), (0, chosen(3, 0))])
        },
    ),
    told(
        "rejected/identity-unbound/handshake-not-vouched-for",
        "the attacker seals and signs its proof, and vouches for nobody with the key",
        || {
            let unbound = Proof::Forged(Forged {
                bound: false,
                ..FORGED
            });
            story(&BOTH, vec![(0, answer(OWN, unbound))])
        },
    ),
    told(
        "rejected/unknown-key/handshake-key-of-another",
        "the attacker proves bob's name with its own key",
        || {
            story(
                &BOTH,
                vec![(0, answer(OWN, forged(BOB, MALLORY, Signature::Made)))],
            )
        },
    ),
    told(
        "rejected/peer-not-entitled/handshake-revoked-key",
        "a revoked key proves nothing any more",
        || {
            story(
                &BOTH,
                vec![(0, answer(OWN, forged(CAROL, CAROL, Signature::Made)))],
            )
        },
    ),
    told(
        "rejected/peer-is-self/handshake-as-itself",
        "the attacker speaks to bob in his own name",
        || {
            let finish = Message::Finish(forged(BOB, BOB, Signature::Of(1)));
            story(&BOTH, vec![(1, hello(OWN)), (1, finish)])
        },
    ),
    told(
        "rejected/wrong-peer/handshake-not-who-was-meant",
        "the attacker answers in its own name where bob was meant",
        || {
            story(
                &BOTH,
                vec![(0, answer(OWN, forged(MALLORY, MALLORY, Signature::Made)))],
            )
        },
    ),
    told(
        "rejected/bad-signature/handshake-unsigned",
        "the attacker proves bob's name with bob's key and no signature",
        || {
            story(
                &BOTH,
                vec![(0, answer(OWN, forged(BOB, BOB, Signature::Junk)))],
            )
        },
    ),
    told(
        "rejected/not-confirmed/handshake-not-done",
        "a confirmation from somebody without the keys",
        || {
            let junk = Message::Confirm(Confirmation::Junk);
            let hello = hello(everything(0));
            story(&BOTH, vec![(1, hello), (0, answer_of(1)), (0, junk)])
        },
    ),
];

const fn told(path: &'static str, lesson: &'static str, happens: fn() -> Story) -> Scenario {
    Scenario {
        path,
        lesson,
        happens: Happens::Handshake(happens),
    }
}

/// Alice, who means bob; and bob, who waits.
const BOTH: [Participant; 2] = [initiates(ALICE, BOB), responds(BOB)];

/// What the attacker says, with a share of its own.
const OWN: Words = words(0b111, 2, Share::Own);

/// A proof in the attacker's own name, with all that belongs to it.
const FORGED: Forged = Forged {
    id: MALLORY,
    key: MALLORY,
    signature: Signature::Made,
    sealed: true,
    bound: true,
};

fn crossed() -> Story {
    let participants = [
        initiates(ALICE, BOB),
        responds(BOB),
        initiates(BOB, ALICE),
        responds(ALICE),
    ];
    let both = honest(0, 1).into_iter().zip(honest(2, 3));
    story(
        &participants,
        both.flat_map(|(one, other)| [one, other]).collect(),
    )
}

fn with_mallory() -> Story {
    let answer = answer(OWN, forged(MALLORY, MALLORY, Signature::Made));
    let confirm = Message::Confirm(Confirmation::Made);
    story(
        &[initiates(ALICE, MALLORY)],
        vec![(0, answer), (0, confirm)],
    )
}

fn replayed() -> Story {
    let participants = [initiates(ALICE, BOB), responds(BOB), responds(BOB)];
    let deliveries = vec![
        (1, hello(everything(0))),
        (2, hello(everything(0))),
        (0, answer_of(1)),
        (2, Message::Finish(Proof::Run(0))),
        (1, Message::Finish(Proof::Run(0))),
    ];
    story(&participants, deliveries)
}

/// An exchange in which everything is passed on as it is.
fn honest(initiator: u8, responder: u8) -> Vec<(u8, Message)> {
    vec![
        (responder, hello(everything(initiator))),
        (initiator, answer_of(responder)),
        (responder, Message::Finish(Proof::Run(initiator))),
        (initiator, Message::Confirm(Confirmation::Run(responder))),
    ]
}

fn story(participants: &[Participant], deliveries: Vec<(u8, Message)>) -> Story {
    Story {
        participants: participants.to_vec(),
        reveals: Reveals::NONE,
        deliveries,
    }
}

const fn initiates(me: u8, peer: u8) -> Participant {
    Participant {
        role: INITIATOR,
        me,
        peer: Some(peer),
    }
}

const fn responds(me: u8) -> Participant {
    Participant {
        role: RESPONDER,
        me,
        peer: None,
    }
}

const fn words(offers: u8, capabilities: u8, share: Share) -> Words {
    Words {
        offers,
        capabilities,
        share,
    }
}

/// What an honest run says.
const fn everything(run: u8) -> Words {
    words(0b111, 2, Share::Run(run))
}

fn hello(words: Words) -> Message {
    Message::Hello(words)
}

fn answer_of(run: u8) -> Message {
    answer(everything(run), Proof::Run(run))
}

fn answer(words: Words, proof: Proof) -> Message {
    Message::Answer {
        words,
        version: 3,
        suite: 0,
        proof,
    }
}

/// The answer of the run in slot 1, but for what it chose.
fn chosen(version: u8, suite: u8) -> Message {
    Message::Answer {
        words: everything(1),
        version,
        suite,
        proof: Proof::Run(1),
    }
}

fn forged(id: u8, key: u8, signature: Signature) -> Proof {
    Proof::Forged(Forged {
        id,
        key,
        signature,
        ..FORGED
    })
}
