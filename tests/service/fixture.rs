//! A deployment, its people, and a bus on a file with a clock that tests move.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use countersign::deployment::Deployment;
use countersign::discovery::Stamp;
use countersign::envelope::payload::{Ask, Delegate, Notify, Reply};
use countersign::envelope::{
    Digest, Envelope, Header, Kind, MessageId, Name, Nonce, Payload, Sequence, Text, Timestamp,
};
use countersign::identity::{SigningKey, SpiffeId};
use countersign::json::Value;
use countersign::service::client::{Asking, Client};
use countersign::service::{
    Approving, Clock, Denying, Listing, Method, Owner, Poll, Receipt, Service, ServiceError, Setup,
    Unanswered,
};

use super::recording::{behaves, recorded};

pub(crate) const NOW_MS: u64 = 1_700_000_000_000;

pub(crate) fn key(name: &str) -> SigningKey {
    SigningKey::from_seed(*Digest::of(name.as_bytes()).as_bytes())
}

pub(crate) fn agent(name: &str) -> SpiffeId {
    SpiffeId::parse_agent(&format!("spiffe://example.org/{name}")).unwrap()
}

/// The deployment file of these agents, with one orchestrator and operators.
pub(crate) fn deployment_text(agents: &[&str], rules: &str, rate: u64) -> String {
    let person = |name: &str, capabilities: &str| {
        let key = key(name);
        format!(
            r#"{{ "name": "{name}", "id": "spiffe://example.org/{name}", "capabilities": [{capabilities}],
               "keys": [{{ "key_id": "{}", "public_key": "{}", "not_before_ms": 0, "revoked": false }}] }}"#,
            key.key_id(),
            key.peer_key()
        )
    };
    let agents: Vec<String> = agents.iter().map(|name| person(name, "")).collect();
    format!(
        r#"{{ "format": "countersign-deployment/1", "trust_domain": "example.org",
             "agents": [{}],
             "orchestrator": {},
             "operators": [{}, {}],
             "agentPolicies": [{rules}],
             "limits": {{ "rate": {rate}, "share": 1000000 }} }}"#,
        agents.join(", "),
        person("bus", ""),
        person("olga", r#""queue:decide""#),
        person("anna", r#""audit:read""#),
    )
}

/// Rules under which alice asks bob, needs an approval to delegate to carol, and may notify all.
pub(crate) const RULES: &str = r#"
    { "from": "alice", "to": "bob", "allow": ["ask", "delegate", "notify"] },
    { "from": "alice", "to": "carol", "allow": ["delegate", "notify"], "requireApproval": ["delegate"] },
    { "from": "bob", "to": "carol", "allow": ["delegate"] }"#;

/// A bus that runs, and the time.
pub(crate) struct Bus {
    pub(crate) service: Service,
    pub(crate) deployment: Deployment,
    owner: Owner,
    /// Where it is recorded: every life of a bus that began with nothing.
    record: Option<PathBuf>,
    now_ms: Arc<AtomicU64>,
    drawn: AtomicU64,
}

impl Bus {
    pub(crate) fn start(state: &Path) -> Self {
        let text = deployment_text(&["alice", "bob", "carol"], RULES, 100_000);
        Self::start_with(state, &text, None).unwrap()
    }

    /// A bus that is recorded, if it begins with nothing.
    pub(crate) fn start_with(
        state: &Path,
        text: &str,
        pages_max: Option<u32>,
    ) -> Result<Self, ServiceError> {
        let record = (!state.exists()).then(|| state.with_extension("record.json"));
        Self::start_recorded(state, text, record, pages_max)
    }

    pub(crate) fn start_recorded(
        state: &Path,
        text: &str,
        record: Option<PathBuf>,
        pages_max: Option<u32>,
    ) -> Result<Self, ServiceError> {
        Self::start_keyed(state, text, key("bus"), record, pages_max)
    }

    /// A bus with another of its keys.
    pub(crate) fn start_keyed(
        state: &Path,
        text: &str,
        key: SigningKey,
        record: Option<PathBuf>,
        pages_max: Option<u32>,
    ) -> Result<Self, ServiceError> {
        let deployment = Deployment::read("deployment.json", text.as_bytes()).unwrap();
        let now_ms = Arc::new(AtomicU64::new(NOW_MS));
        let reading = Arc::clone(&now_ms);
        let (ended, _) = tokio::sync::oneshot::channel();
        let setup = Setup {
            state: state.to_owned(),
            deployment: deployment.clone(),
            key,
            clock: Clock::new(move || reading.load(Ordering::SeqCst)),
            record: record.clone(),
            pages_max,
        };
        let (owner, service) = Owner::start(setup, ended)?;
        Ok(Self {
            service,
            deployment,
            owner,
            record,
            now_ms,
            drawn: AtomicU64::new(0),
        })
    }

    /// Stops it. Whatever it did is a behaviour of the model.
    pub(crate) fn stop(self) {
        self.owner.stop().unwrap();
        if let Some(record) = &self.record {
            behaves(&recorded(record));
        }
    }

    /// Stops a bus that may be unable to sign its log.
    pub(crate) fn stop_anyway(self) {
        let _ = self.owner.stop();
    }

    pub(crate) fn now_ms(&self) -> u64 {
        self.now_ms.load(Ordering::SeqCst)
    }

    /// Lets time pass; gives the bus the time to notice.
    pub(crate) fn wait(&self, ms: u64) {
        self.now_ms.fetch_add(ms, Ordering::SeqCst);
    }

    pub(crate) fn client(&self, name: &str) -> Client {
        Client::new(&self.deployment, key(name), String::new()).unwrap()
    }

    pub(crate) fn stamp(&self, name: &str) -> Stamp {
        let number = self.drawn.fetch_add(1, Ordering::SeqCst);
        // Unlike those of another life of the bus, at another time.
        let drawn = Digest::of(format!("{name} {number} {:?}", self.started()).as_bytes());
        let bytes: [u8; 16] = drawn.as_bytes()[..16].try_into().unwrap();
        Stamp {
            id: MessageId::from_bytes(bytes),
            nonce: Nonce::from_bytes(bytes),
            issued_at: at(self.now_ms()),
            expires_at: at(self.now_ms() + 3_600_000),
            key_id: key(name).key_id(),
        }
    }

    fn started(&self) -> *const AtomicU64 {
        Arc::as_ptr(&self.now_ms)
    }

    /// A message, signed by its sender.
    pub(crate) fn compose(
        &self,
        from: &str,
        to: &str,
        payload: Payload,
        change: impl FnOnce(&mut Header),
    ) -> Envelope {
        let client = self.client(from);
        let mut header = client.header(payload.kind(), agent(to), &self.stamp(from));
        change(&mut header);
        client.sign(header, payload).unwrap()
    }

    pub(crate) fn send(&self, envelope: &Envelope) -> Result<Receipt, Unanswered> {
        let bytes = envelope.canonical_bytes();
        let answer = self.service.ask_and_wait(Method::SendMessage, &bytes)?;
        let name = envelope.header().from.as_str().rsplit('/').next().unwrap();
        let client = self.client(name);
        let receipt = client.receipt(&answer, &envelope.digest(), self.now_ms());
        Ok(receipt.unwrap())
    }

    pub(crate) fn ask<T: Asking>(&self, name: &str, input: &T) -> Result<Value, Unanswered> {
        let request = self.client(name).request(input, &self.stamp(name));
        let bytes = request.unwrap().canonical_bytes();
        self.service.ask_and_wait(T::METHOD, &bytes)
    }

    /// What came for an agent that has everything up to `after`: numbers and envelopes.
    pub(crate) fn receive(&self, name: &str, after: u64) -> Vec<(u64, Envelope)> {
        let after = Sequence::from_number(after).unwrap();
        let poll = Poll { after, limit: None };
        let answer = self.ask(name, &poll).unwrap();
        let client = self.client(name);
        let deliveries = client.deliveries(&answer, after, self.now_ms()).unwrap();
        let deliveries = deliveries.into_iter();
        deliveries
            .map(|it| (it.sequence().as_number(), it.envelope().clone()))
            .collect()
    }

    /// The digests that wait, in their order.
    pub(crate) fn queue(&self) -> Vec<Digest> {
        self.listed().unwrap()
    }

    /// The same, if the operator may ask again so soon.
    pub(crate) fn listed(&self) -> Result<Vec<Digest>, Unanswered> {
        let answer = self.ask("olga", &Listing { first: None })?;
        let Some(Value::Array(entries)) = answer.as_object().unwrap().get("entries") else {
            panic!("{answer:?}");
        };
        let digest = |entry: &Value| {
            let digest = entry.as_object().unwrap().get("digest").unwrap();
            Digest::parse(digest.as_str().unwrap()).unwrap()
        };
        Ok(entries.iter().map(digest).collect())
    }

    pub(crate) fn approve(&self, place: u64, digest: Digest) -> Result<Value, Unanswered> {
        let place = Sequence::from_number(place).unwrap();
        self.ask("olga", &Approving { digest, place })
    }

    pub(crate) fn deny(&self, digest: Digest) -> Result<Value, Unanswered> {
        self.ask("olga", &Denying { digest })
    }
}

pub(crate) fn at(ms: u64) -> Timestamp {
    Timestamp::from_ms(ms).unwrap()
}

pub(crate) fn ask(deadline_at_ms: u64) -> Payload {
    Payload::Ask(Ask {
        question: Text::parse("how far?").unwrap(),
        context: None,
        deadline_at: at(deadline_at_ms),
    })
}

pub(crate) fn delegate() -> Payload {
    Payload::Delegate(Delegate {
        task: Name::parse("pay").unwrap(),
        input: Value::Null,
        deadline_at: at(NOW_MS + 600_000),
    })
}

pub(crate) fn notify() -> Payload {
    Payload::Notify(Notify {
        event: Name::parse("finished").unwrap(),
        data: None,
    })
}

pub(crate) fn reply() -> Payload {
    Payload::Reply(Reply {
        answer: Value::Null,
    })
}

/// The code that a request was refused with, and its guard.
pub(crate) fn refusal<T: std::fmt::Debug>(answer: Result<T, Unanswered>) -> (String, String) {
    match answer {
        Err(Unanswered::Refused(refused)) => {
            let guard = refused.guard.map_or("", |(_, guard)| guard);
            (refused.code.to_owned(), guard.to_owned())
        }
        other => panic!("{other:?}"),
    }
}

pub(crate) fn kinds(received: &[(u64, Envelope)]) -> Vec<(u64, Kind)> {
    let kinds = received.iter();
    kinds
        .map(|(number, it)| (*number, it.header().kind))
        .collect()
}
