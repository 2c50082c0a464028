//! The header: what an envelope says before its body, in the clear and signed.

use super::{
    error::{SchemaError, SchemaErrorKind},
    identifier::{Digest, MessageId, Nonce, SessionId, Timestamp},
    kind::{Kind, Presence, Rule},
    record::{Record as _, record},
    text::Opaque,
    version::Version,
};
use crate::identity::{KeyId, SpiffeId};
use crate::json;

record! {
    /// A signed message between two agents.
    pub struct Header {
        /// The version of the protocol, which says how to read the rest.
        version: Version,
        /// What the message is for.
        kind as "type": Kind,
        /// What the message is called.
        id: MessageId,
        /// What makes the message unlike every other of its sender: 16 random bytes.
        nonce: Nonce,
        /// Who says to have sent the message.
        from: SpiffeId,
        /// Whom the message is for.
        to: SpiffeId,
        /// When the message was made, in milliseconds since the Unix epoch.
        issued_at: Timestamp,
        /// The last moment at which the message may be accepted, in milliseconds since the Unix
        /// epoch.
        expires_at: Timestamp,
        /// The thumbprint of the sender's key that the signature is said to be of.
        key_id: KeyId,
        /// The first message of the conversation that the message belongs to.
        correlation_id: Option<MessageId>,
        /// The SHA-256 digest of the whole envelope that the message answers.
        in_reply_to: Option<Digest>,
        /// The session that the message belongs to.
        session: Option<SessionId>,
        /// The capability token that the message uses.
        capability: Option<Opaque<16384>>,
    }
}

/// The members that a [`Rule`] is about, with what it says of them.
pub(super) fn ruled_members(rule: Rule) -> [(&'static str, Presence); 4] {
    [
        ("in_reply_to", rule.in_reply_to),
        ("session", rule.session),
        ("capability", rule.capability),
        ("sealed", rule.sealed),
    ]
}

impl Header {
    /// The digest of the header's canonical form (RFC 8785), by which a sealed body is tied to it.
    pub fn digest(&self) -> Digest {
        Digest::of(&json::write(&self.to_value()))
    }

    /// Refuses the first field that the kind forbids, or that it requires and that is not there. A
    /// sealed body is a record of a session, so an envelope that has one names its session.
    pub(crate) fn check_rule(&self, is_sealed: bool) -> Result<(), SchemaError> {
        let present = [
            self.in_reply_to.is_some(),
            self.session.is_some(),
            self.capability.is_some(),
            is_sealed,
        ];
        for ((name, presence), is_present) in
            ruled_members(self.kind.rule()).into_iter().zip(present)
        {
            match (presence, is_present) {
                (Presence::Required, false) => {
                    return Err(SchemaErrorKind::RequiredFor(self.kind).at(name));
                }
                (Presence::Forbidden, true) => {
                    return Err(SchemaErrorKind::ForbiddenFor(self.kind).at(name));
                }
                (Presence::Required, true)
                | (Presence::Optional, _)
                | (Presence::Forbidden, false) => {}
            }
        }
        if is_sealed && self.session.is_none() {
            return Err(SchemaErrorKind::RequiredWith("sealed").at("session"));
        }
        Ok(())
    }
}
