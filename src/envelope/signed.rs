//! Envelopes, and the drafts that become envelopes by being signed.

use super::{
    error::{SchemaError, SchemaErrorKind},
    field::Field,
    header::Header,
    identifier::Digest,
    payload::Payload,
    record::{Member, MemberSchema, Members, Record},
    signing::{SIGNATURE, signing_input},
    text::Opaque,
};
use crate::{
    identity::SigningKey,
    json::{self, Object, Value, canonical_length},
};

/// The longest body: a payload's canonical text, in bytes, or a sealed body's text, in characters.
pub const BODY_BYTES_MAX: usize = 102_400;

/// What an envelope carries.
#[derive(Debug, Clone, PartialEq)]
pub enum Body {
    /// A record that everyone on the way can read.
    Payload(Payload),
    /// A text that only the recipient can open.
    Sealed(Opaque<BODY_BYTES_MAX>),
}

/// The members of an envelope after its header.
pub(super) const BODY_MEMBERS: &[MemberSchema] = &[
    MemberSchema {
        name: "payload",
        description: "The body as a record of the message's type, at most 102,400 canonical bytes.",
        required: false,
        schema: <Value as Field>::schema,
    },
    MemberSchema {
        name: "sealed",
        description: "The body as only its recipient can read it.",
        required: false,
        schema: <Opaque<BODY_BYTES_MAX> as Field>::schema,
    },
    MemberSchema {
        name: SIGNATURE,
        description: "The Ed25519 signature, 64 bytes, over the DSSE pre-authentication encoding of \
                      the envelope without this member (RFC 8032).",
        required: true,
        schema: <[u8; 64] as Field>::schema,
    },
];

impl Body {
    /// Takes the one body that an envelope has.
    fn take(header: &Header, members: &mut Members<'_>) -> Result<Self, SchemaError> {
        let payload = members.take("payload");
        let sealed: Option<Opaque<BODY_BYTES_MAX>> = Member::take(members, "sealed")?;
        match (payload, sealed) {
            (Some(_), Some(_)) => Err(SchemaErrorKind::TwoBodies.into()),
            (None, None) => Err(SchemaErrorKind::NoBody.into()),
            (None, Some(sealed)) => Ok(Self::Sealed(sealed)),
            (Some(value), None) => {
                check_size(value)?;
                let payload = Payload::from_value(header.kind, value);
                Ok(Self::Payload(
                    payload.map_err(|error| error.within("payload"))?,
                ))
            }
        }
    }
}

fn check_size(payload: &Value) -> Result<(), SchemaError> {
    match canonical_length(payload) {
        0..=BODY_BYTES_MAX => Ok(()),
        bytes => {
            let bytes_max = BODY_BYTES_MAX;
            Err(SchemaErrorKind::PayloadTooLarge { bytes, bytes_max }.at("payload"))
        }
    }
}

/// A message before it is signed. It keeps the rules of its kind.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    header: Header,
    body: Body,
}

impl Draft {
    /// Joins a header and a body.
    ///
    /// # Errors
    /// [`RequiredFor`](SchemaErrorKind::RequiredFor) and
    /// [`ForbiddenFor`](SchemaErrorKind::ForbiddenFor) by the [`Rule`](super::Rule) of the kind,
    /// [`RequiredWith`](SchemaErrorKind::RequiredWith) for a sealed body without a session,
    /// [`KindMismatch`](SchemaErrorKind::KindMismatch),
    /// [`PayloadTooLarge`](SchemaErrorKind::PayloadTooLarge).
    pub fn new(header: Header, body: Body) -> Result<Self, SchemaError> {
        header.check_rule(matches!(body, Body::Sealed(_)))?;
        if let Body::Payload(payload) = &body {
            if payload.kind() != header.kind {
                let (header, payload) = (header.kind, payload.kind());
                return Err(SchemaErrorKind::KindMismatch { header, payload }.at("payload"));
            }
            check_size(&payload.to_value())?;
        }
        Ok(Self { header, body })
    }

    /// Signs the draft. The header says which key that is; this does not check it, and a recipient
    /// does.
    pub fn sign(self, key: &SigningKey) -> Envelope {
        let signature = key.sign(&self.signing_input());
        self.with_signature(signature)
    }

    /// Puts a signature that was made elsewhere on the draft.
    pub fn with_signature(self, signature: [u8; 64]) -> Envelope {
        Envelope {
            draft: self,
            signature,
        }
    }

    /// What the signature covers.
    pub fn signing_input(&self) -> Vec<u8> {
        let canonical = json::write(&Value::Object(self.to_object()));
        signing_input(self.header.kind.signing_type(), &canonical)
    }

    /// The envelope without its signature.
    fn to_object(&self) -> Object {
        let mut object = Object::new();
        self.header.put(&mut object);
        match &self.body {
            Body::Payload(payload) => object.insert("payload", payload.to_value()),
            Body::Sealed(sealed) => object.insert("sealed", sealed.to_value()),
        };
        object
    }
}

/// A well-formed message with a signature, which may be anyone's.
#[derive(Debug, Clone, PartialEq)]
pub struct Envelope {
    draft: Draft,
    signature: [u8; 64],
}

impl Envelope {
    /// Reads an envelope. Its version is not judged; see [`version_of`](super::version_of).
    ///
    /// # Errors
    /// The first fault: header, body, signature, the rule of the kind, members that no declaration
    /// names.
    pub fn from_value(value: &Value) -> Result<Self, SchemaError> {
        let mut members = Members::of(value)?;
        let header = Header::take(&mut members)?;
        let body = Body::take(&header, &mut members)?;
        let signature = Member::take(&mut members, SIGNATURE)?;
        header.check_rule(matches!(body, Body::Sealed(_)))?;
        members.finish(&[Header::MEMBERS, BODY_MEMBERS])?;
        Ok(Self {
            draft: Draft { header, body },
            signature,
        })
    }

    /// Header, body and signature.
    pub(crate) fn into_parts(self) -> (Header, Body, [u8; 64]) {
        (self.draft.header, self.draft.body, self.signature)
    }

    /// The envelope of these parts, which are those of one.
    pub(crate) fn of_parts(header: Header, body: Body, signature: [u8; 64]) -> Self {
        Self {
            draft: Draft { header, body },
            signature,
        }
    }

    /// Reads header and signature only, whatever else the value holds: what a receiver that does not
    /// enforce the schema would go by.
    pub(crate) fn peek(value: &Value) -> Result<(Header, [u8; 64]), SchemaError> {
        let mut members = Members::of(value)?;
        let header = Header::take(&mut members)?;
        let signature = Member::take(&mut members, SIGNATURE)?;
        Ok((header, signature))
    }

    /// The value that [`from_value`](Self::from_value) reads as this envelope.
    pub fn to_value(&self) -> Value {
        let mut object = self.draft.to_object();
        Member::put(&self.signature, SIGNATURE, &mut object);
        Value::Object(object)
    }

    /// The text that is sent (RFC 8785).
    pub fn canonical_bytes(&self) -> Vec<u8> {
        json::write(&self.to_value())
    }

    /// The digest of the whole envelope, by which an answer names it. Of a received one,
    /// [`Digest::of`] its bytes is the same.
    pub fn digest(&self) -> Digest {
        Digest::of(&self.canonical_bytes())
    }

    /// What the envelope says before its body.
    pub fn header(&self) -> &Header {
        &self.draft.header
    }

    /// What the envelope carries.
    pub fn body(&self) -> &Body {
        &self.draft.body
    }

    /// The signature, 64 bytes, unverified.
    pub fn signature(&self) -> &[u8; 64] {
        &self.signature
    }

    /// What the signature has to cover. For a received envelope,
    /// [`signing_input_of`](super::signing_input_of) its value is the same and costs less.
    pub fn signing_input(&self) -> Vec<u8> {
        self.draft.signing_input()
    }
}
