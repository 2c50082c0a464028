//! Delivered bytes as a trace records them, and where others differ.

use crate::divergence::Difference;
use crate::hex;
use crate::system::System;
use crate::trace::Recorded;

/// Bytes of one delivery that are written down; longer ones become a digest.
const WRITTEN_MAX: usize = 4096;
/// Deliveries of one step that are written down each; more become one digest.
const EACH_MAX: usize = 2;
/// Bytes shown on either side of a difference.
const SHOWN: usize = 24;

/// The bytes of a step's deliveries, as they are recorded.
pub(crate) fn record(deliveries: &[Vec<u8>]) -> Vec<Recorded> {
    if deliveries.len() > EACH_MAX {
        return vec![digest_of_all(deliveries)];
    }
    deliveries.iter().map(|bytes| record_one(bytes)).collect()
}

fn record_one(bytes: &[u8]) -> Recorded {
    if bytes.len() > WRITTEN_MAX {
        return Recorded::Digest {
            length: bytes.len() as u64,
            sha256: hex::sha256(bytes),
        };
    }
    match str::from_utf8(bytes) {
        Ok(text) => Recorded::Text(text.to_owned()),
        Err(_) => Recorded::Hex(hex::encode(bytes)),
    }
}

/// A digest over the lengths (8 bytes, big-endian) and bytes of all deliveries.
fn digest_of_all(deliveries: &[Vec<u8>]) -> Recorded {
    let mut all = Vec::new();
    for bytes in deliveries {
        all.extend((bytes.len() as u64).to_be_bytes());
        all.extend(bytes);
    }
    Recorded::Digest {
        length: deliveries.iter().map(|bytes| bytes.len() as u64).sum(),
        sha256: hex::sha256(&all),
    }
}

/// The first delivery whose bytes are not as recorded; none where nothing was recorded.
pub(crate) fn difference<S: System>(
    expected: &[Recorded],
    observed: &[Vec<u8>],
) -> Option<Difference<S>> {
    if expected.is_empty() {
        return None;
    }
    let recorded = record(observed);
    let longest = expected.len().max(recorded.len());
    let delivery = (0..longest).find(|at| expected.get(*at) != recorded.get(*at))?;
    let expected = expected.get(delivery);
    let bytes = observed.get(delivery);
    let offset = expected.and_then(written).zip(bytes).map(|(one, other)| {
        let differs = one.iter().zip(other).position(|(one, other)| one != other);
        differs.unwrap_or(one.len().min(other.len()))
    });
    let side = |recorded: Option<&Recorded>| match (recorded, offset) {
        (None, _) => "nothing".to_owned(),
        (Some(Recorded::Digest { length, sha256 }), _) => {
            format!("{length} bytes with SHA-256 {sha256}")
        }
        (Some(recorded), offset) => {
            let bytes = written(recorded).unwrap_or_default();
            let from = offset.unwrap_or(0).saturating_sub(SHOWN);
            let shown: Vec<u8> = bytes.into_iter().skip(from).take(2 * SHOWN).collect();
            shown.escape_ascii().to_string()
        }
    };
    Some(Difference::Bytes {
        delivery,
        offset,
        expected: side(expected),
        observed: side(recorded.get(delivery)),
    })
}

/// The bytes that were written down, where they were.
fn written(recorded: &Recorded) -> Option<Vec<u8>> {
    match recorded {
        Recorded::Text(text) => Some(text.clone().into_bytes()),
        Recorded::Hex(digits) => hex::decode(digits),
        Recorded::Digest { .. } => None,
    }
}
