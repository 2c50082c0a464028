//! Messages through a bus that runs: delivered, held, approved, denied, ended; and told of.

use countersign::audit::{Filter, SqliteFile, Verifier};
use countersign::envelope::payload::Failure;
use countersign::envelope::{Body, Envelope, Kind, Payload};
use countersign::service::{Inquiry, Unanswered};

use super::fixture::{
    Bus, NOW_MS, agent, ask, delegate, deployment_text, key, kinds, notify, refusal, reply,
};

fn failure(envelope: &Envelope) -> &Failure {
    match envelope.body() {
        Body::Payload(Payload::Error(failure)) => failure,
        other => panic!("{other:?}"),
    }
}

fn code(envelope: &Envelope) -> String {
    failure(envelope).code.to_string()
}

#[test]
fn agents_ask_answer_and_notify_and_the_log_has_every_message() {
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("bus.sqlite");
    let bus = Bus::start(&state);
    let question = bus.compose("alice", "bob", ask(NOW_MS + 60_000), |_| {});
    let receipt = bus.send(&question).unwrap();
    assert_eq!(
        (receipt.outcome.as_str(), receipt.record.as_number()),
        ("delivered", 1)
    );
    assert_eq!(
        refusal(bus.send(&question)),
        ("replayed".into(), "nonce-fresh".into())
    );

    let received = bus.receive("bob", 0);
    assert_eq!(received, [(1, question.clone())]);
    // It was not acknowledged, so it comes again under the same number; and then no more.
    assert_eq!(bus.receive("bob", 0), received);
    assert_eq!(bus.receive("bob", 1), []);
    assert_eq!(bus.receive("bob", 0), []);

    let digest = Some(question.digest());
    let answer = bus.compose("bob", "alice", reply(), |header| {
        header.in_reply_to = digest;
    });
    bus.send(&answer).unwrap();
    assert_eq!(bus.receive("alice", 0), [(1, answer)]);
    let again = bus.compose("bob", "alice", reply(), |header| {
        header.in_reply_to = digest;
    });
    assert_eq!(
        refusal(bus.send(&again)),
        ("already-ended".into(), "request-open".into())
    );

    let event = bus.compose("alice", "bus", notify(), |_| {});
    bus.send(&event).unwrap();
    for (name, after) in [("bob", 1), ("carol", 0)] {
        assert_eq!(bus.receive(name, after), [(after + 1, event.clone())]);
    }
    bus.stop();

    let file = SqliteFile::open_to_read(&state).unwrap();
    let records = file.list(&Filter::default()).unwrap();
    let policies = records.iter().map(|found| found.entry.policy.as_str());
    let policies: Vec<&str> = policies.collect();
    assert_eq!(policies, ["allowed", "allowed", "denied", "allowed"]);
    file.check().unwrap();
    let verified = Verifier::new(key("bus").peer_key())
        .verify(&file)
        .unwrap()
        .unwrap();
    assert_eq!((verified.count, verified.covered), (4, 4));
}

#[test]
fn what_needs_an_approval_waits_and_arrives_once_what_was_shown_is_approved() {
    let folder = tempfile::tempdir().unwrap();
    let bus = Bus::start(&folder.path().join("bus.sqlite"));
    let [first, second] = [(), ()].map(|()| bus.compose("alice", "carol", delegate(), |_| {}));
    assert_eq!(bus.send(&first).unwrap().outcome.as_str(), "held");
    assert_eq!(bus.send(&second).unwrap().outcome.as_str(), "held");
    let digests = [first.digest(), second.digest()];
    assert_eq!(bus.queue(), digests);
    assert_eq!(bus.receive("carol", 0), []);

    // The word is for another message than the one in that place: nothing happens.
    let other = bus.approve(0, digests[1]);
    assert_eq!(
        refusal(other),
        ("not-what-was-approved".into(), "approval-binds".into())
    );
    assert_eq!(bus.queue(), digests);
    bus.approve(1, digests[1]).unwrap();
    assert_eq!(bus.receive("carol", 0), [(1, second)]);

    bus.deny(digests[0]).unwrap();
    assert_eq!(bus.queue(), []);
    let told = bus.receive("alice", 0);
    assert_eq!(kinds(&told), [(1, Kind::Error)]);
    assert_eq!(told[0].1.header().in_reply_to, Some(digests[0]));
    assert_eq!(code(&told[0].1), "rejected");
    assert_eq!(refusal(bus.deny(digests[0])).0, "no-such-entry");
    bus.stop();
}

#[test]
fn only_those_who_may_decide_and_read_do() {
    let folder = tempfile::tempdir().unwrap();
    let bus = Bus::start(&folder.path().join("bus.sqlite"));
    let held = bus.compose("alice", "carol", delegate(), |_| {});
    bus.send(&held).unwrap();
    let unknown = || ("unknown-sender".to_owned(), "sender-active".to_owned());
    for name in ["alice", "anna"] {
        let word = countersign::service::Denying {
            digest: held.digest(),
        };
        assert_eq!(refusal(bus.ask(name, &word)), unknown(), "{name}");
    }
    let inquiry = |of: Option<&str>| Inquiry {
        agent: of.map(agent),
        since: None,
        until: None,
        kind: None,
        policy: None,
        correlation_id: None,
        limit: None,
    };
    assert!(bus.ask("alice", &inquiry(Some("alice"))).is_ok());
    assert!(bus.ask("anna", &inquiry(None)).is_ok());
    for (name, of) in [
        ("alice", Some("bob")),
        ("alice", None),
        ("olga", Some("alice")),
    ] {
        let refused = refusal(bus.ask(name, &inquiry(of)));
        assert_eq!(
            refused,
            ("reader-not-entitled".into(), "reader-entitled".into())
        );
    }
    // An operator is no agent: nobody sends to it, and it sends to nobody.
    let stray = bus.compose("alice", "olga", notify(), |_| {});
    assert_eq!(refusal(bus.send(&stray)).0, "wrong-recipient");
    let stray = bus.compose("olga", "alice", notify(), |_| {});
    assert_eq!(refusal(bus.send(&stray)), unknown());
    // What is asked of one method is not asked of another.
    let poll = bus.client("alice").request(
        &countersign::service::Poll {
            after: countersign::envelope::Sequence::from_number(0).unwrap(),
            limit: None,
        },
        &bus.stamp("alice"),
    );
    let bytes = poll.unwrap().canonical_bytes();
    let asked = bus
        .service
        .ask_and_wait(countersign::service::Method::MessageLog, &bytes);
    assert_eq!(refusal(asked).0, "schema-mismatch");
    bus.stop();
}

#[test]
fn what_nobody_answers_or_approves_in_time_ends_in_an_error_to_its_sender() {
    let folder = tempfile::tempdir().unwrap();
    let bus = Bus::start(&folder.path().join("bus.sqlite"));
    let question = bus.compose("alice", "bob", ask(NOW_MS + 1_000), |_| {});
    let held = bus.compose("alice", "carol", delegate(), |_| {});
    bus.send(&question).unwrap();
    bus.send(&held).unwrap();
    bus.wait(3_600_001);
    // Time passes with whatever is asked next, if not before.
    let mut told = Vec::new();
    while told.len() < 2 {
        told = bus.receive("alice", 0);
    }
    let ended: Vec<_> = told
        .iter()
        .map(|(_, it)| (it.header().in_reply_to.unwrap(), code(it)))
        .collect();
    let expected = [
        (question.digest(), "unanswered".to_owned()),
        (held.digest(), "unapproved".to_owned()),
    ];
    assert_eq!(ended, expected);
    // Bob may have acted upon the question and may still; what carol never got may be sent again.
    let digests = [question.digest(), held.digest()];
    let words = [
        format!(
            "nobody answered message {} in time; whether anything came of it is not known",
            digests[0]
        ),
        format!("nothing came of message {}: unapproved", digests[1]),
    ];
    for ((_, error), (words, retryable)) in told.iter().zip(words.iter().zip([false, true])) {
        let failure = failure(error);
        assert_eq!(failure.message.as_str(), words);
        assert_eq!(failure.retryable, retryable, "{words}");
    }
    bus.stop();
}

#[test]
fn an_approval_under_rules_that_changed_since_is_given_again() {
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("bus.sqlite");
    let bus = Bus::start(&state);
    let held = bus.compose("alice", "carol", delegate(), |_| {});
    bus.send(&held).unwrap();
    bus.stop();
    // The rules no longer grant it: the operator's word does not replace them.
    let rules = r#"{ "from": "alice", "to": "bob", "allow": ["ask"] }"#;
    let text = deployment_text(&["alice", "bob", "carol"], rules, 1_000);
    let bus = Bus::start_with(&state, &text, None).unwrap();
    assert_eq!(bus.queue(), [held.digest()]);
    let refused = refusal(bus.approve(0, held.digest()));
    assert_eq!(refused, ("not-granted".into(), "granted".into()));
    bus.stop();
    // It waits on, until rules grant it again, and an operator has a word for it under those.
    let bus = Bus::start(&state);
    assert_eq!(bus.queue(), [held.digest()]);
    assert_eq!(bus.receive("carol", 0), []);
    bus.approve(0, held.digest()).unwrap();
    assert_eq!(bus.queue(), []);
    assert_eq!(bus.receive("carol", 0), [(1, held)]);
    bus.stop();
}

#[test]
fn what_nobody_hears_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let text = deployment_text(&["alice"], "", 10);
    let bus = Bus::start_with(&folder.path().join("bus.sqlite"), &text, None).unwrap();
    for _ in 0..2 {
        let event = bus.compose("alice", "bus", notify(), |_| {});
        let refused = refusal(bus.send(&event));
        assert_eq!(refused, ("party-inactive".into(), "parties-active".into()));
    }
    bus.stop();
}

#[test]
fn a_bus_begins_with_its_own_key_only_and_on_a_file_that_nobody_else_has() {
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("bus.sqlite");
    let bus = Bus::start(&state);
    let text = deployment_text(&["alice"], "", 10);
    let taken = Bus::start_with(&state, &text, None).err().unwrap();
    assert!(taken.to_string().contains("another process"), "{taken}");
    bus.stop();
    let unnamed = text.replace("\"orchestrator\"", "\"operator\"");
    assert!(countersign::deployment::Deployment::read("d", unnamed.as_bytes()).is_err());
    let other = text.replace(
        &key("bus").key_id().to_string(),
        &key("mal").key_id().to_string(),
    );
    let other = other.replace(
        &key("bus").peer_key().to_string(),
        &key("mal").peer_key().to_string(),
    );
    let error = Bus::start_with(&state, &other, None).err().unwrap();
    assert!(
        error.to_string().contains("not one of the orchestrator"),
        "{error}"
    );
}

#[test]
fn whoever_asks_a_bus_that_has_stopped_is_told_so() {
    let folder = tempfile::tempdir().unwrap();
    let bus = Bus::start(&folder.path().join("bus.sqlite"));
    let event = bus.compose("alice", "bob", notify(), |_| {});
    let service = bus.service.clone();
    bus.stop();
    let asked = service.ask_and_wait(
        countersign::service::Method::SendMessage,
        &event.canonical_bytes(),
    );
    assert!(
        matches!(asked, Err(Unanswered::Unavailable(_))),
        "{asked:?}"
    );
}
