//! The key schedule: from the secret of a handshake to the key of each record.
//!
//! HKDF-SHA256 (RFC 5869) with labels in the manner of RFC 8446 section 7.1. Each direction has a
//! traffic secret of its own; an epoch's key and IV follow from it, and so does the secret of the next
//! epoch, but never that of an earlier one. Every secret is wiped when it is dropped.

use chacha20poly1305::aead::inout::InOutBuf;
use chacha20poly1305::aead::{AeadInOut as _, KeyInit as _};
use chacha20poly1305::{ChaCha20Poly1305, Nonce, Tag};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use crate::envelope::SessionId;
use crate::handshake::schedule::expand;
use crate::handshake::{Role, SessionSecret};

/// The length of a record's tag, in bytes (RFC 8439 section 2.8).
pub(crate) const TAG_LENGTH: usize = 16;

/// Which way a record goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    ToResponder,
    ToInitiator,
}

impl Direction {
    /// The way of what this end seals.
    pub(crate) fn outward(end: Role) -> Self {
        match end {
            Role::Initiator => Self::ToResponder,
            Role::Responder => Self::ToInitiator,
        }
    }

    /// The way of what this end opens.
    pub(crate) fn inward(end: Role) -> Self {
        match end {
            Role::Initiator => Self::ToInitiator,
            Role::Responder => Self::ToResponder,
        }
    }

    /// The direction as additional data names it.
    pub(crate) fn code(self) -> u8 {
        match self {
            Self::ToResponder => 0,
            Self::ToInitiator => 1,
        }
    }

    fn label(self) -> &'static str {
        match self {
            Self::ToResponder => "initiator to responder",
            Self::ToInitiator => "responder to initiator",
        }
    }
}

/// What both ends can derive for other uses (RFC 8446 section 7.5).
pub(super) struct Exporter(Zeroizing<[u8; 32]>);

impl Exporter {
    pub(super) fn of(secret: &SessionSecret, session: &SessionId) -> Self {
        Self(secret.expand("exporter", session.as_bytes()))
    }

    pub(super) fn export(&self, label: &str, context: &[u8]) -> Zeroizing<[u8; 32]> {
        // A label of any length: what is expanded under is its digest.
        let named: Zeroizing<[u8; 32]> = expand(&self.0, "label", &Sha256::digest(label));
        expand(&named, "context", &Sha256::digest(context))
    }
}

/// The keys of one direction in one epoch.
pub(crate) struct Traffic {
    epoch: u64,
    secret: Zeroizing<[u8; 32]>,
    cipher: ChaCha20Poly1305,
    iv: Zeroizing<[u8; 12]>,
}

impl Traffic {
    /// The first epoch of a direction.
    pub(crate) fn first(secret: &SessionSecret, session: &SessionId, direction: Direction) -> Self {
        let secret = secret.expand(direction.label(), session.as_bytes());
        Self::of(secret, 0)
    }

    fn of(secret: Zeroizing<[u8; 32]>, epoch: u64) -> Self {
        let key: Zeroizing<[u8; 32]> = expand(&secret, "key", &[]);
        Self {
            epoch,
            cipher: ChaCha20Poly1305::new((&*key).into()),
            iv: expand(&secret, "iv", &[]),
            secret,
        }
    }

    /// The epoch after this one (RFC 8446 section 7.2).
    pub(crate) fn next(&self) -> Self {
        Self::of(
            expand(&self.secret, "update", &[]),
            self.epoch.saturating_add(1),
        )
    }

    /// The keys of a later epoch; nothing where `epoch` is not later.
    pub(crate) fn later(&self, epoch: u64) -> Option<Self> {
        let mut later: Option<Self> = None;
        for _ in self.epoch..epoch {
            later = Some(later.as_ref().unwrap_or(self).next());
        }
        later
    }

    /// What an attacker has that was given these keys.
    pub(crate) fn revealed(&self) -> Self {
        Self::of(self.secret.clone(), self.epoch)
    }

    /// The epoch, counted from 0.
    pub(crate) fn epoch(&self) -> u64 {
        self.epoch
    }

    /// Seals `text` in place, as the record of this number.
    pub(crate) fn seal(
        &self,
        sequence: u64,
        additional: &[u8],
        text: &mut [u8],
    ) -> Option<[u8; TAG_LENGTH]> {
        let nonce = self.nonce(sequence);
        let text = InOutBuf::from(text);
        let tag = self
            .cipher
            .encrypt_inout_detached(&nonce, additional, text)
            .ok()?;
        Some(tag.into())
    }

    /// Opens `text` in place. If it does not open, nothing of it is revealed.
    pub(crate) fn open(
        &self,
        sequence: u64,
        additional: &[u8],
        text: &mut [u8],
        tag: [u8; TAG_LENGTH],
    ) -> bool {
        let nonce = self.nonce(sequence);
        let tag = Tag::from(tag);
        self.cipher
            .decrypt_inout_detached(&nonce, additional, InOutBuf::from(text), &tag)
            .is_ok()
    }

    /// The key, and the nonce of this number, for an attacker that computes with them on its own.
    #[cfg(test)]
    pub(crate) fn dangerously_as_bytes(&self, sequence: u64) -> ([u8; 32], [u8; 12]) {
        let key = expand(&self.secret, "key", &[]);
        (*key, self.nonce(sequence).into())
    }

    /// IV xor the number, which is padded on the left (RFC 8446 section 5.3).
    fn nonce(&self, sequence: u64) -> Nonce {
        let mut nonce = *self.iv;
        let number = sequence.to_be_bytes();
        for (byte, other) in nonce.iter_mut().rev().zip(number.iter().rev()) {
            *byte ^= other;
        }
        nonce.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SESSION: SessionId = SessionId::from_bytes([7; 16]);

    fn secret(byte: u8) -> SessionSecret {
        SessionSecret::new([byte; 32])
    }

    fn first(byte: u8, session: &SessionId, direction: Direction) -> Traffic {
        Traffic::first(&secret(byte), session, direction)
    }

    #[test]
    fn every_direction_session_secret_and_epoch_has_its_own_key_and_iv() {
        let other = SessionId::from_bytes([8; 16]);
        let one = first(1, &SESSION, Direction::ToResponder);
        let all = [
            first(1, &SESSION, Direction::ToInitiator),
            first(1, &other, Direction::ToResponder),
            first(2, &SESSION, Direction::ToResponder),
            one.next(),
            one.next().next(),
            one,
        ];
        for (place, traffic) in all.iter().enumerate() {
            for other in all.iter().take(place) {
                assert_ne!(*traffic.secret, *other.secret);
                assert_ne!(*traffic.iv, *other.iv);
                assert_ne!(traffic.nonce(0), other.nonce(0));
            }
        }
    }

    #[test]
    fn a_nonce_is_the_iv_with_the_number_in_its_last_eight_bytes() {
        let traffic = first(1, &SESSION, Direction::ToResponder);
        assert_eq!(traffic.nonce(0).as_slice(), traffic.iv.as_slice());
        let nonce = traffic.nonce(0x0102_0304_0506_0708);
        let difference: Vec<u8> = nonce
            .iter()
            .zip(traffic.iv.iter())
            .map(|(one, other)| one ^ other)
            .collect();
        assert_eq!(difference, [0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8]);
    }

    /// The schedule is fixed: two ends that disagree in one byte of it share no key. The values are
    /// those of another implementation, of HMAC-SHA256 alone.
    #[test]
    fn the_schedule_is_this_one() {
        let hexadecimal = |bytes: &[u8]| {
            let digits = |text: String, byte: &u8| text + &format!("{byte:02x}");
            bytes.iter().fold(String::new(), digits)
        };
        let traffic = first(1, &SESSION, Direction::ToResponder);
        let exporter = Exporter::of(&secret(1), &SESSION);
        assert_eq!(
            [
                hexadecimal(&*traffic.secret),
                hexadecimal(&*traffic.iv),
                hexadecimal(&*traffic.next().secret),
                hexadecimal(&*exporter.export("test", b"context")),
            ],
            [
                "9f5118b1e14d004431cf8b6e1bf729099cdf15795b65a71572fd4f52e82eb57f",
                "2f76c5c25374529986e2c1c3",
                "782a66177d6d17fe303a14c34606b7a6b86763d2bb05e70b346a3cf124df2303",
                "9cb3bfdf8030e2ba74141e17b1316ed295f0c400e6bc274864ae0e90b3b4de95",
            ]
        );
    }

    #[test]
    fn what_is_exported_depends_on_label_and_context() {
        let exporter = Exporter::of(&secret(1), &SESSION);
        let one = exporter.export("one", b"");
        assert_eq!(*one, *exporter.export("one", b""));
        assert_ne!(*one, *exporter.export("two", b""));
        assert_ne!(*one, *exporter.export("one", b"more"));
        assert_ne!(*one, *Exporter::of(&secret(2), &SESSION).export("one", b""));
    }
}
