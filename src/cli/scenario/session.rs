//! Sessions: exchanges, what they survive, and a record that each guard refuses.

use countersign_model::session::Session;
use countersign_replay::form::Form as _;
use countersign_replay::session::action::{Action, Presented};
use countersign_replay::session::cast::{ATTACKER, Held, Peer, Roll, Setting};
use countersign_replay::tell_error::TellError;
use countersign_replay::teller::{START_MS, TICK_MS};
use countersign_replay::trace::{Clock, Expect, FORMAT, Step};
use countersign_replay::{Trace, rulebook};

use super::{Happens, Scenario};
use crate::cli::performing::SEED;

/// The one session.
const SESSION: &str = "alice-1";

/// The exchanges, then one for each rejection in the order of the guard table.
pub(super) const TABLE: &[Scenario] = &[
    told_as(
        "exchanges/session",
        "records go both ways, overtake each other, and outlive a change of keys",
        both_ways,
    ),
    told_as(
        "exchanges/session-junk-ignored",
        "junk costs nobody a number, an epoch or a record",
        || {
            vec![
                junk("r1", 0, 0),
                junk("r2", 1, 3),
                seal("r3", "alice", 0, 0),
                altered("r3"),
                deliver("r3"),
            ]
        },
    ),
    told_as(
        "exchanges/session-keys-lost",
        "keys that are lost give away what comes, not what was",
        keys_lost,
    ),
    told_as(
        "rejected/unknown-session/session-after-reconnection",
        "a lost session accepts nothing more",
        || vec![sealed(), reconnect(), deliver("r1")],
    ),
    told_as(
        "rejected/session-expired/session-past-its-lifetime",
        "a session ends when its time is over",
        || vec![sealed(), Action::Advance { to: 10 }, deliver("r1")],
    ),
    told_as(
        "rejected/peer-not-entitled/session-revoked-peer",
        "a revoked peer's session ends at once",
        || vec![sealed(), withdraw(), deliver("r1")],
    ),
    told_as(
        "rejected/wrong-epoch/session-far-ahead",
        "nobody is made to derive keys without end",
        || vec![junk("r1", 9, 0)],
    ),
    told_as(
        "rejected/sequence-too-old/session-left-of-the-window",
        "what the window no longer tells apart is refused",
        left_of_the_window,
    ),
    told_as(
        "rejected/record-replayed/session-record-again",
        "a record is accepted once",
        || vec![sealed(), deliver("r1"), deliver("r1")],
    ),
    told_as(
        "rejected/record-does-not-open/session-own-record",
        "an end does not take its own record for its peer's",
        || vec![seal("r1", "bob", 0, 0), deliver("r1")],
    ),
    told_as(
        "rejected/payload-mismatch/session-malformed",
        "what opens is acted upon only if it has the shape of its type",
        || vec![reveal(), malformed("r1")],
    ),
];

const fn told_as(
    path: &'static str,
    lesson: &'static str,
    happens: fn() -> Vec<Action>,
) -> Scenario {
    Scenario {
        path,
        lesson,
        happens: Happens::Session(happens),
    }
}

/// One session of bob's with alice, hardened: what the model foretells.
pub(super) fn told(actions: Vec<Action>, lesson: &str) -> Result<Trace<Session>, TellError> {
    let steps = actions.into_iter().map(|action| Step {
        action,
        expect: Expect::default(),
        bytes: Vec::new(),
    });
    let peer = |name: &str| Peer {
        name: name.to_owned(),
        hostile: name == ATTACKER,
    };
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
            peers: vec![peer("alice"), peer(ATTACKER)],
            sessions: vec![Held {
                name: SESSION.to_owned(),
                peer: "alice".to_owned(),
            }],
        },
        steps: steps.collect(),
        violates: None,
        transcript: None,
    };
    trace.foretell(None)
}

fn both_ways() -> Vec<Action> {
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
    ]
}

fn keys_lost() -> Vec<Action> {
    vec![
        seal("r1", "alice", 0, 0),
        deliver("r1"),
        seal("r2", "alice", 0, 1),
        seal("r3", "alice", 1, 2),
        deliver("r3"),
        reveal(),
        read("r3"),
        seal("r4", "alice", 1, 3),
        read("r4"),
    ]
}

fn left_of_the_window() -> Vec<Action> {
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
    ]
}

fn sealed() -> Action {
    seal("r1", "alice", 0, 0)
}

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

fn read(record: &str) -> Action {
    Action::Read {
        record: record.to_owned(),
    }
}

fn reconnect() -> Action {
    Action::Reconnect {
        session: SESSION.to_owned(),
    }
}

fn withdraw() -> Action {
    Action::Withdraw {
        peer: "alice".to_owned(),
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

fn malformed(record: &str) -> Action {
    Action::Inject {
        record: record.to_owned(),
        session: SESSION.to_owned(),
        epoch: 0,
        number: 0,
        junk: false,
        malformed: true,
    }
}
