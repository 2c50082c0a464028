//! `kill -9` under load: no message that was acknowledged is lost, none is delivered twice, and the log
//! has no gap.
//!
//! 200 times; as often as `COUNTERSIGN_KILLS` says, where it does.

use std::collections::BTreeSet;
use std::env;
use std::sync::Mutex;
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use countersign::audit::{Filter, SqliteFile, Verifier};
use countersign::deployment::Deployment;
use countersign::discovery::Stamp;
use countersign::envelope::{Digest, MessageId, Nonce, Sequence};
use countersign::service::client::{CallError, Client};
use countersign::service::{Method, Poll};

use super::fixture::{agent, at, deployment_text, key, notify};
use super::program::Place;

const SENDERS: [&str; 3] = ["alice", "carol", "dave"];
const RULES: &str = r#"{ "from": "*", "to": "bob", "allow": ["notify"] }"#;

/// What bob has: each delivery once, in order.
#[derive(Default)]
struct Inbox {
    after: u64,
    digests: BTreeSet<Digest>,
}

fn now_ms() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    u64::try_from(since.as_millis()).unwrap()
}

/// The stamp of the message of this number, which is nobody else's.
fn stamp(name: &str, life: u32, number: u32) -> Stamp {
    let drawn = Digest::of(format!("{name} {life} {number}").as_bytes());
    let bytes: [u8; 16] = drawn.as_bytes()[..16].try_into().unwrap();
    Stamp {
        id: MessageId::from_bytes(bytes),
        nonce: Nonce::from_bytes(bytes),
        issued_at: at(now_ms()),
        expires_at: at(now_ms() + 60_000),
        key_id: key(name).key_id(),
    }
}

/// Sends until nobody answers; gives the digests that were acknowledged.
fn send(client: &Client, name: &str, life: u32) -> Vec<Digest> {
    let mut acknowledged = Vec::new();
    for number in 0.. {
        let notify = notify();
        let header = client.header(notify.kind(), agent("bob"), &stamp(name, life, number));
        let envelope = client.sign(header, notify).unwrap();
        let digest = envelope.digest();
        match client.call(Method::SendMessage, &envelope) {
            Ok(answer) => {
                client.receipt(&answer, &digest, now_ms()).unwrap();
                acknowledged.push(digest);
            }
            Err(CallError::Http { .. }) => break,
            Err(other) => panic!("{other}"),
        }
    }
    acknowledged
}

/// Receives until nobody answers, or until there is nothing where `once`.
fn receive(client: &Client, inbox: &Mutex<Inbox>, life: u32, once: bool) {
    for number in 0.. {
        let mut inbox = inbox.lock().unwrap();
        let after = Sequence::from_number(inbox.after).unwrap();
        let poll = Poll { after, limit: None };
        let part = if once { "bob at last" } else { "bob" };
        let mut stamp = stamp(part, life, number);
        stamp.key_id = key("bob").key_id();
        let answer = match client.ask(&poll, &stamp) {
            Ok(answer) => answer,
            Err(CallError::Http { .. }) => break,
            Err(other) => panic!("{other}"),
        };
        let deliveries = client.deliveries(&answer, after, now_ms()).unwrap();
        if once && deliveries.is_empty() {
            break;
        }
        for delivered in deliveries {
            inbox.after += 1;
            assert_eq!(delivered.sequence().as_number(), inbox.after, "no gap");
            let fresh = inbox.digests.insert(delivered.envelope().digest());
            assert!(fresh, "delivered twice, under {}", inbox.after);
        }
        drop(inbox);
        thread::sleep(Duration::from_millis(3));
    }
}

#[test]
fn nothing_acknowledged_is_lost_however_often_the_bus_is_killed() {
    let kills: u32 = env::var("COUNTERSIGN_KILLS").map_or(200, |text| text.parse().unwrap());
    let text = deployment_text(&["alice", "bob", "carol", "dave"], RULES, 100_000);
    let deployment = Deployment::read("deployment.json", text.as_bytes()).unwrap();
    let place = Place::new(&text, &["bus"]);
    let inbox = Mutex::new(Inbox::default());
    let mut acknowledged = BTreeSet::new();
    for life in 0..kills {
        let served = place.serve();
        let url = served.url.clone();
        let client = |name| Client::new(&deployment, key(name), url.clone()).unwrap();
        // Spread over a life of up to 60 ms: at the first request, in a commit, between two.
        let span_ms = u64::from(Digest::of(&life.to_be_bytes()).as_bytes()[0]) * 60 / 255;
        thread::scope(|scope| {
            let senders = SENDERS.map(|name| {
                let client = client(name);
                scope.spawn(move || send(&client, name, life))
            });
            let bob = client("bob");
            let inbox = &inbox;
            scope.spawn(move || receive(&bob, inbox, life, false));
            thread::sleep(Duration::from_millis(span_ms));
            served.kill();
            for sender in senders {
                acknowledged.extend(sender.join().unwrap());
            }
        });
    }
    let served = place.serve();
    let bob = Client::new(&deployment, key("bob"), served.url.clone()).unwrap();
    receive(&bob, &inbox, kills, true);
    assert_eq!(served.terminate(), Some(0));

    let inbox = inbox.into_inner().unwrap();
    let lost = acknowledged.difference(&inbox.digests).count();
    assert_eq!(lost, 0, "of {} acknowledged", acknowledged.len());
    assert!(acknowledged.len() >= kills as usize, "there was a load");
    let file = SqliteFile::open_to_read(place.path("bus.sqlite")).unwrap();
    file.check().unwrap();
    let verified = Verifier::new(key("bus").peer_key())
        .verify(&file)
        .unwrap()
        .unwrap();
    let recorded = file.list(&Filter::default()).unwrap().len();
    assert_eq!(
        (verified.count, verified.covered),
        (inbox.after, inbox.after)
    );
    assert_eq!(recorded as u64, inbox.after, "a record for each delivery");
    eprintln!(
        "{kills} kills, {} acknowledged, {} delivered",
        acknowledged.len(),
        inbox.after
    );
}
