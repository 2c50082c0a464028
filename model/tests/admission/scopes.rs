//! Scopes small enough to walk through.

use countersign_model::admission::scope::Scope;

/// One message, one nonce, three instants, one fault.
pub(crate) const TINY: Scope = Scope {
    agents: 3,
    messages: 1,
    nonces: 1,
    clock: 3,
    faults: 1,
    window: 1,
    skew: 1,
    share: 2,
    rate: 2,
    capacity: 1,
};

/// Two messages, two nonces, four instants, one fault.
pub(crate) const SMALL: Scope = Scope {
    messages: 2,
    nonces: 2,
    clock: 4,
    ..TINY
};
