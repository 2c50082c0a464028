//! The weakenings, one a row: every guard off, then every flawed mechanism.

use super::{Change, Mechanism as M, Weakening};
use crate::admission::guard::GuardId as G;
use crate::admission::promise::InvariantId as I;

/// The table.
#[rustfmt::skip]
pub(super) const ROWS: &[Weakening] = &[
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
    //   name                            mechanism                        breaks        flaws    lesson
    with("evicts-oldest",                 M::EvictsOldest,                I::Once,      &[1, 2], "the nonce cache is a FIFO and can be flushed").dropping(&[G::ShareLeft]),
    with("inserts-before-authentication", M::InsertsBeforeAuthentication, I::Live,      &[3],    "junk burns an honest nonce"),
    with("counts-before-authentication",  M::CountsBeforeAuthentication,  I::Live,      &[49],   "junk uses up an honest sender's rate").at_rate(1),
    with("admits-not-a-number",           M::AdmitsNotANumber,            I::Once,      &[5],    "NaN is never stale, and never remembered").dropping(&[G::WellFormed]),
    with("keyed-by-nonce-alone",          M::KeyedByNonceAlone,           I::Live,      &[6],    "an insider burns an honest nonce"),
    with("forgets-on-restart",            M::ForgetsOnRestart,            I::Once,      &[7],    "the nonce cache is volatile"),
    with("store-per-replica",             M::StorePerReplica,             I::Once,      &[7],    "the nonce cache is per process"),
    with("checks-then-inserts",           M::ChecksThenInserts,           I::Once,      &[8],    "two copies at once both pass"),
    with("nonce-from-clock",              M::NonceFromClock,              I::Live,      &[9],    "two messages in one clock step share a nonce"),
    with("nonce-outside-signature",       M::NonceOutsideSignature,       I::Once,      &[10],   "the id checked is not the id signed"),
    with("follows-wall-clock",            M::FollowsWallClock,            I::Once,      &[11],   "the clock steps back to where it was fresh"),
    with("key-from-message",              M::KeyFromMessage,              I::Bound,     &[15],   "the sender picks the key").dropping(&[G::KeyOfSender, G::KeyCurrent, G::KeyNotRevoked]),
    with("acts-on-inner-sender",          M::ActsOnInnerSender,           I::Bound,     &[17],   "the inner sender differs from the outer"),
    with("type-outside-signature",        M::TypeOutsideSignature,        I::Authentic, &[18],   "a signature is reused for another type"),
    with("last-key-wins",                 M::LastKeyWins,                 I::Canonical, &[20],   "duplicate keys: one text, two meanings").dropping(&[G::WellFormed, G::TextCanonical]),
    with("other-canonical-form",          M::OtherCanonicalForm,          I::Live,      &[19],   "sorted keys are not RFC 8785"),
    with("parses-twice",                  M::ParsesTwice,                 I::Schema,    &[23],   "what is checked is not what is acted upon").dropping(&[G::WellFormed, G::TextCanonical]),
    with("recipient-outside-signature",   M::RecipientOutsideSignature,   I::Audience,  &[24],   "what the signature covers is not said"),
    with("lifetime-from-receipt",         M::LifetimeFromReceipt,         I::Once,      &[72],   "a message from the near future outlives its entry"),
];

const fn without(guard: G, breaks: I, flaws: &'static [u8], lesson: &'static str) -> Weakening {
    let (name, change) = (guard.weakening_name(), Change::Without(guard));
    Weakening {
        name,
        change,
        breaks,
        messages: 2,
        rate: 2,
        flaws,
        lesson,
    }
}

const fn with(
    name: &'static str,
    mechanism: M,
    breaks: I,
    flaws: &'static [u8],
    lesson: &'static str,
) -> Weakening {
    let change = Change::With(mechanism, &[]);
    Weakening {
        name,
        change,
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

    const fn dropping(mut self, guards: &'static [G]) -> Self {
        if let Change::With(mechanism, _) = self.change {
            self.change = Change::With(mechanism, guards);
        }
        self
    }
}
