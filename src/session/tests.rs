//! The session on real bytes: what opens, what is refused, and when keys change.

mod behaviour;
mod conformance;
mod edge;
mod fixture;
mod stage;
mod two_keys;
