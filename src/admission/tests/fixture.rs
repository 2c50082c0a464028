//! Deliveries with any set of defects, each named by the rejection that it deserves.

use countersign_model::admission::guard::Rejection;

use crate::admission::{Endpoint, Limits};
use crate::envelope::payload::Notify;
use crate::envelope::{
    Body, Draft, Header, Kind, MessageId, Name, Nonce, Payload, SessionId, Timestamp, Version,
    signing_input,
};
use crate::identity::{
    Agent, KeyRecord, Registry, SigningKey, SpiffeId, Standing, Trust, base64url,
};
use crate::json::{self, Object, Value};
use crate::store::{Claim, MemoryStore, ReplayStore};

/// The reading of every clock, unless a test says otherwise.
pub(super) const NOW_MS: u64 = 1_700_000_000_000;

const SHARE: u64 = 3;
/// The nonce that the store may hold already.
const SEEN: [u8; 16] = [1; 16];

/// A delivery, and the receiver that it arrives at.
pub(super) struct Scene {
    pub(super) registry: Registry,
    pub(super) limits: Limits,
    pub(super) store: MemoryStore,
    pub(super) bytes: Vec<u8>,
}

impl Scene {
    /// A scene with all of these defects. `Stale` hides `FromFuture`: no time is both.
    pub(super) fn with(defects: &[Rejection]) -> Self {
        let limits = limits();
        let has = |defect| defects.contains(&defect);
        let payload = Body::Payload(notification());
        Self {
            registry: registry(&has),
            store: store(&has, &limits),
            bytes: text(&has, &limits, header(&has, &limits), payload),
            limits,
        }
    }

    /// A scene in which nothing is wrong.
    pub(super) fn flawless() -> Self {
        Self::with(&[])
    }

    /// The receiver, as the public endpoint.
    pub(super) fn endpoint(&self) -> Endpoint<MemoryStore> {
        self.endpoint_on(self.store.clone())
    }

    /// The receiver, on another store.
    pub(super) fn endpoint_on<S: ReplayStore>(&self, store: S) -> Endpoint<S> {
        Endpoint::new(bob(), self.registry.clone(), self.limits.clone(), store).unwrap()
    }
}

/// The receiver.
pub(super) fn bob() -> SpiffeId {
    agent("bob")
}

pub(super) fn agent(name: &str) -> SpiffeId {
    SpiffeId::parse_agent(&format!("spiffe://example.org/agent/{name}")).unwrap()
}

pub(super) fn key(of: &SpiffeId) -> SigningKey {
    let initial = of.path().trim_start_matches("/agent/").as_bytes()[0];
    SigningKey::from_seed([initial; 32])
}

/// Small limits, so that every one of them can be reached.
pub(super) fn limits() -> Limits {
    Limits {
        envelope_bytes_max: 4096,
        share: SHARE,
        rate: 1,
        ..Limits::default()
    }
}

fn registry(has: &impl Fn(Rejection) -> bool) -> Registry {
    registry_with(has, &[])
}

/// The same, with more keys of alice.
pub(super) fn registry_with(has: &impl Fn(Rejection) -> bool, more: &[KeyRecord]) -> Registry {
    let mut registry = Registry::new();
    for name in ["alice", "bob", "carol"] {
        let id = agent(name);
        let mut record = KeyRecord::new(key(&id).peer_key(), NOW_MS - 10);
        if has(Rejection::KeyExpired) {
            record = record.until(NOW_MS - 1);
        }
        if has(Rejection::KeyRevoked) {
            record = record.revoked();
        }
        let standing = if has(Rejection::UnknownSender) {
            Standing::Suspended
        } else {
            Standing::Active
        };
        let mut keys = vec![record];
        if name == "alice" {
            keys.extend_from_slice(more);
        }
        let agent = Agent {
            id,
            standing,
            handle: None,
            trust: Trust::Nothing,
            capabilities: std::collections::BTreeSet::new(),
            keys,
        };
        registry.enrol(agent).unwrap();
    }
    registry
}

fn sender(has: &impl Fn(Rejection) -> bool) -> SpiffeId {
    agent(if has(Rejection::SelfAddressed) {
        "bob"
    } else {
        "alice"
    })
}

pub(super) fn store(has: &impl Fn(Rejection) -> bool, limits: &Limits) -> MemoryStore {
    let held = if has(Rejection::StoreFull) {
        SHARE
    } else {
        u64::from(has(Rejection::Replayed) || has(Rejection::TooFast))
    };
    let admitted_at_ms = if has(Rejection::TooFast) {
        NOW_MS
    } else {
        NOW_MS - limits.rate_period_ms
    };
    let sender = sender(has);
    let mut store = MemoryStore::new();
    for nonce in (1..).take(usize::try_from(held).unwrap()) {
        let claim = Claim {
            sender: sender.as_str(),
            nonce: [nonce; 16],
            now_ms: admitted_at_ms,
            rate_period_ms: limits.rate_period_ms,
        };
        store.admit(&claim, &mut |_| Some(2 * NOW_MS)).unwrap();
    }
    store
}

pub(super) fn header(has: &impl Fn(Rejection) -> bool, limits: &Limits) -> Header {
    let from = sender(has);
    let key_id = if has(Rejection::UnknownKey) {
        key(&agent("carol")).key_id()
    } else {
        key(&from).key_id()
    };
    let issued_ms = if has(Rejection::Stale) {
        NOW_MS - limits.window_ms - 1
    } else if has(Rejection::FromFuture) {
        NOW_MS + limits.skew_ms + 1
    } else {
        NOW_MS
    };
    Header {
        version: Version::CURRENT,
        kind: Kind::Notify,
        id: MessageId::from_bytes([5; 16]),
        nonce: Nonce::from_bytes(if has(Rejection::Replayed) {
            SEEN
        } else {
            [9; 16]
        }),
        from,
        to: agent(if has(Rejection::WrongRecipient) {
            "carol"
        } else {
            "bob"
        }),
        issued_at: Timestamp::from_ms(issued_ms).unwrap(),
        expires_at: Timestamp::from_ms(NOW_MS - u64::from(has(Rejection::Expired))).unwrap(),
        key_id,
        correlation_id: None,
        in_reply_to: None,
        session: has(Rejection::UnknownSession).then(|| SessionId::from_bytes([4; 16])),
        capability: None,
    }
}

/// What the sender has to say.
pub(super) fn notification() -> Payload {
    Payload::Notify(Notify {
        event: Name::parse("finished").unwrap(),
        data: None,
    })
}

/// The text as it arrives. Its signature holds, defects and all, unless that is the defect.
pub(super) fn text(
    has: &impl Fn(Rejection) -> bool,
    limits: &Limits,
    header: Header,
    body: Body,
) -> Vec<u8> {
    let (kind, from) = (header.kind, header.from.clone());
    let draft = Draft::new(header, body).unwrap();
    let Value::Object(mut envelope) = draft.with_signature([0; 64]).to_value() else {
        panic!("an envelope is an object");
    };
    envelope.remove("signature");
    if has(Rejection::UnsupportedVersion) {
        envelope.insert("version", "9.0");
    }
    if has(Rejection::SchemaMismatch) {
        let mut payload = Object::new();
        payload.insert("event", "finished");
        payload.insert("administrator", true);
        envelope.insert("payload", Value::Object(payload));
    }
    let covered = json::write(&Value::Object(envelope.clone()));
    let mut signature = key(&from).sign(&signing_input(kind.signing_type(), &covered));
    if has(Rejection::BadSignature) {
        signature[0] ^= 1;
    }
    envelope.insert("signature", base64url::encode(&signature));
    let mut text = String::from_utf8(json::write(&Value::Object(envelope))).unwrap();
    if has(Rejection::Malformed) {
        text = text.replacen("\"to\":", "\"to\":\"\",\"to\":", 1);
    }
    if has(Rejection::NotCanonical) {
        text = text.replacen('{', "{ ", 1);
    }
    let mut bytes = text.into_bytes();
    if has(Rejection::TooLarge) {
        bytes.resize(limits.envelope_bytes_max + 1, b' ');
    }
    bytes
}
