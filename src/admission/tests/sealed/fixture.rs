//! Sessions made by real handshakes, and sealed deliveries with any set of defects.

use std::sync::Arc;

use countersign_model::admission::guard::Rejection;
use countersign_model::session::guard::Rejection as InSession;

use crate::admission::tests::fixture::{self, NOW_MS, agent, bob, key};
use crate::admission::{Endpoint, Limits, Verdict};
use crate::envelope::{Body, Header, List, Nonce, Opaque, SessionId};
use crate::handshake::{Established, Fresh, Initiator, Offers, Party, Responder, VersionPolicy};
use crate::identity::{KeyRecord, Registry, SigningKey, SpiffeId};
use crate::json;
use crate::session::{self, Session, Window};
use crate::store::{MemoryStore, ReplayStore};

/// When every session is established.
pub(super) const BEGUN_MS: u64 = NOW_MS - 5;

/// What alice opens sessions with: another key than the one she signs envelopes with.
fn opening_key() -> SigningKey {
    SigningKey::from_seed([77; 32])
}

/// A registry in which nothing is wrong.
pub(super) fn registry() -> Registry {
    registry_of(&|_| false, true)
}

fn registry_of(has: &impl Fn(Rejection) -> bool, entitled: bool) -> Registry {
    let record = KeyRecord::new(opening_key().peer_key(), NOW_MS - 10);
    let record = if entitled { record } else { record.revoked() };
    fixture::registry_with(has, &[record])
}

/// What a handshake with bob leaves the initiator and bob with; another number, another session.
pub(super) fn handshake(initiator: &str, number: u8) -> [Established; 2] {
    let registry = registry();
    let party = |me: SpiffeId| {
        let opens = me == agent("alice");
        Arc::new(Party {
            key: if opens { opening_key() } else { key(&me) },
            me,
            offers: Offers::current(Vec::new()).unwrap(),
            requires: List::new(Vec::new()).unwrap(),
            policy: VersionPolicy::default(),
        })
    };
    let fresh = |side| Fresh::of([number + side; 32], [number + side + 100; 32]);
    let (mut one, hello) = Initiator::begin(party(agent(initiator)), bob(), fresh(0));
    let mut other = Responder::begin(party(bob()), fresh(50));
    let answer = other.hear(&hello, &registry, BEGUN_MS).unwrap().flight;
    let finish = one
        .hear(&answer.unwrap(), &registry, BEGUN_MS)
        .unwrap()
        .flight;
    let done = other.hear(&finish.unwrap(), &registry, BEGUN_MS).unwrap();
    let last = one
        .hear(&done.flight.unwrap(), &registry, BEGUN_MS)
        .unwrap();
    [last.established.unwrap(), done.established.unwrap()]
}

/// A sealed delivery, and the receiver that it arrives at: bob, who holds the session, of which he
/// opened numbers 0 to 3 and still tells 2 and 3 apart.
pub(super) struct Scene {
    pub(super) bytes: Vec<u8>,
    pub(super) store: MemoryStore,
    pub(super) id: SessionId,
    registry: Registry,
    limits: Limits,
    session: Session,
}

impl Scene {
    /// A scene with all of these defects. `Stale` hides `FromFuture`, and `SequenceTooOld` hides
    /// `Replayed`: no time and no number is both.
    pub(super) fn with(defects: &[Rejection], in_session: &[InSession]) -> Self {
        let limits = fixture::limits();
        let has = |defect| defects.contains(&defect);
        let wrong = |defect| in_session.contains(&defect);
        let [ours, theirs] = handshake("alice", 1);
        let id = theirs.session_id();
        let mut alice = Session::new(ours, session::Limits::default());
        let mut session = Session::new(theirs, session_limits(&wrong));
        let clear = fixture::header(&|_| false, &limits).digest();
        for _ in 0..4 {
            let registry = registry();
            let record = alice.seal_bytes(&clear, b"", &registry, BEGUN_MS).unwrap();
            let opened =
                session.open_bytes(&clear, record.as_bytes(), &registry, BEGUN_MS, |_| Some(()));
            assert!(opened.is_ok());
        }
        let mut header = fixture::header(&has, &limits);
        header.session = header.session.or(Some(id));
        let unread = wrong(InSession::PayloadMismatch);
        let plaintext = if unread {
            b"{}".to_vec()
        } else {
            notification()
        };
        let body = sealed(&mut alice, &header, &plaintext, |it| damage(it, &wrong));
        Self {
            registry: registry_of(&has, !wrong(InSession::PeerNotEntitled)),
            store: fixture::store(&has, &limits),
            bytes: fixture::text(&has, &limits, header, body),
            limits,
            id,
            session,
        }
    }

    /// The verdict, the receiver and the bytes, with `store` in place of the scene's own.
    pub(super) fn endpoint_on<S: ReplayStore>(self, store: S) -> Endpoint<S> {
        let mut endpoint = Endpoint::new(bob(), self.registry, self.limits, store).unwrap();
        endpoint.receiving.sessions.hold(self.session).unwrap();
        endpoint
    }
}

fn session_limits(wrong: &impl Fn(InSession) -> bool) -> session::Limits {
    let mut limits = session::Limits {
        width: 2,
        ..session::Limits::default()
    };
    if wrong(InSession::SessionExpired) {
        limits.lifetime_ms = NOW_MS - BEGUN_MS - 1;
    }
    limits
}

/// What its sender, who signs it, does to the record.
fn damage(record: &mut [u8], wrong: &impl Fn(InSession) -> bool) {
    if wrong(InSession::UnknownSession) {
        record[1] ^= 1;
    }
    if wrong(InSession::WrongEpoch) {
        record[24] = 7;
    }
    if wrong(InSession::SequenceTooOld) {
        record[32] = 1;
    } else if wrong(InSession::Replayed) {
        record[32] = 2;
    }
    if wrong(InSession::DoesNotOpen) {
        *record.last_mut().unwrap() ^= 1;
    }
}

/// A plaintext of the type that headers here name.
pub(super) fn notification() -> Vec<u8> {
    json::write(&fixture::notification().to_value())
}

/// A sealed body for this header, of this plaintext, with its record changed on the way.
pub(super) fn sealed(
    session: &mut Session,
    header: &Header,
    plaintext: &[u8],
    change: impl FnOnce(&mut [u8]),
) -> Body {
    let record = session.seal_bytes(&header.digest(), plaintext, &registry(), BEGUN_MS);
    let mut bytes = record.unwrap().as_bytes().to_vec();
    change(&mut bytes);
    Body::Sealed(Opaque::of(&bytes).unwrap())
}

/// An endpoint of this agent that holds nothing.
pub(super) fn endpoint(me: &str) -> Endpoint<MemoryStore> {
    let store = MemoryStore::new();
    Endpoint::new(agent(me), registry(), Limits::default(), store).unwrap()
}

/// The header of a notification in a session, with this nonce.
pub(super) fn header(from: &str, to: &str, session: SessionId, nonce: u8) -> Header {
    Header {
        from: agent(from),
        to: agent(to),
        key_id: key(&agent(from)).key_id(),
        nonce: Nonce::from_bytes([nonce; 16]),
        session: Some(session),
        ..fixture::header(&|_| false, &Limits::default())
    }
}

/// The verdict as a code, with a word for the table that it is of.
pub(super) fn code(verdict: &Verdict) -> (&'static str, &'static str) {
    match verdict {
        Verdict::Admitted(_) => ("", "admitted"),
        Verdict::Refused(refusal) => ("admission", refusal.rejection.code()),
        Verdict::RefusedInSession(refusal) => ("session", refusal.rejection.code()),
    }
}

/// All of a session that opening a record can change, but for the clock.
pub(super) fn marked<S: ReplayStore>(endpoint: &Endpoint<S>, id: &SessionId) -> (Window, u64) {
    let session = endpoint.session(id).unwrap();
    let receiving = &session.exchange().keys.as_ref().unwrap().receiving;
    (receiving.window.clone(), receiving.traffic.epoch())
}
