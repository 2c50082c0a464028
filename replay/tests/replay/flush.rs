//! The flushed nonce cache at its real capacity: a thousand messages in a trace that fits a page.

use countersign_model::admission::Admission;
use countersign_model::admission::guard::Rejection;
use countersign_model::admission::invariant::InvariantId;
use countersign_model::rulebook::Ruleset;
use countersign_replay::admission::action::{Action, Message, Presented};
use countersign_replay::admission::roll::{Key, Principal, Roll, Setting};
use countersign_replay::outcome::Departure;
use countersign_replay::trace::{Clock, Expect, FORMAT, Seed, Step, Until};
use countersign_replay::{Outcome, Reference, Trace, Verdict, reader, replay, rulebook, writer};

/// Entries that the cache holds, as in the published listing.
const CAPACITY: u64 = 1_000;
/// Ten messages a second, for a minute.
const RATE: u64 = 600;

fn message(handle: &str, from: &str, nonce: &str, issued_at: u64) -> Message {
    Message {
        handle: handle.to_owned(),
        author: from.to_owned(),
        from: from.to_owned(),
        inner_from: from.to_owned(),
        to: "bob".to_owned(),
        nonce: nonce.to_owned(),
        kind: "task".to_owned(),
        issued_at,
        timed: true,
        expires_at: Until::ENDLESS,
        key: format!("{from}-1"),
        signed: true,
        intricate: false,
        defects: Vec::new(),
    }
}

fn flood(handle: &str, nonce: &str, issued_at: u64, times: u32) -> Action {
    Action::Inject {
        message: message(handle, "mallory", nonce, issued_at),
        presented: Presented::default(),
        copies: 1,
        times,
    }
}

fn again() -> Action {
    Action::Deliver {
        message: "m1".to_owned(),
        presented: Presented::default(),
        copies: 1,
    }
}

/// Alice's message, admitted; a thousand of mallory's own within two minutes; alice's once more.
pub(crate) fn flush() -> Trace {
    let actions = [
        Action::Send {
            message: message("m1", "alice", "n0", 1),
        },
        again(),
        flood("m2", "n1", 1, 600),
        Action::Advance { to: 2 },
        flood("m3", "n601", 2, 400),
        again(),
    ];
    let steps = actions.map(|action| Step {
        action,
        expect: Expect::default(),
        bytes: Vec::new(),
    });
    let names = ["bob", "mallory", "alice"];
    let trace = Trace {
        format: FORMAT.to_owned(),
        system: "admission".to_owned(),
        rulebook: rulebook::digest::<Admission>(),
        lesson: "a nonce cache of 1,000 is flushed in two minutes at ten messages a second"
            .to_owned(),
        weakenings: vec!["evicts-oldest".to_owned()],
        setting: Setting {
            me: "bob".to_owned(),
            window: 5,
            skew: 1,
            share: 500,
            rate: RATE,
            overlap: 1,
            capacity: CAPACITY,
        },
        clock: Clock {
            start_ms: 1_767_225_600_000,
            tick_ms: 60_000,
            start: 1,
        },
        seed: Seed([1; 16]),
        cast: Roll {
            principals: names
                .map(|name| Principal {
                    name: name.to_owned(),
                    hostile: name == "mallory",
                })
                .to_vec(),
            keys: names
                .map(|name| Key {
                    name: format!("{name}-1"),
                    owner: name.to_owned(),
                    listed: true,
                    not_before: 0,
                    not_after: Until::ENDLESS,
                    revoked: false,
                    compromised: false,
                })
                .to_vec(),
        },
        steps: steps.to_vec(),
        violates: None,
        transcript: None,
    };
    trace.foretell(Some(InvariantId::Once)).expect("a trace")
}

#[test]
fn a_cache_of_its_real_capacity_is_flushed_in_a_trace_of_a_page() {
    let trace = flush();
    let text = writer::write(&trace);
    assert!(text.len() < 10 * 1024, "{} bytes", text.len());
    assert_eq!(
        reader::read("flush.json", text.as_bytes()),
        Ok(trace.clone())
    );
    let flood = trace.steps.get(2).expect("a step");
    assert_eq!(
        flood.expect.verdicts,
        [Verdict::Admitted],
        "one for all 600"
    );
    let digest = flood.expect.state.store_digest.as_ref();
    assert_eq!(digest.map(|digest| digest.entries), Some(601));

    let report = replay(&trace, Reference::as_told).expect("a replay");
    let confirmed = Outcome::Confirmed {
        invariant: InvariantId::Once,
        step: 6,
    };
    assert_eq!(report.outcome, confirmed);
    let delivered: usize = report
        .observations
        .iter()
        .map(|one| one.verdicts.len())
        .sum();
    assert_eq!(delivered, 1_002);
}

#[test]
fn one_message_fewer_does_not_flush_it() {
    let mut trace = flush();
    if let Some(Step {
        action: Action::Inject { times, .. },
        ..
    }) = trace.steps.get_mut(4)
    {
        *times -= 1;
    }
    let refused = trace.foretell(Some(InvariantId::Once));
    assert!(refused.is_err(), "{refused:?}");
}

#[test]
fn hardened_rules_stop_the_flood_at_the_share_of_one_sender() {
    let report = replay(&flush(), || Reference::under(Ruleset::HARDENED)).expect("a replay");
    let departure = Departure::Refused(Rejection::StoreFull);
    assert_eq!(report.outcome, Outcome::ModelOnly { step: 3, departure });
}
