//! What a bus writes down of itself is a behaviour of the model, and of the real code; altered, it is not.

use std::fs;
use std::path::Path;

use countersign::lab::BusLab;
use countersign::service::{Listing, ServiceError};
use countersign_model::bus::Bus as Rules;
use countersign_model::bus::guard::Rejection;
use countersign_replay::any_trace::AnyTrace;
use countersign_replay::bus::action::Action;
use countersign_replay::bus::reference::Reference;
use countersign_replay::reader::read_any;
use countersign_replay::validation::{Deviation, validate};
use countersign_replay::{Outcome, Trace, Verdict, replay};

use super::fixture::{Bus, NOW_MS, ask, delegate, deployment_text, notify, refusal, reply};

/// The record at `path`.
pub(crate) fn recorded(path: &Path) -> Trace<Rules> {
    let bytes = fs::read(path).unwrap();
    match read_any("record.json", &bytes).unwrap() {
        AnyTrace::Bus(trace) => trace,
        other => panic!("a record of another system: {other:?}"),
    }
}

/// The model takes every step of a record, and the real code does with envelopes of its own what the bus
/// did with those of its agents.
pub(crate) fn behaves(trace: &Trace<Rules>) {
    let deviation = deviation(trace);
    assert!(deviation.is_none(), "{deviation:#?}");
    let report = replay(trace, BusLab::new).unwrap();
    assert_eq!(report.outcome, Outcome::Matches);
}

fn deviation(trace: &Trace<Rules>) -> Option<Deviation<Rules>> {
    validate(trace, Reference::as_told).unwrap()
}

/// A run in which everything happens that can, and its record.
fn eventful() -> Trace<Rules> {
    let folder = tempfile::tempdir().unwrap();
    let bus = Bus::start(&folder.path().join("bus.sqlite"));
    let question = bus.compose("alice", "bob", ask(NOW_MS + 1_000), |_| {});
    bus.send(&question).unwrap();
    bus.wait(7);
    let digest = Some(question.digest());
    let answer = || {
        bus.compose("bob", "alice", reply(), |header| {
            header.in_reply_to = digest;
        })
    };
    bus.send(&answer()).unwrap();
    bus.send(&answer()).unwrap_err();
    let unanswered = bus.compose("alice", "bob", ask(NOW_MS + 500), |_| {});
    bus.send(&unanswered).unwrap();
    bus.send(&bus.compose("alice", "bus", notify(), |_| {}))
        .unwrap();
    bus.send(&bus.compose("carol", "bob", notify(), |_| {}))
        .unwrap_err();
    // Bob speaks for alice, who needs an approval.
    let first = bus.compose("alice", "bob", delegate(), |_| {});
    bus.send(&first).unwrap();
    let handed_on = bus.compose("bob", "carol", delegate(), |header| {
        header.correlation_id = Some(first.header().id);
    });
    bus.send(&handed_on).unwrap();
    let [denied, forgotten] = [(), ()].map(|()| {
        let held = bus.compose("alice", "carol", delegate(), |_| {});
        bus.send(&held).unwrap();
        held.digest()
    });
    assert_eq!(refusal(bus.approve(0, denied)).0, "not-what-was-approved");
    bus.deny(denied).unwrap();
    bus.approve(0, handed_on.digest()).unwrap();
    assert_eq!(bus.queue(), [forgotten]);
    // Whoever is nobody's, and whoever is nobody.
    let stray = bus.compose("alice", "olga", notify(), |_| {});
    bus.send(&stray).unwrap_err();
    bus.wait(600_000);
    let late = bus.compose("bob", "alice", reply(), |header| {
        header.in_reply_to = Some(unanswered.digest());
    });
    bus.send(&late).unwrap_err();
    bus.wait(3_600_000);
    while bus.receive("alice", 0).len() < 4 {}
    bus.stop();
    recorded(&folder.path().join("bus.record.json"))
}

#[test]
fn everything_that_a_bus_does_is_recorded_and_is_a_behaviour_of_the_model() {
    let trace = eventful();
    let names: Vec<&str> = trace.steps.iter().map(|step| step.action.name()).collect();
    for name in ["submit", "approve", "release", "reject", "advance"] {
        assert!(names.contains(&name), "{name} in {names:?}");
    }
    let verdicts = trace.steps.iter().flat_map(|step| &step.expect.verdicts);
    let verdicts: Vec<_> = verdicts.copied().collect();
    for rejection in [
        Rejection::AwaitingApproval,
        Rejection::NotWhatWasApproved,
        Rejection::AlreadyEnded,
        Rejection::NotGranted,
        Rejection::TooLate,
    ] {
        assert!(
            verdicts.contains(&Verdict::Refused(rejection)),
            "{rejection:?} in {verdicts:?}"
        );
    }
    let last = &trace.steps.last().unwrap().expect.state;
    assert!(last.queue.is_empty() && last.open.is_empty() && last.waiting.is_empty());
}

#[test]
fn with_any_one_step_altered_it_is_none() {
    let trace = eventful();
    let mut altered = 0;
    for at in 0..trace.steps.len() {
        let mut other = trace.clone();
        let expect = &mut other.steps[at].expect;
        match expect.verdicts.first_mut() {
            Some(verdict @ Verdict::Admitted) => *verdict = Verdict::Refused(Rejection::Denied),
            Some(verdict) => *verdict = Verdict::Admitted,
            None => expect.state.now += 1,
        }
        let found = deviation(&other).unwrap();
        assert_eq!(found.divergence.step, at + 1);
        altered += 1;
    }
    // Left out, a step is missed where something depends on it: at once, or later.
    for at in 0..trace.steps.len() {
        let effect = at > 0 && trace.steps[at].expect.state != trace.steps[at - 1].expect.state;
        if effect && !matches!(trace.steps[at].action, Action::Advance { .. }) {
            let mut other = trace.clone();
            other.steps.remove(at);
            assert!(deviation(&other).unwrap().divergence.step > at);
            altered += 1;
        }
    }
    assert!(altered > 25, "{altered}");
}

#[test]
fn a_record_begins_with_a_new_file_and_a_bus_that_remembers_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("bus.sqlite");
    let text = deployment_text(&["alice", "bob", "carol"], super::fixture::RULES, 1_000);
    let bus = Bus::start_with(&state, &text, None).unwrap();
    bus.send(&bus.compose("alice", "bob", notify(), |_| {}))
        .unwrap();
    bus.stop();
    let start = |state: &Path, record: &str| {
        Bus::start_recorded(state, &text, Some(folder.path().join(record)), None).err()
    };
    let error = start(&state, "new.json").unwrap();
    assert!(matches!(error, ServiceError::Begun { .. }), "{error}");
    let other = folder.path().join("other.sqlite");
    let error = start(&other, "bus.record.json").unwrap();
    assert!(matches!(error, ServiceError::Recording { .. }), "{error}");
    // Thousands of rules are too many to be told in each record.
    let names: Vec<String> = (0..80).map(|number| format!("agent-{number}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let pairs = names
        .iter()
        .flat_map(|from| names.iter().map(move |to| (from, to)));
    let rules: Vec<String> = pairs
        .map(|(from, to)| format!(r#"{{ "from": "{from}", "to": "{to}", "allow": ["ask"] }}"#))
        .collect();
    let crowd = deployment_text(&names, &rules.join(",\n"), 1_000);
    let record = folder.path().join("crowd.json");
    let started = Bus::start_recorded(
        &folder.path().join("crowd.sqlite"),
        &crowd,
        Some(record.clone()),
        None,
    );
    let error = started.err().unwrap();
    assert!(
        matches!(error, ServiceError::Unrecordable { .. }),
        "{error}"
    );
    assert!(!record.exists());
    // What was there is still there.
    behaves(&recorded(&folder.path().join("bus.record.json")));
}

#[test]
fn a_record_ends_where_a_trace_would_be_too_long_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let bus = Bus::start(&folder.path().join("bus.sqlite"));
    for _ in 0..400 {
        bus.send(&bus.compose("alice", "bob", ask(NOW_MS + 60_000), |_| {}))
            .unwrap();
    }
    bus.stop();
    let trace = recorded(&folder.path().join("bus.record.json"));
    assert!(trace.steps.len() > 50, "{}", trace.steps.len());
    assert!(
        trace
            .lesson
            .ends_with("until it was as long as a trace may be"),
        "{}",
        trace.lesson
    );
}

#[test]
fn an_operator_is_told_of_no_moment_at_which_a_request_is_over() {
    let folder = tempfile::tempdir().unwrap();
    let bus = Bus::start(&folder.path().join("bus.sqlite"));
    bus.send(&bus.compose("alice", "carol", delegate(), |_| {}))
        .unwrap();
    let listing = Listing { first: None };
    let shown = format!("{:?}", bus.ask("olga", &listing).unwrap());
    let until = shown.split("\"held_until\"").nth(1).unwrap();
    assert!(until.contains(&(NOW_MS + 600_000).to_string()), "{shown}");
    // That moment is over when the next one has come.
    bus.wait(600_001);
    let _ = bus.queue();
    bus.wait(1);
    assert_eq!(bus.queue(), []);
    bus.stop();
}

#[test]
fn time_in_which_nothing_happens_takes_no_room_in_a_record() {
    let folder = tempfile::tempdir().unwrap();
    let bus = Bus::start(&folder.path().join("bus.sqlite"));
    for _ in 0..80 {
        bus.send(&bus.compose("alice", "bob", ask(NOW_MS + 60_000), |_| {}))
            .unwrap();
    }
    for _ in 0..150 {
        bus.wait(1);
        bus.receive("alice", 0);
    }
    bus.send(&bus.compose("alice", "bob", notify(), |_| {}))
        .unwrap();
    bus.stop();
    let trace = recorded(&folder.path().join("bus.record.json"));
    assert!(!trace.lesson.contains("until"), "{}", trace.lesson);
    let last = trace
        .steps
        .iter()
        .rfind(|step| step.action.name() == "submit");
    assert_eq!(last.unwrap().expect.state.now, 151);
}

#[test]
fn a_record_ends_with_the_last_instant_that_a_trace_can_tell_of() {
    let folder = tempfile::tempdir().unwrap();
    let bus = Bus::start(&folder.path().join("bus.sqlite"));
    let send = || bus.send(&bus.compose("alice", "bob", notify(), |_| {}));
    send().unwrap();
    bus.wait(60 * 24 * 60 * 60 * 1_000);
    send().unwrap();
    bus.stop();
    let trace = recorded(&folder.path().join("bus.record.json"));
    assert!(
        trace
            .lesson
            .ends_with("until time went on for longer than a trace can tell"),
        "{}",
        trace.lesson
    );
    assert_eq!(trace.cast.messages.len(), 1);
}

#[test]
fn a_record_replaces_the_one_before_and_writes_to_no_file_that_somebody_else_put_there() {
    let folder = tempfile::tempdir().unwrap();
    let beside = folder.path().join("bus.record.json.part");
    fs::write(&beside, "another's").unwrap();
    let bus = Bus::start(&folder.path().join("bus.sqlite"));
    bus.send(&bus.compose("alice", "bob", notify(), |_| {}))
        .unwrap();
    bus.stop();
    assert_eq!(fs::read_to_string(&beside).unwrap(), "another's");
    let trace = recorded(&folder.path().join("bus.record.json"));
    assert!(trace.steps.len() > 1);
    let names = fs::read_dir(folder.path()).unwrap();
    let names = names.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut left: Vec<String> = names
        .filter(|name| !name.starts_with("bus.sqlite"))
        .collect();
    left.sort();
    assert_eq!(left, ["bus.record.json", "bus.record.json.part"]);
}
