//! Refusals, as whoever asked is told of them: what is wrong, which guard says so, what to do.

use countersign_model::rulebook::Row as _;
use countersign_model::{audit, bus, session};
use thiserror::Error;

use super::remedy;
use crate::admission::{Refusal, Verdict};
use crate::envelope::SchemaError;

/// Why a request came to nothing. Nothing changed, but for a nonce that may be used up.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{code}{}", detail.as_ref().map_or(String::new(), |detail| format!(": {detail}")))]
pub struct Refused {
    /// The rejection, as a stable code.
    pub code: &'static str,
    /// The guard that refused it, with its system; none where the request could not be read.
    pub guard: Option<(&'static str, &'static str)>,
    /// The place in the request that is wrong, where there is one.
    pub detail: Option<String>,
    /// What to do about it.
    pub remedy: &'static str,
}

impl Refused {
    /// There is nothing in that place of the queue.
    pub(super) fn no_such_entry() -> Self {
        Self {
            code: "no-such-entry",
            guard: None,
            detail: None,
            remedy: "look at the queue again: it may have been decided already",
        }
    }

    /// A number beyond what was ever delivered.
    pub(super) fn beyond(after: u64, sent: u64) -> Self {
        Self {
            code: "never-delivered",
            guard: None,
            detail: Some(format!(
                "acknowledges {after}, but the last delivery is {sent}"
            )),
            remedy: "acknowledge only what was received; begin again with 0",
        }
    }

    /// Too much of one sender waits at the door.
    pub fn busy() -> Self {
        Self {
            code: "busy",
            guard: None,
            detail: None,
            remedy: "wait for earlier requests to be answered, then send this one again",
        }
    }
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        let rejection = refusal.rejection;
        Self {
            code: rejection.code(),
            guard: Some(("admission", rejection.guard().name())),
            remedy: remedy::of_admission(rejection),
            detail: refusal.detail.map(|detail| match detail {
                crate::admission::Detail::Text(error) => error.to_string(),
                crate::admission::Detail::Schema(error) => error.to_string(),
            }),
        }
    }
}

impl From<bus::guard::Rejection> for Refused {
    fn from(rejection: bus::guard::Rejection) -> Self {
        Self {
            code: rejection.code(),
            guard: Some(("bus", rejection.guard().name())),
            detail: None,
            remedy: remedy::of_bus(rejection),
        }
    }
}

impl From<audit::guard::Rejection> for Refused {
    fn from(rejection: audit::guard::Rejection) -> Self {
        Self {
            code: rejection.code(),
            guard: Some(("audit", rejection.guard().name())),
            detail: None,
            remedy: "ask about your own messages, or as an auditor",
        }
    }
}

impl From<session::guard::Rejection> for Refused {
    fn from(rejection: session::guard::Rejection) -> Self {
        Self {
            code: rejection.code(),
            guard: Some(("session", rejection.guard().name())),
            detail: None,
            remedy: "ask the bus in the clear: it holds no sessions",
        }
    }
}

impl From<SchemaError> for Refused {
    fn from(error: SchemaError) -> Self {
        Self {
            code: "schema-mismatch",
            guard: None,
            detail: Some(error.to_string()),
            remedy: "compare the request with docs/service.md",
        }
    }
}

/// What an endpoint refused.
pub(super) fn of_verdict(verdict: Verdict) -> Result<Box<crate::admission::Admitted>, Refused> {
    match verdict {
        Verdict::Admitted(admitted) => Ok(admitted),
        Verdict::Refused(refusal) => Err(refusal.into()),
        Verdict::RefusedInSession(refusal) => Err(refusal.rejection.into()),
    }
}
