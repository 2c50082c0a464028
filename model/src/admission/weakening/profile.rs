//! Named sets of weakenings.

use super::{Ruleset, Weakening};

/// A named set of weakenings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Profile {
    /// The stable name.
    pub name: &'static str,
    /// What it stands for.
    pub summary: &'static str,
    /// Its weakenings, by name.
    pub weakenings: &'static [&'static str],
}

impl Profile {
    /// Every profile; the first is the default.
    pub const TABLE: &[Self] = &[
        Self {
            name: "hardened",
            summary: "every guard enforced, every mechanism sound",
            weakenings: &[],
        },
        Self {
            name: "listing",
            summary: "the sign, verify and is_replay listings of a published article, as written",
            weakenings: &[
                "evicts-oldest",
                "inserts-before-authentication",
                "without-not-from-future",
                "admits-not-a-number",
                "keyed-by-nonce-alone",
                "forgets-on-restart",
                "store-per-replica",
                "checks-then-inserts",
                "nonce-from-clock",
                "nonce-outside-signature",
                "follows-wall-clock",
                "without-key-of-sender",
                "without-recipient-is-me",
                "acts-on-inner-sender",
                "type-outside-signature",
                "other-canonical-form",
                "last-key-wins",
                "without-text-canonical",
                "without-schema-valid",
                "parses-twice",
                "without-sender-active",
                "without-key-current",
                "without-key-not-revoked",
                "without-not-self-addressed",
                "without-session-known",
                "without-not-expired",
                "without-size-bounded",
                "without-rate-within",
            ],
        },
    ];

    /// The profile with this name.
    pub fn of_name(name: &str) -> Option<&'static Self> {
        Self::TABLE.iter().find(|profile| profile.name == name)
    }

    /// The rules that the profile stands for.
    pub fn rules(&self) -> Ruleset {
        self.weakenings
            .iter()
            .filter_map(|name| Weakening::of_name(name))
            .fold(Ruleset::HARDENED, Ruleset::dangerously_with)
    }
}
