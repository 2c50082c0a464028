//! The profiles: what admission is as it should be, and as a published article has it.

use crate::admission::Admission;
use crate::rulebook::Profile;

/// Every profile; the first is the default.
pub(in crate::admission) const PROFILES: &[Profile<Admission>] = &[
    Profile::new(
        "hardened",
        "every guard enforced, every mechanism sound",
        &[],
    ),
    Profile::new(
        "listing",
        "the sign, verify and is_replay listings of a published article, as written",
        &[
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
    ),
];
