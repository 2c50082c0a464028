//! How much a search covers, from the words on the command line: only what a search can hold.

use countersign_model::admission;
use countersign_model::audit;
use countersign_model::bus;
use countersign_model::dolev_yao::reveal::{Reveal, Reveals};
use countersign_model::dolev_yao::run::RUNS_MAX;
use countersign_model::explorer::bounds::ScopeError;
use countersign_model::session;

use super::args::{AuditScopeOptions, BusScopeOptions, ScopeOptions, SessionScopeOptions};
use super::misuse::Misuse;

/// The scope of a search of envelope admission.
pub(crate) fn admission(options: &ScopeOptions) -> Result<admission::scope::Scope, Misuse> {
    let checked = options.scope().checked();
    checked.map_err(|error| outside(&error))
}

/// The scope of a search of sessions.
pub(crate) fn session(options: &SessionScopeOptions) -> Result<session::scope::Scope, Misuse> {
    let checked = options.scope().checked();
    checked.map_err(|error| outside(&error))
}

/// The scope of a search of the audit trail.
pub(crate) fn audit(options: &AuditScopeOptions) -> Result<audit::scope::Scope, Misuse> {
    let checked = options.scope().checked();
    checked.map_err(|error| outside(&error))
}

/// The scope of a search of the bus.
pub(crate) fn bus(options: &BusScopeOptions) -> Result<bus::scope::Scope, Misuse> {
    let checked = options.scope().checked();
    checked.map_err(|error| outside(&error))
}

fn outside(error: &ScopeError) -> Misuse {
    let ScopeError {
        bound, least, most, ..
    } = error;
    Misuse::new(error, format!("give --{bound} {least} to {most}"))
}

/// The secrets that are lost.
pub(crate) fn reveals(names: &[String]) -> Result<Reveals, Misuse> {
    let found = names.iter().map(|name| {
        Reveal::of_name(name).ok_or_else(|| {
            let known = Reveal::ALL.iter().map(|reveal| reveal.name());
            Misuse::unknown(
                "secret",
                name,
                known,
                "countersign explore handshake --help",
            )
        })
    });
    found.collect()
}

/// The number of runs, if a search can hold it.
pub(crate) fn runs(asked: usize) -> Result<usize, Misuse> {
    if (1..=RUNS_MAX).contains(&asked) {
        return Ok(asked);
    }
    let error = format!("{asked} runs at once, expected 1 to {RUNS_MAX}");
    Err(Misuse::new(error, format!("give --runs 1 to {RUNS_MAX}")))
}
