//! What every reachable world satisfies: the inductive strengthening of the invariants.
//!
//! An invariant is about one step and is rarely inductive by itself; the lemmas say what earlier steps
//! have left behind. The prover assumes them before a step and proves them after it, for any number of
//! sessions and records. A lemma claims something of each individual of its kind.
//!
//! Never here: anything that a guard would have to look at. Lemmas are proved, not enforced.

use super::traffic::Traffic;
use super::world::{Leak, Sender, Setting, World};
use crate::domain::{Choice as _, Identity as _, Natural as _, Table as _, Truth as _};

/// A row of the table of lemmas.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LemmaId {
    /// What was accepted is marked, and the window ends behind it.
    AcceptedIsMarked,
    /// Every mark was made by an accepted record of that session and number.
    MarkIsEarned,
    /// What was accepted was sealed by the peer, or by the attacker with a key that it has.
    AcceptedIsSealed,
    /// What honest ends sent is sealed, and flawless.
    SentIsHonest,
    /// What honest ends sent has a number that its sender is past.
    SentIsBehind,
    /// No end uses a number twice.
    NumberIsUnique,
    /// Lost keys give away nothing from before they were lost.
    LeakIsRecent,
    /// An end counts what it seals, and knows since when.
    CountIsTrue,
    /// Where no key was lost, an honest peer's records alone move window and epoch.
    ReachIsEarned,
}

/// Of whom a lemma claims something, and what.
#[expect(clippy::type_complexity, reason = "each row says what it may look at")]
pub enum Claim<U: Traffic> {
    /// Something of each session.
    Session(fn(&Setting<U>, &World<U>, &U::Session) -> U::Bool),
    /// Something of each record.
    Record(fn(&World<U>, &U::Record) -> U::Bool),
    /// Something of each pair of records.
    Records(fn(&World<U>, &U::Record, &U::Record) -> U::Bool),
    /// Something of each number of each session.
    Number(fn(&World<U>, &U::Session, &U::Nat) -> U::Bool),
}

/// One lemma.
pub struct Lemma<U: Traffic> {
    /// Which row it is.
    pub id: LemmaId,
    /// What it claims.
    pub claim: Claim<U>,
}

impl LemmaId {
    /// Every lemma, in the order of the table.
    pub const ALL: &[Self] = &[
        Self::AcceptedIsMarked,
        Self::MarkIsEarned,
        Self::AcceptedIsSealed,
        Self::SentIsHonest,
        Self::SentIsBehind,
        Self::NumberIsUnique,
        Self::LeakIsRecent,
        Self::CountIsTrue,
        Self::ReachIsEarned,
    ];

    /// The stable name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::AcceptedIsMarked => "accepted-is-marked",
            Self::MarkIsEarned => "mark-is-earned",
            Self::AcceptedIsSealed => "accepted-is-sealed",
            Self::SentIsHonest => "sent-is-honest",
            Self::SentIsBehind => "sent-is-behind",
            Self::NumberIsUnique => "number-is-unique",
            Self::LeakIsRecent => "leak-is-recent",
            Self::CountIsTrue => "count-is-true",
            Self::ReachIsEarned => "reach-is-earned",
        }
    }
}

impl<U: Traffic> Lemma<U> {
    /// The table.
    pub const TABLE: &[Self] = &[
        Self {
            id: LemmaId::AcceptedIsMarked,
            claim: Claim::Record(accepted_is_marked),
        },
        Self {
            id: LemmaId::MarkIsEarned,
            claim: Claim::Number(mark_is_earned),
        },
        Self {
            id: LemmaId::AcceptedIsSealed,
            claim: Claim::Record(accepted_is_sealed),
        },
        Self {
            id: LemmaId::SentIsHonest,
            claim: Claim::Record(sent_is_honest),
        },
        Self {
            id: LemmaId::SentIsBehind,
            claim: Claim::Record(sent_is_behind),
        },
        Self {
            id: LemmaId::NumberIsUnique,
            claim: Claim::Records(number_is_unique),
        },
        Self {
            id: LemmaId::LeakIsRecent,
            claim: Claim::Session(|_, world, session| {
                let session = world.sessions.at(session);
                leak_is_recent(&session.leaked).and(&leak_is_recent(&session.peer_leaked))
            }),
        },
        Self {
            id: LemmaId::CountIsTrue,
            claim: Claim::Session(|_, world, session| {
                let session = world.sessions.at(session);
                count_is_true(&session.sending).and(&count_is_true(&session.peer_sending))
            }),
        },
        Self {
            id: LemmaId::ReachIsEarned,
            claim: Claim::Session(reach_is_earned),
        },
    ];

    /// The row of `id`.
    pub fn of(id: LemmaId) -> &'static Self {
        // INVARIANT: the table holds every id in the order of the enum (a test says so).
        #[expect(clippy::indexing_slicing, reason = "one row per id, in order")]
        &Self::TABLE[id as usize]
    }
}

fn accepted_is_marked<U: Traffic>(world: &World<U>, record: &U::Record) -> U::Bool {
    let content = world.records.at(record);
    let session = world.sessions.at(&content.session);
    let place = (content.session, content.sequence.clone());
    let marked = world.marks.at(&place).marked;
    let behind = content.sequence.below(&session.receiving.top);
    world
        .fates
        .at(record)
        .accepted
        .implies(&marked.and(&behind))
}

fn mark_is_earned<U: Traffic>(world: &World<U>, session: &U::Session, number: &U::Nat) -> U::Bool {
    let mark = world.marks.at(&(session.clone(), number.clone()));
    let content = world.records.at(&mark.by);
    mark.marked.implies(&U::Bool::all([
        world.fates.at(&mark.by).accepted,
        content.session.same(session),
        content.sequence.same(number),
    ]))
}

fn accepted_is_sealed<U: Traffic>(world: &World<U>, record: &U::Record) -> U::Bool {
    let content = world.records.at(record);
    let session = world.sessions.at(&content.session);
    let forged = world
        .peers
        .at(&session.peer)
        .hostile
        .or(&session.peer_leaked.lost);
    let fate = world.fates.at(record);
    fate.accepted
        .implies(&content.mine.not().and(&fate.sent.or(&forged)))
}

fn sent_is_honest<U: Traffic>(world: &World<U>, record: &U::Record) -> U::Bool {
    let content = world.records.at(record);
    let flawless = content
        .composed
        .not()
        .and(&content.sealed)
        .and(&content.schema_valid);
    world.fates.at(record).sent.implies(&flawless)
}

fn sent_is_behind<U: Traffic>(world: &World<U>, record: &U::Record) -> U::Bool {
    let content = world.records.at(record);
    let session = world.sessions.at(&content.session);
    let sender = Sender::choose(&content.mine, &session.sending, &session.peer_sending);
    let behind = content.sequence.below(&sender.next);
    world.fates.at(record).sent.implies(&behind)
}

fn number_is_unique<U: Traffic>(world: &World<U>, one: &U::Record, other: &U::Record) -> U::Bool {
    let both = world.fates.at(one).sent.and(&world.fates.at(other).sent);
    let (first, second) = (world.records.at(one), world.records.at(other));
    both.and(&first.session.same(&second.session))
        .and(&first.goes_with(&second))
        .and(&first.sequence.same(&second.sequence))
        .implies(&one.same(other))
}

fn leak_is_recent<U: Traffic>(leak: &Leak<U>) -> U::Bool {
    leak.lost.implies(&leak.since.at_most(&leak.from))
}

fn count_is_true<U: Traffic>(sender: &Sender<U>) -> U::Bool {
    let counted = sender.count.same(&sender.used);
    counted.and(&sender.since.same(&sender.used_since))
}

fn reach_is_earned<U: Traffic>(
    _setting: &Setting<U>,
    world: &World<U>,
    session: &U::Session,
) -> U::Bool {
    let session = world.sessions.at(session);
    let (receiving, heard) = (&session.receiving, &session.heard);
    let same = receiving
        .epoch
        .same(&heard.epoch)
        .and(&receiving.top.same(&heard.top));
    let hostile = world.peers.at(&session.peer).hostile;
    hostile.or(&session.peer_leaked.lost).or(&same)
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
