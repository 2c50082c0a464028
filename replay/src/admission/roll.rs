//! What stays fixed throughout a trace of admission: the receiver and its limits, and who takes part.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::trace::{Until, is_false};

/// The receiver, its limits, and what else stays fixed. Durations are in ticks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Setting {
    /// The receiver.
    pub me: String,
    /// How old an envelope may be, in ticks.
    pub window: u64,
    /// How far a sender's clock may run ahead, in ticks.
    pub skew: u64,
    /// Entries that one sender may hold in the replay store.
    pub share: u64,
    /// Messages that one sender may have admitted in one tick.
    pub rate: u64,
    /// How long a key stays valid after its successor was listed, in ticks.
    pub overlap: u64,
    /// Entries that a store which evicts by age can hold.
    pub capacity: u64,
}

/// Who takes part.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Roll {
    /// The principals, each listed as active at first.
    pub principals: Vec<Principal>,
    /// Their keys, as they are at first.
    pub keys: Vec<Key>,
}

/// A principal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Principal {
    /// Its name.
    pub name: String,
    /// It is the attacker.
    #[serde(default, skip_serializing_if = "is_false")]
    pub hostile: bool,
}

/// A signing key, as it is at first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Key {
    /// Its name.
    pub name: String,
    /// Whose it is.
    pub owner: String,
    /// The registry lists it.
    pub listed: bool,
    /// When its validity begins, in ticks.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub not_before: u64,
    /// When its validity ends, in ticks; null for never.
    #[serde(default, skip_serializing_if = "Until::is_endless")]
    pub not_after: Until,
    /// It was revoked.
    #[serde(default, skip_serializing_if = "is_false")]
    pub revoked: bool,
    /// The attacker has it from the start.
    #[serde(default, skip_serializing_if = "is_false")]
    pub compromised: bool,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde hands over references"
)]
fn is_zero(value: &u64) -> bool {
    *value == 0
}
