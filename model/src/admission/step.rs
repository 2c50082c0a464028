//! The transitions: what each action needs, and what it changes.
//!
//! Written once over a [`Universe`]; the explorer, the prover and the replay's reference all run
//! these very functions. Where a mechanism can be flawed, the flaw stands beside the right way.

use super::facts::{Facts, Receiver};
use super::guard::{self, Stage};
use super::message::{Fate, Message, Presented};
use super::weakening::{Mechanism, Ruleset};
use super::world::{Agent, Entry, Key, Setting, World};
use crate::domain::{
    Choice, Concrete, Domain, Identity as _, Natural, Table as _, Truth as _, Universe,
};

/// One step of the system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action<U: Universe> {
    /// An honest agent sends a message.
    Send(U::Message),
    /// The network delivers a message, its own or another's, perhaps altered.
    Deliver(U::Message, Presented<U>),
    /// The network delivers two copies of a message at the same moment.
    DeliverTwice(U::Message, Presented<U>),
    /// Time passes until this instant.
    Advance(U::Nat),
    /// The receiver's wall clock is set back to this instant.
    SetBack(U::Nat),
    /// The receiver forgets an entry whose time has passed.
    Forget(U::Agent, U::Nonce),
    /// The receiver's process restarts.
    Restart,
    /// Another replica of the receiver takes over.
    FailOver,
    /// The attacker obtains a key.
    Compromise(U::Key),
    /// The registry lists a successor (second) and ends a key's validity (first) after the overlap.
    Rotate(U::Key, U::Key),
    /// The registry revokes a key.
    Revoke(U::Key),
    /// The registry retires an agent.
    Retire(U::Agent),
}

impl Copy for Action<Concrete> {}

/// What an action leads to.
#[derive(Clone)]
pub struct Step<U: Universe> {
    /// Whether the action could be taken at all.
    pub enabled: U::Bool,
    /// The world afterwards.
    pub after: World<U>,
    /// The deliveries that it consisted of: none, one or two.
    pub deliveries: [Option<Delivery<U>>; 2],
}

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
pub fn keep_until<D: Domain>(rules: Ruleset, facts: &Facts<D>, me: &Receiver<D>) -> D::Nat {
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
pub fn remembers<D: Domain>(
    rules: Ruleset,
    admitted: &D::Bool,
    facts: &Facts<D>,
    me: &Receiver<D>,
) -> D::Bool {
    if rules.has(Mechanism::InsertsBeforeAuthentication) {
        return guard::holds_before(rules, Stage::Signature, facts, me);
    }
    admitted.clone()
}

/// Whether a delivery counts against the sender's rate, given whether it is admitted.
///
/// The real code asks this very function.
pub fn counts<D: Domain>(
    rules: Ruleset,
    admitted: &D::Bool,
    facts: &Facts<D>,
    me: &Receiver<D>,
) -> D::Bool {
    if rules.has(Mechanism::CountsBeforeAuthentication) {
        return guard::holds_before(rules, Stage::Signature, facts, me);
    }
    admitted.clone()
}

impl<U: Universe> World<U> {
    /// Takes `action`.
    pub fn step(&self, rules: Ruleset, setting: &Setting<U>, action: &Action<U>) -> Step<U> {
        match action {
            Action::Send(message) => self.send(rules, message),
            Action::Deliver(message, presented) => {
                let (after, delivery) = self.deliver(self, rules, setting, message, presented);
                let enabled = self.deliverable(message);
                Step {
                    enabled,
                    after,
                    deliveries: [Some(delivery), None],
                }
            }
            Action::DeliverTwice(message, presented) => {
                let (between, first) = self.deliver(self, rules, setting, message, presented);
                let seen = if rules.has(Mechanism::ChecksThenInserts) {
                    self
                } else {
                    &between
                };
                let (after, second) = between.deliver(seen, rules, setting, message, presented);
                let enabled = self.deliverable(message);
                Step {
                    enabled,
                    after,
                    deliveries: [Some(first), Some(second)],
                }
            }
            Action::Advance(to) => self.changed(self.now.below(to), |after| after.now = to.clone()),
            Action::SetBack(to) => self.changed(to.below(&self.now), |after| {
                // The monotonic clock never reads less than it read before.
                if rules.has(Mechanism::FollowsWallClock) {
                    after.now = to.clone();
                }
            }),
            Action::Forget(agent, nonce) => self.forget(rules, agent, nonce),
            Action::Restart => self.changed(U::Bool::constant(true), |after| {
                if rules.has(Mechanism::ForgetsOnRestart) {
                    after.forget_all();
                }
            }),
            Action::FailOver => self.changed(U::Bool::constant(true), |after| {
                if rules.has(Mechanism::StorePerReplica) {
                    after.forget_all();
                }
            }),
            Action::Compromise(key) => self.compromise(key),
            Action::Rotate(old, new) => self.rotate(setting, old, new),
            Action::Revoke(key) => {
                let record = self.keys.at(key);
                self.changed(record.listed.and(&record.revoked.not()), |after| {
                    let mut revoked = record;
                    revoked.revoked = U::Bool::constant(true);
                    after.keys.set(key, revoked);
                })
            }
            Action::Retire(agent) => {
                let record = self.agents.at(agent);
                self.changed(record.active.clone(), |after| {
                    let mut retired = record;
                    retired.active = U::Bool::constant(false);
                    after.agents.set(agent, retired);
                })
            }
        }
    }

    fn changed(&self, enabled: U::Bool, change: impl FnOnce(&mut Self)) -> Step<U> {
        let mut after = self.clone();
        change(&mut after);
        Step {
            enabled,
            after,
            deliveries: [None, None],
        }
    }

    /// Honest agents name themselves, sign with a key of theirs that is valid, and never repeat a nonce.
    fn send(&self, rules: Ruleset, message: &U::Message) -> Step<U> {
        let content = self.messages.at(message);
        let sender = self.agents.at(&content.from);
        let key = self.keys.at(&content.key);
        let nonce = if rules.has(Mechanism::NonceFromClock) {
            content.nonce.same(&U::nonce_of_clock(&self.now))
        } else {
            U::every_message(|other| {
                let reused = self.messages.at(other).nonce.same(&content.nonce);
                self.fates.at(other).sent.and(&reused).not()
            })
        };
        let enabled = U::Bool::all([
            self.fates.at(message).sent.not(),
            sender.hostile.not(),
            sender.active,
            content.author.same(&content.from),
            content.inner_from.same(&content.from),
            key.owner.same(&content.from),
            key.entitled(&self.now),
            nonce,
            content.issued_at.same(&self.now),
            self.now.at_most(&content.expires_at),
            content.timed,
            content.signed,
            content.size_bounded,
            content.well_formed,
            content.canonical,
            content.version_supported,
            content.schema_valid,
        ]);
        self.changed(enabled, |after| {
            let fate = Fate {
                sent: U::Bool::constant(true),
                admitted: self.fates.at(message).admitted,
            };
            after.fates.set(message, fate);
        })
    }

    /// What the attacker can put before the receiver: what is on the network, and what it can
    /// compose itself, signed with keys it holds or not really signed at all.
    fn deliverable(&self, message: &U::Message) -> U::Bool {
        let content = self.messages.at(message);
        let key = self.keys.at(&content.key);
        let holds_key = key.compromised.or(&self.agents.at(&key.owner).hostile);
        let composed = self
            .agents
            .at(&content.author)
            .hostile
            .and(&content.signed.implies(&holds_key));
        self.fates.at(message).sent.or(&composed)
    }

    /// One delivery. `seen` is the world that look-ups read; it differs from `self` only where
    /// looking up and inserting are not one step.
    fn deliver(
        &self,
        seen: &Self,
        rules: Ruleset,
        setting: &Setting<U>,
        message: &U::Message,
        presented: &Presented<U>,
    ) -> (Self, Delivery<U>) {
        let content = self.messages.at(message);
        let facts = seen.facts(rules, &content, presented);
        let me = Receiver {
            me: setting.me.clone(),
            now: self.now.clone(),
            limits: setting.limits.clone(),
        };
        let admitted = guard::admits(rules, &facts, &me);
        let remembered = remembers(rules, &admitted, &facts, &me);
        let counted = counts(rules, &admitted, &facts, &me);
        let mut keep_until = keep_until(rules, &facts, &me);
        if rules.has(Mechanism::AdmitsNotANumber) {
            // `now <= NaN` is false: the entry is past its time from the start.
            keep_until = Choice::choose(&content.timed, &keep_until, &U::Nat::constant(0));
        }
        let fate = self.fates.at(message);

        let mut after = self.clone();
        let place = (
            Self::store_sender(rules, &content.from),
            presented.nonce.clone(),
        );
        let old = self.store.at(&place);
        let entry = Entry {
            stored: U::Bool::constant(true),
            keep_until: keep_until.clone(),
            serial: self.insertions.clone(),
            by: message.clone(),
        };
        after
            .store
            .set(&place, Choice::choose(&remembered, &entry, &old));
        if rules.has(Mechanism::EvictsOldest) {
            after.evict(setting, &remembered);
        }
        let sender = self.agents.at(&content.from);
        let grown = remembered.and(&old.stored.not());
        let sender_after = self.tallied(&sender, &grown, &counted, &admitted);
        after.agents.set(&content.from, sender_after.clone());
        let now_admitted = fate.admitted.or(&admitted);
        after.fates.set(
            message,
            Fate {
                sent: fate.sent.clone(),
                admitted: now_admitted,
            },
        );

        let acting = if rules.has(Mechanism::ActsOnInnerSender) {
            content.inner_from.clone()
        } else {
            content.from.clone()
        };
        let delivery = Delivery {
            now: self.now.clone(),
            key: self.keys.at(&content.key),
            attributed: self.agents.at(&acting),
            sender,
            sender_after,
            acting,
            parsed: guard::holds_before(rules, Stage::Text, &facts, &me),
            sent_before: fate.sent,
            admitted_before: fate.admitted,
            changed: remembered.or(&counted).or(&admitted),
            presented: presented.clone(),
            message: content,
            admitted,
            remembered,
            keep_until,
        };
        (after, delivery)
    }

    /// The sender with its entries and its counts of the current period brought up to date.
    fn tallied(
        &self,
        sender: &Agent<U>,
        grown: &U::Bool,
        counted: &U::Bool,
        admitted: &U::Bool,
    ) -> Agent<U> {
        let one = U::Nat::constant(1);
        let zero = U::Nat::constant(0);
        let touched = counted.or(admitted);
        let current = sender.period.same(&self.now);
        let more = |count: &U::Nat, condition: &U::Bool| {
            let count = Choice::choose(&current, count, &zero);
            Choice::choose(condition, &count.plus(&one), &count)
        };
        Agent {
            held: Choice::choose(grown, &sender.held.plus(&one), &sender.held),
            period: Choice::choose(&touched, &self.now, &sender.period),
            recent: Choice::choose(&touched, &more(&sender.recent, counted), &sender.recent),
            admitted: Choice::choose(
                &touched,
                &more(&sender.admitted, admitted),
                &sender.admitted,
            ),
            ..sender.clone()
        }
    }

    /// The facts of one delivery, from ground truth; what each mechanism makes of the message.
    pub fn facts(
        &self,
        rules: Ruleset,
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
            issued_at,
            expires_at: message.expires_at.clone(),
            nonce_seen: self.remembered(rules, &message.from, &presented.nonce),
            held: sender.held.clone(),
            recent: Choice::choose(&recent_now, &sender.recent, &U::Nat::constant(0)),
        }
    }

    /// Whether all that the signature covers is presented as it was signed. Respelling is invisible
    /// here: the signature is over the canonical form of what was parsed.
    fn covered_intact(rules: Ruleset, message: &Message<U>, presented: &Presented<U>) -> U::Bool {
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

    fn store_sender(rules: Ruleset, from: &U::Agent) -> U::Agent {
        if rules.has(Mechanism::KeyedByNonceAlone) {
            U::anyone()
        } else {
            from.clone()
        }
    }

    fn remembered(&self, rules: Ruleset, from: &U::Agent, nonce: &U::Nonce) -> U::Bool {
        let place = (Self::store_sender(rules, from), nonce.clone());
        self.store.at(&place).stored
    }

    fn forget(&self, rules: Ruleset, agent: &U::Agent, nonce: &U::Nonce) -> Step<U> {
        let place = (agent.clone(), nonce.clone());
        let entry = self.store.at(&place);
        self.changed(
            entry.stored.and(&entry.keep_until.below(&self.now)),
            |after| {
                let holder = if rules.has(Mechanism::KeyedByNonceAlone) {
                    self.messages.at(&entry.by).from
                } else {
                    agent.clone()
                };
                after.store.set(
                    &place,
                    Entry {
                        stored: U::Bool::constant(false),
                        ..entry
                    },
                );
                let sender = self.agents.at(&holder);
                let held = sender.held.predecessor();
                after.agents.set(&holder, Agent { held, ..sender });
            },
        )
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

    fn forget_all(&mut self) {
        self.store.change_all(|entry| Entry {
            stored: U::Bool::constant(false),
            ..entry.clone()
        });
        self.agents.change_all(|agent| Agent {
            held: U::Nat::constant(0),
            recent: U::Nat::constant(0),
            ..agent.clone()
        });
    }

    fn compromise(&self, key: &U::Key) -> Step<U> {
        let record = self.keys.at(key);
        let owner = record.owner.clone();
        self.changed(record.listed.and(&record.compromised.not()), |after| {
            let mut lost = record;
            lost.compromised = U::Bool::constant(true);
            after.keys.set(key, lost);
            let agent = self.agents.at(&owner);
            after.agents.set(
                &owner,
                Agent {
                    compromised: U::Bool::constant(true),
                    ..agent
                },
            );
        })
    }

    fn rotate(&self, setting: &Setting<U>, old: &U::Key, new: &U::Key) -> Step<U> {
        let (ending, beginning) = (self.keys.at(old), self.keys.at(new));
        let enabled = U::Bool::all([
            old.same(new).not(),
            ending.listed.clone(),
            beginning.listed.not(),
            ending.owner.same(&beginning.owner),
        ]);
        let end = self.now.plus(&setting.overlap);
        self.changed(enabled, |after| {
            let mut ended = ending;
            ended.not_after = Choice::choose(&end.below(&ended.not_after), &end, &ended.not_after);
            after.keys.set(old, ended);
            let mut listed = beginning;
            listed.listed = U::Bool::constant(true);
            listed.not_before = self.now.clone();
            after.keys.set(new, listed);
        })
    }
}
