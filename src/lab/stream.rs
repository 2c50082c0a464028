//! Deterministic bytes: every draw has an address, so that adding one moves no other.

use sha2::{Digest as _, Sha256};

/// The source of every value that looks random in one replay.
#[derive(Clone, Debug)]
pub(super) struct Stream {
    seed: [u8; 16],
}

impl Stream {
    pub(super) fn new(seed: &[u8; 16]) -> Self {
        Self { seed: *seed }
    }

    /// 32 bytes for `purpose` of `owner`, the `counter`-th draw.
    pub(super) fn draw(&self, owner: &str, purpose: &str, counter: u64) -> [u8; 32] {
        let mut hash = Sha256::new();
        hash.update(b"countersign/replay/1");
        hash.update(self.seed);
        for part in [owner, purpose] {
            // The length makes the address injective.
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part.as_bytes());
        }
        hash.update(counter.to_be_bytes());
        hash.finalize().into()
    }

    /// 16 bytes for a nonce or an id.
    pub(super) fn draw_16(&self, owner: &str, purpose: &str, counter: u64) -> [u8; 16] {
        let mut half = [0; 16];
        half.iter_mut()
            .zip(self.draw(owner, purpose, counter))
            .for_each(|(to, from)| *to = from);
        half
    }
}
