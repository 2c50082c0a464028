//! Scopes small enough to walk through.

use countersign_model::bus::scope::Scope;

/// One message, one fault.
pub(crate) fn tiny() -> Scope {
    Scope {
        messages: 1,
        ..Scope::default()
    }
}

/// Two messages, no fault.
pub(crate) fn small() -> Scope {
    Scope {
        faults: 0,
        ..Scope::default()
    }
}
