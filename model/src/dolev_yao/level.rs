//! The levels of what a run may rely on once it commits itself, as bits of a mark.
//!
//! Authentication is graded as Lowe does (<https://doi.org/10.1109/CSFW.1997.596782>): aliveness, weak
//! agreement, non-injective and injective agreement.

/// What a commitment can rely on, as bits of a mark; a protocol may add its own from [`Level::OWN`] on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// The peer took part in a run.
    Alive,
    /// In one with the committed one as its peer.
    Mutual,
    /// In one in another role, on the same data.
    Agreed,
    /// And not more commitments than such runs.
    Injective,
    /// And the peer committed itself too.
    Confirmed,
    /// The secret is unknown to the attacker.
    Secret,
    /// It stays so when all long-term secrets are lost afterwards.
    Forward,
    /// It does not follow from the messages alone, whoever the peer is.
    Private,
    /// A peer that is the attacker has the secret that it made somebody commit to.
    Possessed,
    /// What should stay between the two is unknown to the attacker.
    Concealed,
    /// Whoever commits to the secret does so for the same two principals: no key share is unknown.
    // The last bit of a mark: a protocol's own lie in between.
    Exclusive = 15,
}

/// Bits of a mark for each point of commitment.
pub const BITS: u32 = 16;
/// The most points of commitment.
pub const POINTS_MAX: usize = 4;

impl Level {
    /// Every level.
    pub const ALL: [Self; 11] = [
        Self::Alive,
        Self::Mutual,
        Self::Agreed,
        Self::Injective,
        Self::Confirmed,
        Self::Secret,
        Self::Forward,
        Self::Private,
        Self::Possessed,
        Self::Concealed,
        Self::Exclusive,
    ];
    /// The first bit that is a protocol's own; the last of a mark is not.
    pub const OWN: u32 = 10;

    /// Its bit in the mark of `point`.
    pub const fn bit(self, point: u8) -> u64 {
        bit(self as u32, point)
    }
}

/// The `level`-th bit in the mark of `point`.
pub const fn bit(level: u32, point: u8) -> u64 {
    // Otherwise it would be that of another point.
    debug_assert!(level < BITS && (point as usize) < POINTS_MAX);
    1 << (point as u32 * BITS + level)
}
