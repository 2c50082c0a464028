//! What the engines ask of a system: its states, steps and lemmas as terms, around one property.
//!
//! The engines know no system and the systems know no engine.

use crate::symbolic::Formula;

/// One thing taken for granted, by name.
pub(crate) struct Hypothesis {
    /// The stable name.
    pub(crate) name: &'static str,
    /// What is taken for granted.
    pub(crate) formula: Formula,
}

/// One step from a state.
pub(crate) struct Taken<S> {
    /// The action's stable name.
    pub(crate) action: &'static str,
    /// Whether the step could be taken.
    pub(crate) enabled: Formula,
    /// The state afterwards.
    pub(crate) after: S,
    /// Whether the step satisfies the property's premise.
    pub(crate) premise: Formula,
    /// Whether the step violates the property.
    pub(crate) violated: Formula,
}

/// A system with one property, read by the solver.
pub(crate) trait System {
    /// A state, as terms.
    type State: Clone;

    /// The name of the property.
    fn property(&self) -> &'static str;
    /// What is taken for granted of everything that never changes.
    fn assumptions(&self) -> Vec<Hypothesis>;
    /// The first state, whichever of those that the system allows.
    fn first(&self) -> Self::State;
    /// One step of each action, in an order that never changes, with any parameters; the names of
    /// these end in `at`.
    fn steps(&self, state: &Self::State, at: &str) -> Vec<Taken<Self::State>>;
}

/// A system with lemmas that make its property inductive.
pub(crate) trait Inductive: System {
    /// A lemma.
    type Lemma: Copy + Ord + 'static;
    /// Every lemma.
    const LEMMAS: &'static [Self::Lemma];

    /// The stable name of the lemma.
    fn name(lemma: Self::Lemma) -> &'static str;
    /// Any state at all.
    fn any(&self) -> Self::State;
    /// The lemma, of every individual.
    fn lemma(&self, lemma: Self::Lemma, state: &Self::State) -> Formula;
    /// The lemma, of individuals that nothing else is known of.
    fn instance(&self, lemma: Self::Lemma, state: &Self::State) -> Formula;
}

/// A system whose runs can be searched step by step.
pub(crate) trait Bounded: System {
    /// What holds of the parameters of the step `at`.
    fn parameters(&self, at: &str) -> Formula;
    /// What makes the step `at` easier to read, the most welcome first; never needed.
    fn wishes(&self, at: &str) -> Vec<Formula>;
    /// The state that is `then` where `condition` holds and `otherwise` elsewhere.
    fn choose(condition: &Formula, then: &Self::State, otherwise: &Self::State) -> Self::State;
}
