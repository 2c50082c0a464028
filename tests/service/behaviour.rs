//! Whatever agents and operators do, and however time passes, what the bus does is a behaviour of the model:
//! its disk, its groups and what it forgets and takes up again included.

use countersign::envelope::payload::TaskResult;
use countersign::envelope::{Digest, Envelope, MessageId, Payload};
use countersign::json::Value;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::fixture::{Bus, ask, at, delegate, deployment_text, notify, reply};
use super::recording::recorded;

/// Runs, unless `PROPTEST_CASES` says otherwise.
const CASES: u32 = 24;
const AGENTS: [&str; 4] = ["alice", "bob", "carol", "dave"];
/// Rules with holes: exact ones beside broad ones, denials, and approvals on either.
const RULES: &str = r#"
    { "from": "alice", "to": "*", "allow": ["ask", "delegate", "notify"] },
    { "from": "alice", "to": "carol", "allow": ["delegate", "notify"], "requireApproval": ["delegate"] },
    { "from": "bob", "to": "*", "allow": ["ask", "delegate", "notify"], "requireApproval": ["ask", "notify"] },
    { "from": "*", "to": "bob", "deny": ["notify"] },
    { "from": "carol", "to": "alice", "allow": ["ask", "delegate"] },
    { "from": "carol", "to": "dave", "allow": ["delegate"], "requireApproval": true },
    { "from": "dave", "to": "alice", "allow": ["notify"] }"#;

#[derive(Clone, Debug)]
enum Deed {
    Send(Sending),
    /// An operator approves what is in one place, having read what was in another one.
    Approve {
        place: Index,
        read: Index,
    },
    Deny(Index),
    Wait(u64),
}

#[derive(Clone, Debug)]
struct Sending {
    from: &'static str,
    to: &'static str,
    what: What,
    /// The message that it answers, or goes on with.
    about: Option<Index>,
    id_of: Option<Index>,
    lasts_ms: u64,
}

#[derive(Clone, Copy, Debug)]
enum What {
    Ask(u64),
    Delegate,
    Notify,
    Reply,
    Result,
}

fn sending() -> impl Strategy<Value = Sending> {
    let what = prop_oneof![
        3 => select(vec![0, 1, 1_000, 500_000]).prop_map(What::Ask),
        3 => Just(What::Delegate),
        2 => Just(What::Notify),
        4 => Just(What::Reply),
        1 => Just(What::Result),
    ];
    let to = select(vec!["alice", "bob", "carol", "dave", "bus", "nobody"]);
    let id_of = prop_oneof![8 => Just(None), 1 => any::<Index>().prop_map(Some)];
    let about = prop_oneof![1 => Just(None), 2 => any::<Index>().prop_map(Some)];
    let lasts_ms = select(vec![1, 1_000, 600_000, 3_600_000]);
    (select(AGENTS.to_vec()), to, what, about, id_of, lasts_ms).prop_map(
        |(from, to, what, about, id_of, lasts_ms)| Sending {
            from,
            to,
            what,
            about,
            id_of,
            lasts_ms,
        },
    )
}

fn deed() -> impl Strategy<Value = Deed> {
    let wait = select(vec![1, 2, 999, 60_000, 300_001, 3_600_001]);
    prop_oneof![
        8 => sending().prop_map(Deed::Send),
        2 => any::<(Index, Index)>().prop_map(|(place, read)| Deed::Approve { place, read }),
        1 => any::<Index>().prop_map(Deed::Deny),
        2 => wait.prop_map(Deed::Wait),
    ]
}

/// What was sent, whatever became of it.
struct Run {
    bus: Bus,
    sent: Vec<Envelope>,
}

impl Run {
    fn one_of(&self, which: Option<Index>) -> Option<&Envelope> {
        let which = which.filter(|_| !self.sent.is_empty())?;
        Some(which.get(&self.sent))
    }

    fn send(&mut self, sending: &Sending) {
        let now_ms = self.bus.now_ms();
        let payload = match sending.what {
            What::Ask(lasts_ms) => ask(now_ms + lasts_ms),
            What::Delegate => delegate(),
            What::Notify => notify(),
            What::Reply => reply(),
            What::Result => Payload::Result(TaskResult {
                output: Value::Null,
            }),
        };
        let about = self.one_of(sending.about);
        let name = |it: &Envelope| it.header().correlation_id.unwrap_or(it.header().id);
        let (digest, name) = (about.map(Envelope::digest), about.map(name));
        let id: Option<MessageId> = self.one_of(sending.id_of).map(|it| it.header().id);
        let envelope = self
            .bus
            .compose(sending.from, sending.to, payload, |header| {
                match sending.what {
                    What::Reply | What::Result => {
                        header.in_reply_to = Some(digest.unwrap_or(Digest::of(b"nothing")));
                    }
                    What::Ask(_) | What::Delegate | What::Notify => header.correlation_id = name,
                }
                header.id = id.unwrap_or(header.id);
                header.expires_at = at(now_ms + sending.lasts_ms);
            });
        let _ = self.bus.send(&envelope);
        self.sent.push(envelope);
    }

    fn decide(&self, place: Index, read: Option<Index>) {
        let queue = self.bus.listed().unwrap_or_default();
        if queue.is_empty() {
            return;
        }
        let _ = match read {
            None => self.bus.deny(*place.get(&queue)),
            Some(read) => {
                let place = place.index(queue.len());
                self.bus.approve(place as u64, *read.get(&queue))
            }
        };
    }

    fn does(&mut self, deed: &Deed) {
        match deed {
            Deed::Send(sending) => self.send(sending),
            Deed::Approve { place, read } => self.decide(*place, Some(*read)),
            Deed::Deny(place) => self.decide(*place, None),
            Deed::Wait(ms) => self.bus.wait(*ms),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: std::env::var("PROPTEST_CASES").map_or(CASES, |_| ProptestConfig::default().cases),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn whatever_happens_on_a_bus_could_happen_in_the_model(deeds in vec(deed(), 1..60)) {
        let folder = tempfile::tempdir().unwrap();
        let state = folder.path().join("bus.sqlite");
        let text = deployment_text(&AGENTS, RULES, 12);
        let bus = Bus::start_with(&state, &text, None).unwrap();
        let mut run = Run { bus, sent: Vec::new() };
        let first = run.bus.compose("alice", "bob", delegate(), |_| {});
        run.bus.send(&first).unwrap();
        run.sent.push(first);
        for deed in &deeds {
            run.does(deed);
        }
        // Stopping it asks the model.
        run.bus.stop();
        let steps = recorded(&state.with_extension("record.json")).steps.len();
        prop_assert!(steps > 0);
    }
}
