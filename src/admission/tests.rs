//! The endpoint, on real bytes and real signatures: what it refuses, in which order, and when.

mod clock;
mod fixture;
mod gateway;
mod precedence;
mod refusal;
mod sealed;
mod stage;
