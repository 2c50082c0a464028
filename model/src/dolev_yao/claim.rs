//! Claims: what a run may rely on once it commits itself, and whether that is so.
//!
//! Authentication is graded as Lowe does (<https://doi.org/10.1109/CSFW.1997.596782>): aliveness, weak
//! agreement, non-injective and injective agreement.

use super::run::{Deeds, Said};
use super::term::Term;

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

/// A commitment of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Commitment {
    /// At which point.
    pub point: u8,
    /// To whom.
    pub peer: Term,
    /// On what.
    pub data: Term,
    /// What nobody else should know.
    pub secret: Term,
}

impl Commitment {
    /// Whether there is something that nobody else should know.
    pub(super) fn has_secret(&self) -> bool {
        self.secret != Term::NONE
    }
}

impl Deeds {
    /// Its commitments, from the `first` thing that it said on.
    pub fn commitments(&self, first: usize) -> impl Iterator<Item = Commitment> + '_ {
        self.said.iter().skip(first).filter_map(|said| match *said {
            Said::Commit {
                point,
                peer,
                data,
                secret,
            } => Some(Commitment {
                point,
                peer,
                data,
                secret,
            }),
            Said::Running { .. } | Said::Claim { .. } | Said::Hidden { .. } => None,
        })
    }

    /// Whether it did anything at all.
    fn began(&self) -> bool {
        !self.sent.is_empty() || !self.said.is_empty()
    }

    /// Whether it says that it is with `peer`.
    fn names(&self, peer: Term) -> bool {
        self.said.iter().any(|said| match said {
            Said::Running { peer: named, .. } | Said::Commit { peer: named, .. } => *named == peer,
            Said::Claim { .. } | Said::Hidden { .. } => false,
        })
    }

    /// Whether it says that it is on `data`, and not with anybody else than `peer`.
    fn runs_on(&self, peer: Term, data: Term) -> bool {
        self.said.iter().any(|said| match said {
            Said::Running {
                peer: named,
                data: on,
            } => *on == data && (*named == peer || *named == Term::NONE),
            Said::Commit { .. } | Said::Claim { .. } | Said::Hidden { .. } => false,
        })
    }

    /// Its own claims, from the `first` thing that it said on: premises and violations.
    pub(super) fn claims(&self, first: usize) -> (u64, u64) {
        let claims = self.said.iter().skip(first);
        claims.fold((0, 0), |(premises, violations), said| match *said {
            Said::Claim { bit, holds: true } => (premises | bit, violations),
            Said::Claim { bit, holds: false } => (premises | bit, violations | bit),
            Said::Running { .. } | Said::Commit { .. } | Said::Hidden { .. } => {
                (premises, violations)
            }
        })
    }
}

/// The levels of authentication that `commitment` of the run in `slot` does not have, as bits.
pub(super) fn unauthenticated(all: &[&Deeds], slot: usize, commitment: &Commitment) -> u64 {
    let Some(own) = all.get(slot) else {
        return 0;
    };
    let others = || {
        all.iter()
            .enumerate()
            .filter(|(place, other)| *place != slot && other.me == commitment.peer)
            .map(|(_, other)| *other)
    };
    let agrees = |other: &&Deeds| {
        other.run.participant.role != own.run.participant.role
            && other.runs_on(own.me, commitment.data)
    };
    let alike = |run: &&&Deeds| {
        run.me == own.me
            && run.run.participant.role == own.run.participant.role
            && run.commitments(0).any(|it| {
                (it.point, it.peer, it.data) == (commitment.point, commitment.peer, commitment.data)
            })
    };
    let partners = others().filter(agrees).count();
    let has = [
        (Level::Alive, others().any(Deeds::began)),
        (Level::Mutual, others().any(|other| other.names(own.me))),
        (Level::Agreed, partners > 0),
        (
            Level::Injective,
            all.iter().filter(alike).count() <= partners,
        ),
        (
            Level::Confirmed,
            others().any(|other| {
                other
                    .commitments(0)
                    .any(|it| it.peer == own.me && it.data == commitment.data)
            }),
        ),
    ];
    has.iter()
        .filter(|(_, holds)| !holds)
        .fold(0, |bits, (level, _)| bits | level.bit(commitment.point))
}

/// The bits of every level of authentication at `point`.
pub(super) fn authentication(point: u8) -> u64 {
    [
        Level::Alive,
        Level::Mutual,
        Level::Agreed,
        Level::Injective,
        Level::Confirmed,
    ]
    .iter()
    .fold(0, |bits, level| bits | level.bit(point))
}

#[cfg(test)]
mod tests;
