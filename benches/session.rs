//! What a session costs: sealing and opening records, against the bare ChaCha20-Poly1305 of the same
//! bytes.
//!
//! Every ratio compares rounds that alternate within one run, and takes medians, so that a slow
//! moment of the machine falls on both sides. Nothing is asserted about time.

#![expect(
    clippy::unwrap_used,
    clippy::cast_precision_loss,
    reason = "a benchmark fails loudly, and prints figures of three digits"
)]

use std::collections::BTreeSet;
use std::hint::black_box;
use std::time::{Duration, Instant};

use chacha20poly1305::aead::{AeadInOut as _, KeyInit as _};
use chacha20poly1305::{ChaCha20Poly1305, Nonce, Tag};
use countersign::envelope::{Digest, SessionId};
use countersign::handshake::{Role, SessionSecret};
use countersign::identity::{Agent, KeyRecord, Registry, SigningKey, SpiffeId, Standing, Trust};
use countersign::session::{Establishment, Limits, Record, Session};

const NOW_MS: u64 = 1_700_000_000_000;
/// Records of one round.
const RECORDS: u64 = 1_000;
/// How often each side of a comparison is timed.
const ROUNDS: usize = 21;
/// As many bytes as a session authenticates besides the text.
const ADDITIONAL: [u8; 86] = [7; 86];
const COVERED: Digest = Digest::from_bytes([9; 32]);

fn main() {
    println!("records of one session, {RECORDS} in a round, medians of {ROUNDS} rounds");
    println!("  bytes    seal/s    open/s   bare crypto of sealing, of opening");
    for length in [64, 256, 1024, 4096, 16_384, 65_536] {
        row(&vec![42; length]);
    }
}

/// One line of the table: what records of this text cost.
fn row(text: &[u8]) {
    let registry = registry();
    let mut rounds: [Vec<Duration>; 4] = Default::default();
    for _ in 0..ROUNDS {
        let (mut alice, mut bob) = ends();
        let mut seal = || alice.seal_bytes(&COVERED, text, &registry, NOW_MS).unwrap();
        let sealing = timed(|| {
            for _ in 0..RECORDS {
                black_box(seal());
            }
        });
        let records: Vec<Record> = (0..RECORDS).map(|_| seal()).collect();
        let opening = timed(|| {
            for record in &records {
                let read = |text: &[u8]| Some(text.len());
                let opened = bob.open_bytes(&COVERED, record.as_bytes(), &registry, NOW_MS, read);
                black_box(opened.unwrap());
            }
        });
        let (bare_sealing, bare_opening) = bare(text);
        let both = [sealing, opening, bare_sealing, bare_opening];
        for (times, time) in rounds.iter_mut().zip(both) {
            times.push(time);
        }
    }
    let [sealing, opening, bare_sealing, bare_opening] = rounds.map(median);
    let share = |bare: Duration, all: Duration| 100.0 * bare.as_secs_f64() / all.as_secs_f64();
    let rate = |all: Duration| RECORDS as f64 / all.as_secs_f64();
    println!(
        "{:>7} {:>9.0} {:>9.0}   {:>4.0} %, {:>4.0} %",
        text.len(),
        rate(sealing),
        rate(opening),
        share(bare_sealing, sealing),
        share(bare_opening, opening),
    );
}

/// The same bytes, sealed and opened by the cipher alone, in buffers that are there already.
fn bare(text: &[u8]) -> (Duration, Duration) {
    let cipher = ChaCha20Poly1305::new(&[3; 32].into());
    let nonce = |number: u64| {
        let mut nonce = [0; 12];
        for (byte, other) in nonce.iter_mut().zip(number.to_be_bytes()) {
            *byte = other;
        }
        Nonce::from(nonce)
    };
    let mut buffers = vec![text.to_vec(); usize::try_from(RECORDS).unwrap()];
    let mut tags: Vec<Tag> = Vec::with_capacity(buffers.len());
    let sealing = timed(|| {
        for (number, buffer) in (0..).zip(&mut buffers) {
            let text = buffer.as_mut_slice().into();
            let tag = cipher.encrypt_inout_detached(&nonce(number), &ADDITIONAL, text);
            tags.push(tag.unwrap());
        }
    });
    let opening = timed(|| {
        for ((number, buffer), tag) in (0..).zip(&mut buffers).zip(&tags) {
            let text = buffer.as_mut_slice().into();
            let opened = cipher.decrypt_inout_detached(&nonce(number), &ADDITIONAL, text, tag);
            opened.unwrap();
            black_box(&*buffer);
        }
    });
    (sealing, opening)
}

fn timed(work: impl FnOnce()) -> Duration {
    let begun = Instant::now();
    work();
    begun.elapsed()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap()
}

fn principal(name: &str) -> SpiffeId {
    SpiffeId::parse_agent(&format!("spiffe://example.org/{name}")).unwrap()
}

fn key(name: &str) -> SigningKey {
    SigningKey::from_seed([u8::try_from(name.len()).unwrap(); 32])
}

fn registry() -> Registry {
    let mut registry = Registry::new();
    for name in ["alice", "bob"] {
        let agent = Agent {
            id: principal(name),
            standing: Standing::Active,
            handle: None,
            trust: Trust::Message,
            capabilities: BTreeSet::new(),
            keys: vec![KeyRecord::new(key(name).peer_key(), 0)],
        };
        registry.enrol(agent).unwrap();
    }
    registry
}

/// Both ends of a session.
fn ends() -> (Session, Session) {
    let end = |role, peer: &str| {
        let establishment = Establishment {
            peer: principal(peer),
            peer_key_id: key(peer).key_id(),
            role,
            secret: SessionSecret::new([1; 32]),
            session_id: SessionId::from_bytes([2; 16]),
            established_at_ms: NOW_MS,
        };
        Session::new(establishment, Limits::default())
    };
    (end(Role::Initiator, "bob"), end(Role::Responder, "alice"))
}
