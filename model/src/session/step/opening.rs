//! One delivery: what this end establishes, decides, and then remembers.
//!
//! The decision itself is the guard table's; here stands what surrounds it: the facts, drawn from
//! ground truth, and the effects. A refused record has none.

use crate::domain::{Choice, Domain, Identity as _, Natural as _, Table as _, Truth as _};
use crate::rulebook::{self, Ruleset};
use crate::session::Session as Rules;
use crate::session::facts::{End, Facts, Limits};
use crate::session::guard::{Stage, Use};
use crate::session::record::{Fate, Presented, Record};
use crate::session::traffic::Traffic;
use crate::session::weakening::Mechanism;
use crate::session::world::{Mark, Peer, Reach, Session, Setting, World};

/// One delivery as ground truth records it.
#[derive(Clone)]
pub struct Opening<U: Traffic> {
    /// The record.
    pub record: Record<U>,
    /// How it was presented.
    pub presented: Presented<U>,
    /// This end tried to open it.
    pub tried: U::Bool,
    /// It was accepted.
    pub accepted: U::Bool,
    /// The window remembers its number now, and ends no earlier.
    pub marked: U::Bool,
    /// This end is in the epoch that it names now, or in a later one.
    pub followed: U::Bool,
    /// It had been sealed before, by an honest end.
    pub sent_before: U::Bool,
    /// It had been accepted before.
    pub accepted_before: U::Bool,
    /// The session that it was presented in, as it stood.
    pub session: Session<U>,
    /// The peer of that session, as it stood.
    pub peer: Peer<U>,
    /// The clock.
    pub now: U::Nat,
}

/// Where the window ends, one more than the highest number, once it has `sequence`.
///
/// The real code asks this very function.
pub fn slid<D: Domain>(rules: Ruleset<Rules>, top: &D::Nat, sequence: &D::Nat) -> D::Nat {
    let after = sequence.plus(&D::Nat::constant(1));
    if rules.has(Mechanism::WindowSlidesBack) {
        return after;
    }
    Choice::choose(&after.below(top), top, &after)
}

impl<U: Traffic> World<U> {
    /// What the attacker can put before this end: what is on the network, and what it can compose
    /// itself, sealed with keys that it has or not really sealed at all.
    fn deliverable(&self, record: &Record<U>, fate: &Fate<U>) -> U::Bool {
        let session = self.sessions.at(&record.session);
        let known = self.knows(&session, &record.mine, &record.epoch);
        fate.sent
            .or(&record.composed.and(&record.sealed.implies(&known)))
    }

    /// Delivers a record, and remembers what comes of it.
    pub(super) fn deliver(
        &mut self,
        rules: Ruleset<Rules>,
        setting: &Setting<U>,
        record: &U::Record,
        presented: &Presented<U>,
    ) -> (U::Bool, Opening<U>) {
        let (content, fate) = (self.records.at(record), self.fates.at(record));
        let enabled = self.deliverable(&content, &fate);
        let event = self.judge(rules, setting, (&content, &fate), presented);
        self.remember(rules, record, &event);
        (enabled, event)
    }

    /// What a delivery comes to, before anything of it is remembered.
    pub(in crate::session) fn judge(
        &self,
        rules: Ruleset<Rules>,
        setting: &Setting<U>,
        (content, fate): (&Record<U>, &Fate<U>),
        presented: &Presented<U>,
    ) -> Opening<U> {
        let session = self.sessions.at(&presented.session);
        let facts = self.facts(rules, &setting.limits, content, presented);
        let end = self.end(setting, &session);
        let before = |stage| stage < Stage::Seal;
        let tried = rulebook::admits::<Rules, U>(rules, before, &facts, &end);
        let asked = |stage| Use::Opening.asks().contains(&stage);
        let accepted = rulebook::admits::<Rules, U>(rules, asked, &facts, &end);
        let early = |mechanism| {
            if rules.has(mechanism) {
                &tried
            } else {
                &accepted
            }
        };
        Opening {
            record: content.clone(),
            presented: presented.clone(),
            marked: early(Mechanism::MarksBeforeOpening).clone(),
            followed: early(Mechanism::RatchetsBeforeOpening).clone(),
            sent_before: fate.sent.clone(),
            accepted_before: fate.accepted.clone(),
            peer: self.peers.at(&session.peer),
            now: self.now.clone(),
            session,
            tried,
            accepted,
        }
    }

    /// This end as guards see it, where it is asked about one of its sessions.
    pub(in crate::session) fn end(&self, setting: &Setting<U>, session: &Session<U>) -> End<U> {
        End {
            now: self.now.clone(),
            epoch: session.receiving.epoch.clone(),
            top: session.receiving.top.clone(),
            limits: setting.limits.clone(),
        }
    }

    fn remember(&mut self, rules: Ruleset<Rules>, record: &U::Record, event: &Opening<U>) {
        if event.changed().is_surely_false() {
            return;
        }
        let (presented, before) = (&event.presented, &event.session);
        let place = (presented.session.clone(), presented.sequence.clone());
        let mark = Mark {
            marked: U::Bool::constant(true),
            by: record.clone(),
        };
        let older = self.marks.at(&place);
        self.marks
            .set(&place, Choice::choose(&event.marked, &mark, &older));
        let later = |epoch: &U::Nat, than: &U::Nat| Choice::choose(&than.below(epoch), epoch, than);
        let epoch = later(&presented.epoch, &before.receiving.epoch);
        let top = slid::<U>(rules, &before.receiving.top, &presented.sequence);
        let receiving = Reach {
            epoch: Choice::choose(&event.followed, &epoch, &before.receiving.epoch),
            top: Choice::choose(&event.marked, &top, &before.receiving.top),
        };
        let heard = Reach {
            epoch: later(&event.record.epoch, &before.heard.epoch),
            top: slid::<U>(Ruleset::HARDENED, &before.heard.top, &event.record.sequence),
        };
        let really = event.accepted.and(&event.sent_before);
        let session = Session {
            receiving,
            heard: Choice::choose(&really, &heard, &before.heard),
            ..before.clone()
        };
        self.sessions.set(&presented.session, session);
        let fate = Fate {
            sent: event.sent_before.clone(),
            accepted: event.accepted_before.or(&event.accepted),
        };
        self.fates.set(record, fate);
    }

    /// The facts of one delivery, from ground truth; what each mechanism makes of the record.
    pub fn facts(
        &self,
        rules: Ruleset<Rules>,
        limits: &Limits<U>,
        record: &Record<U>,
        presented: &Presented<U>,
    ) -> Facts<U> {
        let session = self.sessions.at(&presented.session);
        Facts {
            session_known: session.held.clone(),
            established_at: session.established_at.clone(),
            peer_entitled: self.peers.at(&session.peer).entitled,
            epoch: presented.epoch.clone(),
            sequence: presented.sequence.clone(),
            sequence_seen: self.remembers(rules, limits, &session, presented),
            opens: self.opens(rules, &session, record, presented),
            schema_valid: record.schema_valid.clone(),
        }
    }

    /// A window remembers nothing beyond either of its ends.
    fn remembers(
        &self,
        rules: Ruleset<Rules>,
        limits: &Limits<U>,
        session: &Session<U>,
        presented: &Presented<U>,
    ) -> U::Bool {
        let (top, sequence) = (&session.receiving.top, &presented.sequence);
        if rules.has(Mechanism::HighestOnly) {
            return sequence.below(top);
        }
        let place = (presented.session.clone(), sequence.clone());
        self.marks
            .at(&place)
            .marked
            .and(&sequence.below(top))
            .and(&top.at_most(&sequence.plus(&limits.width)))
    }

    /// Whether the key that this end uses is the record's, and what is authenticated as it was sealed.
    fn opens(
        &self,
        rules: Ruleset<Rules>,
        session: &Session<U>,
        record: &Record<U>,
        presented: &Presented<U>,
    ) -> U::Bool {
        let mut opens = record.sealed.and(&presented.epoch.same(&record.epoch));
        opens = opens.and(&if rules.has(Mechanism::OneKeyForAllSessions) {
            self.sessions.at(&record.session).peer.same(&session.peer)
        } else {
            presented.session.same(&record.session)
        });
        if !rules.has(Mechanism::KeepsOldKeys) {
            opens = opens.and(&session.receiving.epoch.at_most(&presented.epoch));
        }
        if !rules.has(Mechanism::OneKeyBothWays) {
            opens = opens.and(&record.mine.not());
        }
        if !rules.has(Mechanism::SequenceOutsideAad) {
            opens = opens.and(&presented.sequence.same(&record.sequence));
        }
        if !rules.has(Mechanism::HeaderOutsideAad) {
            opens = opens.and(&presented.altered.not());
        }
        opens
    }
}

impl<U: Traffic> Opening<U> {
    /// Whether anything at this end changed.
    pub fn changed(&self) -> U::Bool {
        self.accepted.or(&self.marked).or(&self.followed)
    }
}

#[cfg(test)]
mod tests;
