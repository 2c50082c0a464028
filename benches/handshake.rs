//! What a handshake costs: whole exchanges against the bare cryptography that they cannot do without.
//!
//! The two alternate within one run, and medians are compared, so that a slow moment of the machine
//! falls on both. Nothing is asserted about time.

#![expect(
    clippy::unwrap_used,
    reason = "a benchmark fails loudly, and nothing is served by it"
)]

use std::collections::BTreeSet;
use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{ChaCha20Poly1305, Key};
use countersign::envelope::List;
use countersign::handshake::{
    Established, Fresh, Initiator, Offers, Party, Responder, VersionPolicy,
};
use countersign::identity::{Agent, KeyRecord, Registry, SigningKey, SpiffeId, Standing, Trust};
use hkdf::Hkdf;
use hmac::{Hmac, Mac as _};
use sha2::{Digest as _, Sha256};
use x25519_dalek::{PublicKey, StaticSecret};

const NOW_MS: u64 = 1_700_000_000_000;
/// Handshakes in a round.
const HANDSHAKES: u32 = 20;
/// How often each side of the comparison is timed.
const ROUNDS: usize = 151;
/// Keys that each side derives: sealing and MAC of both proofs, confirmation, session and its name.
const DERIVATIONS: usize = 7;
/// Identity MACs and the confirmation, made by one side and verified by the other.
const MACS: usize = 6;

fn main() {
    let scene = Scene::new();
    let sizes = scene.exchange(0);
    let [hello, answer, finish, confirm] = sizes;
    println!(
        "flights in bytes: hello {hello}, answer {answer}, finish {finish}, confirm {confirm}"
    );
    println!("{HANDSHAKES} handshakes a round, both ends, {ROUNDS} alternating rounds, medians");
    let (mut whole, mut curve, mut bare) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        whole.push(timed(|| {
            for number in 0..HANDSHAKES {
                black_box(scene.exchange(number));
            }
        }));
        curve.push(timed(|| {
            for number in 0..HANDSHAKES {
                black_box(scene.on_curves(number));
            }
        }));
        bare.push(timed(|| {
            for number in 0..HANDSHAKES {
                let shared = scene.on_curves(number);
                black_box(Scene::symmetric(&shared, sizes));
            }
        }));
    }
    let each = |rounds| micros(median(rounds)) / f64::from(HANDSHAKES);
    let (whole, curve, bare) = (each(whole), each(curve), each(bare));
    println!("   whole us  curves us  crypto us  handshakes/s  share of curves  of bare crypto");
    println!(
        "{whole:>11.1}{curve:>11.1}{bare:>11.1}{:>14.0}{:>16.1}%{:>15.1}%",
        1e6 / whole,
        100.0 * curve / whole,
        100.0 * bare / whole
    );
}

/// Two parties that know each other.
struct Scene {
    alice: Arc<Party>,
    bob: Arc<Party>,
    registry: Registry,
}

impl Scene {
    fn new() -> Self {
        let (alice, bob) = (party("alice", 1), party("bob", 2));
        let mut registry = Registry::new();
        for party in [&alice, &bob] {
            let agent = Agent {
                id: party.me.clone(),
                standing: Standing::Active,
                handle: None,
                trust: Trust::Message,
                capabilities: BTreeSet::new(),
                keys: vec![KeyRecord::new(party.key.peer_key(), 0)],
            };
            registry.enrol(agent).unwrap();
        }
        let (alice, bob) = (Arc::new(alice), Arc::new(bob));
        Self {
            alice,
            bob,
            registry,
        }
    }

    /// A whole handshake, both ends; returns the lengths of its flights.
    fn exchange(&self, number: u32) -> [usize; 4] {
        let [mine, theirs] = seeds(number).map(|seed| Fresh::of(seed, seed));
        let peer = self.bob.me.clone();
        let (mut alice, hello) = Initiator::begin(Arc::clone(&self.alice), peer, mine);
        let mut bob = Responder::begin(Arc::clone(&self.bob), theirs);
        let registry = &self.registry;
        let answer = bob.hear(black_box(&hello), registry, NOW_MS).unwrap();
        let answer = answer.flight.unwrap();
        let finish = alice.hear(black_box(&answer), registry, NOW_MS).unwrap();
        let finish = finish.flight.unwrap();
        let confirm = bob.hear(black_box(&finish), registry, NOW_MS).unwrap();
        let (at_bob, confirm) = (confirm.established.unwrap(), confirm.flight.unwrap());
        let done = alice.hear(black_box(&confirm), registry, NOW_MS).unwrap();
        let ids = [at_bob, done.established.unwrap()].map(|end: Established| end.session_id());
        assert_eq!(ids[0], ids[1]);
        [&hello, &answer, &finish, &confirm].map(Vec::len)
    }

    /// Two shares, two exchanges, two signatures, two verifications.
    fn on_curves(&self, number: u32) -> [u8; 32] {
        let secrets = seeds(number).map(StaticSecret::from);
        let [mine, theirs] = [&secrets[0], &secrets[1]].map(PublicKey::from);
        let shared = secrets[0].diffie_hellman(black_box(&theirs));
        let same = secrets[1].diffie_hellman(black_box(&mine));
        assert!(shared.was_contributory() && same.was_contributory());
        for party in [&self.alice, &self.bob] {
            let signature = party.key.sign(black_box(mine.as_bytes()));
            assert!(party.key.peer_key().verifies(mine.as_bytes(), &signature));
        }
        *shared.as_bytes()
    }

    /// Transcripts, keys, MACs and sealed proofs of both ends, over texts as long as theirs.
    fn symmetric(shared: &[u8; 32], [hello, answer, finish, _]: [usize; 4]) -> usize {
        let text = vec![0; hello + answer + finish];
        let mut sealed_bytes = 0;
        for _end in 0..2 {
            for covered in [
                hello + answer - finish,
                hello + answer,
                hello + answer + finish,
            ] {
                black_box(Sha256::digest(black_box(text.get(..covered).unwrap())));
            }
            let (_, key) = Hkdf::<Sha256>::extract(None, black_box(shared));
            let mut derived = [0; 32];
            for _ in 0..DERIVATIONS {
                key.expand(black_box(&[0; 64]), &mut derived).unwrap();
            }
            for _ in 0..MACS / 2 {
                let mut mac = Hmac::<Sha256>::new_from_slice(black_box(&derived)).unwrap();
                mac.update(black_box(&[0; 64]));
                black_box(mac.finalize());
            }
            let cipher = ChaCha20Poly1305::new(&Key::from(derived));
            // A sealed proof is three quarters of its text.
            let message = text.get(..finish * 3 / 4).unwrap();
            let aad = &[0; 32][..];
            let nonce = [0; 12].into();
            let plain = Payload { msg: message, aad };
            let sealed = cipher.encrypt(&nonce, plain).unwrap();
            let payload = Payload { msg: &sealed, aad };
            sealed_bytes += cipher.decrypt(&nonce, payload).unwrap().len();
        }
        sealed_bytes
    }
}

fn party(name: &str, seed: u8) -> Party {
    Party {
        me: SpiffeId::parse_agent(&format!("spiffe://example.org/agent/{name}")).unwrap(),
        key: SigningKey::from_seed([seed; 32]),
        offers: Offers::current(Vec::new()).unwrap(),
        requires: List::new(Vec::new()).unwrap(),
        policy: VersionPolicy::default(),
    }
}

/// What the two sides of the handshake of this number draw.
fn seeds(number: u32) -> [[u8; 32]; 2] {
    [1, 2].map(|side| {
        let mut seed = [side; 32];
        seed[..4].copy_from_slice(&number.to_be_bytes());
        seed
    })
}

fn timed(work: impl FnOnce()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}

fn median(mut samples: Vec<Duration>) -> Duration {
    samples.sort();
    samples.get(samples.len() / 2).copied().unwrap_or_default()
}

fn micros(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e6
}
