//! The weakenings: every known way to get admission wrong, each a named row.
//!
//! A weakening switches guards off, or puts a flawed mechanism in the place of the right one. The
//! checker must break the named invariant by itself; the replay confirms it on real code. A
//! [`Ruleset`] is hardened unless it says, dangerously, otherwise.

use super::guard::GuardId;
use super::invariant::InvariantId;
use super::scope::Scope;

/// A flawed mechanism, in the place of the right one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mechanism {
    /// The replay store evicts its oldest entry when it is full.
    EvictsOldest,
    /// The replay store remembers a nonce before the signature is verified.
    InsertsBeforeAuthentication,
    /// The rate of the claimed sender is counted before the signature is verified.
    CountsBeforeAuthentication,
    /// A timestamp that is not a number passes, and every comparison with it is false.
    AdmitsNotANumber,
    /// The replay store is keyed by the nonce alone.
    KeyedByNonceAlone,
    /// The replay store is empty after a restart.
    ForgetsOnRestart,
    /// Each replica has a replay store of its own.
    StorePerReplica,
    /// Looking a nonce up and inserting it are two steps.
    ChecksThenInserts,
    /// Senders derive the nonce from their clock.
    NonceFromClock,
    /// The nonce that is looked up is not covered by the signature.
    NonceOutsideSignature,
    /// The receiver follows its wall clock when that steps back.
    FollowsWallClock,
    /// The key comes with the message.
    KeyFromMessage,
    /// The receiver attributes the message to the sender that the payload names.
    ActsOnInnerSender,
    /// The type is not covered by the signature.
    TypeOutsideSignature,
    /// The signature is verified over a canonical form other than RFC 8785.
    OtherCanonicalForm,
    /// Of a key that occurs twice the last value counts, as in most JSON readers.
    LastKeyWins,
    /// One reading of the text is checked and another acted upon.
    ParsesTwice,
    /// The recipient is not covered by the signature.
    RecipientOutsideSignature,
    /// An entry's lifetime counts from its receipt, not from the message's own time.
    LifetimeFromReceipt,
}

/// What a weakening changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// A guard is not enforced.
    Without(GuardId),
    /// A mechanism is flawed; the guards listed cannot be enforced with it.
    With(Mechanism, &'static [GuardId]),
}

/// A row of the weakening table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Weakening {
    /// The stable name.
    pub name: &'static str,
    /// What it changes.
    pub change: Change,
    /// The invariant that it breaks.
    pub breaks: InvariantId,
    /// How many messages and nonces a search needs to see it.
    pub messages: u8,
    /// The rate at which a search can see it.
    pub rate: u8,
    /// The rows of the catalogue of flaws that it stands for.
    pub flaws: &'static [u8],
    /// Where it was seen, or what it amounts to.
    pub lesson: &'static str,
}

const fn without(
    guard: GuardId,
    breaks: InvariantId,
    flaws: &'static [u8],
    lesson: &'static str,
) -> Weakening {
    let name = match guard {
        GuardId::SizeBounded => "without-size-bounded",
        GuardId::WellFormed => "without-well-formed",
        GuardId::TextCanonical => "without-text-canonical",
        GuardId::VersionSupported => "without-version-supported",
        GuardId::SchemaValid => "without-schema-valid",
        GuardId::SenderActive => "without-sender-active",
        GuardId::KeyOfSender => "without-key-of-sender",
        GuardId::KeyCurrent => "without-key-current",
        GuardId::KeyNotRevoked => "without-key-not-revoked",
        GuardId::SignatureValid => "without-signature-valid",
        GuardId::RecipientIsMe => "without-recipient-is-me",
        GuardId::NotSelfAddressed => "without-not-self-addressed",
        GuardId::NotStale => "without-not-stale",
        GuardId::NotFromFuture => "without-not-from-future",
        GuardId::NotExpired => "without-not-expired",
        GuardId::NonceFresh => "without-nonce-fresh",
        GuardId::ShareLeft => "without-share-left",
        GuardId::RateWithin => "without-rate-within",
    };
    Weakening {
        name,
        change: Change::Without(guard),
        breaks,
        messages: 2,
        rate: 2,
        flaws,
        lesson,
    }
}

const fn with(
    name: &'static str,
    mechanism: Mechanism,
    breaks: InvariantId,
    flaws: &'static [u8],
    lesson: &'static str,
) -> Weakening {
    Weakening {
        name,
        change: Change::With(mechanism, &[]),
        breaks,
        messages: 2,
        rate: 2,
        flaws,
        lesson,
    }
}

impl Weakening {
    const fn needing(mut self, messages: u8) -> Self {
        self.messages = messages;
        self
    }

    const fn at_rate(mut self, rate: u8) -> Self {
        self.rate = rate;
        self
    }

    const fn dropping(mut self, guards: &'static [GuardId]) -> Self {
        if let Change::With(mechanism, _) = self.change {
            self.change = Change::With(mechanism, guards);
        }
        self
    }

    /// The table: every guard off, then every flawed mechanism.
    pub const TABLE: &[Self] = {
        use GuardId as G;
        use InvariantId as I;
        use Mechanism as M;
        &[
            without(
                G::SizeBounded,
                I::Bounded,
                &[51],
                "anything is parsed, however long",
            ),
            without(
                G::WellFormed,
                I::Canonical,
                &[21],
                "2^53 and 2^53 + 1: one number to some readers, two to others",
            ),
            without(
                G::TextCanonical,
                I::Canonical,
                &[21],
                "re-serialised before verifying: -0 and 0, 1 and 1.0",
            ),
            without(
                G::VersionSupported,
                I::Schema,
                &[26],
                "a version nobody here speaks is acted upon",
            ),
            without(
                G::SchemaValid,
                I::Schema,
                &[22],
                "a schema check that does not check",
            ),
            without(
                G::SenderActive,
                I::Bound,
                &[],
                "a retired or dead agent still speaks",
            ),
            without(
                G::KeyOfSender,
                I::Bound,
                &[14],
                "any listed key signs for anybody",
            ),
            without(G::KeyCurrent, I::Bound, &[], "a key outlives its rotation"),
            without(
                G::KeyNotRevoked,
                I::Bound,
                &[],
                "a revoked key still speaks",
            ),
            without(
                G::SignatureValid,
                I::Authentic,
                &[34],
                "`from` is a parameter",
            ),
            without(
                G::RecipientIsMe,
                I::Audience,
                &[16],
                "a message is forwarded to somebody else",
            ),
            without(
                G::NotSelfAddressed,
                I::Audience,
                &[50],
                "an agent takes orders from itself",
            ),
            without(
                G::NotStale,
                I::Once,
                &[],
                "a nonce is forgotten before its message is stale",
            ),
            without(
                G::NotFromFuture,
                I::Bounded,
                &[4],
                "a timestamp far ahead holds its entry as long",
            ),
            without(
                G::NotExpired,
                I::Timely,
                &[],
                "a message outlives its sender's interest",
            ),
            without(G::NonceFresh, I::Once, &[], "no replay protection"),
            without(
                G::ShareLeft,
                I::Bounded,
                &[],
                "one sender fills the replay store",
            )
            .needing(3),
            without(G::RateWithin, I::Bounded, &[], "one sender floods").at_rate(1),
            with(
                "evicts-oldest",
                M::EvictsOldest,
                I::Once,
                &[1, 2],
                "the nonce cache is a FIFO and can be flushed",
            )
            .dropping(&[G::ShareLeft]),
            with(
                "inserts-before-authentication",
                M::InsertsBeforeAuthentication,
                I::Live,
                &[3],
                "junk burns an honest nonce",
            ),
            with(
                "counts-before-authentication",
                M::CountsBeforeAuthentication,
                I::Live,
                &[49],
                "junk uses up an honest sender's rate",
            )
            .at_rate(1),
            with(
                "admits-not-a-number",
                M::AdmitsNotANumber,
                I::Once,
                &[5],
                "NaN is never stale, and never remembered",
            )
            .dropping(&[G::WellFormed]),
            with(
                "keyed-by-nonce-alone",
                M::KeyedByNonceAlone,
                I::Live,
                &[6],
                "an insider burns an honest nonce",
            ),
            with(
                "forgets-on-restart",
                M::ForgetsOnRestart,
                I::Once,
                &[7],
                "the nonce cache is volatile",
            ),
            with(
                "store-per-replica",
                M::StorePerReplica,
                I::Once,
                &[7],
                "the nonce cache is per process",
            ),
            with(
                "checks-then-inserts",
                M::ChecksThenInserts,
                I::Once,
                &[8],
                "two copies at once both pass",
            ),
            with(
                "nonce-from-clock",
                M::NonceFromClock,
                I::Live,
                &[9],
                "two messages in one clock step share a nonce",
            ),
            with(
                "nonce-outside-signature",
                M::NonceOutsideSignature,
                I::Once,
                &[10],
                "the id checked is not the id signed",
            ),
            with(
                "follows-wall-clock",
                M::FollowsWallClock,
                I::Once,
                &[11],
                "the clock steps back to where it was fresh",
            ),
            with(
                "key-from-message",
                M::KeyFromMessage,
                I::Bound,
                &[15],
                "the sender picks the key",
            )
            .dropping(&[G::KeyOfSender, G::KeyCurrent, G::KeyNotRevoked]),
            with(
                "acts-on-inner-sender",
                M::ActsOnInnerSender,
                I::Bound,
                &[17],
                "the inner sender differs from the outer",
            ),
            with(
                "type-outside-signature",
                M::TypeOutsideSignature,
                I::Authentic,
                &[18],
                "a signature is reused for another type",
            ),
            with(
                "last-key-wins",
                M::LastKeyWins,
                I::Canonical,
                &[20],
                "duplicate keys: one text, two meanings",
            )
            .dropping(&[G::WellFormed, G::TextCanonical]),
            with(
                "other-canonical-form",
                M::OtherCanonicalForm,
                I::Live,
                &[19],
                "sorted keys are not RFC 8785",
            ),
            with(
                "parses-twice",
                M::ParsesTwice,
                I::Schema,
                &[23],
                "what is checked is not what is acted upon",
            )
            .dropping(&[G::WellFormed, G::TextCanonical]),
            with(
                "recipient-outside-signature",
                M::RecipientOutsideSignature,
                I::Audience,
                &[24],
                "what the signature covers is not said",
            ),
            with(
                "lifetime-from-receipt",
                M::LifetimeFromReceipt,
                I::Once,
                &[72],
                "a message from the near future outlives its entry",
            ),
        ]
    };

    /// The scope in which a search sees it: `base`, with as much as it needs.
    #[must_use]
    pub fn scope(&self, base: Scope) -> Scope {
        Scope {
            messages: base.messages.max(self.messages),
            nonces: base.nonces.max(self.messages),
            rate: base.rate.min(self.rate),
            ..base
        }
    }

    /// The weakening with this name.
    pub fn of_name(name: &str) -> Option<&'static Self> {
        Self::TABLE.iter().find(|weakening| weakening.name == name)
    }
}

/// Which guards are enforced and which mechanisms are flawed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Ruleset {
    unenforced: u32,
    flawed: u32,
}

impl Ruleset {
    /// Every guard enforced, every mechanism sound.
    pub const HARDENED: Self = Self {
        unenforced: 0,
        flawed: 0,
    };

    /// These rules with one more weakening.
    #[must_use]
    pub const fn dangerously_with(mut self, weakening: &Weakening) -> Self {
        match weakening.change {
            Change::Without(guard) => self.unenforced |= 1 << guard as u32,
            Change::With(mechanism, guards) => {
                self.flawed |= 1 << mechanism as u32;
                let mut at = 0;
                while at < guards.len() {
                    #[expect(clippy::indexing_slicing, reason = "const loops index")]
                    {
                        self.unenforced |= 1 << guards[at] as u32;
                    }
                    at += 1;
                }
            }
        }
        self
    }

    /// Whether the guard is enforced.
    #[inline]
    pub const fn enforces(self, guard: GuardId) -> bool {
        self.unenforced & (1 << guard as u32) == 0
    }

    /// Whether the mechanism is flawed.
    #[inline]
    pub const fn has(self, mechanism: Mechanism) -> bool {
        self.flawed & (1 << mechanism as u32) != 0
    }
}

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

#[cfg(test)]
mod tests;
