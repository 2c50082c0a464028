//! The flawed mechanisms, for replaying counterexamples on weakened code.
//!
//! Each weakening of the rule book that is more than a guard switched off is implemented here, next
//! to nothing else, the way it is got wrong in the field. Nothing here can be reached from
//! [`Endpoint`](crate::admission::Endpoint); only [`crate::lab`] constructs a weakened receiver.

mod audit;
mod bus;
mod canonical;
#[cfg_attr(
    not(test),
    expect(dead_code, reason = "only the laboratory weakens a handshake")
)]
pub(crate) mod handshake;
mod mechanism;
mod reading;
mod receiver;
mod session;
mod store;

pub(crate) use audit::FlawedLog;
pub(crate) use bus::FlawedDesk;
pub(crate) use mechanism::Flawed;
pub(crate) use reading::{NOT_A_NUMBER, spoken_input};
pub(crate) use receiver::WeakenedReceiver;
pub(crate) use session::FlawedEnd;

#[cfg(test)]
mod tests;
