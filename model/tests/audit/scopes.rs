//! Scopes small enough to walk through.

use countersign_model::audit::scope::Scope;

/// One message, one checkpoint, one fault.
pub(crate) const TINY: Scope = Scope {
    messages: 1,
    checkpoints: 1,
    faults: 1,
};

/// Two messages, one checkpoint, one fault.
pub(crate) const SMALL: Scope = Scope {
    messages: 2,
    ..TINY
};
