//! What the command line asks of a system, whichever it is: its search, its proofs, its traces.
//!
//! Never here: anything that holds of one system only. That is in the folder of the same name.

use countersign_invariants::induction::Proof;
use countersign_invariants::smtlib::SmtLib;
use countersign_invariants::{Budget, Search};
use countersign_model::explorer::{Cutoff, Limit, System as Searching};
use countersign_model::rulebook::{Book, Promise, Row as _, Ruleset, Weakening};
use countersign_replay::Trace;
use countersign_replay::tell_error::TellError;

use super::effort::Solving;
use super::performing::Performable;

mod admission;
mod audit;
mod bus;
pub(crate) mod handshake;
mod session;

/// A system that questions can be asked about.
pub(crate) trait Examinable:
    Performable
    + Book<Invariant = <Self as Examinable>::Promise, Guard: Sync, Mechanism: Sync, Need: Sync>
{
    /// What its rules promise.
    type Promise: Promise + Send + Sync;
    /// How much a search covers.
    type Scope: Copy + Send + Sync;
    /// What the explorer searches.
    type Searched: Searching + Clone;
    /// A run that an engine found.
    type Story: Clone;

    /// The section of what was explored, of what was proved, of what was weakened.
    const SECTIONS: [&'static str; 3];
    /// The folder of its attacks, in that of all attacks.
    const FOLDER: &'static str;
    /// Whether several threads search sooner than one.
    const PARALLEL: bool = true;
    /// What a transition is called.
    const TRANSITIONS: &'static str = "transitions";
    /// What is so where a premise was never satisfied.
    const VACUOUS: &'static str = "nothing reachable satisfies its premise";
    /// What a proof is good for.
    const PROOF: &'static str;

    /// What is promised, and where in this scope it is asked about.
    fn promised(promise: Self::Promise, scope: &Self::Scope) -> String {
        let _ = scope;
        promise.promise().to_owned()
    }
    /// The scope in which a search sees the weakening.
    fn widened(scope: Self::Scope, weakening: &'static Weakening<Self>) -> Self::Scope;
    /// The same scope, knowing what not even hardened rules keep in it.
    ///
    /// # Errors
    /// The limit that cut the search for that short.
    fn settled(scope: Self::Scope, cutoff: &Cutoff) -> Result<Self::Scope, Limit> {
        let _ = cutoff;
        Ok(scope)
    }
    /// What bounds a search.
    fn bound(scope: &Self::Scope) -> String;
    /// What is searched for violations of the `watched`.
    fn searched(
        rules: Ruleset<Self>,
        scope: &Self::Scope,
        watched: &[Self::Promise],
    ) -> Self::Searched;
    /// The bits by which that search tells of the promise at `place` among the `watched`; none where
    /// it is not kept whatever the rules.
    fn marks(scope: &Self::Scope, place: usize, promise: Self::Promise) -> u64 {
        let _ = (scope, promise);
        1 << place
    }
    /// Which promises a move violates.
    fn violated(
        searched: &Self::Searched,
        scope: &Self::Scope,
        state: &<Self::Searched as Searching>::State,
        next: &<Self::Searched as Searching>::Move,
    ) -> Vec<Self::Promise>;
    /// The run along a path: each state with the move that leaves it.
    #[expect(clippy::type_complexity, reason = "a path as the explorer has it")]
    fn story(
        searched: &Self::Searched,
        rules: Ruleset<Self>,
        scope: &Self::Scope,
        path: &[(
            <Self::Searched as Searching>::State,
            Option<<Self::Searched as Searching>::Move>,
        )],
    ) -> Self::Story;
    /// The run as a trace under `weakenings`, which breaks `promise`.
    ///
    /// # Errors
    /// [`TellError`] where the model does not do that.
    fn told(
        story: &Self::Story,
        scope: &Self::Scope,
        weakenings: &[&str],
        promise: Self::Promise,
        lesson: &str,
    ) -> Result<Trace<Self>, TellError>;

    /// Proves a promise by induction.
    fn prove(rules: Ruleset<Self>, promise: Self::Promise, budget: Budget) -> Proof;
    /// The obligations of that proof as texts.
    fn export(rules: Ruleset<Self>, promise: Self::Promise) -> Vec<SmtLib>;
    /// The shortest run that breaks a promise, by solver.
    fn solved(
        rules: Ruleset<Self>,
        scope: &Self::Scope,
        promise: Self::Promise,
        solving: Solving,
    ) -> Search<Shortest<Self::Story>>;
}

/// A shortest run that the solver found.
pub(crate) struct Shortest<T> {
    /// Its length.
    pub(crate) steps: usize,
    /// The run itself, where it can be told.
    pub(crate) story: Option<T>,
}

/// Columns of the longest name of a promise.
pub(crate) fn width<S: Examinable>() -> usize {
    let names = S::Promise::all().iter().map(|promise| promise.name().len());
    names.max().unwrap_or(0)
}
