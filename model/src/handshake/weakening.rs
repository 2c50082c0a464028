//! The weakenings of the handshake: every guard off, then every flawed mechanism.

use self::Mechanism as M;
use super::Handshake;
use super::guard::GuardId as G;
use super::promise::InvariantId as I;
use crate::dolev_yao::reveal::{Reveal, Reveals};
use crate::rulebook::{Weakening, mechanisms, rows};

mechanisms! {
    /// The transcript leaves the versions out that both sides offer.
    OffersOutsideTranscript, "offers-outside-transcript";
    /// The transcript leaves the capabilities out.
    CapabilitiesOutsideTranscript, "capabilities-outside-transcript";
    /// The signature covers the two shares and nothing else; the proof travels in the clear, without
    /// a MAC.
    SignsSharesInTheClear, "signs-shares-in-the-clear";
    /// The signature covers the signer's own share and nothing else.
    SignsOwnShare, "signs-own-share";
    /// The shared secret itself is the key, for everything.
    RawSharedSecret, "raw-shared-secret";
    /// The shares are long-term: everybody has one for life.
    StaticShares, "static-shares";
}

rows!(Handshake, needing Reveals::NONE);

/// The table.
#[rustfmt::skip]
pub(super) const ROWS: &[Weakening<Handshake>] = &[
    //      guard off                  breaks          flaws     lesson
    without(G::VersionCommon,          I::Negotiated,  &[26],    "a version that nobody offered"),
    without(G::VersionCurrent,         I::Current,     &[26],    "nothing forbids the old version"),
    without(G::CapabilitiesSufficient, I::Capable,     &[25],    "an empty answer about capabilities will do"),
    without(G::VersionBest,            I::Negotiated,  &[26],    "the responder's choice is taken on trust"),
    without(G::SuiteOffered,           I::Negotiated,  &[26],    "a suite that was never offered"),
    without(G::ShareContributes,       I::Private,     &[32],    "a share of low order is accepted"),
    without(G::ProofOpens,             I::Agreed,      &[],      "a proof counts in any form: the ends have different keys").given(SEALING_KEYS),
    without(G::IdentityBound,          I::Possessed,   &[28],    "a proof is not tied to the key that it vouches for").given(SEALING_KEYS),
    without(G::KeyOfPeer,              I::Alive,       &[14],    "any key proves any name"),
    without(G::PeerEntitled,           I::Entitled,    &[33],    "a revoked key opens a session"),
    without(G::PeerIsOther,            I::Alive,       &[50],    "whoever has an agent's key speaks to it as itself").given(OWN_LONG_TERM),
    without(G::PeerIntended,           I::Intended,    &[28],    "whoever answers will do"),
    without(G::SignatureValid,         I::Alive,       &[25],    "the exchange is not authenticated"),
    without(G::ConfirmationValid,      I::Confirmed,   &[],      "the initiator is done before the responder is"),
    //   mechanism                        breaks          flaws      lesson
    with(M::OffersOutsideTranscript,       I::Negotiated,  &[26],     "offers are altered on the way"),
    with(M::CapabilitiesOutsideTranscript, I::Negotiated,  &[25, 27], "capabilities are altered on the way, or yesterday's"),
    with(M::SignsSharesInTheClear,         I::Mutual,      &[28],     "naive signed Diffie-Hellman: who signed is not who was meant").dropping(&[G::ProofOpens, G::IdentityBound]),
    with(M::SignsOwnShare,                 I::Agreed,      &[28],     "a signed share serves again once its secret is lost").given(OTHER_EPHEMERAL),
    with(M::RawSharedSecret,               I::Concealed,   &[29],     "one key for everything: who gets the session key opens the proofs").given(OTHER_SESSION),
    with(M::StaticShares,                  I::Forward,     &[29],     "who gets a long-term key reads all that was ever said"),
];

const OWN_LONG_TERM: Reveals = Reveals::NONE.with(Reveal::OwnLongTerm);
const OTHER_EPHEMERAL: Reveals = Reveals::NONE.with(Reveal::OtherEphemeral);
const OTHER_SESSION: Reveals = Reveals::NONE.with(Reveal::OtherSession);
const SEALING_KEYS: Reveals = Reveals::NONE.with(Reveal::SealingKeys);

impl Weakening<Handshake> {
    const fn given(mut self, reveals: Reveals) -> Self {
        self.needs = reveals;
        self
    }
}
