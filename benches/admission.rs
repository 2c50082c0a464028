//! What admission costs: against the bare cost of its signatures, as latency, and inside a replay.
//!
//! A ratio compares two measurements that alternate message by message, and takes the fastest of many
//! rounds for each message and side: what else the machine does only ever adds. Nothing is asserted
//! about time.

#![expect(
    clippy::unwrap_used,
    clippy::cast_precision_loss,
    reason = "a benchmark fails loudly, and prints figures of three digits"
)]

use std::collections::{BTreeSet, HashSet};
use std::hint::black_box;
use std::num::NonZeroUsize;
use std::time::{Duration, Instant};

use countersign::admission::{Endpoint, Limits, Verdict};
use countersign::envelope::payload::{Notify, Task};
use countersign::envelope::{
    Body, Draft, Envelope, Header, MessageId, Name, Nonce, Payload, Timestamp, Version,
};
use countersign::identity::{Agent, KeyRecord, Registry, SigningKey, SpiffeId, Standing, Trust};
use countersign::json::{Object, Value};
use countersign::lab::Lab;
use countersign::store::{MemoryStore, ReplayStore, SqliteStore};
use countersign_model::admission::Admission;
use countersign_model::admission::invariant::InvariantId;
use countersign_model::admission::scope::Scope;
use countersign_model::admission::story::Story;
use countersign_model::admission::system::Reception;
use countersign_model::explorer::{Cutoff, Ending, System as _, explore};
use countersign_model::rulebook::{Book as _, Ruleset};
use countersign_replay::trace::Seed;
use countersign_replay::{Trace, replay};

const NOW_MS: u64 = 1_700_000_000_000;
/// Distinct envelopes of one exchange.
const MESSAGES: u32 = 1_000;
const SENDERS: u32 = 10;
/// How often each side of a comparison is timed.
const ROUNDS: usize = 21;
/// Replays of each trace.
const REPLAYS: u32 = 20;
/// Steps of the honest trace, at most.
const STEPS_MAX: usize = 24;

fn main() {
    against_bare_signatures();
    latencies();
    replays();
}

/// One exchange as it was recorded: texts, and what their signatures cover.
struct Exchange {
    registry: Registry,
    texts: Vec<Vec<u8>>,
    envelopes: Vec<Envelope>,
}

impl Exchange {
    /// `MESSAGES` envelopes to bob, whose payloads carry about `note_bytes` of text.
    fn of(note_bytes: usize) -> Self {
        let mut registry = Registry::new();
        for sender in 0..SENDERS {
            let key = KeyRecord::new(key(sender).peer_key(), 0);
            let agent = Agent {
                id: agent(sender),
                standing: Standing::Active,
                handle: None,
                trust: Trust::Message,
                capabilities: BTreeSet::new(),
                keys: vec![key],
            };
            registry.enrol(agent).unwrap();
        }
        let envelopes: Vec<_> = (0..MESSAGES)
            .map(|number| envelope(number, note_bytes))
            .collect();
        let texts = envelopes.iter().map(Envelope::canonical_bytes).collect();
        Self {
            registry,
            texts,
            envelopes,
        }
    }

    fn endpoint<S: ReplayStore>(&self, store: S) -> Endpoint<S> {
        let limits = Limits {
            rate: u64::from(MESSAGES),
            ..Limits::default()
        };
        Endpoint::new(bob(), self.registry.clone(), limits, store).unwrap()
    }
}

fn agent(number: u32) -> SpiffeId {
    SpiffeId::parse_agent(&format!("spiffe://example.org/agent/{number}")).unwrap()
}

fn bob() -> SpiffeId {
    SpiffeId::parse_agent("spiffe://example.org/agent/bob").unwrap()
}

fn key(sender: u32) -> SigningKey {
    SigningKey::from_seed([u8::try_from(sender + 1).unwrap(); 32])
}

/// Every other one is a task with members and numbers, every other one a notice.
fn envelope(number: u32, note_bytes: usize) -> Envelope {
    let sender = number % SENDERS;
    let key = key(sender);
    let mut input = Object::new();
    input.insert("author", "Zo\u{eb}");
    input.insert("note", "lorem ipsum dolor ".repeat(note_bytes / 18));
    input.insert("sequence", number);
    input.insert("threshold", Value::try_from(0.25).unwrap());
    let payload = if number.is_multiple_of(2) {
        Payload::Task(Task {
            task: Name::parse("report.daily").unwrap(),
            input: Value::Object(input),
            deadline_at: Timestamp::from_ms(NOW_MS + 60_000),
        })
    } else {
        Payload::Notify(Notify {
            event: Name::parse("report.finished").unwrap(),
            data: Some(Value::Object(input)),
        })
    };
    let mut nonce = [0; 16];
    nonce[..4].copy_from_slice(&number.wrapping_mul(2_654_435_761).to_be_bytes());
    let header = Header {
        version: Version::CURRENT,
        kind: payload.kind(),
        id: MessageId::from_bytes(nonce),
        nonce: Nonce::from_bytes(nonce),
        from: agent(sender),
        to: bob(),
        issued_at: Timestamp::from_ms(NOW_MS).unwrap(),
        expires_at: Timestamp::from_ms(NOW_MS + 60_000).unwrap(),
        key_id: key.key_id(),
        correlation_id: None,
        in_reply_to: None,
        session: None,
        capability: None,
    };
    Draft::new(header, Body::Payload(payload))
        .unwrap()
        .sign(&key)
}

fn against_bare_signatures() {
    println!(
        "replaying {MESSAGES} distinct envelopes of {SENDERS} senders, memory store, \
         the fastest of {ROUNDS} rounds for each"
    );
    println!("  text bytes  endpoint us  Ed25519 us  ratio  share of Ed25519");
    for note_bytes in [0, 500, 4_000, 40_000] {
        let exchange = Exchange::of(note_bytes);
        let keys: Vec<_> = (0..SENDERS).map(|sender| key(sender).peer_key()).collect();
        let inputs: Vec<_> = exchange
            .envelopes
            .iter()
            .map(Envelope::signing_input)
            .collect();
        let mut fastest = vec![(Duration::MAX, Duration::MAX); exchange.texts.len()];
        for _ in 0..ROUNDS {
            let mut endpoint = exchange.endpoint(MemoryStore::new());
            let texts = exchange.texts.iter().zip(&exchange.envelopes);
            let messages = texts.zip(&inputs).zip(keys.iter().cycle());
            for ((whole, bare), (((text, envelope), input), key)) in
                fastest.iter_mut().zip(messages)
            {
                let took = timed(|| {
                    let verdict = endpoint.receive(black_box(text), NOW_MS).unwrap();
                    assert!(matches!(black_box(verdict), Verdict::Admitted(_)));
                });
                *whole = took.min(*whole);
                // The second of the two finds its code in the cache; the share is the less for it.
                let took = timed(|| {
                    assert!(key.verifies(black_box(input), envelope.signature()));
                });
                *bare = took.min(*bare);
            }
        }
        let mean = |side: fn(&(Duration, Duration)) -> Duration| {
            micros(fastest.iter().map(side).sum()) / f64::from(MESSAGES)
        };
        let (whole, bare) = (mean(|pair| pair.0), mean(|pair| pair.1));
        let bytes = exchange.texts.iter().map(Vec::len).sum::<usize>() / exchange.texts.len();
        println!(
            "{bytes:>12}{whole:>13.1}{bare:>12.1}{:>7.3}{:>17.1}%",
            whole / bare,
            100.0 * bare / whole
        );
    }
}

fn latencies() {
    let exchange = Exchange::of(500);
    println!("\nlatency of one delivery, {MESSAGES} of each");
    println!("      p50 us      p99 us");
    let mut memory = exchange.endpoint(MemoryStore::new());
    latency("admitted, memory store", &mut memory, &exchange.texts, "");
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(folder.path().join("store")).unwrap();
    let mut sqlite = exchange.endpoint(store);
    // The only setting that the store has: what it confirmed survives the loss of power.
    let name = "admitted, SQLite store, synchronous=FULL";
    latency(name, &mut sqlite, &exchange.texts, "");
    let name = "replayed, SQLite store";
    latency(name, &mut sqlite, &exchange.texts, "replayed");

    let spoilt = |spoil: fn(&mut Vec<u8>)| {
        let mut texts = exchange.texts.clone();
        texts.iter_mut().for_each(spoil);
        texts
    };
    let oversized = spoilt(|text| text.resize(128 * 1024 + 1, b' '));
    latency("too large", &mut memory, &oversized, "too-large");
    let malformed = spoilt(|text| text.truncate(text.len() - 1));
    latency(
        "malformed, in the last byte",
        &mut memory,
        &malformed,
        "malformed",
    );
    // One digit of what is signed: everything before the signature still holds.
    let forged = spoilt(|text| {
        let place = text
            .windows(9)
            .position(|window| window == b"\"nonce\":\"")
            .unwrap();
        let digit = text.get_mut(place + 9).unwrap();
        *digit = if *digit == b'0' { b'1' } else { b'0' };
    });
    latency("bad signature", &mut memory, &forged, "bad-signature");
}

/// Prints the latency of `texts`, all of which must get this rejection, or none.
fn latency<S: ReplayStore>(name: &str, to: &mut Endpoint<S>, texts: &[Vec<u8>], code: &str) {
    let each = texts.iter().map(|text| {
        let start = Instant::now();
        let verdict = to.receive(black_box(text), NOW_MS).unwrap();
        let took = start.elapsed();
        let seen = match &verdict {
            Verdict::Admitted(_) => "",
            Verdict::Refused(refusal) => refusal.rejection.code(),
            Verdict::RefusedInSession(refusal) => refusal.rejection.code(),
        };
        assert_eq!(seen, code);
        took
    });
    let each: Vec<_> = each.collect();
    let (half, most) = (percentile(each.clone(), 50), percentile(each, 99));
    println!("{:>12.1}{:>12.1}  {name}", micros(half), micros(most));
}

fn replays() {
    println!("\nreplaying traces by the engine, {REPLAYS} times each, two passes a time");
    println!("      traces       steps     steps/s");
    let scope = Scope::default();
    let honest = honest_trace(&scope);
    steps_per_second("explored steps, hardened endpoint", &[honest]);
    let told = Admission::WEAKENINGS.iter().filter_map(|weakening| {
        let scope = weakening.scope(scope);
        let rules = Ruleset::HARDENED.dangerously_with(weakening);
        let admission = Reception::new(rules, scope, &[weakening.breaks]);
        let report = explore(&admission, NonZeroUsize::MIN, &Cutoff::default());
        let Ending::Broken(path) = report.ending else {
            return None;
        };
        let story = Story::of_path(&admission, &scope, &path);
        let (breaks, seed) = (Some(weakening.breaks), Seed([7; 16]));
        Trace::tell(&story, &[weakening.name], breaks, weakening.lesson, seed).ok()
    });
    let told: Vec<_> = told.collect();
    steps_per_second("counterexamples, weakened receivers", &told);
}

/// A walk through the states of the hardened model that never comes to the same one twice.
fn honest_trace(scope: &Scope) -> Trace {
    let admission = Reception::new(Ruleset::HARDENED, *scope, InvariantId::ALL);
    let mut state = admission.first().remove(0);
    let mut visited = HashSet::from([state.words()]);
    let mut path = Vec::new();
    let mut moves = Vec::new();
    while path.len() < STEPS_MAX {
        moves.clear();
        admission.moves(&state, &mut moves);
        let next = moves.iter().find_map(|next| {
            let after = admission.take(&state, next)?.state?;
            visited.insert(after.words()).then_some((*next, after))
        });
        let Some((next, after)) = next else {
            break;
        };
        path.push((state, Some(next)));
        state = after;
    }
    path.push((state, None));
    let story = Story::of_path(&admission, scope, &path);
    Trace::tell(&story, &[], None, "a walk", Seed([7; 16])).unwrap()
}

fn steps_per_second(name: &str, traces: &[Trace]) {
    let took = timed(|| {
        for trace in traces {
            for _ in 0..REPLAYS {
                black_box(replay(trace, Lab::new).unwrap());
            }
        }
    });
    let steps = traces.iter().map(|trace| trace.steps.len()).sum::<usize>();
    let taken = (2 * steps) as f64 * f64::from(REPLAYS);
    let rate = taken / took.as_secs_f64();
    println!("{:>12}{steps:>12}{rate:>12.0}  {name}", traces.len());
}

fn timed(work: impl FnOnce()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}

/// The least sample that `percent` of all samples do not exceed.
fn percentile(mut samples: Vec<Duration>, percent: usize) -> Duration {
    samples.sort();
    let place = (samples.len() * percent).div_ceil(100).saturating_sub(1);
    samples.get(place).copied().unwrap_or_default()
}

fn micros(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e6
}
