//! What the command line asks of a system, whichever it is: its tables, its search, its proofs, its traces.
//!
//! Never here: anything that holds of one system only. That is in the folder of the same name.

use countersign_invariants::Budget;
use countersign_invariants::induction::Proof;
use countersign_invariants::smtlib::SmtLib;
use countersign_model::explorer::{self, Cutoff, Limit};
use countersign_model::rulebook::{Book, Change, Row as _, Weakening};
use countersign_replay::Trace;
use countersign_replay::teller::TellError;

use super::effort::Solving;
use super::performing::Performable;

mod admission;
pub(crate) mod handshake;
mod session;

/// A system that questions can be asked about.
pub(crate) trait Examinable: Performable {
    /// Which rules are in force.
    type Rules: Copy + Send + Sync + 'static;
    /// A known way to get them wrong.
    type Weakening: Sync + 'static;
    /// Something that they promise.
    type Promise: Copy + PartialEq + Send + Sync + 'static;
    /// How much a search covers.
    type Scope: Copy + Send + Sync;
    /// What the explorer searches.
    type Searched: explorer::System + Clone;
    /// A run that an engine found.
    type Story: Clone;

    /// Every guard enforced, every mechanism sound.
    const HARDENED: Self::Rules;
    /// The table of weakenings.
    const WEAKENINGS: &'static [Self::Weakening];
    /// The table of invariants.
    const PROMISES: &'static [Self::Promise];
    /// The section of what was explored, of what was proved, of what was weakened.
    const SECTIONS: [&'static str; 3];
    /// The folder of its attacks, in that of all attacks.
    const FOLDER: &'static str;
    /// Whether several threads search sooner than one.
    const PARALLEL: bool;
    /// What a transition is called.
    const TRANSITIONS: &'static str;
    /// What is so where a premise was never satisfied.
    const VACUOUS: &'static str;
    /// What a proof is good for.
    const PROOF: &'static str;

    /// The guards by name.
    fn guards() -> Vec<&'static str>;
    /// What the table says of a weakening.
    fn entry(weakening: &'static Self::Weakening) -> Entry<Self::Promise>;
    /// The rules with one more weakening.
    fn weakened(rules: Self::Rules, weakening: &'static Self::Weakening) -> Self::Rules;
    /// The name of a promise.
    fn name(promise: Self::Promise) -> &'static str;
    /// What is promised, as a sentence.
    fn sentence(promise: Self::Promise) -> &'static str;
    /// The same, and where in this scope it is asked about.
    fn promised(promise: Self::Promise, scope: &Self::Scope) -> String {
        let _ = scope;
        Self::sentence(promise).to_owned()
    }

    /// The scope in which a search sees the weakening.
    fn widened(scope: Self::Scope, weakening: &'static Self::Weakening) -> Self::Scope;
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
        rules: Self::Rules,
        scope: &Self::Scope,
        watched: &[Self::Promise],
    ) -> Self::Searched;
    /// The bits by which that search tells of the promise at `place` among the `watched`; none where
    /// it is not kept whatever the rules.
    fn marks(scope: &Self::Scope, place: usize, promise: Self::Promise) -> u64;
    /// Which of the `watched` the last step of a path violates.
    fn violated(
        searched: &Self::Searched,
        scope: &Self::Scope,
        watched: &[Self::Promise],
        path: &Path<Self>,
    ) -> Vec<Self::Promise>;
    /// The run along a path.
    fn story(
        searched: &Self::Searched,
        rules: Self::Rules,
        scope: &Self::Scope,
        path: &Path<Self>,
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
    fn prove(rules: Self::Rules, promise: Self::Promise, budget: Budget) -> Proof;
    /// The obligations of that proof as texts.
    fn export(rules: Self::Rules, promise: Self::Promise) -> Vec<SmtLib>;
    /// The shortest run that breaks a promise, by solver.
    fn solved(
        rules: Self::Rules,
        scope: &Self::Scope,
        promise: Self::Promise,
        solving: Solving,
    ) -> Solved<Self::Story>;
}

/// A path of the explorer: each state with the move that leaves it.
pub(crate) type Path<S> = [(
    <<S as Examinable>::Searched as explorer::System>::State,
    Option<<<S as Examinable>::Searched as explorer::System>::Move>,
)];

/// A row of a table of weakenings.
pub(crate) struct Entry<P> {
    /// The stable name.
    pub(crate) name: &'static str,
    /// The guard that it switches off, where it does nothing else.
    pub(crate) guard: Option<&'static str>,
    /// What it breaks.
    pub(crate) breaks: P,
    /// The secrets that must be lost before it does.
    pub(crate) needs: Vec<&'static str>,
    /// Rows of the catalogue of flaws.
    pub(crate) flaws: &'static [u8],
    /// What it teaches.
    pub(crate) lesson: &'static str,
}

impl<P> Entry<P> {
    /// A row of the table of a rule book.
    fn of<B: Book<Invariant = P>>(weakening: &'static Weakening<B>) -> Self
    where
        P: Copy,
    {
        Self {
            name: weakening.name,
            guard: match &weakening.change {
                Change::Without(guard) => Some(guard.name()),
                Change::With(..) => None,
            },
            breaks: weakening.breaks,
            needs: B::secrets(&weakening.needs),
            flaws: weakening.flaws,
            lesson: weakening.lesson,
        }
    }
}

/// What the solver's search came to.
pub(crate) enum Solved<T> {
    /// A shortest run.
    Found {
        /// Its length.
        steps: usize,
        /// The run itself, where it can be told.
        story: Option<T>,
    },
    /// None of up to so many steps.
    NoneUpTo(usize),
    /// No answer.
    Unknown {
        /// For runs of so many steps.
        at: usize,
        /// Why.
        reason: String,
    },
}

/// The names of all that a table promises, of one width.
pub(crate) fn width<S: Examinable>() -> usize {
    let names = S::PROMISES.iter().map(|promise| S::name(*promise).len());
    names.max().unwrap_or(0)
}
