//! What the transitions of sessions need of a domain: sessions, records, and tables over them.

use crate::domain::{
    Choice, Concrete, Domain, Identity, Ledger, NONCES, Row, Sparse, Table, Value,
};

/// Principals a search can hold.
pub const PEERS: usize = 2;
/// Sessions a search can hold.
pub const SESSIONS: usize = 3;
/// Records a search can hold.
pub const RECORDS: usize = 4;
/// Numbers a search can hold in each session.
pub const NUMBERS: usize = NONCES;

/// Records that a trace can name: the first so many numbers.
pub const TOLD_MAX: u32 = 256;

/// A domain with the individuals that records are about. Numbers and epochs are its naturals.
pub trait Traffic: Domain {
    /// A session.
    type Session: Identity<Self::Bool> + Value;
    /// A record, as an individual.
    type Record: Identity<Self::Bool> + Value;
    /// A table over principals.
    type PerPeer<V: Choice<Self::Bool> + 'static>: Table<Self::Bool, Self::Agent, V>;
    /// A table over sessions.
    type PerSession<V: Choice<Self::Bool> + 'static>: Table<Self::Bool, Self::Session, V>;
    /// A table over records.
    type PerRecord<V: Choice<Self::Bool> + 'static>: Table<Self::Bool, Self::Record, V>;
    /// A table over the numbers of each session.
    type PerNumber<V: Choice<Self::Bool> + 'static>: Table<Self::Bool, (Self::Session, Self::Nat), V>;

    /// Whether `holds` is true of every record.
    fn every_record(holds: impl Fn(&Self::Record) -> Self::Bool) -> Self::Bool;
}

impl Traffic for Concrete {
    type Session = u8;
    type Record = u8;
    type PerPeer<V: Choice<bool> + 'static> = Row<V, PEERS>;
    type PerSession<V: Choice<bool> + 'static> = Row<V, SESSIONS>;
    type PerRecord<V: Choice<bool> + 'static> = Row<V, RECORDS>;
    // A place of a row of pairs is counted by the width of its second half.
    type PerNumber<V: Choice<bool> + 'static> = Row<V, { SESSIONS * NUMBERS }>;

    fn every_record(holds: impl Fn(&u8) -> bool) -> bool {
        (0u8..).take(RECORDS).all(|record| holds(&record))
    }
}

impl Traffic for Ledger {
    type Session = u32;
    type Record = u32;
    type PerPeer<V: Choice<bool> + 'static> = Sparse<u32, V>;
    type PerSession<V: Choice<bool> + 'static> = Sparse<u32, V>;
    type PerRecord<V: Choice<bool> + 'static> = Sparse<u32, V>;
    type PerNumber<V: Choice<bool> + 'static> = Sparse<(u32, u64), V>;

    fn every_record(holds: impl Fn(&u32) -> bool) -> bool {
        (0..TOLD_MAX).all(|record| holds(&record))
    }
}
