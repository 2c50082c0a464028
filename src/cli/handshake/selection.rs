//! Which secrets are lost and how many runs there are, from the words on the command line.

use countersign_model::dolev_yao::reveal::{Reveal, Reveals};
use countersign_model::dolev_yao::run::RUNS_MAX;
use countersign_model::handshake::Handshake;

use crate::cli::args::HandshakeRuleOptions;
use crate::cli::misuse::Misuse;
use crate::cli::selection::Selection;

impl Selection<Handshake> {
    pub(crate) fn of(options: &HandshakeRuleOptions) -> Result<Self, Misuse> {
        Self::named(&options.without, &options.with)
    }

    /// The secrets that must be lost before a search sees what the weakenings break.
    pub(crate) fn needs(&self) -> Reveals {
        let needs = self.weakenings.iter().map(|row| row.needs);
        needs.flat_map(Reveals::iter).collect()
    }
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
