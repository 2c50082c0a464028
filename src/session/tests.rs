//! The session on real bytes: what opens, what is refused, and when keys change.

mod behaviour;
mod conformance;
mod fixture;
mod necessity;
mod stage;
mod two_keys;
