//! One end of a session in a replay: what users run, or a weakened one.

use countersign_model::rulebook::Ruleset;
use countersign_model::session::Session as Rules;
use countersign_model::session::guard::{GuardId, Rejection};
use countersign_replay::session::standing::{Receiving, Sending};

use crate::envelope::{Digest, Kind, Payload};
use crate::flawed::FlawedEnd;
use crate::handshake::{Role, SessionSecret};
use crate::identity::Registry;
use crate::json;
use crate::lab::clock::Ticks;
use crate::session::{
    Cover, Direction, Establishment, Exchange, Limits, Mechanisms, Record, SealError, Session,
    Traffic,
};

/// An end.
pub(super) enum End {
    /// The real session.
    Hardened(Box<Session>),
    /// A session under weakened rules.
    Weakened(Box<Weakened>),
}

pub(super) struct Weakened {
    exchange: Exchange<FlawedEnd>,
    /// The connection was lost for good; whatever is left of the keys should not be.
    over: bool,
}

impl End {
    /// An end under `rules`. `kept` is the secret that an end keeps where it should keep none.
    pub(super) fn begin(
        establishment: Establishment,
        limits: Limits,
        rules: Ruleset<Rules>,
        kept: SessionSecret,
    ) -> Self {
        if rules == Ruleset::HARDENED {
            return Self::Hardened(Box::new(Session::new(establishment, limits)));
        }
        let (session, role) = (establishment.session_id, establishment.role);
        let mechanisms = FlawedEnd::new(rules, kept, session, role, limits.width);
        Self::Weakened(Box::new(Weakened {
            exchange: Exchange::new(establishment, limits, mechanisms),
            over: false,
        }))
    }

    pub(super) fn seal(
        &mut self,
        covered: &Digest,
        text: &[u8],
        registry: &Registry,
        now_ms: u64,
    ) -> Result<Record, SealError> {
        match self {
            Self::Hardened(session) => session.seal_bytes(covered, text, registry, now_ms),
            Self::Weakened(end) => {
                let cover = Cover::of_digest(covered);
                end.exchange.seal(&cover, text, registry, now_ms)
            }
        }
    }

    pub(super) fn open(
        &mut self,
        covered: &Digest,
        record: &[u8],
        registry: &Registry,
        now_ms: u64,
    ) -> Result<(), Rejection> {
        let opened = match self {
            Self::Hardened(session) => {
                session.open_bytes(covered, record, registry, now_ms, notification)
            }
            Self::Weakened(end) => {
                let cover = Cover::of_digest(covered);
                let enforced = end.exchange.mechanisms.rules();
                // Whoever does not enforce the schema hands out whatever it is.
                let lenient = !enforced.enforces(GuardId::PlaintextSchema);
                let read = |text: &[u8]| notification(text).or(lenient.then_some(()));
                end.exchange.open(&cover, record, registry, now_ms, read)
            }
        };
        opened.map(drop).map_err(|refusal| refusal.rejection)
    }

    /// Loses the connection. Nobody can resume a real session.
    pub(super) fn reconnect(&mut self, now_ms: u64) {
        match self {
            Self::Hardened(session) => session.close(),
            Self::Weakened(end) => {
                end.exchange.reconnect(now_ms);
                end.over = !end.exchange.mechanisms.resumes();
            }
        }
    }

    /// What an attacker learns that is given the keys of this end: of what it seals, and of what it
    /// opens. None where there are no keys.
    pub(super) fn given_away(&self, role: Role) -> Option<[Traffic; 2]> {
        match self {
            Self::Hardened(session) => given_away(session.exchange(), role),
            Self::Weakened(end) => given_away(&end.exchange, role),
        }
    }

    /// How it seals and how far it has received; none once the session is over.
    pub(super) fn standing(&self, ticks: &Ticks, width: u64) -> Option<(Sending, Receiving)> {
        match self {
            Self::Hardened(session) => standing(session.exchange(), ticks, width),
            Self::Weakened(end) if end.over => None,
            Self::Weakened(end) => standing(&end.exchange, ticks, width),
        }
    }
}

/// Reads a text as what every record of a trace should hold.
fn notification(text: &[u8]) -> Option<()> {
    let value = json::read_canonical(text, &json::Limits::default()).ok()?;
    Payload::from_value(Kind::Notify, &value).ok().map(drop)
}

fn given_away<M: Mechanisms>(exchange: &Exchange<M>, role: Role) -> Option<[Traffic; 2]> {
    let keys = exchange.keys.as_ref()?;
    let given = |traffic, direction| exchange.mechanisms.given_away(traffic, direction);
    Some([
        given(&keys.sending.traffic, Direction::outward(role)),
        given(&keys.receiving.traffic, Direction::inward(role)),
    ])
}

fn standing<M: Mechanisms>(
    exchange: &Exchange<M>,
    ticks: &Ticks,
    width: u64,
) -> Option<(Sending, Receiving)> {
    let keys = exchange.keys.as_ref()?;
    let (sending, receiving) = (&keys.sending, &keys.receiving);
    let top = receiving.window.top();
    let remembered = |number: &u64| receiving.window.remembers(*number);
    let sending = Sending {
        epoch: sending.traffic.epoch(),
        next: sending.next,
        since: ticks.tick(sending.since_ms),
        count: sending.count,
    };
    let receiving = Receiving {
        epoch: receiving.traffic.epoch(),
        top,
        seen: (top.saturating_sub(width)..top)
            .filter(remembered)
            .collect(),
    };
    Some((sending, receiving))
}
