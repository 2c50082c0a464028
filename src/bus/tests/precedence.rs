//! A message with every defect, repaired one by one: each repair uncovers the next rejection.

use countersign_model::bus::guard::Rejection;

use super::fixture::{Bus, NOW_MS, RATE, Said, agent, answering, ask, reply};
use crate::bus::Request;
use crate::envelope::{Digest, Envelope, Kind, MessageId, Timestamp};

/// A message, and a bus on which it has exactly these defects.
fn scene(defects: &[Rejection], is_reply: bool) -> (Bus, Envelope) {
    let has = |defect| defects.contains(&defect);
    let mut rules = Vec::new();
    if has(Rejection::Denied) {
        rules.push(("*", "*", Kind::Ask, Said::Deny));
    }
    if !has(Rejection::NotGranted) {
        rules.push(("alice", "bob", Kind::Ask, Said::Hold));
        rules.push(("alice", "alice", Kind::Ask, Said::Hold));
    }
    if !has(Rejection::OriginNotGranted) {
        rules.push(("carol", "bob", Kind::Ask, Said::Allow));
        rules.push(("carol", "alice", Kind::Ask, Said::Allow));
    }
    let mut bus = Bus::new(&rules);
    let expected = Digest::from_bytes([9; 32]);
    let request = |asker: &str, name, answer_by_ms, ended| Request {
        asker: agent(asker),
        asked: agent("alice"),
        kind: Kind::Ask,
        correlation: MessageId::from_bytes([name; 16]),
        answer_by_ms,
        ended,
    };
    let answer_by_ms = NOW_MS - u64::from(has(Rejection::TooLate));
    let to = if has(Rejection::SelfAddressed) {
        "alice"
    } else {
        "bob"
    };
    let asker = if has(Rejection::Unasked) { "dave" } else { to };
    bus.desk.conversation.open(
        Digest::from_bytes([1; 32]),
        request("carol", 8, NOW_MS, false),
    );
    bus.desk.conversation.open(
        expected,
        request(asker, 6, answer_by_ms, has(Rejection::AlreadyEnded)),
    );
    if has(Rejection::TooFast) {
        bus.desk.meter.charge(&agent("alice"), RATE, NOW_MS, 1_000);
    }
    if has(Rejection::PartyInactive) {
        let alice = agent("alice");
        bus.desk.registry.retire(&alice).unwrap();
    }
    let payload = if is_reply {
        reply()
    } else {
        ask(NOW_MS + 1_000)
    };
    let envelope = bus.compose_with("alice", to, payload, |header| {
        let expired = u64::from(has(Rejection::Expired));
        header.expires_at = Timestamp::from_ms(NOW_MS - expired).unwrap();
        header.correlation_id = Some(MessageId::from_bytes([8; 16]));
        if is_reply {
            answering(expected)(header);
        }
    });
    (bus, envelope)
}

fn uncovered(order: &[Rejection], is_reply: bool) {
    for (repaired, expected) in order.iter().enumerate() {
        let (mut bus, envelope) = scene(&order[repaired..], is_reply);
        let admitted = repaired > 0;
        let ruling = bus.desk.submit(&envelope, admitted, NOW_MS);
        match expected {
            Rejection::AwaitingApproval => assert_eq!(ruling.outcome, crate::bus::Outcome::Held),
            _ => assert_eq!(ruling.rejection(), Some(*expected)),
        }
    }
}

#[test]
fn each_repair_of_a_request_uncovers_the_next_rejection_until_it_is_held() {
    uncovered(
        &[
            Rejection::NotAdmitted,
            Rejection::TooFast,
            Rejection::PartyInactive,
            Rejection::SelfAddressed,
            Rejection::Expired,
            Rejection::Denied,
            Rejection::NotGranted,
            Rejection::OriginNotGranted,
            Rejection::AwaitingApproval,
        ],
        false,
    );
}

#[test]
fn each_repair_of_an_answer_uncovers_the_next_rejection() {
    uncovered(
        &[
            Rejection::NotAdmitted,
            Rejection::TooFast,
            Rejection::PartyInactive,
            Rejection::SelfAddressed,
            Rejection::Expired,
            Rejection::Unasked,
            Rejection::TooLate,
            Rejection::AlreadyEnded,
        ],
        true,
    );
    let (mut bus, envelope) = scene(&[], true);
    let ruling = bus.submit(&envelope);
    assert_eq!(ruling.rejection(), None);
}
