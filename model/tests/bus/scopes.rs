//! Scopes small enough to walk through.

use countersign_model::bus::scope::Scope;

/// One message, one fault.
pub(crate) const TINY: Scope = Scope {
    messages: 1,
    clock: 3,
    faults: 1,
    window: 0,
    patience: 0,
    longest: 0,
    rate: 2,
};

/// Two messages, no fault.
pub(crate) const SMALL: Scope = Scope {
    messages: 2,
    faults: 0,
    ..TINY
};
