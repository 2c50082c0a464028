//! What is delivered in a handshake trace: flights, told by where each part of them comes from.
//!
//! `{"run": "r0"}` is what that run made, passed on; everything else the attacker makes itself, from
//! what it has.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::trace::is_false;

/// One thing that happens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Action {
    /// The attacker delivers a flight.
    Deliver {
        /// To which run.
        to: String,
        /// The flight.
        flight: Flight,
    },
}

/// A flight.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Flight {
    /// Message 1: the offers.
    Hello {
        /// The versions offered, the newest first.
        versions: Vec<String>,
        /// What the sender can do.
        capabilities: Vec<String>,
        /// Its share.
        share: Share,
    },
    /// Message 2: the choice, and who made it.
    Answer {
        /// The versions offered, the newest first.
        versions: Vec<String>,
        /// What the sender can do.
        capabilities: Vec<String>,
        /// Its share.
        share: Share,
        /// The version chosen.
        version: String,
        /// The suite chosen.
        suite: String,
        /// Who chose.
        proof: Proof,
    },
    /// Message 3: who the initiator is.
    Finish {
        /// Its proof.
        proof: Proof,
    },
    /// Message 4: the responder has the keys.
    Confirm {
        /// What says so.
        confirmation: Confirmation,
    },
}

/// Where a share comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Share {
    /// A run made it; its random comes along.
    Run(String),
    /// The attacker made it.
    Own,
    /// It is of low order.
    LowOrder,
}

/// Where a proof comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Proof {
    /// A run made it, and it is passed on as it is.
    Run(String),
    /// The attacker puts it together.
    Forged(Forged),
}

/// A proof that the attacker puts together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Forged {
    /// The principal that it is of.
    pub id: String,
    /// The principal whose key it names.
    pub key: String,
    /// The signature in it.
    pub signature: Signature,
    /// It travels as it is, not sealed.
    #[serde(default, skip_serializing_if = "is_false")]
    pub bare: bool,
    /// It has no valid identity MAC.
    #[serde(default, skip_serializing_if = "is_false")]
    pub unbound: bool,
}

/// Where a signature comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Signature {
    /// It is the one that the receiver asks for, made with a long-term key that the attacker has.
    Made,
    /// It is in the proof of a run, which the attacker can open.
    Run(String),
    /// It is none.
    Junk,
}

/// Where a confirmation comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Confirmation {
    /// A run made it.
    Run(String),
    /// It is the one that the receiver asks for, made with a key that the attacker has.
    Made,
    /// It is none.
    Junk,
}
