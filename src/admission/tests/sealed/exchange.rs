//! From the handshake to sealed envelopes both ways, between two endpoints; and capability discovery.

use super::fixture::{code, endpoint, handshake, header};
use crate::admission::tests::fixture::{NOW_MS, agent, key, notification};
use crate::admission::{Admitted, Endpoint, Verdict};
use crate::discovery::{self, AnswerError, Stamp};
use crate::envelope::payload::{Reply, Task};
use crate::envelope::{
    Body, Digest, Draft, Envelope, Kind, List, MessageId, Name, Nonce, Payload, Timestamp,
};
use crate::handshake::Offers;
use crate::json::Value;
use crate::session;
use crate::store::MemoryStore;

fn admitted(endpoint: &mut Endpoint<MemoryStore>, envelope: &Envelope) -> Admitted {
    let verdict = endpoint
        .receive(&envelope.canonical_bytes(), NOW_MS)
        .unwrap();
    match verdict {
        Verdict::Admitted(admitted) => *admitted,
        Verdict::Refused(_) | Verdict::RefusedInSession(_) => panic!("{:?}", code(&verdict)),
    }
}

fn signed(by: &str, draft: Draft) -> Envelope {
    draft.sign(&key(&agent(by)))
}

#[test]
fn two_endpoints_that_made_a_handshake_seal_to_each_other() {
    let [ours, theirs] = handshake("alice", 1);
    let (mut alice, mut bob) = (endpoint("alice"), endpoint("bob"));
    let id = alice.establish(ours, session::Limits::default()).unwrap();
    assert_eq!(bob.establish(theirs, session::Limits::default()), Ok(id));

    for round in 0..3 {
        let mut asking = header("alice", "bob", id, 10 + round);
        asking.kind = Kind::Task;
        let secret = "the plan that nobody on the way may read";
        let task = Payload::Task(Task {
            task: Name::parse("report").unwrap(),
            input: Value::from(secret),
            deadline_at: None,
        });
        let envelope = signed("alice", alice.seal(asking, &task, NOW_MS).unwrap());
        let text = String::from_utf8(envelope.canonical_bytes()).unwrap();
        assert!(!text.contains("plan"), "{text}");
        let request = admitted(&mut bob, &envelope);
        assert_eq!(request.payload(), &task);
        assert_eq!(request.sender(), &agent("alice"));
        assert_eq!(request.to_envelope(), envelope);
        assert_eq!(request.digest(), Digest::of(text.as_bytes()));
        assert_eq!(request.opened().unwrap().sequence(), u64::from(round));

        let mut answering = header("bob", "alice", id, 20 + round);
        answering.kind = Kind::Reply;
        answering.in_reply_to = Some(request.digest());
        let reply = Payload::Reply(Reply {
            answer: Value::Null,
        });
        let envelope = signed("bob", bob.seal(answering, &reply, NOW_MS).unwrap());
        let answer = admitted(&mut alice, &envelope);
        assert_eq!(answer.payload(), &reply);
        assert_eq!(answer.header().in_reply_to, Some(request.digest()));
    }
    // In the clear, the same session can be named too.
    let clear = Draft::new(
        header("alice", "bob", id, 40),
        Body::Payload(notification()),
    );
    let said = admitted(&mut bob, &signed("alice", clear.unwrap()));
    assert_eq!(said.payload(), &notification());
    assert!(said.opened().is_none());
}

fn stamp(name: &str, number: u8) -> Stamp {
    Stamp {
        id: MessageId::from_bytes([number; 16]),
        nonce: Nonce::from_bytes([number; 16]),
        issued_at: Timestamp::from_ms(NOW_MS).unwrap(),
        expires_at: Timestamp::from_ms(NOW_MS).unwrap(),
        key_id: key(&agent(name)).key_id(),
    }
}

#[test]
fn a_capability_request_is_answered_by_name_of_the_whole_envelope() {
    let (mut alice, mut bob) = (endpoint("alice"), endpoint("bob"));
    let can = |texts: &[&str]| {
        texts
            .iter()
            .map(|text| Name::parse(text).unwrap())
            .collect()
    };
    let mine = Offers::current(can(&["ask"])).unwrap();
    let theirs = Offers::current(can(&["report", "summarise"])).unwrap();
    let requires = List::new(can(&["report"])).unwrap();
    let asked = discovery::request(
        agent("alice"),
        agent("bob"),
        &stamp("alice", 1),
        &mine,
        requires,
    );
    let asked = signed("alice", asked.unwrap());
    let request = admitted(&mut bob, &asked);

    let answer = signed(
        "bob",
        discovery::response(&request, &stamp("bob", 2), &theirs).unwrap(),
    );
    let answer = admitted(&mut alice, &answer);
    assert_eq!(answer.sender(), &agent("bob"));
    assert_eq!(answer.header().in_reply_to, Some(asked.digest()));
    assert_eq!(answer.header().correlation_id, Some(asked.header().id));
    let Payload::CapabilityResponse(response) = answer.payload() else {
        panic!("{:?}", answer.payload());
    };
    assert_eq!(response.capabilities, theirs.capabilities);
    assert_eq!(response.versions, theirs.versions);

    let found = answer.header().kind;
    let again = discovery::response(&answer, &stamp("alice", 3), &mine);
    assert_eq!(again, Err(AnswerError::NotAsked { found }));
}
