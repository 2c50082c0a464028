//! What every reachable world satisfies: the inductive strengthening of the invariants.
//!
//! An invariant is about one delivery and is rarely inductive by itself; the lemmas say what earlier
//! steps have left behind. The prover assumes them before a step and proves them after it, for any
//! number of individuals. A lemma claims something of each individual of its kind.
//!
//! Never here: anything that a guard would have to look at. Lemmas are proved, not enforced.

use super::world::{Setting, World};
use crate::domain::{Identity as _, Natural as _, Table as _, Truth as _, Universe};

/// A row of the table of lemmas.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LemmaId {
    /// What was admitted stays in the store until it is stale.
    AdmittedIsKept,
    /// Every entry was put there by an admitted message of that sender and nonce.
    EntryIsEarned,
    /// What was admitted was sent, or signed with a key that the attacker holds.
    AdmittedIsSigned,
    /// Whoever lost a key is known to have lost one.
    LossIsKnown,
    /// What honest agents sent is flawless and their own.
    SentIsHonest,
    /// Honest agents never use a nonce twice.
    NonceIsUnique,
    /// Nothing but admissions counts against a sender's rate.
    CountIsTrue,
    /// No sender holds more entries than its share.
    ShareIsKept,
    /// No sender had more messages admitted in a period than its rate.
    RateIsKept,
}

/// Of whom a lemma claims something, and what.
#[expect(clippy::type_complexity, reason = "each row says what it may look at")]
pub enum Claim<U: Universe> {
    /// Something of each principal.
    Agent(fn(&Setting<U>, &World<U>, &U::Agent) -> U::Bool),
    /// Something of each key.
    Key(fn(&World<U>, &U::Key) -> U::Bool),
    /// Something of each message.
    Message(fn(&Setting<U>, &World<U>, &U::Message) -> U::Bool),
    /// Something of each pair of messages.
    Messages(fn(&World<U>, &U::Message, &U::Message) -> U::Bool),
    /// Something of each place of the replay store.
    Place(fn(&World<U>, &U::Agent, &U::Nonce) -> U::Bool),
}

/// One lemma.
pub struct Lemma<U: Universe> {
    /// Which row it is.
    pub id: LemmaId,
    /// What it claims.
    pub claim: Claim<U>,
}

impl LemmaId {
    /// Every lemma, in the order of the table.
    pub const ALL: &[Self] = &[
        Self::AdmittedIsKept,
        Self::EntryIsEarned,
        Self::AdmittedIsSigned,
        Self::LossIsKnown,
        Self::SentIsHonest,
        Self::NonceIsUnique,
        Self::CountIsTrue,
        Self::ShareIsKept,
        Self::RateIsKept,
    ];

    /// The stable name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::AdmittedIsKept => "admitted-is-kept",
            Self::EntryIsEarned => "entry-is-earned",
            Self::AdmittedIsSigned => "admitted-is-signed",
            Self::LossIsKnown => "loss-is-known",
            Self::SentIsHonest => "sent-is-honest",
            Self::NonceIsUnique => "nonce-is-unique",
            Self::CountIsTrue => "count-is-true",
            Self::ShareIsKept => "share-is-kept",
            Self::RateIsKept => "rate-is-kept",
        }
    }
}

impl<U: Universe> Lemma<U> {
    /// The table.
    pub const TABLE: &[Self] = &[
        Self {
            id: LemmaId::AdmittedIsKept,
            claim: Claim::Message(admitted_is_kept),
        },
        Self {
            id: LemmaId::EntryIsEarned,
            claim: Claim::Place(entry_is_earned),
        },
        Self {
            id: LemmaId::AdmittedIsSigned,
            claim: Claim::Message(admitted_is_signed),
        },
        Self {
            id: LemmaId::LossIsKnown,
            claim: Claim::Key(|world, key| {
                let record = world.keys.at(key);
                let owner = world.agents.at(&record.owner);
                record.compromised.implies(&owner.compromised)
            }),
        },
        Self {
            id: LemmaId::SentIsHonest,
            claim: Claim::Message(sent_is_honest),
        },
        Self {
            id: LemmaId::NonceIsUnique,
            claim: Claim::Messages(nonce_is_unique),
        },
        Self {
            id: LemmaId::CountIsTrue,
            claim: Claim::Agent(|_, world, agent| {
                let record = world.agents.at(agent);
                record.recent.same(&record.admitted)
            }),
        },
        Self {
            id: LemmaId::ShareIsKept,
            claim: Claim::Agent(|setting, world, agent| {
                let record = world.agents.at(agent);
                record.held.at_most(&setting.limits.share)
            }),
        },
        Self {
            id: LemmaId::RateIsKept,
            claim: Claim::Agent(|setting, world, agent| {
                let record = world.agents.at(agent);
                record.admitted.at_most(&setting.limits.rate)
            }),
        },
    ];

    /// The row of `id`.
    pub fn of(id: LemmaId) -> &'static Self {
        // INVARIANT: the table holds every id in the order of the enum (a test says so).
        #[expect(clippy::indexing_slicing, reason = "one row per id, in order")]
        &Self::TABLE[id as usize]
    }
}

fn admitted_is_kept<U: Universe>(
    setting: &Setting<U>,
    world: &World<U>,
    message: &U::Message,
) -> U::Bool {
    let content = world.messages.at(message);
    let entry = world.store.at(&(content.from, content.nonce));
    let stale_after = content.issued_at.plus(&setting.limits.window);
    let kept = entry.stored.and(&stale_after.at_most(&entry.keep_until));
    world
        .fates
        .at(message)
        .admitted
        .implies(&kept.or(&stale_after.below(&world.now)))
}

fn entry_is_earned<U: Universe>(world: &World<U>, agent: &U::Agent, nonce: &U::Nonce) -> U::Bool {
    let entry = world.store.at(&(agent.clone(), nonce.clone()));
    let content = world.messages.at(&entry.by);
    entry.stored.implies(&U::Bool::all([
        world.fates.at(&entry.by).admitted,
        content.from.same(agent),
        content.nonce.same(nonce),
    ]))
}

fn admitted_is_signed<U: Universe>(
    _setting: &Setting<U>,
    world: &World<U>,
    message: &U::Message,
) -> U::Bool {
    let content = world.messages.at(message);
    let fate = world.fates.at(message);
    let key = world.keys.at(&content.key);
    let held = key.compromised.or(&world.agents.at(&key.owner).hostile);
    fate.admitted
        .implies(&key.owner.same(&content.from).and(&fate.sent.or(&held)))
}

fn sent_is_honest<U: Universe>(
    _setting: &Setting<U>,
    world: &World<U>,
    message: &U::Message,
) -> U::Bool {
    let content = world.messages.at(message);
    let flawless = U::Bool::all([
        content.is_honest(),
        world.keys.at(&content.key).owner.same(&content.from),
        world.agents.at(&content.from).hostile.not(),
    ]);
    world.fates.at(message).sent.implies(&flawless)
}

fn nonce_is_unique<U: Universe>(world: &World<U>, one: &U::Message, other: &U::Message) -> U::Bool {
    let both = world.fates.at(one).sent.and(&world.fates.at(other).sent);
    let nonces = [one, other].map(|message| world.messages.at(message).nonce);
    let [nonce, same] = &nonces;
    both.and(&nonce.same(same)).implies(&one.same(other))
}

#[cfg(test)]
mod tests {
    use super::{Lemma, LemmaId};
    use crate::domain::Concrete;

    #[test]
    fn the_table_holds_every_lemma_in_order() {
        let ids: Vec<LemmaId> = Lemma::<Concrete>::TABLE.iter().map(|row| row.id).collect();
        assert_eq!(ids, LemmaId::ALL);
    }
}
