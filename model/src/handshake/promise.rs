//! What each invariant promises, by name and in words. When one is kept, the explorer and the prover
//! decide from ground truth; guards and weakenings need no more of an invariant than its name.

use crate::rulebook::promises;

/// The points at which a run commits itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Point {
    /// The initiator accepted the answer.
    Answered,
    /// The responder accepted the finish, and has the keys.
    Finished,
    /// The initiator accepted the confirmation.
    Confirmed,
}

impl Point {
    /// Every point, in the order of the flights.
    pub const ALL: [Self; 3] = [Self::Answered, Self::Finished, Self::Confirmed];

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Answered => "answered",
            Self::Finished => "finished",
            Self::Confirmed => "confirmed",
        }
    }
}

promises! {
    /// Whoever a run authenticated has a run of its own (Lowe's aliveness).
    Alive, "alive", "the peer that a run authenticated took part";
    /// Its run names this one's owner as its peer (Lowe's weak agreement).
    Mutual, "mutual", "the peer took part with the one who authenticated it";
    /// Both runs have the same roles, peers, version, capabilities, transcript and key (Lowe's
    /// non-injective agreement).
    Agreed, "agreed", "both ends have the same peers, version, capabilities and key";
    /// No run of the peer answers for two (Lowe's injective agreement).
    Injective, "injective", "each run has a run of the peer of its own";
    /// When an initiator is done, the responder accepted it.
    Confirmed, "confirmed", "when the initiator is done, the responder has accepted it";
    /// The attacker never learns the key of a run between honest principals.
    Secret, "secret", "a session key between honest principals stays unknown to the attacker";
    /// Not even with the long-term keys of both, learnt afterwards.
    Forward, "forward", "a session key stays secret when long-term keys are lost later";
    /// What went over the wire, by itself, gives no session key away, whoever the peer is.
    Private, "private", "no session key follows from the messages alone";
    /// A hostile peer has the key that it made somebody accept: nobody vouches for another's key.
    Possessed, "possessed", "whoever proved itself to a run has its key";
    /// The attacker never sees the proof of an initiator that meant somebody honest.
    Concealed, "concealed", "an initiator shows its proof to the peer it meant, and to nobody else";
    /// The version is the best that both really offer, and the capabilities are those the peer has.
    Negotiated, "negotiated", "the version is the best of both, the capabilities the peer's own";
    /// No session runs at a version that nobody should accept any more.
    Current, "current", "no session runs at a version past its last-accepted date";
    /// No session is with a peer that lacks what its owner requires.
    Capable, "capable", "the peer of a session has what the other requires";
    /// An initiator's session is with the peer it meant.
    Intended, "intended", "an initiator's session is with the peer it meant";
    /// A peer was listed, active and in possession of a current key when it was accepted.
    Entitled, "entitled", "a peer was entitled to speak when it was accepted";
}

impl InvariantId {
    /// The points of commitment at which it is promised. An initiator that has its answer knows whom it
    /// talks to, but not yet whether that one knows it.
    pub const fn points(self) -> &'static [Point] {
        match self {
            Self::Mutual => &[Point::Finished, Point::Confirmed],
            Self::Confirmed => &[Point::Confirmed],
            Self::Intended | Self::Concealed => &[Point::Answered, Point::Confirmed],
            Self::Alive
            | Self::Agreed
            | Self::Injective
            | Self::Secret
            | Self::Forward
            | Self::Private
            | Self::Possessed
            | Self::Negotiated
            | Self::Current
            | Self::Capable
            | Self::Entitled => &Point::ALL,
        }
    }
}
