//! Transcripts: all that was said up to some point of a handshake, as one hash.
//!
//! What both ends sign and derive keys from. Every byte of every flight is in it, the offers included;
//! only a flawed mechanism leaves something out.

use sha2::{Digest as _, Sha256};

use crate::json::{self, Object};

/// The member of an answer that cannot be part of what it signs.
const PROOF: &str = "proof";

/// SHA-256 over a domain and the flights so far: 32 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TranscriptHash([u8; 32]);

impl TranscriptHash {
    /// TH2: the hello, and the answer without its proof. What the responder signs.
    pub(crate) fn of_choice(hello: &Covered, answer: &Covered) -> Self {
        Self::of("countersign/v1 transcript 2", &[&hello.0, &answer.0])
    }

    /// TH3: the hello and the whole answer. What the initiator signs.
    pub(crate) fn of_answer(hello: &Covered, answer: &Covered) -> Self {
        Self::of("countersign/v1 transcript 3", &[&hello.0, &answer.0])
    }

    /// TH4: the hello, the answer and the finish. What session keys and the confirmation come from.
    pub(crate) fn of_finish(hello: &Covered, answer: &Covered, finish: &Covered) -> Self {
        let parts = [&hello.0[..], &answer.0, &finish.0];
        Self::of("countersign/v1 transcript 4", &parts)
    }

    /// The hash.
    pub(crate) fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    fn of(domain: &str, parts: &[&[u8]]) -> Self {
        let mut hash = Sha256::new();
        for part in [domain.as_bytes()].iter().chain(parts) {
            // The length makes the sequence injective.
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        }
        Self(hash.finalize().into())
    }
}

/// The canonical bytes of a flight, as far as a transcript covers it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Covered(Vec<u8>);

impl Covered {
    /// All of a flight but the members that `left_out` names, which are none unless by a flaw.
    pub(crate) fn of(flight: &Object, left_out: &[&str]) -> Self {
        let mut covered = flight.clone();
        for name in left_out {
            covered.remove(name);
        }
        Self(json::write(&covered.into()))
    }

    /// An answer as its own proof covers it: without the proof.
    pub(crate) fn of_unproven(answer: &Object, left_out: &[&str]) -> Self {
        let names: Vec<&str> = left_out.iter().copied().chain([PROOF]).collect();
        Self::of(answer, &names)
    }
}
