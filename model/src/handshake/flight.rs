//! Flights as recipes: what the attacker delivers, told by where each part of it comes from.
//!
//! A run of the explorer becomes recipes to be written down, and recipes become terms again, or bytes.

use super::guard::Flight;

/// Where a share comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Share {
    /// The run of this number made it.
    Run(u8),
    /// The attacker made it.
    Own,
    /// It is of low order.
    LowOrder,
}

/// Where a signature comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Signature {
    /// It is the one that the receiver asks for, made with a long-term secret that the attacker has.
    Made,
    /// It is in a proof of the run of this number, which the attacker can open.
    Of(u8),
    /// It is none.
    Junk,
}

/// A proof that the attacker puts together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Forged {
    /// The principal that it is of.
    pub id: u8,
    /// The principal whose key it names.
    pub key: u8,
    /// The signature in it.
    pub signature: Signature,
    /// It is sealed: otherwise it travels as it is.
    pub sealed: bool,
    /// Its identity MAC is the one that the receiver asks for, made or found in a proof that the attacker can
    /// open: otherwise there is none.
    pub bound: bool,
}

/// Where a proof comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Proof {
    /// The run of this number made it, and the attacker passes it on.
    Run(u8),
    /// The attacker puts it together.
    Forged(Forged),
}

/// Where a confirmation comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Confirmation {
    /// The run of this number made it, and the attacker passes it on.
    Run(u8),
    /// It is the one that the receiver asks for, made with a key that the attacker has.
    Made,
    /// It is none.
    Junk,
}

/// The plain words of one side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Words {
    /// The versions that it offers, as a set: bit `v - 1` for version `v`.
    pub offers: u8,
    /// Its capabilities: 0 for none, 1 for some, 2 for all.
    pub capabilities: u8,
    /// Its share.
    pub share: Share,
}

/// What is delivered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Message {
    /// The offers.
    Hello(Words),
    /// The choice, and who made it.
    Answer {
        /// The responder's words.
        words: Words,
        /// The version for the session.
        version: u8,
        /// The suite for the session: 0 for the one that the honest offer.
        suite: u8,
        /// Who made it.
        proof: Proof,
    },
    /// Who the initiator is.
    Finish(Proof),
    /// The responder has the keys.
    Confirm(Confirmation),
}

impl Message {
    /// Which flight it is.
    pub const fn flight(&self) -> Flight {
        match self {
            Self::Hello(_) => Flight::Hello,
            Self::Answer { .. } => Flight::Answer,
            Self::Finish(_) => Flight::Finish,
            Self::Confirm(_) => Flight::Confirm,
        }
    }
}
