//! How much a question may cost: threads, cutoffs, and a timer that ends every search.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread;
use std::time::Duration;

use countersign_invariants::Budget;
use countersign_invariants::admission::STEPS_MAX;
use countersign_model::explorer::Cutoff;

use super::args::{CutoffOptions, EffortOptions, SolverOptions};
use super::misuse::Misuse;

/// What the options allow.
pub(crate) struct Effort {
    /// Threads that work at once.
    pub(crate) threads: NonZeroUsize,
    /// When a search stops.
    pub(crate) cutoff: Cutoff,
    /// Dropping it ends the timer.
    _timer: Option<Sender<()>>,
}

impl Effort {
    pub(crate) fn of(options: &EffortOptions) -> Self {
        Self {
            threads: options.threads.count(),
            ..Self::of_one(&options.cutoff)
        }
    }

    /// The same for one thread.
    pub(crate) fn of_one(options: &CutoffOptions) -> Self {
        let (stop, timer) = options.time_limit.map(timer).unzip();
        Self {
            threads: NonZeroUsize::MIN,
            cutoff: Cutoff {
                states: options.max_states,
                depth: options.max_depth,
                stop,
            },
            _timer: timer,
        }
    }

    /// The threads of the one large search; everything else shares those that are left.
    pub(crate) fn searching(&self) -> NonZeroUsize {
        NonZeroUsize::new(self.threads.get() / 2).unwrap_or(NonZeroUsize::MIN)
    }

    /// Workers that answer questions, one of which waits for the large search.
    pub(crate) fn answering(&self) -> NonZeroUsize {
        let left = self.threads.get() - self.searching().get();
        NonZeroUsize::MIN.saturating_add(left)
    }
}

/// What the solver may do.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Solving {
    /// The cost of one question.
    pub(crate) budget: Budget,
    /// The longest run that it searches.
    pub(crate) steps_max: usize,
}

impl Solving {
    pub(crate) fn of(options: &SolverOptions) -> Result<Self, Misuse> {
        if !(1..=STEPS_MAX).contains(&options.steps_max) {
            return Err(Misuse::new(
                format!(
                    "a run of {} steps, expected 1 to {STEPS_MAX}",
                    options.steps_max
                ),
                format!("give --steps-max 1 to {STEPS_MAX}"),
            ));
        }
        let budget = Budget {
            time_ms: options.solver_timeout,
            ..Budget::default()
        };
        Ok(Self {
            budget,
            steps_max: options.steps_max,
        })
    }
}

/// A flag that is raised after so many seconds, unless the sender is dropped before.
fn timer(seconds: u64) -> (Arc<AtomicBool>, Sender<()>) {
    let stop = Arc::new(AtomicBool::new(false));
    let raised = Arc::clone(&stop);
    let (sender, dropped) = mpsc::channel();
    thread::spawn(move || {
        let waited = dropped.recv_timeout(Duration::from_secs(seconds));
        if waited == Err(RecvTimeoutError::Timeout) {
            raised.store(true, Ordering::Relaxed);
        }
    });
    (stop, sender)
}
