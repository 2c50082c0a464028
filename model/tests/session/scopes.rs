//! Scopes small enough to walk through.

use countersign_model::session::scope::Scope;

/// One session with an honest peer, one record, one fault.
pub(crate) const TINY: Scope = Scope {
    sessions: 1,
    records: 1,
    numbers: 2,
    clock: 4,
    faults: 1,
    lifetime: 2,
    width: 2,
    ahead: 1,
    share: 2,
    period: 2,
};

/// A session with an honest peer and one with the attacker, two records, one fault.
pub(crate) const SMALL: Scope = Scope {
    sessions: 2,
    records: 2,
    ..TINY
};
