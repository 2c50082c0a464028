//! How "every" is read: of any number of individuals, or of those that a bounded run can name.

use std::cell::Cell;

use countersign_model::domain::{Natural as _, Truth as _};
use z3::Pattern;
use z3::ast::{Ast, forall_const};

use super::{Formula, Individual, Number, Term, species};

/// How many individuals there may be.
pub(crate) trait Quantifier: Clone + std::fmt::Debug + Eq + 'static {
    /// How many of a kind there are, if each step of a run can name one.
    const STEPS: usize;

    /// Whether `holds` is true of every individual of a kind; where there are not any number, these
    /// are `few`, named by this noun.
    fn every_of<T: Term>(noun: &str, few: usize, holds: impl Fn(&T) -> Formula) -> Formula;

    /// Whether `holds` is true of every individual of a kind; a bounded run names one of them in each
    /// step, by this noun.
    fn every<T: Term>(noun: &str, holds: impl Fn(&T) -> Formula) -> Formula {
        Self::every_of(noun, Self::STEPS, holds)
    }

    /// Whether `holds` is true of every place in a sequence.
    fn every_place(holds: impl Fn(&Number) -> Formula) -> Formula;

    /// Whether `holds` is true of every message.
    fn every_message(holds: impl Fn(&Individual<species::Message>) -> Formula) -> Formula {
        Self::every("message", holds)
    }
}

thread_local! {
    /// How many quantifiers are open around the one that is being written.
    static DEPTH: Cell<usize> = const { Cell::new(0) };
}

/// Any number: a real quantifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Any;

/// As many as a run of `STEPS` steps can name: one for each step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct AtMost<const STEPS: usize>;

impl Quantifier for Any {
    const STEPS: usize = usize::MAX;

    fn every_of<T: Term>(noun: &str, _: usize, holds: impl Fn(&T) -> Formula) -> Formula {
        // One inside another needs a name of its own, or it would capture the outer one's.
        let depth = DEPTH.get();
        let marks = "'".repeat(depth);
        let other = T::named(&format!("every_{noun}{marks}"));
        DEPTH.set(depth + 1);
        let body = holds(&other);
        DEPTH.set(depth);
        forall(&[other.term()], &body)
    }

    fn every_place(holds: impl Fn(&Number) -> Formula) -> Formula {
        Self::every("place", holds)
    }
}

impl<const STEPS: usize> Quantifier for AtMost<STEPS> {
    const STEPS: usize = STEPS;

    fn every_of<T: Term>(noun: &str, few: usize, holds: impl Fn(&T) -> Formula) -> Formula {
        Formula::all((0..few).map(|step| holds(&T::named(&format!("{noun}@{step}")))))
    }

    /// A run makes no sequence longer than it is itself; those that come from outside it bounds.
    fn every_place(holds: impl Fn(&Number) -> Formula) -> Formula {
        Formula::all((0..STEPS as u64).map(|place| holds(&Number::constant(place))))
    }
}

/// Whether `body` is true whatever the constants `bound` are.
pub(crate) fn forall(bound: &[&dyn Ast], body: &Formula) -> Formula {
    let patterns: [&Pattern; 0] = [];
    Formula(forall_const(bound, &patterns, &body.0))
}
