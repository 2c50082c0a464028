//! The weakenings of the session: every guard off, then every flawed mechanism.
//!
//! Two flaws that one might expect are missing, because they break nothing: an epoch or a session
//! outside the additional data only. Both choose the key, so a record presented with another does not
//! open. Likewise a number outside the additional data as long as it is the nonce.

use self::Mechanism as M;
use super::Session;
use super::guard::GuardId as G;
use super::promise::InvariantId as I;
use crate::rulebook::{Weakening, mechanisms, rows};

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

rows!(Session, needing Need { records: 2 });

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

impl Weakening<Session> {
    const fn records(mut self, records: u8) -> Self {
        self.needs = Need { records };
        self
    }
}
