//! An attack on the handshake: found by both engines, told as a trace, performed on real code.

use std::num::NonZeroUsize;

use countersign_invariants::handshake::{Search, search};
use countersign_model::explorer::{self, Cutoff, Ending};
use countersign_model::handshake::Handshake;
use countersign_model::handshake::attack::{attacked, promised};
use countersign_model::handshake::story::Story;
use countersign_model::rulebook::{Row as _, Ruleset, Weakening};
use countersign_replay::Trace;
use countersign_replay::handshake::promised::Promised;
use countersign_replay::handshake::teller;

use crate::cli::effort::Solving;
use crate::cli::exploration::limit_words;
use crate::cli::finding::{Finding, Standing, Steps};
use crate::cli::performing::{Performable as _, SEED, perform};
use crate::cli::status::Status;
use crate::cli::words::counted;

/// Runs at once in the search for an attack.
pub(crate) const RUNS: usize = 2;

/// The counterexample to a weakening, and what is known of it.
pub(crate) struct Attack {
    /// What is known.
    pub(crate) finding: Finding,
    /// The shortest run, with the bytes and the transcript of the weakened code.
    pub(crate) trace: Option<Trace<Handshake>>,
}

impl Attack {
    fn none(weakening: &'static Weakening<Handshake>, why: &str) -> Self {
        let words = format!("'{}' was not broken: {why}", weakening.breaks.name());
        Self {
            finding: Finding::new(Status::Unknown, Standing::Undecided, weakening.name, words),
            trace: None,
        }
    }
}

/// Breaks the rules with one weakening: by search, by solver, and on real code.
pub(crate) fn on_weakening(
    weakening: &'static Weakening<Handshake>,
    cutoff: &Cutoff,
    solving: Solving,
) -> Attack {
    let one = NonZeroUsize::MIN;
    // Some promises are off once secrets are lost, whatever the rules: all of them have to be known.
    let hardened = attacked(Ruleset::HARDENED, RUNS, weakening.needs, 0);
    let searched = explorer::explore(&hardened, one, cutoff);
    if let Ending::Cut(limit) = searched.ending {
        return Attack::none(weakening, limit_words(limit));
    }
    let watched = promised(weakening.breaks) & !searched.violated;
    let system = attacked(weakening.rules(), RUNS, weakening.needs, watched);
    let path = match explorer::explore(&system, one, cutoff).ending {
        Ending::Broken(path) => path,
        Ending::Cut(limit) => return Attack::none(weakening, limit_words(limit)),
        Ending::Exhausted | Ending::Empty => {
            return Attack::none(weakening, "the search was exhausted");
        }
    };
    let story = Story::of_path(&system, weakening.rules(), &path);
    let solved = search(
        weakening.rules(),
        weakening.needs,
        weakening.breaks,
        solving.steps_max,
        solving.budget,
    );
    match told(weakening, &story, watched) {
        Ok(trace) => performed(weakening, &trace, solved, watched),
        Err(error) => Attack {
            finding: Finding::new(Status::Diverges, Standing::Violation, weakening.name, error),
            trace: None,
        },
    }
}

/// The story as a trace, as the model performs it.
fn told(
    weakening: &Weakening<Handshake>,
    story: &Story,
    watched: u64,
) -> Result<Trace<Handshake>, String> {
    let promises = Promised::of_marks(watched);
    teller::tell(story, &[weakening.name], &promises, weakening.lesson, SEED)
        .map_err(|error| format!("the model does not repeat what was found: {error}"))
}

fn performed(
    weakening: &'static Weakening<Handshake>,
    trace: &Trace<Handshake>,
    solved: Search,
    watched: u64,
) -> Attack {
    let explorer = trace.steps.len();
    let (prover, doubt) = match solved {
        Search::Found(story) => (
            Some(story.deliveries.len()),
            confirmed(weakening, &story, watched).err(),
        ),
        Search::NoneUpTo(steps) => (None, Some(format!("none of up to {steps} steps"))),
        Search::Unknown { at, reason } => (None, Some(format!("unknown at {at}: {reason}"))),
    };
    let (weakened, recorded) = perform("weakened code", trace, Handshake::code);
    let (hardened, _) = perform("hardened code", trace, Handshake::hardened);
    let agree = prover == Some(explorer) && doubt.is_none();
    let real = weakened.status == Status::Confirmed;
    let foiled = matches!(hardened.status, Status::Refused | Status::Admitted);
    let (status, standing) = match (agree, real && foiled) {
        (true, true) => (Status::Broken, Standing::Expected),
        (false, true) if prover.is_none() => (Status::Broken, Standing::Undecided),
        _ => (Status::Diverges, Standing::Violation),
    };
    let words = format!(
        "{:<10}  {:<7}  {} {}  {}",
        weakening.breaks.name(),
        counted(explorer as u64, "step"),
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
        invariant: Some(weakening.breaks.name()),
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
    Attack {
        finding,
        trace: recorded,
    }
}

/// Whether the prover's own run happens on weakened code too.
fn confirmed(weakening: &Weakening<Handshake>, story: &Story, watched: u64) -> Result<(), String> {
    let trace = told(weakening, story, watched)?;
    let (replayed, _) = perform("weakened code", &trace, Handshake::code);
    match replayed.status {
        Status::Confirmed => Ok(()),
        _ => Err(format!("not confirmed: {}", replayed.words)),
    }
}
