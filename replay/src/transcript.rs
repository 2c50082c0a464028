//! The transcript: one digest that stands for every byte delivered and everything seen.

use sha2::{Digest as _, Sha256};

use crate::cast::Cast;
use crate::hex;
use crate::target::Observation;

/// A digest in the making. Every part is preceded by its length (8 bytes, big-endian), so that no
/// two sequences of parts read the same.
#[derive(Clone, Debug)]
pub(crate) struct Transcript(Sha256);

impl Default for Transcript {
    fn default() -> Self {
        let mut transcript = Self(Sha256::new());
        transcript.part(b"countersign-transcript/1");
        transcript
    }
}

impl Transcript {
    /// Adds one step.
    pub(crate) fn record(&mut self, seen: &Observation, cast: &Cast) {
        self.count(seen.bytes.len());
        for bytes in &seen.bytes {
            self.part(bytes);
        }
        self.count(seen.verdicts.len());
        for verdict in &seen.verdicts {
            self.part(verdict.word().as_bytes());
        }
        self.count(seen.acting.len());
        for acting in &seen.acting {
            self.part(acting.as_deref().unwrap_or_default().as_bytes());
        }
        let state = seen.state.state(cast.records());
        self.part(crate::writer::compact(&state).as_bytes());
    }

    /// The digest, as 64 hexadecimal digits.
    pub(crate) fn finish(self) -> String {
        hex::encode(&self.0.finalize())
    }

    fn part(&mut self, bytes: &[u8]) {
        self.count(bytes.len());
        self.0.update(bytes);
    }

    fn count(&mut self, count: usize) {
        self.0.update((count as u64).to_be_bytes());
    }
}
