//! The record: what a sealed body is on the wire, and what its seal covers besides the text.
//!
//! ```text
//! version 1 | session 16 | epoch 8 | number 8 | sealed text | tag 16      (bytes; big-endian)
//! ```

use super::schedule::{Direction, TAG_LENGTH};
use crate::envelope::{BODY_BYTES_MAX, Digest, Opaque, SchemaErrorKind, SessionId};

const VERSION: u8 = 1;
const HEAD_LENGTH: usize = 33;

/// The longest plaintext, in bytes: its record still fits an envelope's field `sealed`.
pub const PLAINTEXT_BYTES_MAX: usize = BODY_BYTES_MAX / 4 * 3 - HEAD_LENGTH - TAG_LENGTH;

/// A sealed record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record(Vec<u8>);

impl Record {
    /// The bytes of the record.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The record as an envelope carries it; [`Opaque::to_bytes`] is the way back.
    ///
    /// # Errors
    /// [`SchemaErrorKind`] where the record is longer than any that a session seals.
    pub fn to_sealed(&self) -> Result<Opaque<BODY_BYTES_MAX>, SchemaErrorKind> {
        Opaque::of(&self.0)
    }

    /// Begins a record: its head, what precedes the text, and the text that is still to be sealed.
    pub(crate) fn begin(head: &Head, prefix: &[u8], text: &[u8]) -> Self {
        let length = HEAD_LENGTH + prefix.len() + text.len() + TAG_LENGTH;
        let mut bytes = Vec::with_capacity(length);
        bytes.push(VERSION);
        bytes.extend(head.session.as_bytes());
        bytes.extend(head.epoch.to_be_bytes());
        bytes.extend(head.sequence.to_be_bytes());
        bytes.extend(prefix);
        bytes.extend(text);
        Self(bytes)
    }

    /// The text after a prefix of this length, to be sealed in place.
    pub(crate) fn text_mut(&mut self, prefix: usize) -> &mut [u8] {
        self.0.get_mut(HEAD_LENGTH + prefix..).unwrap_or_default()
    }

    /// Ends a record.
    pub(crate) fn end(mut self, tag: [u8; TAG_LENGTH]) -> Self {
        self.0.extend(tag);
        self
    }
}

/// What a record says of itself in the clear.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Head {
    pub(crate) session: SessionId,
    pub(crate) epoch: u64,
    pub(crate) sequence: u64,
}

/// A record as it arrived.
pub(crate) struct Arrived<'bytes> {
    pub(crate) head: Head,
    pub(crate) text: &'bytes [u8],
    pub(crate) tag: [u8; TAG_LENGTH],
}

impl<'bytes> Arrived<'bytes> {
    /// Reads a record; nothing, where the bytes are none.
    pub(crate) fn read(bytes: &'bytes [u8]) -> Option<Self> {
        let (version, rest) = bytes.split_first()?;
        let (session, rest) = rest.split_first_chunk()?;
        let (epoch, rest) = rest.split_first_chunk()?;
        let (sequence, rest) = rest.split_first_chunk()?;
        let (text, tag) = rest.split_last_chunk()?;
        let head = Head {
            session: SessionId::from_bytes(*session),
            epoch: u64::from_be_bytes(*epoch),
            sequence: u64::from_be_bytes(*sequence),
        };
        let fits = *version == VERSION && text.len() <= PLAINTEXT_BYTES_MAX;
        fits.then_some(Self {
            head,
            text,
            tag: *tag,
        })
    }
}

/// What ties a record to whatever it travels with.
pub(crate) struct Cover {
    /// It names this session and its peer.
    pub(super) names_session: bool,
    /// Its digest.
    pub(crate) digest: Digest,
}

impl Cover {
    /// Something that names no session of its own.
    pub(crate) fn of_digest(digest: &Digest) -> Self {
        Self {
            names_session: true,
            digest: *digest,
        }
    }

    /// What a seal covers besides the text: session, direction, epoch, number, and the digest of the
    /// header that the record travels with.
    pub(crate) fn additional_data(&self, head: &Head, direction: Direction) -> Vec<u8> {
        let mut data = Vec::with_capacity(88);
        data.extend(b"countersign/v1/record");
        data.extend(head.session.as_bytes());
        data.push(direction.code());
        data.extend(head.epoch.to_be_bytes());
        data.extend(head.sequence.to_be_bytes());
        data.extend(self.digest.as_bytes());
        data
    }
}
