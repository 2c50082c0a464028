//! The handshake: an authenticated key exchange of the SIGMA-I shape (protocol section 5).
//!
//! ```text
//! initiator                                                     responder
//!   Hello    versions, suites, capabilities, eI, nI               ->
//!   <-      Answer   version, suite, offers, eR, nR, Enc{R, Sig(TH2), MAC(R)}
//!   Finish   Enc{I, Sig(TH3), MAC(I)}                             ->
//!   <-                                        Confirm  MAC(TH4)
//! ```
//!
//! An [`Initiator`] or a [`Responder`] takes bytes, the registry and a clock reading, and gives the
//! flight to say next or the [`Established`] session; it opens no socket and reads no clock. X25519
//! (RFC 7748), Ed25519 (RFC 8032), HKDF-SHA256 (RFC 5869), ChaCha20-Poly1305 (RFC 8439).
//!
//! The private module `facts` is the only door between cryptography and rules. Never here: a
//! condition on a flight that is not a row of [`countersign_model::handshake::guard`], knowledge of
//! what carries a flight, and flawed mechanisms, which live in the private module `flawed`.

mod established;
mod facts;
pub(crate) mod flight;
pub(crate) mod initiator;
mod inquiry;
pub(crate) mod mechanism;
pub(crate) mod offer;
mod party;
pub(crate) mod proof;
mod proving;
mod refusal;
pub(crate) mod responder;
pub(crate) mod schedule;
pub(crate) mod share;
pub(crate) mod transcript;

pub use established::{Established, Reply};
pub use flight::FLIGHT_BYTES_MAX;
pub use initiator::Initiator;
pub use offer::{Offers, Retirement, SUITE, VersionPolicy};
pub use party::{Party, Role};
pub use refusal::{Disagreement, Reason, Refusal, Unreadable};
pub use responder::Responder;
pub use schedule::SessionSecret;
pub use share::Fresh;

#[cfg(test)]
mod tests;
