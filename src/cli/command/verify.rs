//! `countersign verify`: an envelope in, the verdict of the real endpoint out.

use std::process::ExitCode;

use countersign::admission::{Endpoint, Limits, Verdict};
use countersign::store::{MemoryStore, ReplayStore, SqliteStore};
use countersign_model::admission::facts::{Facts, Receiver};
use countersign_model::admission::guard::{Rejection, table};
use countersign_model::domain::Prose;
use countersign_model::rulebook::Row as _;

use super::sign::{agent, read_registry};
use crate::cli::args::VerifyOptions;
use crate::cli::misuse::Misuse;
use crate::cli::status::Status;
use crate::cli::{ambient, input, screen};

pub(crate) fn run(options: &VerifyOptions) -> Result<ExitCode, Misuse> {
    let registry = read_registry(&options.registry)?;
    let me = agent("me", &options.me)?;
    let now_ms = match options.now_ms {
        Some(now_ms) => now_ms,
        None => ambient::now_ms()?,
    };
    let store: Box<dyn ReplayStore> = match &options.store {
        Some(path) => Box::new(SqliteStore::open(path).map_err(Misuse::failed)?),
        None => Box::new(MemoryStore::new()),
    };
    let limits = Limits::default();
    let bytes = input::from_stdin(limits.envelope_bytes_max)?;
    let endpoint = Endpoint::new(me, registry, limits, store);
    let mut endpoint = endpoint.map_err(Misuse::failed)?;
    endpoint.tick(now_ms).map_err(Misuse::failed)?;
    match endpoint.receive(&bytes, now_ms).map_err(Misuse::failed)? {
        Verdict::Admitted(admitted) => {
            let header = admitted.header();
            screen::print(&format!(
                "{}  {} from {}\n{:11}digest {}\n",
                Status::Admitted,
                header.kind,
                admitted.sender(),
                "",
                admitted.digest()
            ));
            Ok(ExitCode::SUCCESS)
        }
        Verdict::Refused(refusal) => {
            let guard = refusal.rejection.guard();
            screen::print(&format!(
                "{}  {refusal}\n{:11}guard '{}' demands: {}\n",
                Status::Refused,
                "",
                guard.name(),
                demand(refusal.rejection)
            ));
            Ok(ExitCode::FAILURE)
        }
        // This endpoint holds none.
        Verdict::RefusedInSession(refusal) => Err(Misuse::failed(refusal)),
    }
}

/// What the guard that gives this rejection demands, in words.
fn demand(rejection: Rejection) -> String {
    let (facts, me) = (Facts::in_words(), Receiver::in_words());
    let mut guards = table::<Prose>().iter();
    let guard = guards.find(|guard| guard.rejects == rejection);
    guard.map_or_else(String::new, |guard| {
        (guard.holds)(&facts, &me).as_str().to_owned()
    })
}
