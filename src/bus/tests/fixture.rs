//! A bus of four agents, the rules between them, and messages of every kind.

use countersign_model::bus::policy::{Tier, Tiers};

use crate::bus::Desk;
use crate::bus::{Hardened, Limits, Policy, Ruling};
use crate::envelope::payload::{Ask, Delegate, Notify, Reply};
use crate::envelope::{
    Body, Digest, Draft, Envelope, Header, Kind, MessageId, Name, Nonce, Opaque, Payload,
    SessionId, Text, Timestamp, Version,
};
use crate::identity::{Agent, KeyRecord, Registry, SigningKey, SpiffeId, Standing, Trust};
use crate::json::Value;

/// When every test begins.
pub(super) const NOW_MS: u64 = 1_700_000_000_000;
/// Deliveries that an agent may cause in a period.
pub(super) const RATE: u64 = 4;

/// What one rule says: from, to, type, and what it makes of it.
pub(super) type Rule = (&'static str, &'static str, Kind, Said);

/// What a rule makes of a type.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Said {
    Allow,
    Hold,
    Deny,
}

/// Rules by pair, with the wildcard.
pub(super) struct Rules(pub(super) Vec<Rule>);

impl Policy for Rules {
    fn tiers(&self, from: &SpiffeId, to: &SpiffeId, kind: Kind) -> Tiers<bool> {
        let names = |named: &str, id: &SpiffeId| agent(named) == *id;
        let tier = |one: &dyn Fn(&Rule) -> bool| {
            let rules = || self.0.iter().filter(|rule| one(rule));
            let says = |said| rules().any(|rule| rule.2 == kind && rule.3 == said);
            Tier {
                listed: rules().next().is_some(),
                names_some: rules().next().is_some(),
                allows: says(Said::Allow),
                holds: says(Said::Hold),
                denies: says(Said::Deny),
                allows_first: false,
            }
        };
        Tiers {
            tiers: [
                tier(&|rule| names(rule.0, from) && names(rule.1, to)),
                tier(&|rule| names(rule.0, from) && rule.1 == "*"),
                tier(&|rule| rule.0 == "*" && names(rule.1, to)),
                tier(&|rule| rule.0 == "*" && rule.1 == "*"),
            ],
            recipient_first: false,
        }
    }
}

/// The bus, and how many messages were composed on it.
pub(super) struct Bus {
    pub(super) desk: Desk<Rules, Hardened>,
    composed: u8,
}

pub(super) fn agent(name: &str) -> SpiffeId {
    let name = if name == "*" { "nobody" } else { name };
    SpiffeId::parse_agent(&format!("spiffe://example.org/{name}")).unwrap()
}

pub(super) fn key(name: &str) -> SigningKey {
    SigningKey::from_seed(*Digest::of(name.as_bytes()).as_bytes())
}

pub(super) fn registry() -> Registry {
    let mut registry = Registry::new();
    for name in ["bus", "alice", "bob", "carol", "dave"] {
        let agent = Agent {
            id: agent(name),
            standing: Standing::Active,
            handle: None,
            trust: Trust::Nothing,
            capabilities: std::collections::BTreeSet::new(),
            keys: vec![KeyRecord::new(key(name).peer_key(), 0)],
        };
        registry.enrol(agent).unwrap();
    }
    registry
}

fn at(ms: u64) -> Timestamp {
    Timestamp::from_ms(ms).unwrap()
}

pub(super) fn ask(deadline_at_ms: u64) -> Payload {
    Payload::Ask(Ask {
        question: Text::parse("how far?").unwrap(),
        context: None,
        deadline_at: at(deadline_at_ms),
    })
}

pub(super) fn delegate() -> Payload {
    Payload::Delegate(Delegate {
        task: Name::parse("pay").unwrap(),
        input: Value::Null,
        deadline_at: at(NOW_MS + 60_000),
    })
}

pub(super) fn notify() -> Payload {
    Payload::Notify(Notify {
        event: Name::parse("finished").unwrap(),
        data: None,
    })
}

pub(super) fn reply() -> Payload {
    Payload::Reply(Reply {
        answer: Value::Null,
    })
}

impl Bus {
    pub(super) fn new(rules: &[Rule]) -> Self {
        let limits = Limits {
            rate: RATE,
            ..Limits::default()
        };
        let rules = Rules(rules.to_vec());
        Self {
            desk: Desk::new(agent("bus"), registry(), rules, limits, Hardened),
            composed: 0,
        }
    }

    /// An envelope, signed by its sender.
    pub(super) fn compose(&mut self, from: &str, to: &str, payload: Payload) -> Envelope {
        self.compose_with(from, to, payload, |_| {})
    }

    /// The same with a header that is not the usual one.
    pub(super) fn compose_with(
        &mut self,
        from: &str,
        to: &str,
        payload: Payload,
        change: impl FnOnce(&mut Header),
    ) -> Envelope {
        let header = self.header(from, to, payload.kind(), change);
        let draft = Draft::new(header, Body::Payload(payload)).unwrap();
        draft.sign(&key(from))
    }

    /// A question that only its recipient can open.
    pub(super) fn sealed(&mut self, from: &str, to: &str) -> Envelope {
        let header = self.header(from, to, Kind::Delegate, |header| {
            header.session = Some(SessionId::from_bytes([1; 16]));
        });
        let body = Body::Sealed(Opaque::of(&[7; 64]).unwrap());
        Draft::new(header, body).unwrap().sign(&key(from))
    }

    pub(super) fn submit(&mut self, envelope: &Envelope) -> Ruling {
        self.desk.submit(envelope, true, NOW_MS)
    }

    fn header(
        &mut self,
        from: &str,
        to: &str,
        kind: Kind,
        change: impl FnOnce(&mut Header),
    ) -> Header {
        self.composed += 1;
        let mut header = Header {
            version: Version::CURRENT,
            kind,
            id: MessageId::from_bytes([self.composed; 16]),
            nonce: Nonce::from_bytes([self.composed; 16]),
            from: agent(from),
            to: agent(to),
            issued_at: at(NOW_MS),
            expires_at: at(NOW_MS + 300_000),
            key_id: key(from).key_id(),
            correlation_id: None,
            in_reply_to: None,
            session: None,
            capability: None,
        };
        change(&mut header);
        header
    }
}

/// Says what a header answers.
pub(super) fn answering(request: Digest) -> impl FnOnce(&mut Header) {
    move |header| header.in_reply_to = Some(request)
}
