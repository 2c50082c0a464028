//! The decision, against the seven flaws of rule evaluation and against a specification by words.

use super::{Decision, Tier, Tiers};
use crate::bus::Bus;
use crate::rulebook::{Ruleset, Weakening};

const UNLISTED: Tier<bool> = Tier {
    listed: false,
    names_some: false,
    allows: false,
    holds: false,
    denies: false,
    allows_first: false,
};
const EMPTY: Tier<bool> = Tier {
    listed: true,
    ..UNLISTED
};
const OTHER_TYPE: Tier<bool> = Tier {
    names_some: true,
    ..EMPTY
};
const ALLOW: Tier<bool> = Tier {
    allows: true,
    allows_first: true,
    ..OTHER_TYPE
};
const HOLD: Tier<bool> = Tier {
    holds: true,
    ..OTHER_TYPE
};
const DENY: Tier<bool> = Tier {
    denies: true,
    ..OTHER_TYPE
};
/// Allowed first in the file, then denied.
const BOTH: Tier<bool> = Tier {
    allows: true,
    allows_first: true,
    ..DENY
};
const ALL: [Tier<bool>; 7] = [UNLISTED, EMPTY, OTHER_TYPE, ALLOW, HOLD, DENY, BOTH];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Answer {
    Denied,
    Held,
    Allowed,
}
use Answer::{Allowed, Denied, Held};

fn answer(decision: Decision<bool>) -> Answer {
    match decision {
        Decision { denied: true, .. } | Decision { granted: false, .. } => Denied,
        Decision { held: true, .. } => Held,
        Decision { .. } => Allowed,
    }
}

fn decided(tiers: [Tier<bool>; 4], recipient_first: bool, rules: Ruleset<Bus>) -> Answer {
    let tiers = Tiers {
        tiers,
        recipient_first,
    };
    answer(tiers.decide(rules))
}

#[test]
fn a_decision_is_what_the_specification_says_in_words() {
    for first in ALL {
        for second in ALL {
            for third in ALL {
                for fourth in ALL {
                    let tiers = [first, second, third, fourth];
                    let deciding = tiers.iter().find(|tier| tier.listed);
                    let expected = if tiers.iter().any(|tier| tier.denies) {
                        Denied
                    } else {
                        match deciding {
                            None => Denied,
                            Some(tier) if !tier.allows && !tier.holds => Denied,
                            Some(_) if tiers.iter().any(|tier| tier.holds) => Held,
                            Some(_) => Allowed,
                        }
                    };
                    for recipient_first in [false, true] {
                        let rules = Ruleset::HARDENED;
                        assert_eq!(
                            decided(tiers, recipient_first, rules),
                            expected,
                            "{tiers:?}"
                        );
                    }
                }
            }
        }
    }
}

#[test]
fn each_flaw_lets_through_what_the_rules_do_not() {
    let none = UNLISTED;
    for (name, tiers, recipient_first, hardened, weakened) in [
        (
            "empty-list-ignored",
            [EMPTY, ALLOW, none, none],
            false,
            Denied,
            Allowed,
        ),
        (
            "shadows-by-type",
            [OTHER_TYPE, ALLOW, none, none],
            false,
            Denied,
            Allowed,
        ),
        (
            "deciding-tier-alone",
            [ALLOW, none, DENY, none],
            false,
            Denied,
            Allowed,
        ),
        (
            "deciding-tier-alone",
            [ALLOW, none, HOLD, none],
            false,
            Held,
            Allowed,
        ),
        (
            "first-rule-wins",
            [BOTH, none, none, none],
            false,
            Denied,
            Allowed,
        ),
        (
            "wildcards-in-file-order",
            [none, EMPTY, ALLOW, none],
            true,
            Denied,
            Allowed,
        ),
    ] {
        let row = Weakening::<Bus>::of_name(name).unwrap_or_else(|| panic!("no row {name}"));
        assert_eq!(
            decided(tiers, recipient_first, Ruleset::HARDENED),
            hardened,
            "{name}"
        );
        assert_eq!(
            decided(tiers, recipient_first, row.rules()),
            weakened,
            "{name}"
        );
    }
}
