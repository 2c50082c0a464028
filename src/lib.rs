//! Countersign checks, proves and replays a secure agent-to-agent messaging protocol.
//!
//! The rules that an agent enforces on a message are written once, in [`countersign_model`], and
//! read by an explorer, a prover and this package, which runs them on real bytes:
//!
//! ```text
//!          countersign-model: guards, transitions, invariants, attacker, explorer
//!               |                        |                        |
//!     Concrete explores          Symbolic proves             Real decides
//!               |           (countersign-invariants)         (here)
//!               +----- a counterexample is a trace -----+         |
//!                         (countersign-replay)          |         |
//!                                                      lab  ------+
//! ```
//!
//! Read in this order:
//!
//! * [`json`]: strict I-JSON and RFC 8785. [`identity`]: SPIFFE ids, keys, the registry.
//!   [`envelope`]: typed messages, and what a signature covers. [`store`]: the replay store.
//! * [`domain`]: truth, time and principals as the real code has them. [`admission`]: the endpoint,
//!   [`handshake`]: the authenticated key exchange, [`session`]: sealed records under its keys, and
//!   [`audit`]: the record of every message before its effect; their only decisions are rows of the guard
//!   tables. [`discovery`]: asking a peer what it can do. [`bus`]: the orchestrator between agents.
//!   [`sealing`]: bodies that several may open.
//! * [`deployment`]: the file in which a user says who the agents are and who may send what to whom;
//!   [`policy`]: what its rules compile to, and what follows from them.
//! * [`lab`]: traces performed with real keys and bytes, on the endpoint or on one of the weakened
//!   receivers of the private module `flawed`.
//!
//! The program of the same name is the command line over all of it. Nothing in the library reads a
//! clock, and only [`identity::SigningKey::generate`], [`handshake::Fresh::generate`] and
//! [`audit::Salt::generate`] draw entropy.

pub mod admission;
pub mod audit;
pub mod bus;
pub mod deployment;
pub mod discovery;
pub mod domain;
pub mod envelope;
mod flawed;
pub mod handshake;
pub mod identity;
pub mod json;
pub mod lab;
pub mod policy;
pub mod sealing;
pub mod service;
pub mod session;
pub mod store;
