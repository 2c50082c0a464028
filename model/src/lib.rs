//! The rule book: the protocol as guard tables and transitions, written once and read by everyone.
//!
//! A *system* (so far [`admission`]) is one part of the protocol as a transition system. Its rules
//! are generic over a [`domain`]: plain machine words for the [`explorer`], solver terms for the
//! prover, identities and milliseconds for the real code, sentences for the documentation.
//!
//! Never here: cryptography, input or output, clocks, randomness, a solver. Start reading at
//! [`admission::guard`].

pub mod admission;
pub mod audit;
pub mod bus;
pub mod dolev_yao;
pub mod domain;
pub mod explorer;
pub mod handshake;
pub mod rulebook;
pub mod session;
