//! What the rules of every system have in common: guards in stages, weakenings, profiles, rulesets.
//!
//! A system is a [`Book`]: a guard table over its own facts, and a table of the known ways to get it
//! wrong. Judging is the same for all of them, and stands here once.
//!
//! Never here: a rule. Those are rows of each system's tables.

use std::fmt::Debug;
use std::hash::Hash;

use crate::domain::{Domain, Prose, Truth as _};

mod guard;
mod profile;
mod row;
mod ruleset;
mod weakening;

pub(crate) use guard::guards;
pub use profile::Profile;
pub(crate) use row::{mechanisms, promises};
pub use ruleset::Ruleset;
pub(crate) use weakening::rows;
pub use weakening::{Change, Weakening};

/// Something that a table has one row of.
pub trait Row: Copy + Debug + Eq + 'static {
    /// Its place in the table, from 0; less than 64.
    fn place(self) -> u32;
    /// Its stable name.
    fn name(self) -> &'static str;
    /// Every row, in the order of the table.
    fn all() -> &'static [Self];
}

/// A row of an invariant table.
pub trait Promise: Row + Ord {
    /// What it promises, as a sentence.
    fn promise(self) -> &'static str;
}

/// An answer to something that was refused.
pub trait Refusal: Copy + Debug + Ord + Hash + 'static {
    /// Every one, in order of precedence.
    fn all() -> &'static [Self];
    /// The stable code.
    fn code(self) -> &'static str;
    /// The name of the guard that gives it.
    fn guard(self) -> &'static str;
    /// The name of the weakening that leaves that guard out.
    fn left_out_by(self) -> &'static str;
}

/// The rules of one system.
pub trait Book: Sized + 'static {
    /// What can be known by the time a guard is asked.
    type Stage: Copy + Debug + Ord + 'static;
    /// A row of the guard table.
    type Guard: Row;
    /// Why something was refused.
    type Rejection: Refusal;
    /// What the world enjoys as long as the rules are kept.
    type Invariant: Promise;
    /// A mechanism that can be flawed.
    type Mechanism: Row;
    /// What a weakening needs in order to be seen by a search.
    type Need: Copy + Debug + Eq + 'static;
    /// What guards may know of what arrived.
    type Facts<D: Domain>;
    /// What guards may know of the one to whom it did.
    type Receiver<D: Domain>;

    /// The known ways to get the system wrong: every guard off, then every flawed mechanism.
    const WEAKENINGS: &'static [Weakening<Self>];
    /// Named sets of them; none where nobody asked for any. The first is the default.
    const PROFILES: &'static [Profile<Self>] = &[];

    /// The guards. The first that fails names the rejection.
    fn guards<D: Domain>() -> &'static [Guard<Self, D>];
    /// Facts and receiver as the words that guards are printed with.
    fn in_words() -> (Self::Facts<Prose>, Self::Receiver<Prose>);
    /// Of what a weakening needs, the secrets that the attacker must be given, by name.
    fn secrets(need: &Self::Need) -> Vec<&'static str> {
        let _ = need;
        Vec::new()
    }
}

/// One demand.
pub struct Guard<B: Book, D: Domain> {
    /// Which row it is.
    pub id: B::Guard,
    /// When it can be asked.
    pub stage: B::Stage,
    /// What is true when it holds.
    #[expect(
        clippy::type_complexity,
        reason = "a demand is a function of facts and receiver"
    )]
    pub holds: fn(&B::Facts<D>, &B::Receiver<D>) -> D::Bool,
    /// What the sender is told when it does not.
    pub rejects: B::Rejection,
    /// The invariant that breaks without it.
    pub protects: B::Invariant,
}

/// Whether every enforced guard of the stages that `asked` selects holds.
#[inline]
pub fn admits<B: Book, D: Domain>(
    rules: Ruleset<B>,
    asked: impl Fn(B::Stage) -> bool,
    facts: &B::Facts<D>,
    me: &B::Receiver<D>,
) -> D::Bool {
    let mut verdict = D::Bool::constant(true);
    for guard in B::guards::<D>() {
        if asked(guard.stage) && rules.enforces(guard.id) {
            verdict = verdict.and(&(guard.holds)(facts, me));
            if verdict.is_surely_false() {
                break;
            }
        }
    }
    verdict
}

/// The first rejection among the enforced guards of the stages that `asked` selects, asked lazily
/// and in order.
pub fn judge<B: Book, D: Domain<Bool = bool>>(
    rules: Ruleset<B>,
    asked: impl Fn(B::Stage) -> bool,
    facts: &B::Facts<D>,
    me: &B::Receiver<D>,
) -> Result<(), B::Rejection> {
    B::guards::<D>()
        .iter()
        .filter(|guard| asked(guard.stage) && rules.enforces(guard.id))
        .find(|guard| !(guard.holds)(facts, me))
        .map_or(Ok(()), |guard| Err(guard.rejects))
}

#[cfg(test)]
mod tests;
