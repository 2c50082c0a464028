//! An attack: found by both engines, told as a trace, performed on real code.

use countersign::lab::Lab;
use countersign_invariants::admission::{Search, search};
use countersign_model::admission::Admission;
use countersign_model::admission::invariant::InvariantId;
use countersign_model::admission::scope::Scope;
use countersign_model::admission::story::Story;
use countersign_model::explorer::{Cutoff, Limit};
use countersign_model::rulebook::{Row as _, Ruleset, Weakening};
use countersign_replay::Trace;
use countersign_replay::admission::action::Action;
use countersign_replay::teller::TellError;

use super::effort::Solving;
use super::exploration::{self, limit_words};
use super::finding::{Finding, Standing, Steps};
use super::performing::{SEED, perform};
use super::status::Status;
use super::words::counted;

/// The counterexample to a weakening, and what is known of it.
pub(crate) struct Attack {
    /// What is known.
    pub(crate) finding: Finding,
    /// The shortest run, with the bytes and the transcript of the weakened code.
    pub(crate) trace: Option<Trace>,
}

/// Breaks the rules with one weakening: by search, by solver, and on real code.
pub(crate) fn on_weakening(
    weakening: &'static Weakening<Admission>,
    base: Scope,
    cutoff: &Cutoff,
    solving: Solving,
) -> Attack {
    let rules = Ruleset::HARDENED.dangerously_with(weakening);
    let scope = weakening.scope(base);
    let one = std::num::NonZeroUsize::MIN;
    let exploration = exploration::explore(rules, scope, &[weakening.breaks], one, cutoff);
    let Some((_, story)) = exploration.broken.first() else {
        return Attack::none(weakening, exploration.cut);
    };
    let told = Trace::tell(
        story,
        &[weakening.name],
        Some(weakening.breaks),
        weakening.lesson,
        SEED,
    );
    let solved = search(
        rules,
        &scope,
        weakening.breaks,
        solving.steps_max,
        solving.budget,
    );
    match told {
        Ok(trace) => {
            let trace = plainest(trace, weakening.breaks);
            Attack::of(weakening, &trace, story.actions.len(), solved)
        }
        Err(error) => Attack::untold(weakening, &error),
    }
}

/// The same attack without copies that it does not need.
pub(crate) fn plainest(trace: Trace, invariant: InvariantId) -> Trace {
    let mut plainest = trace;
    for at in 0..plainest.steps.len() {
        let mut plainer = plainest.clone();
        if let Some(step) = plainer.steps.get_mut(at)
            && let Action::Inject { copies, .. } | Action::Deliver { copies, .. } = &mut step.action
            && *copies > 1
        {
            *copies = 1;
            if let Ok(plainer) = plainer.foretell(Some(invariant)) {
                plainest = plainer;
            }
        }
    }
    plainest
}

impl Attack {
    fn none(weakening: &'static Weakening<Admission>, cut: Option<Limit>) -> Self {
        let why = cut.map_or("the scope was exhausted", limit_words);
        let words = format!("'{}' was not broken: {why}", weakening.breaks.name());
        Self {
            finding: Finding::new(Status::Unknown, Standing::Undecided, weakening.name, words),
            trace: None,
        }
    }

    fn untold(weakening: &'static Weakening<Admission>, error: &TellError) -> Self {
        let words = format!("the model does not repeat what the explorer found: {error}");
        Self {
            finding: Finding::new(Status::Diverges, Standing::Violation, weakening.name, words),
            trace: None,
        }
    }

    fn of(
        weakening: &'static Weakening<Admission>,
        trace: &Trace,
        explorer: usize,
        solved: Search,
    ) -> Self {
        let invariant = weakening.breaks;
        let (prover, doubt) = match solved {
            Search::Found(story) => (
                Some(story.actions.len()),
                confirmed(weakening, &story).err(),
            ),
            Search::NoneUpTo(steps) => (None, Some(format!("none of up to {steps} steps"))),
            Search::Unknown { at, reason } => (None, Some(format!("unknown at {at}: {reason}"))),
        };
        let (weakened, recorded) = perform("weakened code", trace, Lab::new);
        let (hardened, _) = perform("hardened code", trace, Lab::hardened);
        let agree = prover == Some(explorer) && doubt.is_none();
        let real = weakened.status == Status::Confirmed;
        let foiled = matches!(hardened.status, Status::Refused | Status::Admitted);
        let (status, standing) = match (agree, real && foiled) {
            (true, true) => (Status::Broken, Standing::Expected),
            (false, true) if prover.is_none() => (Status::Broken, Standing::Undecided),
            _ => (Status::Diverges, Standing::Violation),
        };
        let length = counted(explorer as u64, "step");
        let words = format!(
            "{:<9}  {length:<7}  {} {}  {}",
            invariant.name(),
            weakened.status.word(),
            weakened.words,
            hardened.words
        );
        let mut remarks = Vec::new();
        if let Some(doubt) = doubt {
            remarks.push(format!("the prover's shortest run: {doubt}"));
        } else if !agree {
            let prover = prover.unwrap_or_default();
            remarks.push(format!("explorer {explorer} steps, prover {prover}"));
        }
        let finding = Finding {
            invariant: Some(invariant.name()),
            flaws: weakening.flaws,
            lesson: Some(weakening.lesson.to_owned()),
            steps: Some(Steps {
                explorer: Some(explorer),
                prover,
            }),
            replays: vec![weakened, hardened],
            remarks,
            ..Finding::new(status, standing, weakening.name, words)
        };
        Self {
            finding,
            trace: recorded,
        }
    }
}

/// Whether the prover's own run happens on weakened code too.
fn confirmed(weakening: &'static Weakening<Admission>, story: &Story) -> Result<(), String> {
    let (names, invariant) = ([weakening.name], Some(weakening.breaks));
    let trace = Trace::tell(story, &names, invariant, weakening.lesson, SEED);
    let trace = trace.map_err(|error| error.to_string())?;
    let (replayed, _) = perform("weakened code", &trace, Lab::new);
    match replayed.status {
        Status::Confirmed => Ok(()),
        _ => Err(format!(
            "not confirmed on weakened code: {}",
            replayed.words
        )),
    }
}
