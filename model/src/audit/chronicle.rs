//! What the transitions of the log need of a domain: records, checkpoints, places, and tables over them.

use std::fmt::Debug;

use crate::domain::{Choice, Concrete, Domain, Identity, Ledger, Row, Sparse, Table, Value};

/// Messages a search can hold.
pub const MESSAGES: usize = 3;
/// Records a search can hold: one of each message, one that the attacker makes up, and one for each
/// message that reads differently when its fields are run together.
pub const RECORDS: usize = 2 * MESSAGES + 1;
/// Places a search can hold.
pub const PLACES: usize = 4;
/// Checkpoints a search can hold, one that the attacker makes up included.
pub const CHECKPOINTS: usize = 3;

/// Records and places that a trace can name: the first so many numbers.
pub const TOLD_MAX: u32 = 256;

/// A domain with the individuals that a log is about. Places are its naturals, from zero.
pub trait Chronicle: Domain {
    /// A record, as an individual: what is written, or what an attacker makes of it.
    type Record: Identity<Self::Bool> + Value;
    /// A checkpoint, as an individual.
    type Checkpoint: Identity<Self::Bool> + Value;
    /// The bytes of a record when its fields are run together.
    type Text: Identity<Self::Bool> + Value;
    /// A table over records.
    type PerRecord<V: Choice<Self::Bool> + 'static>: Table<Self::Bool, Self::Record, V>;
    /// A table over checkpoints.
    type PerCheckpoint<V: Choice<Self::Bool> + 'static>: Table<Self::Bool, Self::Checkpoint, V>;
    /// A table over places.
    type PerPlace<V: Choice<Self::Bool> + Debug + PartialEq + 'static>: Table<Self::Bool, Self::Nat, V>
        + Choice<Self::Bool>
        + Debug
        + PartialEq;

    /// Whether `holds` is true of every record.
    fn every_record(holds: impl Fn(&Self::Record) -> Self::Bool) -> Self::Bool;
    /// Whether `holds` is true of every place.
    fn every_place(holds: impl Fn(&Self::Nat) -> Self::Bool) -> Self::Bool;
}

impl Chronicle for Concrete {
    type Record = u8;
    type Checkpoint = u8;
    type Text = u8;
    type PerRecord<V: Choice<bool> + 'static> = Row<V, RECORDS>;
    type PerCheckpoint<V: Choice<bool> + 'static> = Row<V, CHECKPOINTS>;
    type PerPlace<V: Choice<bool> + Debug + PartialEq + 'static> = Row<V, PLACES>;

    fn every_record(holds: impl Fn(&u8) -> bool) -> bool {
        (0u8..).take(RECORDS).all(|record| holds(&record))
    }
    fn every_place(holds: impl Fn(&u8) -> bool) -> bool {
        (0u8..).take(PLACES).all(|place| holds(&place))
    }
}

impl Chronicle for Ledger {
    type Record = u32;
    type Checkpoint = u32;
    type Text = u32;
    type PerRecord<V: Choice<bool> + 'static> = Sparse<u32, V>;
    type PerCheckpoint<V: Choice<bool> + 'static> = Sparse<u32, V>;
    type PerPlace<V: Choice<bool> + Debug + PartialEq + 'static> = Sparse<u64, V>;

    fn every_record(holds: impl Fn(&u32) -> bool) -> bool {
        (0..TOLD_MAX).all(|record| holds(&record))
    }
    fn every_place(holds: impl Fn(&u64) -> bool) -> bool {
        (0..TOLD_MAX.into()).all(|place| holds(&place))
    }
}
