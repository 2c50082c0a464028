//! The key schedule: every key of a handshake, by HKDF-SHA256 (RFC 5869) from the shared secret.
//!
//! Each key has a [`Purpose`] and a transcript, in the manner of RFC 8446 section 7.1, so that no
//! key serves twice. Secrets have no `Debug` and no `Serialize`, and are zeroized when dropped.

use hkdf::Hkdf;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use zeroize::{Zeroize as _, Zeroizing};

use super::party::Role;
use super::share::SharedSecret;
use super::transcript::TranscriptHash;
use crate::envelope::SessionId;

/// What a confirmation is the MAC of, under the key that only both ends have.
pub(crate) const CONFIRMATION: &[u8] = b"confirm";

/// What begins every label.
const LABEL_PREFIX: &str = "countersign/v1 ";

/// What a key is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// To seal this side's proof.
    Proof(Role),
    /// To vouch for this side's identity within its proof.
    Mac(Role),
    /// To confirm that the responder is done.
    Confirm,
    /// To be the secret of the session.
    Session,
}

impl Purpose {
    /// The label, without the prefix that all have.
    const fn label(self) -> &'static str {
        match self {
            Self::Proof(Role::Initiator) => "proof initiator",
            Self::Proof(Role::Responder) => "proof responder",
            Self::Mac(Role::Initiator) => "mac initiator",
            Self::Mac(Role::Responder) => "mac responder",
            Self::Confirm => "confirm",
            Self::Session => "session",
        }
    }
}

/// What HKDF-Extract makes of a shared secret: 32 bytes.
pub(crate) struct PseudorandomKey(Zeroizing<[u8; 32]>);

impl PseudorandomKey {
    /// RFC 5869 section 2.2, without a salt: the transcript comes in when a key is derived.
    pub(crate) fn extract(shared: &SharedSecret) -> Self {
        let (mut extracted, _) = Hkdf::<Sha256>::extract(None, shared.as_bytes());
        let key = Zeroizing::new(extracted.into());
        extracted.as_mut_slice().zeroize();
        Self(key)
    }

    /// Takes bytes for it that nothing was extracted from. Only flawed mechanisms do.
    pub(crate) fn dangerously_raw(bytes: &[u8; 32]) -> Self {
        Self(Zeroizing::new(*bytes))
    }

    /// The key for `purpose` after what was said so far.
    pub(crate) fn derive(&self, purpose: Purpose, transcript: &TranscriptHash) -> Key {
        Key(expand(&self.0, purpose.label(), transcript.as_bytes()))
    }

    /// The bytes as a key for everything. Only flawed mechanisms do.
    pub(crate) fn dangerously_as_key(&self) -> Key {
        Key(self.0.clone())
    }
}

/// A key for one purpose: 32 bytes.
pub(crate) struct Key(Zeroizing<[u8; 32]>);

impl Key {
    /// The key.
    pub(crate) fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The HMAC-SHA256 (RFC 2104) of these parts, one after the other: 32 bytes.
    pub(crate) fn mac(&self, parts: &[&[u8]]) -> [u8; 32] {
        self.hmac(parts).finalize().into_bytes().into()
    }

    /// Whether `mac` is that of these parts, in constant time.
    pub(crate) fn verifies(&self, parts: &[&[u8]], mac: &[u8; 32]) -> bool {
        self.hmac(parts).verify(mac.into()).is_ok()
    }

    #[expect(
        clippy::expect_used,
        reason = "RFC 2104 section 3: a key may have any length"
    )]
    fn hmac(&self, parts: &[&[u8]]) -> Hmac<Sha256> {
        let mut hmac = Hmac::<Sha256>::new_from_slice(self.as_bytes()).expect("any length");
        for part in parts {
            hmac.update(part);
        }
        hmac
    }
}

/// What both ends of a session share, and nobody else knows: 32 bytes.
///
/// Never a key itself. The session's keys, its renewal and its name are derived from it, each under
/// a label of its own.
pub struct SessionSecret(Zeroizing<[u8; 32]>);

impl SessionSecret {
    /// A secret that was agreed otherwise. It must be the output of a key derivation, not of X25519.
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// The secret of the session that follows a handshake.
    pub(crate) fn of(key: Key) -> Self {
        Self(key.0)
    }

    /// The secret itself, for the attacker of a replay that it is revealed to.
    pub(crate) fn dangerously_reveal(&self) -> &[u8; 32] {
        &self.0
    }

    /// `N` bytes for the purpose that `label` names, at most 240 bytes long, within `context`, at most
    /// 255 bytes long.
    pub(crate) fn expand<const N: usize>(&self, label: &str, context: &[u8]) -> Zeroizing<[u8; N]> {
        expand(&self.0, label, context)
    }

    /// The name of the session: 16 bytes that give nothing of the secret away.
    pub fn session_id(&self) -> SessionId {
        SessionId::from_bytes(*self.expand("session id", &[]))
    }
}

/// HKDF-Expand (RFC 5869 section 2.3) of a pseudorandom key, with the label structure of RFC 8446 section 7.1.
#[expect(
    clippy::expect_used,
    reason = "32 bytes are a whole key, and nobody asks for more than 255 times as many"
)]
pub(crate) fn expand<const N: usize>(
    key: &[u8; 32],
    label: &str,
    context: &[u8],
) -> Zeroizing<[u8; N]> {
    let mut bytes = Zeroizing::new([0; N]);
    // A length that does not fit would be cut, and so never be a length that was asked for.
    let length = u16::try_from(N).unwrap_or(u16::MAX).to_be_bytes();
    let label_length = u8::try_from(LABEL_PREFIX.len() + label.len()).unwrap_or(u8::MAX);
    let context_length = u8::try_from(context.len()).unwrap_or(u8::MAX);
    let info: [&[u8]; 6] = [
        &length,
        &[label_length],
        LABEL_PREFIX.as_bytes(),
        label.as_bytes(),
        &[context_length],
        context,
    ];
    Hkdf::<Sha256>::from_prk(key)
        .expect("a pseudorandom key")
        .expand_multi_info(&info, bytes.as_mut())
        .expect("a short output");
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::handshake::Fresh;
    use crate::handshake::transcript::Covered;
    use crate::json::Object;

    fn shared() -> SharedSecret {
        let mine = Fresh::of([1; 32], [0; 32]);
        mine.agree(&Fresh::of([2; 32], [0; 32]).share())
    }

    fn transcripts() -> [TranscriptHash; 3] {
        let nothing = Covered::of(&Object::new(), &[]);
        [
            TranscriptHash::of_choice(&nothing, &nothing),
            TranscriptHash::of_answer(&nothing, &nothing),
            TranscriptHash::of_finish(&nothing, &nothing, &nothing),
        ]
    }

    #[test]
    fn a_key_is_expanded_under_a_label_in_the_manner_of_rfc_8446() {
        let [.., transcript] = transcripts();
        let info = [
            b"\x00\x20\x16countersign/v1 confirm\x20",
            &transcript.as_bytes()[..],
        ]
        .concat();
        let mut expected = [0; 32];
        let hkdf = Hkdf::<Sha256>::new(None, shared().as_bytes());
        hkdf.expand(&info, &mut expected).unwrap();
        let key = PseudorandomKey::extract(&shared()).derive(Purpose::Confirm, &transcript);
        assert_eq!(*key.as_bytes(), expected);
    }

    #[test]
    fn no_two_purposes_or_transcripts_share_a_key() {
        use Role::{Initiator, Responder};
        let purposes = [
            Purpose::Proof(Initiator),
            Purpose::Proof(Responder),
            Purpose::Mac(Initiator),
            Purpose::Mac(Responder),
            Purpose::Confirm,
            Purpose::Session,
        ];
        let key = PseudorandomKey::extract(&shared());
        let keys = purposes.iter().flat_map(|purpose| {
            transcripts().map(|transcript| *key.derive(*purpose, &transcript).as_bytes())
        });
        let distinct: std::collections::BTreeSet<_> = keys.collect();
        assert_eq!(distinct.len(), 18);
    }

    /// RFC 4231 section 4.3 (test case 2), by a key that was filled up with zeros (RFC 2104 section 2).
    #[test]
    fn a_mac_is_that_of_the_parts_together_and_of_nothing_else() {
        let mut bytes = [0; 32];
        bytes[..4].copy_from_slice(b"Jefe");
        let key = Key(Zeroizing::new(bytes));
        let mac = key.mac(&[b"what do ya want ", b"for nothing?"]);
        assert_eq!(mac[..4], [0x5b, 0xdc, 0xc1, 0x46]);
        assert_eq!(mac[28..], [0x64, 0xec, 0x38, 0x43]);
        assert!(key.verifies(&[b"what do ya want for nothing?"], &mac));
        assert!(!key.verifies(&[b"what do ya want for nothing."], &mac));
    }
}
