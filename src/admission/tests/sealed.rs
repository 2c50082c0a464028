//! Sealed envelopes at the endpoint: both guard tables in their order, and no effect before both held.

mod effect;
mod exchange;
mod fixture;
mod mediated;
mod precedence;
mod tampering;
