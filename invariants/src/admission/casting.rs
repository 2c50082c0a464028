//! From an assignment to a story: who is who, and what exactly happened.
//!
//! The solver's individuals are elements of nameless sets. Each becomes a number in the order in
//! which the run mentions it, after the receiver and the attacker; whoever the run never mentions
//! does not appear.

use countersign_model::admission::message::{Message, Presented};
use countersign_model::admission::scope::{BOB, MALLORY, START, Scope};
use countersign_model::admission::step::Action;
use countersign_model::admission::story::{ENDLESS, Story};
use countersign_model::admission::world::{Key, World};
use countersign_model::domain::{Ledger, Table as _, Universe as _};
use z3::Model;
use z3::ast::{Bool, Dynamic, Int};

use super::encoding;
use super::within::{Reading, attacker, setting_of};
use crate::bounded;
use crate::symbolic::{Formula, Individual, Number, Term as _, species};

/// The first number of a nonce that no clock yields.
const NONCES_APART: u32 = 1_000;

/// Everybody and everything that has a number by now.
struct Cast<'a> {
    model: &'a Model,
    world: &'a World<Reading>,
    /// The clock-derived nonces with their instants, where nonces are derived from clocks.
    clock_nonces: Vec<(Dynamic, u32)>,
    nobody: Option<Dynamic>,
    agents: Vec<Dynamic>,
    keys: Vec<Dynamic>,
    nonces: Vec<Dynamic>,
    kinds: Vec<Dynamic>,
    messages: Vec<Dynamic>,
}

/// The story of the run that takes the actions with these names.
pub(super) fn story(
    scope: &Scope,
    world: &World<Reading>,
    nonces_are_derived: bool,
    names: &[&str],
    model: &Model,
) -> Story {
    let mut cast = Cast {
        model,
        world,
        clock_nonces: Vec::new(),
        nobody: None,
        agents: Vec::new(),
        keys: Vec::new(),
        nonces: Vec::new(),
        kinds: Vec::new(),
        messages: Vec::new(),
    };
    cast.nobody = cast.value(&Reading::anyone().0);
    cast.agent(&encoding::me());
    cast.agent(&attacker());
    let ats: Vec<String> = (0..names.len()).map(bounded::end).collect();
    if nonces_are_derived {
        cast.derive_nonces(&ats);
    }
    let mut actions = Vec::new();
    for (name, at) in names.iter().zip(&ats) {
        let mut all = encoding::actions(at).into_iter();
        let action = all.find(|action| encoding::name(action) == *name);
        actions.extend(action.map(|action| cast.action(&action)));
    }
    // INVARIANT: telling a message or a key can only add agents, keys, nonces and kinds.
    let messages: Vec<Dynamic> = cast.messages.clone();
    let messages = messages
        .into_iter()
        .map(|it| cast.message_told(it))
        .collect();
    let keys: Vec<Dynamic> = cast.keys.clone();
    let keys = keys.into_iter().map(|it| cast.key_told(it)).collect();
    let hostile = (0u8..)
        .take(cast.agents.len())
        .map(|agent| agent == MALLORY);
    Story {
        setting: setting_of(scope),
        start: START.into(),
        hostile: hostile.collect(),
        keys,
        messages,
        actions,
    }
}

impl Cast<'_> {
    fn value(&self, term: &Dynamic) -> Option<Dynamic> {
        self.model.eval(term, true)
    }

    fn truth(&self, formula: &Formula) -> bool {
        let value: Option<Bool> = self.model.eval(&formula.0, true);
        value.and_then(|value| value.as_bool()).unwrap_or_default()
    }

    fn number(&self, number: &Number) -> u64 {
        let value: Option<Int> = self.model.eval(&number.0, true);
        value.and_then(|value| value.as_u64()).unwrap_or_default()
    }

    fn agent(&mut self, agent: &Individual<species::Agent>) -> u32 {
        let value = self.value(&agent.0);
        if value == self.nobody {
            return Ledger::anyone();
        }
        numbered(&mut self.agents, value)
    }

    fn key(&mut self, key: &Individual<species::Key>) -> u32 {
        let value = self.value(&key.0);
        numbered(&mut self.keys, value)
    }

    fn kind(&mut self, kind: &Individual<species::Kind>) -> u32 {
        let value = self.value(&kind.0);
        numbered(&mut self.kinds, value)
    }

    fn message(&mut self, message: &Individual<species::Message>) -> u32 {
        let value = self.value(&message.0);
        numbered(&mut self.messages, value)
    }

    fn nonce(&mut self, nonce: &Individual<species::Nonce>) -> u32 {
        let value = self.value(&nonce.0);
        let derived = self
            .clock_nonces
            .iter()
            .find(|(of, _)| Some(of) == value.as_ref());
        if let Some((_, number)) = derived {
            return *number;
        }
        let first = if self.clock_nonces.is_empty() {
            0
        } else {
            NONCES_APART
        };
        first.saturating_add(numbered(&mut self.nonces, value))
    }

    /// Gives the nonces that a clock yields the numbers of their instants.
    fn derive_nonces(&mut self, ats: &[String]) {
        for at in ats {
            let issued_at = self.world.messages.at(&encoding::message(at)).issued_at;
            let nonce = self.value(&Reading::nonce_of_clock(&issued_at).0);
            let number = Ledger::nonce_of_clock(&self.number(&issued_at));
            self.clock_nonces.extend(nonce.map(|nonce| (nonce, number)));
        }
    }

    fn presented(&mut self, presented: &Presented<Reading>) -> Presented<Ledger> {
        Presented {
            to: self.agent(&presented.to),
            nonce: self.nonce(&presented.nonce),
            kind: self.kind(&presented.kind),
            respelled: self.truth(&presented.respelled),
            altered: self.truth(&presented.altered),
        }
    }

    fn action(&mut self, action: &Action<Reading>) -> Action<Ledger> {
        match action {
            Action::Send(message) => Action::Send(self.message(message)),
            Action::Deliver(message, presented) => {
                Action::Deliver(self.message(message), self.presented(presented))
            }
            Action::DeliverTwice(message, presented) => {
                Action::DeliverTwice(self.message(message), self.presented(presented))
            }
            Action::Advance(to) => Action::Advance(self.number(to)),
            Action::SetBack(to) => Action::SetBack(self.number(to)),
            Action::Forget(agent, nonce) => Action::Forget(self.agent(agent), self.nonce(nonce)),
            Action::Restart => Action::Restart,
            Action::FailOver => Action::FailOver,
            Action::Compromise(key) => Action::Compromise(self.key(key)),
            Action::Rotate(old, new) => Action::Rotate(self.key(old), self.key(new)),
            Action::Revoke(key) => Action::Revoke(self.key(key)),
            Action::Retire(agent) => Action::Retire(self.agent(agent)),
        }
    }

    fn message_told(&mut self, message: Dynamic) -> Message<Ledger> {
        let content = self.world.messages.at(&Individual::of(message));
        Message {
            author: self.agent(&content.author),
            from: self.agent(&content.from),
            inner_from: self.agent(&content.inner_from),
            to: self.agent(&content.to),
            nonce: self.nonce(&content.nonce),
            kind: self.kind(&content.kind),
            issued_at: self.number(&content.issued_at),
            timed: self.truth(&content.timed),
            expires_at: self.number(&content.expires_at),
            key: self.key(&content.key),
            signed: self.truth(&content.signed),
            size_bounded: self.truth(&content.size_bounded),
            well_formed: self.truth(&content.well_formed),
            canonical: self.truth(&content.canonical),
            version_supported: self.truth(&content.version_supported),
            schema_valid: self.truth(&content.schema_valid),
            session_known: self.truth(&content.session_known),
            intricate: self.truth(&content.intricate),
        }
    }

    fn key_told(&mut self, key: Dynamic) -> Key<Ledger> {
        let record = self.world.keys.at(&Individual::of(key));
        Key {
            owner: self.agent(&record.owner),
            listed: self.truth(&record.listed),
            not_before: 0,
            not_after: ENDLESS,
            revoked: false,
            compromised: false,
        }
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

const _: () = assert!(
    BOB == 0 && MALLORY == 1,
    "the receiver and the attacker come first"
);
