//! The traces of the handshake: a shortest attack for every weakening, honest exchanges, and a way to
//! earn each rejection.

use std::num::NonZeroUsize;

use countersign::lab::HandshakeLab;
use countersign_model::dolev_yao::reveal::Reveals;
use countersign_model::dolev_yao::run::Participant;
use countersign_model::explorer::{Cutoff, Ending, explore};
use countersign_model::handshake::Handshake;
use countersign_model::handshake::attack::{INITIATOR, RESPONDER, attacked, promised};
use countersign_model::handshake::flight::{
    Confirmation, Forged, Message, Proof, Share, Signature, Words,
};
use countersign_model::handshake::guard::Rejection;
use countersign_model::handshake::script::{ALICE, BOB, CAROL, MALLORY};
use countersign_model::handshake::story::Story;
use countersign_model::rulebook::{Book as _, Ruleset, Weakening};
use countersign_replay::handshake::promised::Promised;
use countersign_replay::handshake::teller::tell;
use countersign_replay::trace::Seed;
use countersign_replay::{Trace, replay};

const SEED: Seed = Seed([7; 16]);

/// A shortest attack for every weakening, by its name.
pub(crate) fn counterexamples() -> Vec<(&'static Weakening<Handshake>, Trace<Handshake>)> {
    let rows = Handshake::WEAKENINGS.iter();
    rows.map(|row| (row, counterexample(row))).collect()
}

fn counterexample(row: &Weakening<Handshake>) -> Trace<Handshake> {
    let search = |system: &_| explore(system, NonZeroUsize::MIN, &Cutoff::default());
    // Some promises are off with secrets revealed, whatever the rules.
    let off = search(&attacked(Ruleset::HARDENED, 2, row.needs, 0)).violated;
    let watched = promised(row.breaks) & !off;
    let system = attacked(row.rules(), 2, row.needs, watched);
    let Ending::Broken(path) = search(&system).ending else {
        panic!("{} breaks nothing", row.name);
    };
    let story = Story::of_path(&system, row.rules(), &path);
    let watched = Promised::of_marks(watched);
    recorded(&tell(&story, &[row.name], &watched, row.lesson, SEED).unwrap())
}

/// Honest exchanges, by the name of the file that each is in.
pub(crate) fn exchanges() -> Vec<(&'static str, Trace<Handshake>)> {
    let both = [initiates(ALICE, BOB), responds(BOB)];
    let crossed = [
        initiates(ALICE, BOB),
        responds(BOB),
        initiates(BOB, ALICE),
        responds(ALICE),
    ];
    let interleaved = honest(0, 1)
        .into_iter()
        .zip(honest(2, 3))
        .flat_map(|(one, other)| [one, other])
        .collect();
    let hostile = [initiates(ALICE, MALLORY)];
    let own = Words {
        share: Share::Own,
        ..EVERYTHING
    };
    let answer = answer(own, forged(MALLORY, MALLORY, Signature::Made));
    let told =
        |lesson, players: &[Participant], deliveries| recorded(&story(lesson, players, deliveries));
    vec![
        (
            "handshake-completed",
            told(
                "alice and bob have one session, and nobody else has it",
                &both,
                honest(0, 1),
            ),
        ),
        (
            "handshake-crossed",
            told(
                "two handshakes at once, one each way, share nothing",
                &crossed,
                interleaved,
            ),
        ),
        (
            "handshake-with-mallory",
            told(
                "whoever means the attacker has a session with the attacker",
                &hostile,
                vec![(0, answer), (0, Message::Confirm(Confirmation::Made))],
            ),
        ),
        (
            "handshake-replayed",
            told(
                "yesterday's finish says nothing about today's answer",
                &[initiates(ALICE, BOB), responds(BOB), responds(BOB)],
                vec![
                    (1, hello(EVERYTHING)),
                    (2, hello(EVERYTHING)),
                    (0, answer_of(1)),
                    (2, Message::Finish(Proof::Run(0))),
                    (1, Message::Finish(Proof::Run(0))),
                ],
            ),
        ),
    ]
}

/// One trace for each rejection, by its lesson in a word or two.
pub(crate) fn rejected() -> Vec<(Rejection, &'static str, Trace<Handshake>)> {
    let both = [initiates(ALICE, BOB), responds(BOB)];
    let ways = unacceptable_offers().into_iter().chain(unproven());
    ways.map(|way| {
        let trace = recorded(&story(way.lesson, &both, way.deliveries));
        (way.rejection, way.name, trace)
    })
    .collect()
}

/// A way to earn a rejection.
struct Way {
    rejection: Rejection,
    name: &'static str,
    lesson: &'static str,
    deliveries: Vec<(u8, Message)>,
}

fn way(
    rejection: Rejection,
    name: &'static str,
    lesson: &'static str,
    deliveries: Vec<(u8, Message)>,
) -> Way {
    Way {
        rejection,
        name,
        lesson,
        deliveries,
    }
}

/// Ways to be refused for what is offered or chosen.
fn unacceptable_offers() -> Vec<Way> {
    let chosen = |version, suite| Message::Answer {
        words: EVERYTHING_OF_RESPONDER,
        version,
        suite,
        proof: Proof::Run(1),
    };
    vec![
        way(
            Rejection::NoCommonVersion,
            "unheard-of",
            "an initiator that speaks no known version",
            vec![(1, hello(words(0, 2, Share::Run(0))))],
        ),
        way(
            Rejection::VersionDeprecated,
            "only-the-oldest",
            "the newest versions are struck from the offer",
            vec![(1, hello(words(0b001, 2, Share::Run(0))))],
        ),
        way(
            Rejection::CapabilityMissing,
            "nothing-to-offer",
            "an initiator without what is required",
            vec![(1, hello(words(0b111, 0, Share::Run(0))))],
        ),
        way(
            Rejection::VersionDowngraded,
            "second-best",
            "the version chosen is not the best of both",
            vec![(1, hello(EVERYTHING)), (0, chosen(2, 0))],
        ),
        way(
            Rejection::SuiteNotOffered,
            "another-suite",
            "the suite chosen was never offered",
            vec![(1, hello(EVERYTHING)), (0, chosen(3, 1))],
        ),
    ]
}

/// Ways to be refused for what is proven or not.
fn unproven() -> Vec<Way> {
    let own = words(0b111, 2, Share::Own);
    vec![
        way(
            Rejection::ShareDegenerate,
            "low-order",
            "a share of low order makes every secret zero",
            vec![(1, hello(words(0b111, 2, Share::LowOrder)))],
        ),
        way(
            Rejection::ProofUnbound,
            "offer-lowered",
            "an offer that was lowered on the way is not the one that was sent",
            vec![
                (1, hello(words(0b011, 2, Share::Run(0)))),
                (
                    0,
                    Message::Answer {
                        words: EVERYTHING_OF_RESPONDER,
                        version: 3,
                        suite: 0,
                        proof: Proof::Run(1),
                    },
                ),
            ],
        ),
        way(
            Rejection::UnknownKey,
            "key-of-another",
            "the attacker proves bob's name with its own key",
            vec![(0, answer(own, forged(BOB, MALLORY, Signature::Made)))],
        ),
        way(
            Rejection::PeerNotEntitled,
            "revoked-key",
            "a revoked key proves nothing any more",
            vec![(0, answer(own, forged(CAROL, CAROL, Signature::Made)))],
        ),
        way(
            Rejection::PeerIsSelf,
            "as-itself",
            "the attacker speaks to bob in his own name",
            vec![
                (1, hello(own)),
                (1, Message::Finish(forged(BOB, BOB, Signature::Of(1)))),
            ],
        ),
        way(
            Rejection::WrongPeer,
            "not-who-was-meant",
            "the attacker answers in its own name where bob was meant",
            vec![(0, answer(own, forged(MALLORY, MALLORY, Signature::Made)))],
        ),
        way(
            Rejection::BadSignature,
            "unsigned",
            "the attacker proves bob's name with bob's key and no signature",
            vec![(0, answer(own, forged(BOB, BOB, Signature::Junk)))],
        ),
        way(
            Rejection::NotConfirmed,
            "not-done",
            "a confirmation from somebody without the keys",
            vec![
                (1, hello(EVERYTHING)),
                (0, answer_of(1)),
                (0, Message::Confirm(Confirmation::Junk)),
            ],
        ),
    ]
}

const fn words(offers: u8, capabilities: u8, share: Share) -> Words {
    Words {
        offers,
        capabilities,
        share,
    }
}

/// The trace with the bytes of the code that it was told for.
fn recorded(trace: &Trace<Handshake>) -> Trace<Handshake> {
    let report = replay(trace, HandshakeLab::new).unwrap();
    trace.clone().recording(&report)
}

fn story(
    lesson: &str,
    participants: &[Participant],
    deliveries: Vec<(u8, Message)>,
) -> Trace<Handshake> {
    let story = Story {
        participants: participants.to_vec(),
        reveals: Reveals::NONE,
        deliveries,
    };
    tell(&story, &[], &[], lesson, SEED).unwrap()
}

fn initiates(me: u8, peer: u8) -> Participant {
    Participant {
        role: INITIATOR,
        me,
        peer: Some(peer),
    }
}

fn responds(me: u8) -> Participant {
    Participant {
        role: RESPONDER,
        me,
        peer: None,
    }
}

/// What the run in slot 0 says.
const EVERYTHING: Words = Words {
    offers: 0b111,
    capabilities: 2,
    share: Share::Run(0),
};

/// What the run in slot 1 says.
const EVERYTHING_OF_RESPONDER: Words = Words {
    share: Share::Run(1),
    ..EVERYTHING
};

/// An exchange in which everything is passed on as it is.
fn honest(initiator: u8, responder: u8) -> Vec<(u8, Message)> {
    let words = Words {
        share: Share::Run(initiator),
        ..EVERYTHING
    };
    vec![
        (responder, hello(words)),
        (initiator, answer_of(responder)),
        (responder, Message::Finish(Proof::Run(initiator))),
        (initiator, Message::Confirm(Confirmation::Run(responder))),
    ]
}

fn hello(words: Words) -> Message {
    Message::Hello(words)
}

fn answer_of(run: u8) -> Message {
    let words = Words {
        share: Share::Run(run),
        ..EVERYTHING
    };
    answer(words, Proof::Run(run))
}

fn answer(words: Words, proof: Proof) -> Message {
    Message::Answer {
        words,
        version: 3,
        suite: 0,
        proof,
    }
}

fn forged(id: u8, key: u8, signature: Signature) -> Proof {
    Proof::Forged(Forged {
        id,
        key,
        signature,
        sealed: true,
    })
}
