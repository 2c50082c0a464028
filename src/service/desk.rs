//! The desks: where requests to the bus itself are admitted, each knowing those who may come to it.
//!
//! Whoever is not on a desk's register is refused there by the guard `sender-active`, like anybody who
//! is on no register at all.

use super::error::ServiceError;
use super::refused::{Refused, of_verdict};
use super::request::{Method, input};
use crate::admission::{Admitted, Authentic, Endpoint};
use crate::deployment::Deployment;
use crate::envelope::record::Record;
use crate::envelope::{Payload, SchemaErrorKind};
use crate::identity::{Registry, SpiffeId};
use crate::store::SqliteStore;

/// The capability, as the deployment lists it, of whoever may decide on what waits.
pub const DECIDER: &str = "queue:decide";

/// Endpoints of the orchestrator, on one store.
pub(super) struct Desks {
    /// For agents.
    agents: Endpoint<SqliteStore>,
    /// For operators who may decide.
    deciders: Endpoint<SqliteStore>,
    /// For everybody.
    everybody: Endpoint<SqliteStore>,
}

impl Desks {
    pub(super) fn new(
        me: &SpiffeId,
        deployment: &Deployment,
        store: impl Fn() -> SqliteStore,
    ) -> Result<Self, ServiceError> {
        let limits = &deployment.limits().admission;
        let desk = |registry| Endpoint::new(me.clone(), registry, limits.clone(), store());
        Ok(Self {
            agents: desk(deployment.registry().clone())?,
            deciders: desk(deciders(deployment))?,
            everybody: desk(deployment.everybody())?,
        })
    }

    /// Everybody of the deployment.
    pub(super) fn everybody(&self) -> &Registry {
        self.everybody.registry()
    }

    /// Admits a request, and reads what it asks for.
    pub(super) fn admit<T: Record>(
        &mut self,
        method: Method,
        authentic: Authentic,
        now_ms: u64,
    ) -> Result<Result<(Box<Admitted>, T), Refused>, ServiceError> {
        let desk = match method {
            Method::SendMessage | Method::ReceiveMessages => &mut self.agents,
            Method::QueueList | Method::QueueApprove | Method::QueueDeny => &mut self.deciders,
            Method::MessageLog => &mut self.everybody,
        };
        let verdict = desk.admit(authentic, now_ms)?;
        Ok(of_verdict(verdict).and_then(|admitted| {
            let Payload::Task(task) = admitted.payload() else {
                let found = admitted.header().kind.as_str();
                let kind = SchemaErrorKind::malformed("task", found);
                return Err(kind.at("type").into());
            };
            let read = input(method, task)?;
            Ok((admitted, read))
        }))
    }
}

/// The operators who may decide.
fn deciders(deployment: &Deployment) -> Registry {
    let mut registry = Registry::new();
    for operator in deployment.operators().agents() {
        let mut capabilities = operator.capabilities.iter();
        if capabilities.any(|capability| capability.as_str() == DECIDER) {
            // INVARIANT: what one registry holds, an empty one takes.
            let _ = registry.enrol(operator.clone());
        }
    }
    registry
}
