//! What an orchestrator does with messages, one after another.

use countersign_model::bus::guard::Rejection;

use super::fixture::{Bus, NOW_MS, RATE, Said, agent, answering, ask, delegate, notify, reply};
use crate::bus::{ApproveError, Outcome, Ruling};
use crate::envelope::Kind;
use crate::identity::SpiffeId;

fn recipients(ruling: &Ruling) -> &[SpiffeId] {
    match &ruling.outcome {
        Outcome::Delivered { recipients, .. } => recipients,
        other => panic!("expected a delivery, found {other:?}"),
    }
}

fn paying() -> Bus {
    Bus::new(&[
        ("alice", "bob", Kind::Delegate, Said::Hold),
        ("alice", "carol", Kind::Delegate, Said::Allow),
        ("carol", "bob", Kind::Delegate, Said::Allow),
    ])
}

#[test]
fn what_needs_an_approval_waits_and_is_delivered_once_it_has_one() {
    let mut bus = paying();
    let envelope = bus.compose("alice", "bob", delegate());
    assert_eq!(bus.submit(&envelope).outcome, Outcome::Held);
    let shown = bus.desk.queue[0].shown(0);
    let entry = bus.desk.approve(&shown, NOW_MS + 1).unwrap();
    let ruling = bus.desk.release(&entry, NOW_MS + 2).unwrap();
    assert_eq!(recipients(&ruling), [agent("bob")]);
    let again = bus.desk.release(&entry, NOW_MS + 3).unwrap();
    assert_eq!(again.rejection(), Some(Rejection::ApprovalUsed));
    assert_eq!(
        bus.desk.approve(&shown, NOW_MS),
        Err(ApproveError::NoSuchEntry)
    );
}

#[test]
fn what_was_held_needs_its_approval_also_when_the_rules_no_longer_ask_for_one() {
    let mut bus = paying();
    let envelope = bus.compose("alice", "bob", delegate());
    let digest = bus.submit(&envelope).digest;
    bus.desk.policy.0 = vec![("alice", "bob", Kind::Delegate, Said::Allow)];
    let ruling = bus.desk.release(&digest, NOW_MS).unwrap();
    assert_eq!(ruling.rejection(), Some(Rejection::AwaitingApproval));
}

#[test]
fn nothing_goes_round_in_a_circle_to_whom_it_is_sent_for() {
    let mut bus = Bus::new(&[
        ("alice", "*", Kind::Ask, Said::Allow),
        ("bob", "*", Kind::Ask, Said::Allow),
    ]);
    let request = bus.compose("alice", "bob", ask(NOW_MS + 1_000));
    bus.submit(&request);
    let name = Some(request.header().id);
    let back = bus.compose_with("bob", "alice", ask(NOW_MS + 1_000), |header| {
        header.correlation_id = name;
    });
    let ruling = bus.submit(&back);
    assert_eq!(ruling.rejection(), Some(Rejection::SelfAddressed));
}

#[test]
fn an_approval_is_for_what_the_operator_was_shown() {
    let mut bus = paying();
    let [first, second] = [(), ()].map(|()| bus.compose("alice", "bob", delegate()));
    bus.submit(&first);
    let shown = bus.desk.queue[0].shown(0);
    bus.submit(&second);
    bus.desk.deny(&shown).unwrap();
    // The second message has moved up to the place that the operator saw.
    let entry = bus.desk.approve(&shown, NOW_MS).unwrap();
    let ruling = bus.desk.release(&entry, NOW_MS).unwrap();
    assert_eq!(ruling.rejection(), Some(Rejection::NotWhatWasApproved));
    assert_eq!(bus.desk.queue.len(), 1);
    // What was refused has no effect: the operator looks again, and says it again.
    let shown = bus.desk.queue[0].shown(0);
    let again = bus.desk.approve(&shown, NOW_MS).unwrap();
    let ruling = bus.desk.release(&again, NOW_MS).unwrap();
    assert_eq!(recipients(&ruling), [agent("bob")]);
    let beyond = crate::bus::Shown { place: 0, ..shown };
    assert_eq!(
        bus.desk.approve(&beyond, NOW_MS),
        Err(ApproveError::NoSuchEntry)
    );
}

#[test]
fn rights_that_were_withdrawn_meanwhile_are_gone_at_release() {
    for (withdraw, rejection) in [
        (
            (|bus: &mut Bus| {
                bus.desk.policy.0.clear();
                bus.desk.version += 1;
            }) as fn(&mut Bus),
            Rejection::NotGranted,
        ),
        (|bus| bus.desk.version += 1, Rejection::PolicyChanged),
        (
            |bus| {
                let alice = agent("alice");
                bus.desk.registry.retire(&alice).unwrap();
            },
            Rejection::PartyInactive,
        ),
    ] {
        let mut bus = paying();
        let envelope = bus.compose("alice", "bob", delegate());
        bus.submit(&envelope);
        let shown = bus.desk.queue[0].shown(0);
        let entry = bus.desk.approve(&shown, NOW_MS).unwrap();
        withdraw(&mut bus);
        let ruling = bus.desk.release(&entry, NOW_MS).unwrap();
        assert_eq!(ruling.rejection(), Some(rejection));
    }
}

#[test]
fn a_message_that_nobody_approves_ends_and_its_sender_is_told() {
    // A request ends when its sender waits no longer, an event at its own end.
    let mut bus = Bus::new(&[
        ("alice", "bob", Kind::Delegate, Said::Hold),
        ("alice", "bob", Kind::Notify, Said::Hold),
    ]);
    for (payload, end_ms) in [(delegate(), 60_000), (notify(), 300_000)] {
        let envelope = bus.compose("alice", "bob", payload);
        let ruling = bus.submit(&envelope);
        assert_eq!(ruling.outcome, Outcome::Held);
        assert!(bus.desk.tick(NOW_MS + end_ms).is_empty());
        let endings = bus.desk.tick(NOW_MS + end_ms + 1);
        assert_eq!(endings.len(), 1);
        assert_eq!(endings[0].request, ruling.digest);
        assert_eq!(
            (&endings[0].asker, endings[0].code),
            (&agent("alice"), "unapproved")
        );
        assert!(bus.desk.queue.is_empty());
        let late = bus.desk.release(&ruling.digest, NOW_MS + end_ms + 1);
        assert!(late.unwrap().rejection().is_some());
    }
}

#[test]
fn a_body_that_nobody_can_read_is_not_approved() {
    let mut bus = paying();
    let envelope = bus.sealed("alice", "bob");
    assert_eq!(bus.submit(&envelope).outcome, Outcome::Held);
    let shown = bus.desk.queue[0].shown(0);
    let entry = bus.desk.approve(&shown, NOW_MS).unwrap();
    let ruling = bus.desk.release(&entry, NOW_MS).unwrap();
    assert_eq!(ruling.rejection(), Some(Rejection::BodyNotCommitted));
}

#[test]
fn a_deputy_needs_the_approval_that_its_principal_would_need() {
    let mut bus = paying();
    let request = bus.compose("alice", "carol", delegate());
    bus.submit(&request);
    let own = bus.compose("carol", "bob", delegate());
    assert_eq!(recipients(&bus.submit(&own)), [agent("bob")]);
    let correlation = Some(request.header().id);
    let deputy = bus.compose_with("carol", "bob", delegate(), |header| {
        header.correlation_id = correlation;
    });
    assert_eq!(bus.submit(&deputy).outcome, Outcome::Held);
    let stranger = bus.compose_with("carol", "dave", delegate(), |header| {
        header.correlation_id = correlation;
    });
    assert_eq!(
        bus.submit(&stranger).rejection(),
        Some(Rejection::NotGranted)
    );
}

#[test]
fn a_request_is_answered_once_by_whom_it_asked_and_in_time() {
    let mut bus = Bus::new(&[("alice", "*", Kind::Ask, Said::Allow)]);
    let request = bus.compose("alice", "bob", ask(NOW_MS + 1_000));
    let digest = bus.submit(&request).digest;
    for (from, to) in [("carol", "alice"), ("bob", "carol")] {
        let stray = bus.compose_with(from, to, reply(), answering(digest));
        assert_eq!(
            bus.submit(&stray).rejection(),
            Some(Rejection::Unasked),
            "{from}"
        );
    }
    let late = bus.compose_with("bob", "alice", reply(), answering(digest));
    let ruling = bus.desk.submit(&late, true, NOW_MS + 1_001);
    assert_eq!(ruling.rejection(), Some(Rejection::TooLate));
    let answer = bus.compose_with("bob", "alice", reply(), answering(digest));
    assert_eq!(recipients(&bus.submit(&answer)), [agent("alice")]);
    let second = bus.compose_with("bob", "alice", reply(), answering(digest));
    assert_eq!(
        bus.submit(&second).rejection(),
        Some(Rejection::AlreadyEnded)
    );
    assert!(bus.desk.tick(NOW_MS + 1_001).is_empty());
}

#[test]
fn a_request_ends_in_an_error_by_the_longest_deadline_there_is() {
    let mut bus = Bus::new(&[("alice", "*", Kind::Ask, Said::Allow)]);
    let longest_ms = bus.desk.limits.request_ms_max;
    let request = bus.compose("alice", "bob", ask((1 << 53) - 1));
    let digest = bus.submit(&request).digest;
    assert!(bus.desk.tick(NOW_MS + longest_ms).is_empty());
    let endings = bus.desk.tick(NOW_MS + longest_ms + 1);
    assert_eq!(endings.len(), 1);
    assert_eq!(
        (endings[0].request, endings[0].code),
        (digest, "unanswered")
    );
}

#[test]
fn a_broadcast_needs_a_right_to_each_recipient_and_costs_each() {
    let mut bus = Bus::new(&[("alice", "*", Kind::Notify, Said::Allow)]);
    let event = bus.compose("alice", "bus", notify());
    let everyone = ["bob", "carol", "dave"].map(agent);
    assert_eq!(recipients(&bus.submit(&event)), everyone);
    // Three of four deliveries are used up.
    assert_eq!(RATE, 4);
    let second = bus.compose("alice", "bus", notify());
    assert_eq!(bus.submit(&second).rejection(), Some(Rejection::TooFast));

    let mut bus = Bus::new(&[
        ("alice", "*", Kind::Notify, Said::Allow),
        ("*", "dave", Kind::Notify, Said::Deny),
    ]);
    let event = bus.compose("alice", "bus", notify());
    assert_eq!(bus.submit(&event).rejection(), Some(Rejection::Denied));
}

#[test]
fn what_is_refused_changes_nothing_not_even_the_rate_of_the_sender_it_names() {
    let mut bus = Bus::new(&[("alice", "bob", Kind::Ask, Said::Allow)]);
    for _ in 0..10 * RATE {
        let junk = bus.compose("alice", "bob", ask(NOW_MS + 1_000));
        let ruling = bus.desk.submit(&junk, false, NOW_MS);
        assert_eq!(ruling.rejection(), Some(Rejection::NotAdmitted));
    }
    let honest = bus.compose("alice", "bob", ask(NOW_MS + 1_000));
    assert_eq!(recipients(&bus.submit(&honest)), [agent("bob")]);
    assert_eq!(bus.desk.conversation.requests().count(), 1);
}
