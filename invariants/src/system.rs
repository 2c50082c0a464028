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
    /// The names of its actions, in an order that never changes.
    const ACTIONS: &'static [&'static str];

    /// The name of the property.
    fn property(&self) -> &'static str;
    /// What is taken for granted of everything that never changes.
    fn assumptions(&self) -> Vec<Hypothesis>;
    /// The first state, whichever of those that the system allows.
    fn first(&self) -> Self::State;
    /// Takes the action in this place of [`System::ACTIONS`]; `at` is the end of its parameters' names.
    fn take(&self, state: &Self::State, action: usize, at: &str) -> Option<Taken<Self::State>>;
}

/// A system with lemmas that make its property inductive.
pub(crate) trait Inductive: System {
    /// Any state at all.
    fn any(&self) -> Self::State;
    /// The names of the lemmas.
    fn lemmas(&self) -> Vec<&'static str>;
    /// The lemma in this place, of every individual.
    fn lemma(&self, lemma: usize, state: &Self::State) -> Formula;
    /// The lemma in this place, of one individual that nothing else is known of.
    fn instance(&self, lemma: usize, state: &Self::State) -> Formula;
}

/// A system whose runs can be searched step by step.
pub(crate) trait Bounded: System {
    /// What holds of the parameters of the step `at`.
    fn parameters(&self, at: &str) -> Formula;
    /// The state that is `then` where `condition` holds and `otherwise` elsewhere.
    fn choose(condition: &Formula, then: &Self::State, otherwise: &Self::State) -> Self::State;
}
