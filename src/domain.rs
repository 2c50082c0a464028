//! The domain of the real code: milliseconds and SPIFFE ids.

use countersign_model::domain::{Choice, Domain, Identity};

use crate::identity::SpiffeId;

/// Truth is `bool`, time is `u64` milliseconds since the Unix epoch, an agent is its SPIFFE id.
///
/// Times in envelopes end at 2^53 - 1, so no sum of a time and a limit that a configuration may hold
/// overflows; if one did it would saturate, which reads as later than everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Real;

impl Domain for Real {
    type Bool = bool;
    type Nat = u64;
    type Agent = SpiffeId;
}

impl Choice<bool> for SpiffeId {
    fn choose(condition: &bool, then: &Self, otherwise: &Self) -> Self {
        if *condition {
            then.clone()
        } else {
            otherwise.clone()
        }
    }
}

impl Identity<bool> for SpiffeId {
    /// Byte-exact comparison (SPIFFE-ID section 2.3: no normalisation).
    fn same(&self, other: &Self) -> bool {
        self == other
    }
}
