//! Reveals: secrets that the attacker is given, to see what still holds without them.
//!
//! Whose they are is told from the run whose commitments are watched. The attacker has them as soon as
//! there are any: it never gains by waiting.

/// A kind of secret that the attacker can be given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reveal {
    /// The long-term secret of the one who runs the run that is watched.
    OwnLongTerm,
    /// The long-term secret of its peer; of everybody else where it waits for anybody.
    PeerLongTerm,
    /// The exponent that it drew.
    OwnEphemeral,
    /// The exponents that other runs drew.
    OtherEphemeral,
    /// The secrets that other runs committed themselves to.
    OtherSession,
    /// The keys that every run seals and opens with: both ends of a run have the same, so that it makes no
    /// difference of whom they are. What is computed only to refuse a message is none of them.
    SealingKeys,
}

impl Reveal {
    /// Every kind.
    pub const ALL: [Self; 6] = [
        Self::OwnLongTerm,
        Self::PeerLongTerm,
        Self::OwnEphemeral,
        Self::OtherEphemeral,
        Self::OtherSession,
        Self::SealingKeys,
    ];

    /// The stable name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::OwnLongTerm => "own-long-term",
            Self::PeerLongTerm => "peer-long-term",
            Self::OwnEphemeral => "own-ephemeral",
            Self::OtherEphemeral => "other-ephemeral",
            Self::OtherSession => "other-session",
            Self::SealingKeys => "sealing-keys",
        }
    }

    /// The kind with this name.
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reveal| reveal.name() == name)
    }
}

/// A set of kinds of secrets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Reveals(u8);

impl Reveals {
    /// Nothing.
    pub const NONE: Self = Self(0);

    /// These and one more.
    #[must_use]
    pub const fn with(self, reveal: Reveal) -> Self {
        Self(self.0 | 1 << reveal as u8)
    }

    /// Whether this kind is among them.
    pub const fn has(self, reveal: Reveal) -> bool {
        self.0 & (1 << reveal as u8) != 0
    }

    /// Whether all of `others` are among them.
    pub const fn include(self, others: Self) -> bool {
        self.0 & others.0 == others.0
    }

    /// Every set there is, smaller ones first.
    pub fn every() -> Vec<Self> {
        let mut all: Vec<Self> = (0..1 << Reveal::ALL.len()).map(Self).collect();
        all.sort_by_key(|set| (set.0.count_ones(), set.0));
        all
    }

    /// The kinds in it.
    pub fn iter(self) -> impl Iterator<Item = Reveal> {
        Reveal::ALL
            .into_iter()
            .filter(move |reveal| self.has(*reveal))
    }

    /// Whether the attacker is given what the run in `slot` drew, and what it committed to. The run
    /// that is watched is in the first slot.
    pub(super) const fn of_run(self, slot: usize) -> (bool, bool) {
        if slot == 0 {
            (self.has(Reveal::OwnEphemeral), false)
        } else {
            (
                self.has(Reveal::OtherEphemeral),
                self.has(Reveal::OtherSession),
            )
        }
    }
}

impl FromIterator<Reveal> for Reveals {
    fn from_iter<I: IntoIterator<Item = Reveal>>(reveals: I) -> Self {
        reveals.into_iter().fold(Self::NONE, Self::with)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{Reveal, Reveals};

    #[test]
    fn every_set_is_there_once_and_smaller_ones_come_first() {
        let every = Reveals::every();
        let different: BTreeSet<_> = every.iter().copied().collect();
        assert_eq!((every.len(), different.len()), (64, 64));
        assert!(every.is_sorted_by_key(|set| set.iter().count()));
        for set in every {
            assert_eq!(set.iter().collect::<Reveals>(), set);
        }
    }

    #[test]
    fn a_set_includes_its_parts_and_a_part_no_more_than_itself() {
        let whole: Reveals = Reveal::ALL.into_iter().collect();
        for reveal in Reveal::ALL {
            let one = Reveals::NONE.with(reveal);
            assert!(one.has(reveal) && whole.include(one) && one.include(Reveals::NONE));
            assert!(!one.include(whole));
            assert_eq!(one.iter().collect::<Vec<_>>(), [reveal]);
        }
    }

    #[test]
    fn a_kind_is_found_under_its_name_alone() {
        for reveal in Reveal::ALL {
            assert_eq!(Reveal::of_name(reveal.name()), Some(reveal));
        }
        assert_eq!(Reveal::of_name("everything"), None);
    }
}
