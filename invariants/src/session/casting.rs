//! From an assignment to a story: who is who, and what exactly happened.
//!
//! The solver's individuals are elements of nameless sets. Each becomes a number in the order in which
//! the run mentions it; whoever the run never mentions does not appear.

use countersign_model::domain::{Ledger, Table as _};
use countersign_model::session::facts::Limits;
use countersign_model::session::record::{Presented, Record};
use countersign_model::session::scope::{START, Scope};
use countersign_model::session::step::Action;
use countersign_model::session::story::Story;
use countersign_model::session::world::{Setting, World};
use z3::Model;
use z3::ast::{Bool, Dynamic, Int};

use super::encoding;
use super::within::Reading;
use crate::bounded;
use crate::symbolic::{Formula, Individual, Number, Term as _, species};

/// Everybody and everything that has a number by now.
struct Cast<'a> {
    model: &'a Model,
    world: &'a World<Reading>,
    peers: Vec<Dynamic>,
    sessions: Vec<Dynamic>,
    records: Vec<Dynamic>,
}

/// The story of the run from `world` that takes the actions with these names.
pub(super) fn story(scope: &Scope, world: &World<Reading>, names: &[&str], model: &Model) -> Story {
    let mut cast = Cast {
        model,
        world,
        peers: Vec::new(),
        sessions: Vec::new(),
        records: Vec::new(),
    };
    let mut actions = Vec::new();
    for (step, name) in names.iter().enumerate() {
        let mut all = encoding::actions(&bounded::end(step)).into_iter();
        let action = all.find(|action| encoding::name(action) == *name);
        actions.extend(action.map(|action| cast.action(&action)));
    }
    // INVARIANT: telling a record can only add sessions, and telling a session only peers.
    let records = cast.records.clone().into_iter();
    let records = records.map(|record| cast.record_told(record)).collect();
    let sessions = cast.sessions.clone().into_iter();
    let sessions = sessions.map(|session| cast.peer_of(session)).collect();
    let peers = cast.peers.clone().into_iter();
    let hostile = peers.map(|peer| cast.is_hostile(peer)).collect();
    Story {
        setting: setting_of(scope),
        start: START.into(),
        hostile,
        sessions,
        records,
        actions,
    }
}

/// What stays fixed throughout a run within a scope.
fn setting_of(scope: &Scope) -> Setting<Ledger> {
    Setting {
        limits: Limits {
            lifetime: scope.lifetime.into(),
            width: scope.width.into(),
            ahead: scope.ahead.into(),
        },
        share: scope.share.into(),
        period: scope.period.into(),
    }
}

impl Cast<'_> {
    fn truth(&self, formula: &Formula) -> bool {
        let value: Option<Bool> = self.model.eval(&formula.0, true);
        value.and_then(|value| value.as_bool()).unwrap_or_default()
    }

    fn number(&self, number: &Number) -> u64 {
        let value: Option<Int> = self.model.eval(&number.0, true);
        value.and_then(|value| value.as_u64()).unwrap_or_default()
    }

    fn peer(&mut self, peer: &Individual<species::Agent>) -> u32 {
        let value = self.model.eval(&peer.0, true);
        numbered(&mut self.peers, value)
    }

    fn session(&mut self, session: &Individual<species::Session>) -> u32 {
        let value = self.model.eval(&session.0, true);
        numbered(&mut self.sessions, value)
    }

    fn record(&mut self, record: &Individual<species::Record>) -> u32 {
        let value = self.model.eval(&record.0, true);
        numbered(&mut self.records, value)
    }

    fn presented(&mut self, shown: &Presented<Reading>) -> Presented<Ledger> {
        Presented {
            session: self.session(&shown.session),
            epoch: self.number(&shown.epoch),
            sequence: self.number(&shown.sequence),
            altered: self.truth(&shown.altered),
        }
    }

    fn action(&mut self, action: &Action<Reading>) -> Action<Ledger> {
        match action {
            Action::Seal(record) => Action::Seal(self.record(record)),
            Action::Deliver(record, shown) => {
                Action::Deliver(self.record(record), self.presented(shown))
            }
            Action::Read(record) => Action::Read(self.record(record)),
            Action::Advance(to) => Action::Advance(self.number(to)),
            Action::Reconnect(session) => Action::Reconnect(self.session(session)),
            Action::Withdraw(peer) => Action::Withdraw(self.peer(peer)),
            Action::Reveal(session) => Action::Reveal(self.session(session)),
        }
    }

    fn record_told(&mut self, record: Dynamic) -> Record<Ledger> {
        let content = self.world.records.at(&Individual::of(record));
        Record {
            composed: self.truth(&content.composed),
            session: self.session(&content.session),
            mine: self.truth(&content.mine),
            epoch: self.number(&content.epoch),
            sequence: self.number(&content.sequence),
            sealed: self.truth(&content.sealed),
            schema_valid: self.truth(&content.schema_valid),
        }
    }

    fn peer_of(&mut self, session: Dynamic) -> u32 {
        let peer = self.world.sessions.at(&Individual::of(session)).peer;
        self.peer(&peer)
    }

    fn is_hostile(&self, peer: Dynamic) -> bool {
        self.truth(&self.world.peers.at(&Individual::of(peer)).hostile)
    }
}

/// The place of `value` in `known`, which it joins if it is new.
fn numbered(known: &mut Vec<Dynamic>, value: Option<Dynamic>) -> u32 {
    let Some(value) = value else { return u32::MAX };
    let place = known.iter().position(|it| *it == value).unwrap_or_else(|| {
        known.push(value);
        known.len() - 1
    });
    u32::try_from(place).unwrap_or(u32::MAX)
}
