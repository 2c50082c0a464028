//! The replay store: which (sender, nonce) pairs were admitted, and how late it has been.
//!
//! A store answers what the admission rules ask about (section 4 of the protocol) and remembers
//! what they decide, in one atomic step. **It never decides about a message**: no share, rate or
//! freshness rule lives here, only the counts that the guard table reads. It never evicts: an entry
//! leaves when a sweep finds that its time is over, and at no other moment.
//!
//! A sender is an *authenticated* sender: nothing may reach a store before the signature held.
//! [`MemoryStore`] serves one process, tests and replays; [`SqliteStore`] survives `kill -9` and
//! power loss, and is shared by the replicas on one host. Both pass the same conformance suite.

pub(crate) mod database;
mod error;
mod memory;
pub(crate) mod schema;
mod sqlite;

#[cfg(test)]
mod agreement;
#[cfg(test)]
mod conformance;

pub use error::StoreError;
pub use memory::MemoryStore;
pub use sqlite::SqliteStore;

/// The latest time that a store takes, in milliseconds: the greatest integer of a `SQLite` column.
///
/// Times of the protocol end far below it, at 2^53 - 1 (RFC 7493 section 2.2).
pub const TIME_MAX_MS: u64 = i64::MAX.unsigned_abs();

/// What the admission rules ask about one message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claim<'a> {
    /// The authenticated sender, compared byte for byte.
    pub sender: &'a str,
    /// The nonce of the signed message, 16 bytes.
    pub nonce: [u8; 16],
    /// The receiver's reading of the time, from [`ReplayStore::advance`], in milliseconds.
    pub now_ms: u64,
    /// How far back [`Occupancy::recent`] counts, in milliseconds.
    pub rate_period_ms: u64,
}

impl Claim<'_> {
    /// The earliest admission that counts as recent: the first millisecond after `now - period`.
    const fn recent_from_ms(&self) -> u64 {
        self.now_ms
            .saturating_add(1)
            .saturating_sub(self.rate_period_ms)
    }
}

/// What the store knows about a claim, read inside the same atomic step as the insertion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Occupancy {
    /// (sender, nonce) has an entry.
    ///
    /// `false` is conclusive only for a message whose entry would live until `mark_ms` or later; an
    /// older entry may have been forgotten by now.
    pub seen: bool,
    /// How many entries this sender has; no other sender's entries count.
    pub held: u64,
    /// How many of them were admitted in the sliding window that ends now: `admitted_at > now -
    /// period`.
    ///
    /// An admission by a replica whose reading was a little later counts too.
    pub recent: u64,
    /// The high-water mark, in milliseconds: every entry forgotten so far was dead at this reading.
    ///
    /// Judge freshness at the later of this and [`Claim::now_ms`]. A process that was suspended
    /// between its reading and this step would otherwise admit, as fresh, a message whose entry
    /// another replica has meanwhile, and rightly, forgotten.
    pub mark_ms: u64,
}

/// One admitted message; ordered by sender, then nonce.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// The authenticated sender.
    pub sender: String,
    /// The nonce of the message, 16 bytes.
    pub nonce: [u8; 16],
    /// The last reading, in milliseconds, at which the entry is still alive.
    pub keep_until_ms: u64,
    /// The reading at which the message was admitted, in milliseconds.
    pub admitted_at_ms: u64,
}

/// Remembers admitted messages for as long as they could be replayed, and the latest time known.
///
/// An operation that fails has changed nothing, save that a disk which failed at the commit itself
/// may hold an entry that was never confirmed: it refuses a message and admits none. Every operation
/// fails with [`StoreError::Time`] when a time is beyond [`TIME_MAX_MS`].
pub trait ReplayStore {
    /// Checks and inserts in one atomic step.
    ///
    /// Reads the occupancy, asks `decide` once, and inserts an entry kept until
    /// `Some(keep_until_ms)`, or nothing. Concurrent callers, threads and processes alike, are
    /// serialised: `decide` runs while the store is locked, so it must neither block nor use the
    /// store. Where the store is durable, the entry is when this returns.
    ///
    /// An entry that exists keeps the later of both its times and counts once. Only a weakened rule
    /// book insists on a nonce that was seen.
    fn admit(
        &mut self,
        claim: &Claim<'_>,
        decide: &mut dyn FnMut(&Occupancy) -> Option<u64>,
    ) -> Result<(), StoreError>;

    /// Forgets the entries whose `keep_until_ms < now_ms`, never a live one; returns how many.
    ///
    /// Raises the mark to `now_ms` in the same step, so that no later reading finds a forgotten
    /// entry alive.
    fn sweep(&mut self, now_ms: u64) -> Result<u64, StoreError>;

    /// Forgets one entry if its `keep_until_ms < now_ms`, and raises the mark as a sweep does; returns
    /// whether there was one. A replay takes a sweep apart with it.
    fn forget(&mut self, sender: &str, nonce: [u8; 16], now_ms: u64) -> Result<bool, StoreError>;

    /// Turns a reading of the host's clock into a monotonic one, in milliseconds.
    ///
    /// Raises the high-water mark to `wall_ms` and returns the mark, which is never below an
    /// earlier answer: a clock that steps back accepts nothing that was stale. Where the store is
    /// durable the mark is, so this holds across restarts.
    ///
    /// A forward jump is not limited, because a host may rightly have been off for a year and only
    /// its operator can tell. It fails closed: after a reading of the year 9999 everything is
    /// stale. A gap between the answer and `wall_ms` shows it and deserves an alarm. To recover,
    /// set the clock, wait for the freshness window and twice the skew, and start with an empty
    /// store: by then all that was ever admitted is stale (where senders' clocks ran ahead too,
    /// rotate their keys). No message can cause this: only the host's own clock may be passed.
    fn advance(&mut self, wall_ms: u64) -> Result<u64, StoreError>;

    /// Every entry, sorted; for projections and tests.
    fn entries(&self) -> Result<Vec<Entry>, StoreError>;
}

/// Refuses a time that a durable store could not hold, so that all stores give the same answers.
const fn in_range(time_ms: u64) -> Result<u64, StoreError> {
    if time_ms > TIME_MAX_MS {
        Err(StoreError::Time { time_ms })
    } else {
        Ok(time_ms)
    }
}

impl ReplayStore for Box<dyn ReplayStore> {
    fn admit(
        &mut self,
        claim: &Claim<'_>,
        decide: &mut dyn FnMut(&Occupancy) -> Option<u64>,
    ) -> Result<(), StoreError> {
        (**self).admit(claim, decide)
    }

    fn sweep(&mut self, now_ms: u64) -> Result<u64, StoreError> {
        (**self).sweep(now_ms)
    }

    fn forget(&mut self, sender: &str, nonce: [u8; 16], now_ms: u64) -> Result<bool, StoreError> {
        (**self).forget(sender, nonce, now_ms)
    }

    fn advance(&mut self, wall_ms: u64) -> Result<u64, StoreError> {
        (**self).advance(wall_ms)
    }

    fn entries(&self) -> Result<Vec<Entry>, StoreError> {
        (**self).entries()
    }
}
