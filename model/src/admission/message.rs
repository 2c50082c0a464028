//! A signed message as ground truth, and how it is presented on delivery.

use crate::domain::{Choice, Identity as _, Truth as _, Universe};

/// A message as its author composed it, together with what only an omniscient observer knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Message<U: Universe> {
    /// Who really composed it.
    pub author: U::Agent,
    /// The sender that the envelope names.
    pub from: U::Agent,
    /// The sender that the payload names; an honest author names itself in both.
    pub inner_from: U::Agent,
    /// The recipient that the envelope names.
    pub to: U::Agent,
    /// The nonce.
    pub nonce: U::Nonce,
    /// The message type.
    pub kind: U::Kind,
    /// When it says it was issued.
    pub issued_at: U::Nat,
    /// Whether that instant is a number at all (a JSON reader may let `NaN` through).
    pub timed: U::Bool,
    /// Until when it may be acted upon.
    pub expires_at: U::Nat,
    /// The key that the envelope names.
    pub key: U::Key,
    /// Whether the signature was really made with that key over this content.
    pub signed: U::Bool,
    /// Its text is within the size limit.
    pub size_bounded: U::Bool,
    /// Its text is I-JSON; a text that is not may have two meanings.
    pub well_formed: U::Bool,
    /// Its text is canonical.
    pub canonical: U::Bool,
    /// Its version is one the receiver speaks.
    pub version_supported: U::Bool,
    /// What would be acted upon satisfies its schema.
    pub schema_valid: U::Bool,
    /// It belongs to no session, or to one that the receiver holds.
    pub session_known: U::Bool,
    /// It holds text or numbers on which canonical forms other than RFC 8785 differ.
    pub intricate: U::Bool,
}

impl<U: Universe> Message<U> {
    /// Whether it is as honest agents compose messages: in their own name, really signed, and
    /// without a defect.
    pub fn is_honest(&self) -> U::Bool {
        U::Bool::all([
            self.author.same(&self.from),
            self.inner_from.same(&self.from),
            self.timed.clone(),
            self.signed.clone(),
            self.size_bounded.clone(),
            self.well_formed.clone(),
            self.canonical.clone(),
            self.version_supported.clone(),
            self.schema_valid.clone(),
            self.session_known.clone(),
        ])
    }
}

/// What the network presents to the receiver: the message, perhaps altered in transit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Presented<U: Universe> {
    /// The recipient as presented.
    pub to: U::Agent,
    /// The nonce as presented.
    pub nonce: U::Nonce,
    /// The type as presented.
    pub kind: U::Kind,
    /// The text was spelled otherwise, in a way that re-serialising it hides.
    pub respelled: U::Bool,
    /// Anything else of the content was changed.
    pub altered: U::Bool,
}

impl<U: Universe> Presented<U> {
    /// The message exactly as it was signed.
    pub fn unaltered(message: &Message<U>) -> Self {
        Self {
            to: message.to.clone(),
            nonce: message.nonce.clone(),
            kind: message.kind.clone(),
            respelled: U::Bool::constant(false),
            altered: U::Bool::constant(false),
        }
    }

    /// Whether what is presented means exactly what was signed.
    pub fn means(&self, message: &Message<U>) -> U::Bool {
        self.to
            .same(&message.to)
            .and(&self.nonce.same(&message.nonce))
            .and(&self.kind.same(&message.kind))
            .and(&self.altered.not())
    }
}

/// What became of a message so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fate<U: Universe> {
    /// It is on the network.
    pub sent: U::Bool,
    /// Ghost: it was admitted.
    pub admitted: U::Bool,
}

macro_rules! choose_by_field {
    ($name:ident { $($field:ident),+ $(,)? }) => {
        impl<U: Universe> Choice<U::Bool> for $name<U> {
            #[inline]
            fn choose(condition: &U::Bool, then: &Self, otherwise: &Self) -> Self {
                Self { $($field: Choice::choose(condition, &then.$field, &otherwise.$field),)+ }
            }
        }
    };
}
pub(super) use choose_by_field;

choose_by_field!(Message {
    author,
    from,
    inner_from,
    to,
    nonce,
    kind,
    issued_at,
    timed,
    expires_at,
    key,
    signed,
    size_bounded,
    well_formed,
    canonical,
    version_supported,
    schema_valid,
    session_known,
    intricate,
});
choose_by_field!(Fate { sent, admitted });
