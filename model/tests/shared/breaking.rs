//! Every rule is needed: without it, this invariant breaks, after this many steps.
//!
//! What is pinned is a weakening, the invariant it breaks, the steps that takes in the default scope, and
//! which other invariant is the first to break within a narrow one, if any does.

#![expect(clippy::expect_used, reason = "a test fails loudly")]

use std::num::NonZeroUsize;

use countersign_model::explorer::{Cutoff, Ending, System, explore};
use countersign_model::rulebook::{Book, Row as _, Weakening};

/// A system that can be explored under a weakening of its rules.
pub(crate) trait Weakened: System + Clone {
    /// Its rules.
    type Book: Book;
    /// How much is explored.
    type Scope: Default;

    /// The system with this weakness, watching these invariants.
    fn under(
        weakening: &Weakening<Self::Book>,
        scope: Self::Scope,
        watched: &[<Self::Book as Book>::Invariant],
    ) -> Self;
    /// What a step violates that can be taken.
    fn violated(
        &self,
        state: &Self::State,
        next: &Self::Move,
    ) -> Vec<<Self::Book as Book>::Invariant>;
}

/// The shortest way to break what `system` watches: states, each with the move out of it.
#[expect(clippy::type_complexity, reason = "a path, as the explorer gives it")]
pub(crate) fn counterexample<S: Weakened>(system: &S) -> Option<Vec<(S::State, Option<S::Move>)>> {
    let ending = explore(system, NonZeroUsize::MIN, &Cutoff::default()).ending;
    if let Ending::Broken(path) = ending {
        return Some(path);
    }
    assert_eq!(ending, Ending::Exhausted);
    None
}

/// What each step of a path violates.
fn violations<S: Weakened>(
    system: &S,
    path: &[(S::State, Option<S::Move>)],
) -> Vec<Vec<<S::Book as Book>::Invariant>> {
    let moves = path
        .iter()
        .filter_map(|(state, next)| next.as_ref().map(|next| (state, next)));
    moves
        .map(|(state, next)| system.violated(state, next))
        .collect()
}

/// Every weakening breaks its invariant in as many steps as are pinned.
pub(crate) fn breaks_its_own<S: Weakened>(pinned: &[(&str, &str, usize, Option<&str>)]) {
    let mut found = Vec::new();
    for weakening in S::Book::WEAKENINGS {
        let system = S::under(weakening, S::Scope::default(), &[weakening.breaks]);
        let path = counterexample(&system).expect(weakening.name);
        let violated = violations(&system, &path);
        let (last, before) = violated.split_last().expect("at least one step");
        assert!(
            last.contains(&weakening.breaks),
            "{}: {last:?}",
            weakening.name
        );
        assert!(
            before.iter().all(|ids| !ids.contains(&weakening.breaks)),
            "{}",
            weakening.name
        );
        found.push((weakening.name, weakening.breaks.name(), path.len() - 1));
    }
    let pinned: Vec<_> = pinned
        .iter()
        .map(|(name, breaks, steps, _)| (*name, *breaks, *steps))
        .collect();
    assert_eq!(found, pinned);
}

/// Every weakening breaks no other invariant within its narrow scope but the one that is pinned.
pub(crate) fn breaks_no_other<S: Weakened>(
    pinned: &[(&str, &str, usize, Option<&str>)],
    narrow: impl Fn(&Weakening<S::Book>) -> S::Scope,
) {
    let mut found = Vec::new();
    for weakening in S::Book::WEAKENINGS {
        let others: Vec<_> = <S::Book as Book>::Invariant::all()
            .iter()
            .copied()
            .filter(|id| *id != weakening.breaks)
            .collect();
        let system = S::under(weakening, narrow(weakening), &others);
        let also = counterexample(&system).map(|path| {
            let violated = violations(&system, &path);
            let mut last = violated.last().expect("at least one step").iter();
            last.find(|id| others.contains(id))
                .expect("a violation")
                .name()
        });
        found.push((weakening.name, also));
    }
    let pinned: Vec<_> = pinned
        .iter()
        .map(|(name, _, _, also)| (*name, *also))
        .collect();
    assert_eq!(found, pinned);
}

/// For every invariant some weakening breaks exactly it, except for these.
pub(crate) fn breaks_each_alone<S: Weakened>(
    pinned: &[(&str, &str, usize, Option<&str>)],
    except: &[&str],
) {
    let alone = |name: &str| {
        let mut rows = pinned.iter();
        rows.any(|(_, breaks, _, also)| *breaks == name && also.is_none())
    };
    let all = <S::Book as Book>::Invariant::all().iter();
    let never: Vec<&str> = all
        .map(|id| id.name())
        .filter(|name| !alone(name))
        .collect();
    assert_eq!(never, except);
}
