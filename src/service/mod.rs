//! The bus as a service: an orchestrator that outlives its process (protocol section 8).
//!
//! A [`Core`] is a bus on one file: what it answers is durable before anybody is told. It runs on one
//! thread and takes requests whose sender is known, in groups. An [`Owner`] is that thread, behind a
//! queue that is fair between senders. [`http`] is JSON-RPC over it, on the loopback interface.
//!
//! Never here: a condition on a message. The guard tables of admission, the bus and the audit trail
//! decide; this keeps what they decided, in their order.

mod answer;
mod asking;
pub mod client;
mod column;
mod core;
mod desk;
mod error;
pub mod http;
mod ledger;
mod notary;
mod observed;
mod outbox;
mod owner;
mod passing;
pub mod published;
mod recorder;
mod refused;
mod remedy;
mod request;
pub mod rpc;
mod said;
mod schema;
mod turnstile;

pub use answer::{Answer, Entry, Settled};
pub use core::Core;
pub use desk::DECIDER;
pub use error::ServiceError;
pub use notary::Notary;
pub use outbox::{Letter, Standing};
pub use owner::{Clock, Owner, Service, Setup, Unanswered};
pub use refused::Refused;
pub use request::{Approving, Asked, Denying, Inquiry, Listing, Method, Poll, Receipt};
pub(crate) use schema::FORMAT;
