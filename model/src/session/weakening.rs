//! The weakenings of the session: every guard off, then every flawed mechanism.
//!
//! Two flaws that one might expect are missing, because they break nothing: an epoch or a session
//! outside the additional data only. Both choose the key, so a record presented with another does not
//! open. Likewise a number outside the additional data as long as it is the nonce.

use self::Mechanism as M;
use super::Session;
use super::guard::GuardId as G;
use super::promise::InvariantId as I;
use super::scope::Scope;
use crate::rulebook::{Change, Weakening, mechanisms};

mechanisms! {
    /// One key and IV serve both ways, and nothing that is authenticated says which way.
    OneKeyBothWays, "one-key-both-ways";
    /// Sessions of one pair of principals have the same keys, and nothing that is authenticated says
    /// which session.
    OneKeyForAllSessions, "one-key-for-all-sessions";
    /// The nonce travels with the record, and the number is not authenticated.
    SequenceOutsideAad, "sequence-outside-aad";
    /// The header is not authenticated.
    HeaderOutsideAad, "header-outside-aad";
    /// The nonce is the IV, whatever the number.
    StaticNonce, "static-nonce";
    /// After a reconnection an end goes on with the keys of the session and counts from zero.
    SequenceRestarts, "sequence-restarts";
    /// After a reconnection an end goes on with the keys of the session and an empty window.
    WindowRestarts, "window-restarts";
    /// A number is marked before the record is opened.
    MarksBeforeOpening, "marks-before-opening";
    /// An end follows a record to the next epoch before it is opened.
    RatchetsBeforeOpening, "ratchets-before-opening";
    /// The window ends at the number accepted last, not at the highest.
    WindowSlidesBack, "window-slides-back";
    /// Of the numbers accepted only the highest is remembered, and all below it count as seen.
    HighestOnly, "highest-only";
    /// A key is used for as long as the session lasts.
    NeverRatchets, "never-ratchets";
    /// The key of each epoch is derived from the session's secret, which is kept.
    KeysFromSecret, "keys-from-secret";
    /// The keys of earlier epochs are kept, for records that come late.
    KeepsOldKeys, "keeps-old-keys";
}

/// What a search needs in order to see a weakening.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Need {
    /// Records on the network.
    pub records: u8,
}

/// The table.
#[rustfmt::skip]
pub(super) const ROWS: &[Weakening<Session>] = &[
    //      guard off             breaks         flaws     lesson
    without(G::SessionKnown,      I::Timely,     &[31],    "a session that is over still accepts"),
    without(G::SessionAlive,      I::Timely,     &[31, 33], "a session lives for ever"),
    without(G::PeerEntitled,      I::Entitled,   &[33],    "a revoked agent's session is still accepted"),
    without(G::EpochCurrent,      I::Bounded,    &[],      "anybody has an end derive as many keys as it likes"),
    without(G::SequenceInWindow,  I::Once,       &[31],    "what the window has forgotten is new again").records(3),
    without(G::SequenceUnseen,    I::Once,       &[31],    "a record is accepted as often as it is sent"),
    without(G::RecordOpens,       I::Authentic,  &[31],    "junk is a record"),
    without(G::PlaintextSchema,   I::Schema,     &[22],    "whatever opens is acted upon"),
    //   mechanism                   breaks          flaws     lesson
    with(M::OneKeyBothWays,          I::Authentic,   &[30],    "an end takes its own record for its peer's"),
    with(M::OneKeyForAllSessions,    I::Authentic,   &[29],    "a record of one session opens in another"),
    with(M::SequenceOutsideAad,      I::Once,        &[12, 31], "a record comes again under another number"),
    with(M::HeaderOutsideAad,        I::Authentic,   &[31],    "a payload is presented under another header"),
    with(M::StaticNonce,             I::Unique,      &[31],    "two records under one key and nonce give both away"),
    with(M::SequenceRestarts,        I::Unique,      &[31],    "a resumed end repeats its nonces"),
    with(M::WindowRestarts,          I::Once,        &[31],    "a resumed end accepts everything once more"),
    with(M::MarksBeforeOpening,      I::Live,        &[],      "junk uses up the numbers of honest records"),
    with(M::RatchetsBeforeOpening,   I::Live,        &[],      "junk moves an end to an epoch where nobody is"),
    with(M::WindowSlidesBack,        I::Once,        &[31],    "an old record opens the way for newer ones to come again").records(3),
    with(M::HighestOnly,             I::Live,        &[],      "whoever overtakes on the way shuts others out"),
    with(M::NeverRatchets,           I::Renewed,     &[33],    "one key for as long as the session lasts"),
    with(M::KeysFromSecret,          I::Forward,     &[29, 33], "whoever gets the secret reads all that was ever said"),
    with(M::KeepsOldKeys,            I::Forward,     &[33],    "whoever gets an end's keys gets the old ones too").dropping(&[G::EpochCurrent]),
];

const fn row(name: &'static str, change: Change<Session>, breaks: I) -> Weakening<Session> {
    Weakening {
        name,
        change,
        breaks,
        needs: Need { records: 2 },
        flaws: &[],
        lesson: "",
    }
}

const fn without(
    guard: G,
    breaks: I,
    flaws: &'static [u8],
    lesson: &'static str,
) -> Weakening<Session> {
    Weakening {
        flaws,
        lesson,
        ..row(guard.weakening_name(), Change::Without(guard), breaks)
    }
}

const fn with(
    mechanism: Mechanism,
    breaks: I,
    flaws: &'static [u8],
    lesson: &'static str,
) -> Weakening<Session> {
    let change = Change::With(mechanism, &[]);
    Weakening {
        flaws,
        lesson,
        ..row(mechanism.weakening_name(), change, breaks)
    }
}

impl Weakening<Session> {
    const fn dropping(mut self, guards: &'static [G]) -> Self {
        if let Change::With(mechanism, _) = self.change {
            self.change = Change::With(mechanism, guards);
        }
        self
    }

    const fn records(mut self, records: u8) -> Self {
        self.needs = Need { records };
        self
    }

    /// The scope in which a search sees it: `base`, with as much as it needs.
    #[must_use]
    pub fn scope(&self, base: Scope) -> Scope {
        Scope {
            records: base.records.max(self.needs.records),
            ..base
        }
    }
}

#[cfg(test)]
mod tests {
    use std::hash::BuildHasher as _;

    use rustc_hash::FxBuildHasher;

    use super::{G, I, M};
    use crate::rulebook::{Book as _, Change, Row as _, Ruleset, Weakening};
    use crate::session::Session;

    #[test]
    fn every_guard_and_every_mechanism_has_its_row_in_order() {
        let guards = G::ALL.iter().map(|guard| guard.weakening_name());
        let mechanisms = M::ALL.iter().map(|mechanism| mechanism.weakening_name());
        let expected: Vec<&str> = guards.chain(mechanisms).collect();
        let names: Vec<&str> = Session::WEAKENINGS.iter().map(|row| row.name).collect();
        assert_eq!(names, expected);
    }

    #[test]
    fn a_guard_off_breaks_what_the_guard_protects() {
        for (row, guard) in Session::WEAKENINGS
            .iter()
            .zip(super::super::guard::table::<crate::domain::Concrete>())
        {
            assert_eq!(row.breaks, guard.protects, "{}", row.name);
        }
    }

    #[test]
    fn every_invariant_is_broken_by_some_weakening() {
        for id in I::ALL {
            assert!(
                Session::WEAKENINGS.iter().any(|row| row.breaks == *id),
                "{}",
                id.name()
            );
        }
    }

    #[test]
    fn rules_are_the_same_if_their_weakenings_are_and_only_then() {
        let hash = |rules: Ruleset<Session>| FxBuildHasher.hash_one(rules);
        for row in Session::WEAKENINGS {
            let rules = row.rules();
            assert_eq!(rules.dangerously_with(row), rules, "{}", row.name);
            assert_ne!(rules, Ruleset::HARDENED, "{}", row.name);
            assert_eq!(hash(rules), hash(row.rules()), "{}", row.name);
            for other in Session::WEAKENINGS {
                let same = other.name == row.name;
                assert_eq!(other.rules() == rules, same, "{}", row.name);
                assert_eq!(hash(other.rules()) == hash(rules), same, "{}", row.name);
            }
        }
    }

    #[test]
    fn a_weakening_changes_what_it_says_and_nothing_else() {
        for row in Session::WEAKENINGS {
            assert_eq!(
                Weakening::<Session>::of_name(row.name).map(|row| row.name),
                Some(row.name)
            );
            let rules: Ruleset<Session> = row.rules();
            let (off, flawed) = match row.change {
                Change::Without(guard) => (vec![guard], None),
                Change::With(mechanism, guards) => (guards.to_vec(), Some(mechanism)),
            };
            for guard in G::ALL {
                assert_eq!(rules.enforces(*guard), !off.contains(guard), "{}", row.name);
            }
            for mechanism in M::ALL {
                assert_eq!(
                    rules.has(*mechanism),
                    flawed == Some(*mechanism),
                    "{}",
                    row.name
                );
            }
        }
    }
}
