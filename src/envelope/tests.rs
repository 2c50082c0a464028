//! Envelopes of every kind: what they survive, what refuses them, what is published about them.

mod published;
mod refusal;
mod round_trip;
mod sample;
