//! Traces of the protocol: their format, and the engine that replays them on a target.
//!
//! A [`trace::Trace`] names who takes part, what happens, and what must be seen after every step. An
//! engine's finding becomes one ([`teller`]); a file becomes one ([`reader`]) and back ([`writer`]).
//! [`engine::replay`] runs it on any [`target::Target`]: the model itself ([`Reference`]), the real code,
//! or another program. A [`divergence`] says where the two part.
//!
//! Never here: cryptography, clocks, entropy, files, or knowledge of any one target but the model.

pub mod admission;
pub mod any_trace;
pub mod audit;
pub mod bus;
mod demand;
pub mod difference;
pub mod divergence;
pub mod engine;
pub mod event;
pub mod form;
pub mod handshake;
mod hex;
pub mod itf;
pub mod mermaid;
pub mod outcome;
pub mod page;
pub mod read_error;
pub mod reader;
mod recorded;
pub mod rulebook;
pub mod schema;
pub mod sequence;
pub mod session;
pub mod shrink;
pub mod side;
pub mod suggestion;
pub mod system;
pub mod target;
pub mod tell_error;
pub mod teller;
pub mod telling;
pub mod trace;
mod transcript;
pub mod validation;
pub mod verdict;
pub mod writer;

pub use admission::reference::Reference;
pub use demand::{NAME_MAX, is_name};
pub use engine::replay;
pub use outcome::{Outcome, Report};
pub use target::{Observation, Target, TargetError};
pub use trace::Trace;
pub use verdict::Verdict;
