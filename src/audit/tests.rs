//! The audit trail from the outside, in memory and on disk.

mod durability;
mod fixture;
mod selecting;
mod tampering;
mod telling;
