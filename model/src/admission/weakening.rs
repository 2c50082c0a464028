//! The weakenings: every known way to get admission wrong, each a named row.
//!
//! A weakening switches guards off, or puts a flawed mechanism in the place of the right one. The
//! checker must break the named invariant by itself; the replay confirms it on real code.

mod profile;

pub(super) use profile::PROFILES;

use self::Mechanism as M;
use super::Admission;
use super::guard::GuardId as G;
use super::promise::InvariantId as I;
use crate::rulebook::{Weakening, mechanisms, rows};

mechanisms! {
    /// The replay store evicts its oldest entry when it is full.
    EvictsOldest, "evicts-oldest";
    /// The replay store remembers a nonce before the signature is verified.
    InsertsBeforeAuthentication, "inserts-before-authentication";
    /// The rate of the claimed sender is counted before the signature is verified.
    CountsBeforeAuthentication, "counts-before-authentication";
    /// A timestamp that is not a number passes, and every comparison with it is false.
    AdmitsNotANumber, "admits-not-a-number";
    /// The replay store is keyed by the nonce alone.
    KeyedByNonceAlone, "keyed-by-nonce-alone";
    /// The replay store is empty after a restart.
    ForgetsOnRestart, "forgets-on-restart";
    /// Each replica has a replay store of its own.
    StorePerReplica, "store-per-replica";
    /// Looking a nonce up and inserting it are two steps.
    ChecksThenInserts, "checks-then-inserts";
    /// Senders derive the nonce from their clock.
    NonceFromClock, "nonce-from-clock";
    /// The nonce that is looked up is not covered by the signature.
    NonceOutsideSignature, "nonce-outside-signature";
    /// The receiver follows its wall clock when that steps back.
    FollowsWallClock, "follows-wall-clock";
    /// The key comes with the message.
    KeyFromMessage, "key-from-message";
    /// The receiver attributes the message to the sender that the payload names.
    ActsOnInnerSender, "acts-on-inner-sender";
    /// The type is not covered by the signature.
    TypeOutsideSignature, "type-outside-signature";
    /// Of a key that occurs twice the last value counts, as in most JSON readers.
    LastKeyWins, "last-key-wins";
    /// The signature is verified over a canonical form other than RFC 8785.
    OtherCanonicalForm, "other-canonical-form";
    /// One reading of the text is checked and another acted upon.
    ParsesTwice, "parses-twice";
    /// The recipient is not covered by the signature.
    RecipientOutsideSignature, "recipient-outside-signature";
    /// An entry's lifetime counts from its receipt, not from the message's own time.
    LifetimeFromReceipt, "lifetime-from-receipt";
}

/// What a search needs in order to see a weakening.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Need {
    /// How many messages and nonces, at least.
    pub messages: u8,
    /// The rate, at most.
    pub rate: u8,
}

rows!(Admission, needing Need { messages: 2, rate: 2 });

/// The table.
#[rustfmt::skip]
pub(super) const ROWS: &[Weakening<Admission>] = &[
    //      guard off            breaks        flaws    lesson
    without(G::SizeBounded,      I::Bounded,   &[51],   "anything is parsed, however long"),
    without(G::WellFormed,       I::Canonical, &[21],   "2^53 and 2^53 + 1: one number to some readers, two to others"),
    without(G::TextCanonical,    I::Canonical, &[21],   "re-serialised before verifying: -0 and 0, 1 and 1.0"),
    without(G::VersionSupported, I::Schema,    &[26],   "a version nobody here speaks is acted upon"),
    without(G::SchemaValid,      I::Schema,    &[22],   "a schema check that does not check"),
    without(G::SenderActive,     I::Bound,     &[],     "a retired or dead agent still speaks"),
    without(G::KeyOfSender,      I::Bound,     &[14],   "any listed key signs for anybody"),
    without(G::KeyCurrent,       I::Bound,     &[],     "a key outlives its rotation"),
    without(G::KeyNotRevoked,    I::Bound,     &[],     "a revoked key still speaks"),
    without(G::SignatureValid,   I::Authentic, &[34],   "`from` is a parameter"),
    without(G::RecipientIsMe,    I::Audience,  &[16],   "a message is forwarded to somebody else"),
    without(G::NotSelfAddressed, I::Audience,  &[50],   "an agent takes orders from itself"),
    without(G::SessionKnown,     I::Audience,  &[],     "a message is acted upon outside the session it names"),
    without(G::NotStale,         I::Once,      &[],     "a nonce is forgotten before its message is stale"),
    without(G::NotFromFuture,    I::Bounded,   &[4],    "a timestamp far ahead holds its entry as long"),
    without(G::NotExpired,       I::Timely,    &[],     "a message outlives its sender's interest"),
    without(G::NonceFresh,       I::Once,      &[],     "no replay protection"),
    without(G::ShareLeft,        I::Bounded,   &[],     "one sender fills the replay store").needing(3),
    without(G::RateWithin,       I::Bounded,   &[],     "one sender floods").at_rate(1),
    //   mechanism                      breaks        flaws    lesson
    with(M::EvictsOldest,                I::Once,      &[1, 2], "the nonce cache is a FIFO and can be flushed").dropping(&[G::ShareLeft]),
    with(M::InsertsBeforeAuthentication, I::Live,      &[3],    "junk burns an honest nonce"),
    with(M::CountsBeforeAuthentication,  I::Live,      &[49],   "junk uses up an honest sender's rate").at_rate(1),
    with(M::AdmitsNotANumber,            I::Once,      &[5],    "NaN is never stale, and never remembered").dropping(&[G::WellFormed]),
    with(M::KeyedByNonceAlone,           I::Live,      &[6],    "an insider burns an honest nonce"),
    with(M::ForgetsOnRestart,            I::Once,      &[7],    "the nonce cache is volatile"),
    with(M::StorePerReplica,             I::Once,      &[7],    "the nonce cache is per process"),
    with(M::ChecksThenInserts,           I::Once,      &[8],    "two copies at once both pass"),
    with(M::NonceFromClock,              I::Live,      &[9],    "two messages in one clock step share a nonce"),
    with(M::NonceOutsideSignature,       I::Once,      &[10],   "the id checked is not the id signed"),
    with(M::FollowsWallClock,            I::Once,      &[11],   "the clock steps back to where it was fresh"),
    with(M::KeyFromMessage,              I::Bound,     &[15],   "the sender picks the key").dropping(&[G::KeyOfSender, G::KeyCurrent, G::KeyNotRevoked]),
    with(M::ActsOnInnerSender,           I::Bound,     &[17],   "the inner sender differs from the outer"),
    with(M::TypeOutsideSignature,        I::Authentic, &[18],   "a signature is reused for another type"),
    with(M::LastKeyWins,                 I::Canonical, &[20],   "duplicate keys: one text, two meanings").dropping(&[G::WellFormed, G::TextCanonical]),
    with(M::OtherCanonicalForm,          I::Live,      &[19],   "sorted keys are not RFC 8785"),
    with(M::ParsesTwice,                 I::Schema,    &[23],   "what is checked is not what is acted upon").dropping(&[G::WellFormed, G::TextCanonical]),
    with(M::RecipientOutsideSignature,   I::Audience,  &[24],   "what the signature covers is not said"),
    with(M::LifetimeFromReceipt,         I::Once,      &[72],   "a message from the near future outlives its entry"),
];

impl Weakening<Admission> {
    const fn needing(mut self, messages: u8) -> Self {
        self.needs.messages = messages;
        self
    }

    const fn at_rate(mut self, rate: u8) -> Self {
        self.needs.rate = rate;
        self
    }
}

#[cfg(test)]
mod tests;
