//! A trace of whichever system.

use countersign_model::admission::Admission;
use countersign_model::audit::Audit;
use countersign_model::bus::Bus;
use countersign_model::handshake::Handshake;
use countersign_model::session::Session;
use schemars::JsonSchema;

use crate::form::Form as _;
use crate::trace::Trace;

/// A trace of whichever system.
#[derive(Clone, Debug, PartialEq, Eq, JsonSchema)]
#[schemars(untagged)]
pub enum AnyTrace {
    /// Of envelope admission.
    Admission(Trace<Admission>),
    /// Of the handshake.
    Handshake(Trace<Handshake>),
    /// Of the session.
    Session(Trace<Session>),
    /// Of the audit trail.
    Audit(Trace<Audit>),
    /// Of the bus.
    Bus(Trace<Bus>),
}

/// The systems whose traces there are.
pub(crate) const SYSTEMS: [&str; 5] = [
    Admission::NAME,
    Handshake::NAME,
    Session::NAME,
    Audit::NAME,
    Bus::NAME,
];

impl From<Trace<Admission>> for AnyTrace {
    fn from(trace: Trace<Admission>) -> Self {
        Self::Admission(trace)
    }
}

impl From<Trace<Handshake>> for AnyTrace {
    fn from(trace: Trace<Handshake>) -> Self {
        Self::Handshake(trace)
    }
}

impl From<Trace<Session>> for AnyTrace {
    fn from(trace: Trace<Session>) -> Self {
        Self::Session(trace)
    }
}

impl From<Trace<Bus>> for AnyTrace {
    fn from(trace: Trace<Bus>) -> Self {
        Self::Bus(trace)
    }
}

impl From<Trace<Audit>> for AnyTrace {
    fn from(trace: Trace<Audit>) -> Self {
        Self::Audit(trace)
    }
}
