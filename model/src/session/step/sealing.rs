//! Sealing: the number, the epoch and the key that a record gets.

use crate::domain::{Choice, Domain, Identity as _, Natural as _, Table as _, Truth as _};
use crate::rulebook::{self, Ruleset};
use crate::session::Session as Rules;
use crate::session::facts::{End, Facts};
use crate::session::guard::Use;
use crate::session::record::{Fate, Record};
use crate::session::traffic::Traffic;
use crate::session::weakening::Mechanism;
use crate::session::world::{Peer, Sender, Session, Setting, World};

/// A record being sealed, as ground truth records it.
#[derive(Clone)]
pub struct Sealing<U: Traffic> {
    /// This end seals it, not its peer.
    pub mine: U::Bool,
    /// It was sealed.
    pub sealed: U::Bool,
    /// A record had been sealed before under the same key and nonce.
    pub repeated: U::Bool,
    /// The session, as it stood.
    pub session: Session<U>,
    /// The peer, as it stood.
    pub peer: Peer<U>,
    /// Who seals, as it stands with this record.
    pub sender: Sender<U>,
    /// The clock.
    pub now: U::Nat,
}

/// Whether an epoch that has lasted since `since` and sealed `count` records is over.
///
/// The real code asks this very function.
pub fn is_due<D: Domain>(
    since: &D::Nat,
    count: &D::Nat,
    now: &D::Nat,
    (share, period): (&D::Nat, &D::Nat),
) -> D::Bool {
    share.at_most(count).or(&since.plus(period).at_most(now))
}

impl<U: Traffic> World<U> {
    /// Seals a record, whose content must be what the end would seal now. A refusal changes nothing.
    pub(super) fn seal(
        &mut self,
        rules: Ruleset<Rules>,
        setting: &Setting<U>,
        record: &U::Record,
    ) -> (U::Bool, Sealing<U>) {
        let content = self.records.at(record);
        let fate = self.fates.at(record);
        let mine = &content.mine;
        let session = self.sessions.at(&content.session);
        let peer = self.peers.at(&session.peer);
        let (facts, end, renewed) = self.before_sealing(rules, setting, &content);
        let enabled = U::Bool::all([
            fate.sent.not(),
            content.composed.not(),
            content.sealed.clone(),
            content.schema_valid.clone(),
            content.epoch.same(&renewed.epoch),
            content.sequence.same(&renewed.next),
            mine.or(&peer.hostile.not()),
        ]);
        let asked = |stage| Use::Sealing.asks().contains(&stage);
        let sealed = rulebook::admits::<Rules, U>(rules, asked, &facts, &end);
        let event = Sealing {
            mine: mine.clone(),
            repeated: self.repeats(rules, &content),
            sender: renewed.after_one(),
            session: session.clone(),
            peer,
            now: self.now.clone(),
            sealed,
        };
        self.sent(record, &content, &fate, &event);
        (enabled, event)
    }

    /// What is asked before a record is sealed, of whom, and the sender that would seal it.
    pub(in crate::session) fn before_sealing(
        &self,
        rules: Ruleset<Rules>,
        setting: &Setting<U>,
        content: &Record<U>,
    ) -> (Facts<U>, End<U>, Sender<U>) {
        let mine = &content.mine;
        let session = self.sessions.at(&content.session);
        let peer = self.peers.at(&session.peer);
        let before = Choice::choose(mine, &session.sending, &session.peer_sending);
        let renewed = before.renewed(rules, setting, &self.now);
        let facts = Facts {
            session_known: session.held.or(&mine.not()),
            established_at: session.established_at.clone(),
            peer_entitled: peer.entitled_for(mine),
            epoch: content.epoch.clone(),
            sequence: content.sequence.clone(),
            sequence_seen: U::Bool::constant(false),
            opens: U::Bool::constant(true),
            schema_valid: content.schema_valid.clone(),
        };
        let end = End {
            now: self.now.clone(),
            epoch: renewed.epoch.clone(),
            top: renewed.next.clone(),
            limits: setting.limits.clone(),
        };
        (facts, end, renewed)
    }

    fn sent(
        &mut self,
        record: &U::Record,
        content: &Record<U>,
        fate: &Fate<U>,
        event: &Sealing<U>,
    ) {
        let (mine, session) = (&event.mine, &event.session);
        let grown = |turn: &U::Bool, sender: &Sender<U>| {
            Choice::choose(&event.sealed.and(turn), &event.sender, sender)
        };
        let after = Session {
            sending: grown(mine, &session.sending),
            peer_sending: grown(&mine.not(), &session.peer_sending),
            ..session.clone()
        };
        self.sessions.set(&content.session, after);
        let sent = fate.sent.or(&event.sealed);
        let fate = Fate {
            sent,
            ..fate.clone()
        };
        self.fates.set(record, fate);
    }

    /// Whether an honest end sealed another record under the same key and nonce.
    fn repeats(&self, rules: Ruleset<Rules>, content: &Record<U>) -> U::Bool {
        let peer = self.sessions.at(&content.session).peer;
        let untouched = U::every_record(|other| {
            let other_content = self.records.at(other);
            let mut same = other_content.epoch.same(&content.epoch);
            if !rules.has(Mechanism::OneKeyBothWays) {
                same = same.and(&other_content.goes_with(content));
            }
            same = same.and(&if rules.has(Mechanism::OneKeyForAllSessions) {
                self.sessions.at(&other_content.session).peer.same(&peer)
            } else {
                other_content.session.same(&content.session)
            });
            if !rules.has(Mechanism::StaticNonce) {
                same = same.and(&other_content.sequence.same(&content.sequence));
            }
            self.fates.at(other).sent.and(&same).not()
        });
        untouched.not()
    }
}

impl<U: Traffic> Sender<U> {
    /// The sender in the epoch in which it seals now: a new one, if the last is over.
    fn renewed(&self, rules: Ruleset<Rules>, setting: &Setting<U>, now: &U::Nat) -> Self {
        if rules.has(Mechanism::NeverRatchets) {
            return self.clone();
        }
        let limits = (&setting.share, &setting.period);
        let due = is_due::<U>(&self.since, &self.count, now, limits);
        let next = Self {
            epoch: self.epoch.plus(&U::Nat::constant(1)),
            next: self.next.clone(),
            since: now.clone(),
            count: U::Nat::constant(0),
            used_since: now.clone(),
            used: U::Nat::constant(0),
        };
        Choice::choose(&due, &next, self)
    }

    /// The sender after one more record.
    fn after_one(&self) -> Self {
        let one = U::Nat::constant(1);
        Self {
            next: self.next.plus(&one),
            count: self.count.plus(&one),
            used: self.used.plus(&one),
            ..self.clone()
        }
    }
}

#[cfg(test)]
mod tests;
