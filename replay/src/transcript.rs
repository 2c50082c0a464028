//! The transcript: one digest that stands for the trace, every byte delivered and everything seen.

use sha2::{Digest as _, Sha256};

use crate::hex;
use crate::system::System;
use crate::target::Observation;
use crate::trace::Trace;
use crate::writer;

/// A digest in the making. Every part is preceded by its length (8 bytes, big-endian), so that no
/// two sequences of parts read the same.
#[derive(Clone, Debug)]
pub(crate) struct Transcript(Sha256);

impl Transcript {
    /// The beginning: all that the trace says, but for what a recording adds to it.
    pub(crate) fn of<S: System>(trace: &Trace<S>) -> Self {
        let mut transcript = Self(Sha256::new());
        transcript.part(b"countersign-transcript/1");
        let mut told = trace.clone();
        told.transcript = None;
        for step in &mut told.steps {
            step.bytes.clear();
        }
        transcript.part(writer::write(&told).as_bytes());
        transcript
    }

    /// Adds one step.
    pub(crate) fn record<S: System>(&mut self, seen: &Observation<S>, names: &S::Names) {
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
        let state = S::state(&seen.state, names);
        self.part(writer::compact(&state).as_bytes());
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
