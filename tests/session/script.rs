//! The traces of sessions: shortest attacks, exchanges, and one refusal by each guard.

use std::num::NonZeroUsize;

use countersign::lab::SessionLab;
use countersign_model::explorer::{Cutoff, Ending, explore};
use countersign_model::rulebook::{Book as _, Weakening};
use countersign_model::session::Session;
use countersign_model::session::guard::Rejection;
use countersign_model::session::scope::Scope;
use countersign_model::session::story::Story;
use countersign_model::session::system::Exchange;
use countersign_replay::session::action::{Action, Presented};
use countersign_replay::session::cast::{ATTACKER, Held, Peer, Roll, Setting};
use countersign_replay::session::teller::tell;
use countersign_replay::system::System as _;
use countersign_replay::teller::{START_MS, TICK_MS};
use countersign_replay::trace::{Clock, Expect, FORMAT, Seed, Step};
use countersign_replay::{Outcome, Trace, replay, rulebook};

const SEED: Seed = Seed([7; 16]);

/// The shortest attack on each weakening, as the weakened code performs it.
pub(crate) fn counterexamples() -> Vec<(&'static Weakening<Session>, Trace<Session>)> {
    let rows = Session::WEAKENINGS.iter();
    rows.map(|row| {
        let scope = row.scope(Scope::default());
        let system = Exchange::new(row.rules(), scope, &[row.breaks]);
        let report = explore(&system, NonZeroUsize::MIN, &Cutoff::default());
        let Ending::Broken(path) = report.ending else {
            panic!("{} breaks nothing", row.name);
        };
        let story = Story::of_path(&system, &scope, &path);
        let trace = tell(&story, &[row.name], Some(row.breaks), row.lesson, SEED).unwrap();
        let report = replay(&trace, SessionLab::new).unwrap();
        let outcome = &report.outcome;
        assert!(
            matches!(outcome, Outcome::Confirmed { .. }),
            "{}: {outcome:#?}",
            row.name
        );
        (row, trace.recording(&report))
    })
    .collect()
}

/// Runs without an attack that succeeds.
pub(crate) fn exchanges() -> Vec<(&'static str, Trace<Session>)> {
    let all = [
        (
            "session",
            "records go both ways, overtake each other, and outlive a change of keys",
            vec![
                seal("r1", "alice", 0, 0),
                seal("r2", "alice", 0, 1),
                seal("r3", "bob", 0, 0),
                deliver("r2"),
                deliver("r1"),
                deliver("r1"),
                seal("r4", "alice", 1, 2),
                deliver("r4"),
                Action::Advance { to: 3 },
                seal("r5", "bob", 1, 1),
            ],
        ),
        (
            "session-junk-ignored",
            "junk costs nobody a number, an epoch or a record",
            vec![
                junk("r1", 0, 0),
                junk("r2", 1, 3),
                seal("r3", "alice", 0, 0),
                altered("r3"),
                deliver("r3"),
            ],
        ),
        (
            "session-keys-lost",
            "keys that are lost give away what comes, not what was",
            vec![
                seal("r1", "alice", 0, 0),
                deliver("r1"),
                seal("r2", "alice", 0, 1),
                seal("r3", "alice", 1, 2),
                deliver("r3"),
                reveal(),
                Action::Read {
                    record: "r3".to_owned(),
                },
                seal("r4", "alice", 1, 3),
                Action::Read {
                    record: "r4".to_owned(),
                },
            ],
        ),
    ];
    all.map(|(name, lesson, actions)| (name, recorded(lesson, actions)))
        .into()
}

/// For each rejection, in order, a trace that ends in it.
pub(crate) fn rejected() -> Vec<(Rejection, &'static str, Trace<Session>)> {
    use Rejection as R;
    let reconnect = || Action::Reconnect {
        session: SESSION.to_owned(),
    };
    let withdraw = || Action::Withdraw {
        peer: "alice".to_owned(),
    };
    let sealed = || seal("r1", "alice", 0, 0);
    let advance = |to| Action::Advance { to };
    let all = [
        (
            R::UnknownSession,
            "after-reconnection",
            "a lost session accepts nothing more",
            vec![sealed(), reconnect(), deliver("r1")],
        ),
        (
            R::SessionExpired,
            "past-its-lifetime",
            "a session ends when its time is over",
            vec![sealed(), advance(10), deliver("r1")],
        ),
        (
            R::PeerNotEntitled,
            "revoked-peer",
            "a revoked peer's session ends at once",
            vec![sealed(), withdraw(), deliver("r1")],
        ),
        (
            R::WrongEpoch,
            "far-ahead",
            "nobody is made to derive keys without end",
            vec![junk("r1", 9, 0)],
        ),
        (
            R::SequenceTooOld,
            "left-of-the-window",
            "what the window no longer tells apart is refused",
            vec![
                sealed(),
                seal("r2", "alice", 0, 1),
                seal("r3", "alice", 1, 2),
                seal("r4", "alice", 1, 3),
                seal("r5", "alice", 2, 4),
                deliver("r3"),
                deliver("r4"),
                deliver("r5"),
                junk("r6", 2, 0),
            ],
        ),
        (
            R::Replayed,
            "record-again",
            "a record is accepted once",
            vec![sealed(), deliver("r1"), deliver("r1")],
        ),
        (
            R::DoesNotOpen,
            "own-record",
            "an end does not take its own record for its peer's",
            vec![seal("r1", "bob", 0, 0), deliver("r1")],
        ),
        (
            R::PayloadMismatch,
            "malformed",
            "what opens is acted upon only if it has the shape of its type",
            vec![
                reveal(),
                Action::Inject {
                    record: "r1".to_owned(),
                    session: SESSION.to_owned(),
                    epoch: 0,
                    number: 0,
                    junk: false,
                    malformed: true,
                },
            ],
        ),
    ];
    all.map(|(rejection, name, lesson, actions)| (rejection, name, recorded(lesson, actions)))
        .into()
}

const SESSION: &str = "alice-1";

fn seal(record: &str, by: &str, epoch: u64, number: u64) -> Action {
    Action::Seal {
        record: record.to_owned(),
        by: by.to_owned(),
        session: SESSION.to_owned(),
        epoch,
        number,
    }
}

fn deliver(record: &str) -> Action {
    Action::Deliver {
        record: record.to_owned(),
        presented: Presented::default(),
    }
}

fn altered(record: &str) -> Action {
    Action::Deliver {
        record: record.to_owned(),
        presented: Presented {
            altered: true,
            ..Presented::default()
        },
    }
}

fn reveal() -> Action {
    Action::Reveal {
        session: SESSION.to_owned(),
    }
}

fn junk(record: &str, epoch: u64, number: u64) -> Action {
    Action::Inject {
        record: record.to_owned(),
        session: SESSION.to_owned(),
        epoch,
        number,
        junk: true,
        malformed: false,
    }
}

/// One session of bob's with alice, hardened: what the model foretells, as the real code performs it.
fn recorded(lesson: &str, actions: Vec<Action>) -> Trace<Session> {
    let steps = actions.into_iter().map(|action| Step {
        action,
        expect: Expect::default(),
        bytes: Vec::new(),
    });
    let trace = Trace {
        format: FORMAT.to_owned(),
        system: Session::NAME.to_owned(),
        rulebook: rulebook::digest::<Session>(),
        lesson: lesson.to_owned(),
        weakenings: Vec::new(),
        setting: Setting {
            lifetime: 8,
            width: 3,
            ahead: 2,
            share: 2,
            period: 2,
        },
        clock: Clock {
            start_ms: START_MS,
            tick_ms: TICK_MS,
            start: 1,
        },
        seed: SEED,
        cast: Roll {
            me: "bob".to_owned(),
            peers: vec![
                Peer {
                    name: "alice".to_owned(),
                    hostile: false,
                },
                Peer {
                    name: ATTACKER.to_owned(),
                    hostile: true,
                },
            ],
            sessions: vec![Held {
                name: SESSION.to_owned(),
                peer: "alice".to_owned(),
            }],
        },
        steps: steps.collect(),
        violates: None,
        transcript: None,
    };
    let trace = trace.foretell(None).unwrap();
    let report = replay(&trace, SessionLab::hardened).unwrap();
    assert_eq!(report.outcome, Outcome::Matches, "{lesson}");
    trace.recording(&report)
}
