//! One delivery: what the receiver establishes, decides, and then remembers.
//!
//! The decision itself is the guard table's ([`guard`]); here stands what surrounds it: the facts,
//! drawn from ground truth, and the effects. A refused message has none.

use crate::admission::Admission;
use crate::admission::facts::{Facts, Receiver};
use crate::admission::guard::Stage;
use crate::admission::message::{Fate, Message, Presented};
use crate::admission::weakening::Mechanism;
use crate::admission::world::{Agent, Entry, Key, Setting, World};
use crate::domain::{
    Choice, Domain, Identity as _, Natural as _, Table as _, Truth as _, Universe,
};
use crate::rulebook::{self, Ruleset};

/// One delivery as ground truth records it: what invariants read.
#[derive(Clone)]
pub struct Delivery<U: Universe> {
    /// The message.
    pub message: Message<U>,
    /// How it was presented.
    pub presented: Presented<U>,
    /// The principal that the receiver attributes it to.
    pub acting: U::Agent,
    /// Its text was parsed.
    pub parsed: U::Bool,
    /// It was admitted.
    pub admitted: U::Bool,
    /// It had been sent before, by an honest agent.
    pub sent_before: U::Bool,
    /// It had been admitted before.
    pub admitted_before: U::Bool,
    /// The store remembered it.
    pub remembered: U::Bool,
    /// Until when.
    pub keep_until: U::Nat,
    /// Something in the receiver changed.
    pub changed: U::Bool,
    /// The receiver's clock.
    pub now: U::Nat,
    /// The key that the message names, as it stood.
    pub key: Key<U>,
    /// The principal that the receiver attributes it to, as it stood.
    pub attributed: Agent<U>,
    /// The sender that the envelope names, as it stood before.
    pub sender: Agent<U>,
    /// The sender that the envelope names, as it stands after.
    pub sender_after: Agent<U>,
}
/// Until when an entry must be kept: window + 2 x skew from the message's own time.
///
/// The real code asks this very function.
#[inline]
pub fn keep_until<D: Domain>(
    rules: Ruleset<Admission>,
    facts: &Facts<D>,
    me: &Receiver<D>,
) -> D::Nat {
    if rules.has(Mechanism::LifetimeFromReceipt) {
        return me.now.plus(&me.limits.window);
    }
    facts
        .issued_at
        .plus(&me.limits.window)
        .plus(&me.limits.skew)
        .plus(&me.limits.skew)
}

/// Whether a delivery leaves an entry in the store, given whether it is admitted.
///
/// The real code asks this very function.
#[inline]
pub fn remembers<D: Domain>(
    rules: Ruleset<Admission>,
    admitted: &D::Bool,
    facts: &Facts<D>,
    me: &Receiver<D>,
) -> D::Bool {
    if rules.has(Mechanism::InsertsBeforeAuthentication) {
        return rulebook::admits(rules, |stage| stage < Stage::Signature, facts, me);
    }
    admitted.clone()
}

/// Whether a delivery counts against the sender's rate, given whether it is admitted.
///
/// The real code asks this very function.
#[inline]
pub fn counts<D: Domain>(
    rules: Ruleset<Admission>,
    admitted: &D::Bool,
    facts: &Facts<D>,
    me: &Receiver<D>,
) -> D::Bool {
    if rules.has(Mechanism::CountsBeforeAuthentication) {
        return rulebook::admits(rules, |stage| stage < Stage::Signature, facts, me);
    }
    admitted.clone()
}

impl<U: Universe> World<U> {
    /// What the attacker can put before the receiver: what is on the network, and what it can
    /// compose itself, signed with keys it holds or not really signed at all.
    #[inline]
    pub(in crate::admission) fn deliverable(
        &self,
        (message, fate): (&Message<U>, &Fate<U>),
    ) -> U::Bool {
        let key = self.keys.at(&message.key);
        let holds_key = key.compromised.or(&self.agents.at(&key.owner).hostile);
        let author = self.agents.at(&message.author);
        let composed = author.hostile.and(&message.signed.implies(&holds_key));
        fate.sent.or(&composed)
    }

    /// What a delivery comes to, before anything of it is recorded. Look-ups read `seen`; it
    /// differs from `self` only where looking up and inserting are not one step.
    #[expect(
        clippy::inline_always,
        reason = "a call costs the explorer as much as a refusal"
    )]
    #[inline(always)]
    pub(in crate::admission) fn judge(
        &self,
        seen: &Self,
        rules: Ruleset<Admission>,
        setting: &Setting<U>,
        (message, fate): (&Message<U>, &Fate<U>),
        presented: &Presented<U>,
    ) -> Delivery<U> {
        let facts = seen.facts(rules, message, presented);
        let me = Receiver {
            me: setting.me.clone(),
            now: self.now.clone(),
            limits: setting.limits.clone(),
        };
        let admitted = rulebook::admits(rules, |_| true, &facts, &me);
        let remembered = remembers(rules, &admitted, &facts, &me);
        let counted = counts(rules, &admitted, &facts, &me);
        let changed = remembered.or(&counted).or(&admitted);
        let mut keep_until = keep_until(rules, &facts, &me);
        if rules.has(Mechanism::AdmitsNotANumber) {
            // `now <= NaN` is false: the entry is past its time from the start.
            keep_until = Choice::choose(&message.timed, &keep_until, &U::Nat::constant(0));
        }
        let acting = if rules.has(Mechanism::ActsOnInnerSender) {
            message.inner_from.clone()
        } else {
            message.from.clone()
        };
        let sender = self.agents.at(&message.from);
        // An error is a stutter; a solver's term is rarely known to be one.
        let sender_after = if changed.is_surely_false() {
            sender.clone()
        } else {
            let held = self.remembered(rules, &message.from, &presented.nonce);
            let grown = remembered.and(&held.not());
            sender.tallied(&self.now, &grown, &counted, &admitted)
        };
        Delivery {
            message: message.clone(),
            presented: presented.clone(),
            parsed: rulebook::admits(rules, |stage| stage < Stage::Text, &facts, &me),
            sent_before: fate.sent.clone(),
            admitted_before: fate.admitted.clone(),
            now: self.now.clone(),
            key: self.keys.at(&message.key),
            attributed: self.agents.at(&acting),
            acting,
            admitted,
            remembered,
            keep_until,
            changed,
            sender,
            sender_after,
        }
    }

    /// Remembers, counts and admits what was judged.
    pub(super) fn record(
        &mut self,
        rules: Ruleset<Admission>,
        setting: &Setting<U>,
        message: &U::Message,
        event: &Delivery<U>,
    ) {
        if event.changed.is_surely_false() {
            return;
        }
        let from = &event.message.from;
        let place = (
            Self::store_sender(rules, from),
            event.presented.nonce.clone(),
        );
        let old = self.store.at(&place);
        let entry = Entry {
            stored: U::Bool::constant(true),
            keep_until: event.keep_until.clone(),
            serial: self.insertions.clone(),
            by: message.clone(),
        };
        self.store
            .set(&place, Choice::choose(&event.remembered, &entry, &old));
        if rules.has(Mechanism::EvictsOldest) {
            self.evict(setting, &event.remembered);
        }
        self.agents.set(from, event.sender_after.clone());
        let fate = Fate {
            sent: event.sent_before.clone(),
            admitted: event.admitted_before.or(&event.admitted),
        };
        self.fates.set(message, fate);
    }

    /// The facts of one delivery, from ground truth; what each mechanism makes of the message.
    #[expect(
        clippy::inline_always,
        reason = "a call costs the explorer as much as a refusal"
    )]
    #[inline(always)]
    pub fn facts(
        &self,
        rules: Ruleset<Admission>,
        message: &Message<U>,
        presented: &Presented<U>,
    ) -> Facts<U> {
        let sender = self.agents.at(&message.from);
        let key = self.keys.at(&message.key);
        let listed_for_sender = key.listed.and(&key.owner.same(&message.from));
        let known = if rules.has(Mechanism::KeyFromMessage) {
            U::Bool::constant(true)
        } else {
            key.listed.clone()
        };
        let (issued_at, typed) = if rules.has(Mechanism::AdmitsNotANumber) {
            // Neither `now > NaN` nor `NaN > now` is true: it reads as issued just now.
            (
                Choice::choose(&message.timed, &message.issued_at, &self.now),
                U::Bool::constant(true),
            )
        } else {
            (message.issued_at.clone(), message.timed.clone())
        };
        let checked = if rules.has(Mechanism::ParsesTwice) {
            message.schema_valid.or(&message.well_formed.not())
        } else {
            message.schema_valid.clone()
        };
        let recent_now = sender.period.same(&self.now);
        Facts {
            size_bounded: message.size_bounded.clone(),
            well_formed: message.well_formed.clone(),
            canonical: message.canonical.and(&presented.respelled.not()),
            version_supported: message.version_supported.clone(),
            schema_valid: checked.and(&typed),
            sender: message.from.clone(),
            sender_active: sender.active.clone(),
            key_of_sender: listed_for_sender,
            key_not_before: key.not_before.clone(),
            key_not_after: key.not_after.clone(),
            key_revoked: key.revoked.clone(),
            signature_valid: known
                .and(&message.signed)
                .and(&Self::covered_intact(rules, message, presented)),
            recipient: presented.to.clone(),
            session_known: message.session_known.clone(),
            issued_at,
            expires_at: message.expires_at.clone(),
            nonce_seen: self.remembered(rules, &message.from, &presented.nonce),
            held: sender.held.clone(),
            recent: Choice::choose(&recent_now, &sender.recent, &U::Nat::constant(0)),
        }
    }

    /// Whether all that the signature covers is presented as it was signed. Respelling is invisible
    /// here: the signature is over the canonical form of what was parsed.
    #[inline]
    fn covered_intact(
        rules: Ruleset<Admission>,
        message: &Message<U>,
        presented: &Presented<U>,
    ) -> U::Bool {
        let mut intact = presented.altered.not();
        if !rules.has(Mechanism::RecipientOutsideSignature) {
            intact = intact.and(&presented.to.same(&message.to));
        }
        if !rules.has(Mechanism::NonceOutsideSignature) {
            intact = intact.and(&presented.nonce.same(&message.nonce));
        }
        if !rules.has(Mechanism::TypeOutsideSignature) {
            intact = intact.and(&presented.kind.same(&message.kind));
        }
        if rules.has(Mechanism::OtherCanonicalForm) {
            intact = intact.and(&message.intricate.not());
        }
        intact
    }

    #[inline]
    fn store_sender(rules: Ruleset<Admission>, from: &U::Agent) -> U::Agent {
        if rules.has(Mechanism::KeyedByNonceAlone) {
            U::anyone()
        } else {
            from.clone()
        }
    }

    #[inline]
    fn remembered(&self, rules: Ruleset<Admission>, from: &U::Agent, nonce: &U::Nonce) -> U::Bool {
        let place = (Self::store_sender(rules, from), nonce.clone());
        self.store.at(&place).stored
    }

    /// Counts one more insertion where there was one, and evicts what more than `capacity` others
    /// came after.
    fn evict(&mut self, setting: &Setting<U>, inserted: &U::Bool) {
        let more = self.insertions.plus(&U::Nat::constant(1));
        self.insertions = Choice::choose(inserted, &more, &self.insertions);
        let (insertions, capacity) = (self.insertions.clone(), setting.capacity.clone());
        self.store.change_all(move |entry| {
            let survives = insertions.at_most(&entry.serial.plus(&capacity));
            Entry {
                stored: entry.stored.and(&survives),
                ..entry.clone()
            }
        });
    }
}

impl<U: Universe> Agent<U> {
    /// The sender with its entries and its counts of the current period brought up to date.
    #[inline]
    fn tallied(
        &self,
        now: &U::Nat,
        grown: &U::Bool,
        counted: &U::Bool,
        admitted: &U::Bool,
    ) -> Self {
        let one = U::Nat::constant(1);
        let zero = U::Nat::constant(0);
        let touched = counted.or(admitted);
        let current = self.period.same(now);
        let more = |count: &U::Nat, condition: &U::Bool| {
            let count = Choice::choose(&current, count, &zero);
            Choice::choose(condition, &count.plus(&one), &count)
        };
        Self {
            held: Choice::choose(grown, &self.held.plus(&one), &self.held),
            period: Choice::choose(&touched, now, &self.period),
            recent: Choice::choose(&touched, &more(&self.recent, counted), &self.recent),
            admitted: Choice::choose(&touched, &more(&self.admitted, admitted), &self.admitted),
            ..self.clone()
        }
    }
}

#[cfg(test)]
mod tests;
