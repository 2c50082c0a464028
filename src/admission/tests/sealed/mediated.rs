//! A sealed envelope through the bus: ruled on by its header, opened by its recipient alone.

use countersign_model::bus::policy::{Tier, Tiers};

use super::fixture::{handshake, header, registry};
use crate::admission::tests::fixture::{NOW_MS, agent, key};
use crate::admission::{Gateway, Limits};
use crate::bus::{self, Mailbox, Orchestrator, Outcome, Policy};
use crate::envelope::payload::Ask;
use crate::envelope::{Body, Delivery, Kind, Payload, Sequence, Text, Timestamp};
use crate::identity::{Agent, KeyRecord, SpiffeId, Standing, Trust};
use crate::session::{self, Session};
use crate::store::MemoryStore;

/// Whoever asks may ask.
struct Everything;

impl Policy for Everything {
    fn tiers(&self, _from: &SpiffeId, _to: &SpiffeId, kind: Kind) -> Tiers<bool> {
        let silent = Tier {
            listed: false,
            names_some: false,
            allows: false,
            holds: false,
            denies: false,
            allows_first: false,
        };
        let asking = Tier {
            listed: true,
            names_some: true,
            allows: kind == Kind::Ask,
            ..silent
        };
        Tiers {
            tiers: [silent, silent, silent, asking],
            recipient_first: false,
        }
    }
}

#[test]
fn a_sealed_question_passes_the_bus_unread_and_is_opened_by_whom_it_is_for() {
    let bus = agent("orchestrator");
    let bus_key = key(&bus);
    let [ours, theirs] = handshake("alice", 1);
    let mut alice = Session::new(ours, session::Limits::default());
    let mut bob = Session::new(theirs, session::Limits::default());

    let mut asking = header("alice", "bob", *alice.id(), 9);
    asking.kind = Kind::Ask;
    let question = Payload::Ask(Ask {
        question: Text::parse("what nobody on the way may read").unwrap(),
        context: None,
        deadline_at: Timestamp::from_ms(NOW_MS + 1_000).unwrap(),
    });
    let draft = alice.draft(asking, &question, &registry(), NOW_MS).unwrap();
    let bytes = draft.sign(&key(&agent("alice"))).canonical_bytes();

    let limits = Limits::default();
    let store = MemoryStore::new();
    let mut gateway = Gateway::new(bus.clone(), registry(), limits, store).unwrap();
    let limits = bus::Limits::default();
    let mut orchestrator = Orchestrator::new(bus.clone(), registry(), Everything, limits);
    let passing = gateway.receive(&bytes, NOW_MS).unwrap().unwrap();
    let ruling = orchestrator.submit(&passing, NOW_MS);
    let Outcome::Delivered {
        recipients,
        envelope,
    } = ruling.outcome
    else {
        panic!("{ruling:?}");
    };
    assert_eq!(recipients, [agent("bob")]);
    let (sequence, at) = (Sequence::from_number(1), Timestamp::from_ms(NOW_MS));
    let delivery = Delivery::countersign(
        *envelope,
        agent("bob"),
        sequence.unwrap(),
        at.unwrap(),
        &bus_key,
    );

    // Bob's registry knows the orchestrator too.
    let mut known = registry();
    let enrolled = Agent {
        id: bus.clone(),
        standing: Standing::Active,
        handle: None,
        trust: Trust::Nothing,
        capabilities: std::collections::BTreeSet::new(),
        keys: vec![KeyRecord::new(bus_key.peer_key(), 0)],
    };
    known.enrol(enrolled).unwrap();
    let mailbox = Mailbox::new(agent("bob"), bus);
    let text = delivery.canonical_bytes();
    let delivered = mailbox.receive(&text, &known, NOW_MS).unwrap();
    let Body::Sealed(record) = delivered.envelope().body() else {
        panic!("{delivered:?}");
    };
    let (header, record) = (delivered.envelope().header(), record.to_bytes());
    let opened = bob.open(header, &record, &known, NOW_MS).unwrap();
    assert_eq!(opened.content(), &question);
    // A delivery that comes again opens nothing twice.
    assert!(bob.open(header, &record, &known, NOW_MS).is_err());
}
