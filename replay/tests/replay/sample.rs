//! Traces for the other tests, and targets that misbehave in one way.

use std::num::NonZeroUsize;

use countersign_model::admission::Admission;
use countersign_model::admission::attacker::Move;
use countersign_model::admission::scope::Scope;
use countersign_model::admission::step::Action;
use countersign_model::admission::story::Story;
use countersign_model::admission::system::Reception;
use countersign_model::explorer::{Cutoff, Ending, System as _, explore};
use countersign_model::rulebook::{Ruleset, Weakening};
use countersign_replay::admission::projection::Projection;
use countersign_replay::trace::{Seed, Step};
use countersign_replay::{Observation, Reference, Target, TargetError, Trace};

/// A shortest counterexample to the invariant that the weakening breaks, told as a trace.
pub(crate) fn counterexample(weakening: &str) -> Trace {
    let row = Weakening::<Admission>::of_name(weakening).expect("a weakening");
    let scope = row.scope(Scope::default());
    let rules = Ruleset::HARDENED.dangerously_with(row);
    let admission = Reception::new(rules, scope, &[row.breaks]);
    let report = explore(&admission, NonZeroUsize::MIN, &Cutoff::default());
    let Ending::Broken(path) = report.ending else {
        panic!("{weakening} is not broken: {:?}", report.ending);
    };
    let story = Story::of_path(&admission, &scope, &path);
    let seed = Seed([7; 16]);
    Trace::tell(&story, &[row.name], Some(row.breaks), row.lesson, seed).expect("a trace")
}

/// Alice's message, delivered twice at once to a receiver without replay protection.
pub(crate) fn replayed_at_once() -> Trace {
    let row = Weakening::<Admission>::of_name("without-nonce-fresh").expect("a weakening");
    let scope = row.scope(Scope::default());
    let rules = Ruleset::HARDENED.dangerously_with(row);
    let admission = Reception::new(rules, scope, &[row.breaks]);
    let mut state = *admission.first().first().expect("a first state");
    let mut path = Vec::new();
    let wanted: [fn(&Move) -> bool; 2] = [
        |next| matches!(next.action, Action::Send(_)),
        |next| matches!(next.action, Action::DeliverTwice(..)) && next.introduces.is_none(),
    ];
    for wanted in wanted {
        let mut moves = Vec::new();
        admission.moves(&state, &mut moves);
        let next = moves.into_iter().find(wanted).expect("a move");
        path.push((state, Some(next)));
        let outcome = admission
            .take(&state, &next)
            .and_then(|outcome| outcome.state);
        state = outcome.expect("a changed state");
    }
    path.push((state, None));
    let story = Story::of_path(&admission, &scope, &path);
    let seed = Seed([7; 16]);
    Trace::tell(&story, &[row.name], Some(row.breaks), row.lesson, seed).expect("a trace")
}

/// The same run under hardened rules: no violation is told, and the attack is refused.
pub(crate) fn foiled(mut trace: Trace) -> Trace {
    trace.weakenings.clear();
    trace.foretell(None).expect("a trace")
}

/// The model, with a twist: what it observes is changed before anybody sees it.
pub(crate) struct Twisted<F> {
    inner: Reference,
    taken: usize,
    bytes: bool,
    twist: F,
}

impl<F: FnMut(usize, &Step, &mut Observation)> Twisted<F> {
    /// `twist` is given the number of the step, counted from 1.
    pub(crate) fn new(twist: F) -> Self {
        Self {
            inner: Reference::as_told(),
            taken: 0,
            bytes: false,
            twist,
        }
    }

    /// A target that delivers bytes: the twist puts them there.
    pub(crate) fn speaking(twist: F) -> Self {
        Self {
            bytes: true,
            ..Self::new(twist)
        }
    }
}

impl<F: FnMut(usize, &Step, &mut Observation)> Target for Twisted<F> {
    fn begin(&mut self, trace: &Trace) -> Result<(), TargetError> {
        self.taken = 0;
        self.inner.begin(trace)
    }

    fn take(&mut self, step: &Step) -> Result<Observation, TargetError> {
        self.taken += 1;
        let mut seen = self.inner.take(step)?;
        (self.twist)(self.taken, step, &mut seen);
        Ok(seen)
    }

    fn look(&mut self) -> Result<Projection, TargetError> {
        self.inner.look()
    }

    fn speaks_bytes(&self) -> bool {
        self.bytes
    }
}
