//! Claims: what a run relies on once it commits itself, and whether that is so.

use super::level::Level;
use super::run::{Deeds, Said};
use super::term::Term;

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
