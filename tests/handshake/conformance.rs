//! Exhaustive conformance: in every state that one honest exchange under attack can come to, every
//! flight that there is, delivered to the real ends with real cryptography.
//!
//! What the attacker of the model cannot make, the real one cannot make either; what is refused is refused
//! with the same rejection and changes nothing; what is accepted leads to the same state, the attacker's
//! knowledge included.

use std::collections::{HashSet, VecDeque};

use countersign::lab::HandshakeLab;
use countersign_model::dolev_yao::reveal::{Reveal, Reveals};
use countersign_model::dolev_yao::run::Participant;
use countersign_model::handshake::Handshake;
use countersign_model::handshake::attack::{INITIATOR, RESPONDER};
use countersign_model::handshake::flight::Message;
use countersign_model::handshake::performance::{Delivered, Performance};
use countersign_model::handshake::probe;
use countersign_model::handshake::script::{
    ALICE, BOB, EVERY_CAPABILITY, EVERY_VERSION, NEWEST, SUITE,
};
use countersign_model::handshake::story::Story;
use countersign_model::rulebook::Ruleset;
use countersign_replay::handshake::flight::Action;
use countersign_replay::handshake::reference::Reference;
use countersign_replay::handshake::teller::tell;
use countersign_replay::handshake::translation::{flight, run_name};
use countersign_replay::trace::{Expect, Seed, Step};
use countersign_replay::{Target, TargetError, Trace, Verdict};

/// What was tried.
#[derive(Debug, Default, PartialEq, Eq)]
struct Counts {
    states: usize,
    transitions: usize,
    refusals: usize,
    impossible: usize,
}

/// Alice, who means bob; and bob, who waits.
fn participants() -> Vec<Participant> {
    vec![
        Participant {
            role: INITIATOR,
            me: ALICE,
            peer: Some(BOB),
        },
        Participant {
            role: RESPONDER,
            me: BOB,
            peer: None,
        },
    ]
}

type Path = Vec<(u8, Message)>;

fn step((slot, message): &(u8, Message)) -> Step<Handshake> {
    Step {
        action: Action::Deliver {
            to: run_name(*slot),
            flight: flight(message),
        },
        expect: Expect::default(),
        bytes: Vec::new(),
    }
}

/// The real ends and the model's, each brought to where `path` leads.
fn brought(trace: &Trace<Handshake>, path: &Path) -> (HandshakeLab, Reference) {
    let (mut lab, mut model) = (HandshakeLab::new(), Reference::as_told());
    lab.begin(trace).unwrap();
    model.begin(trace).unwrap();
    for delivery in path {
        let step = step(delivery);
        lab.take(&step).unwrap();
        model.take(&step).unwrap();
    }
    (lab, model)
}

/// Tries every flight that is one of `these`, with these secrets lost.
fn tried(reveals: Reveals, these: fn(&Message) -> bool) -> Counts {
    let story = Story {
        participants: participants(),
        reveals,
        deliveries: Vec::new(),
    };
    let trace = tell(&story, &[], &[], "conformance", Seed([3; 16])).unwrap();
    let mut performance = Performance::new(Ruleset::HARDENED, participants(), reveals);
    let mut counts = Counts::default();
    let first = performance.state();
    let mut visited = HashSet::from([first]);
    let mut waiting = VecDeque::from([(first, Path::new())]);
    while let Some((state, path)) = waiting.pop_front() {
        counts.states += 1;
        let (mut lab, _) = brought(&trace, &path);
        let before = lab.look().unwrap();
        for slot in 0..2 {
            performance.return_to(state);
            let Some(awaited) = performance.awaited(slot) else {
                continue;
            };
            for message in probe::every(awaited, 2).into_iter().filter(these) {
                performance.return_to(state);
                let delivery = (slot, message);
                let real = |lab: &mut HandshakeLab| lab.take(&step(&delivery));
                match performance.deliver(slot, &message) {
                    Delivered::Impossible => {
                        counts.impossible += 1;
                        let seen = real(&mut lab);
                        let impossible = matches!(seen, Err(TargetError::Impossible(_)));
                        assert!(impossible, "{message:?} after {path:?}: {seen:?}");
                    }
                    Delivered::Refused(rejection) => {
                        counts.refusals += 1;
                        let seen = real(&mut lab).unwrap();
                        let expected = [Verdict::Refused(rejection)];
                        assert_eq!(seen.verdicts, expected, "{message:?} after {path:?}");
                        assert_eq!(seen.state, before, "{message:?} after {path:?}");
                    }
                    Delivered::Accepted { .. } => {
                        counts.transitions += 1;
                        let (mut other, mut model) = brought(&trace, &path);
                        let seen = real(&mut other);
                        let expected = model.take(&step(&delivery)).unwrap();
                        let seen = seen
                            .unwrap_or_else(|error| panic!("{message:?} after {path:?}: {error}"));
                        assert_eq!(
                            seen.verdicts, expected.verdicts,
                            "{message:?} after {path:?}"
                        );
                        assert_eq!(seen.state, expected.state, "{message:?} after {path:?}");
                        let after = performance.state();
                        if visited.insert(after) {
                            let longer = path.iter().copied().chain([delivery]).collect();
                            waiting.push_back((after, longer));
                        }
                    }
                }
            }
        }
    }
    counts
}

#[test]
fn the_real_handshake_agrees_with_the_model_on_every_flight_in_every_state() {
    let expected = Counts {
        states: 16,
        transitions: 20,
        refusals: 319_322,
        impossible: 648_988,
    };
    assert_eq!(tried(Reveals::NONE, |_| true), expected);
}

/// Whether everything but share and proof is as an honest run says it.
fn is_plain(message: &Message) -> bool {
    match message {
        Message::Answer {
            words,
            version,
            suite,
            ..
        } => {
            (words.offers, words.capabilities) == (EVERY_VERSION, EVERY_CAPABILITY)
                && (*version, *suite) == (NEWEST, SUITE)
        }
        Message::Hello(_) | Message::Finish(_) | Message::Confirm(_) => true,
    }
}

#[test]
fn it_still_agrees_on_every_proof_once_the_keys_that_seal_are_lost() {
    let expected = Counts {
        states: 16,
        transitions: 20,
        refusals: 6_236,
        impossible: 9_538,
    };
    let lost = Reveals::NONE.with(Reveal::SealingKeys);
    assert_eq!(tried(lost, is_plain), expected);
}
