//! What the bus costs: messages through the whole path, what a flood does to others, and memory.
//!
//! `cargo bench --bench bus` prints rates and latencies; with `-- --messages 1000000` it prints memory
//! over so many messages instead. Nothing is asserted about time.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cast_precision_loss,
    reason = "a benchmark fails loudly, and prints figures of three digits"
)]

use std::fs;
use std::hint::black_box;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use countersign::deployment::Deployment;
use countersign::discovery::Stamp;
use countersign::envelope::payload::Notify;
use countersign::envelope::{
    Digest, Envelope, MessageId, Name, Nonce, Payload, Sequence, Timestamp,
};
use countersign::identity::{SigningKey, SpiffeId};
use countersign::json::Value;
use countersign::service::client::Client;
use countersign::service::{Asked, Clock, Core, Method, Owner, Poll, Service, Setup, http};

const SENDERS: usize = 16;
/// Messages of one measurement.
const MESSAGES: usize = 4_000;
/// How long latencies are gathered.
const GATHERED: Duration = Duration::from_secs(6);

static DRAWN: AtomicU64 = AtomicU64::new(0);

fn main() {
    let words: Vec<String> = std::env::args().collect();
    let messages = words.iter().position(|word| word == "--messages");
    if let Some(at) = messages {
        return memory(words[at + 1].parse().unwrap());
    }
    println!(
        "one thread, groups of so many messages of {} bytes, on disk and in memory",
        {
            let people = People::new(100_000);
            people.event(0).canonical_bytes().len()
        }
    );
    println!("   group     messages/s   in memory   bare Ed25519   waiting for the disk");
    for group in [1, 8, 64] {
        path(group);
    }
    throughput();
    flood();
}

/// Everybody of a deployment.
struct People {
    deployment: Deployment,
}

fn key(name: &str) -> SigningKey {
    SigningKey::from_seed(*Digest::of(name.as_bytes()).as_bytes())
}

fn now_ms() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    u64::try_from(since.as_millis()).unwrap()
}

impl People {
    fn new(rate: u64) -> Self {
        let person = |name: &str| {
            let key = key(name);
            format!(
                r#"{{ "name": "{name}", "id": "spiffe://example.org/{name}", "keys": [{{ "key_id":
                   "{}", "public_key": "{}", "not_before_ms": 0, "revoked": false }}] }}"#,
                key.key_id(),
                key.peer_key()
            )
        };
        let agents = (0..SENDERS).map(|number| person(&format!("agent-{number}")));
        let agents: Vec<String> = agents.chain([person("mallory"), person("sink")]).collect();
        let text = format!(
            r#"{{ "format": "countersign-deployment/1", "trust_domain": "example.org",
                 "agents": [{}], "orchestrator": {},
                 "agentPolicies": [{{ "from": "*", "to": "sink", "allow": ["notify"] }}],
                 "limits": {{ "rate": {rate}, "share": 1000000 }} }}"#,
            agents.join(","),
            person("bus")
        );
        let deployment = Deployment::read("deployment.json", text.as_bytes()).unwrap();
        Self { deployment }
    }

    fn client(&self, name: &str) -> Client {
        Client::new(&self.deployment, key(name), String::new()).unwrap()
    }

    fn event(&self, sender: usize) -> Envelope {
        self.event_of(&format!("agent-{sender}"))
    }

    fn event_of(&self, name: &str) -> Envelope {
        let payload = Payload::Notify(Notify {
            event: Name::parse("finished").unwrap(),
            data: Some(Value::from("x".repeat(200).as_str())),
        });
        let client = self.client(name);
        let to = SpiffeId::parse_agent("spiffe://example.org/sink").unwrap();
        let header = client.header(payload.kind(), to, &stamp(name));
        client.sign(header, payload).unwrap()
    }

    fn setup(&self, state: &Path) -> Setup {
        Setup {
            state: state.to_owned(),
            deployment: self.deployment.clone(),
            key: key("bus"),
            clock: Clock::new(now_ms),
            record: None,
            pages_max: None,
        }
    }

    fn poll(&self, after: u64) -> Vec<u8> {
        let after = Sequence::from_number(after).unwrap();
        let poll = Poll { after, limit: None };
        let request = self.client("sink").request(&poll, &stamp("sink"));
        request.unwrap().canonical_bytes()
    }
}

fn stamp(name: &str) -> Stamp {
    let number = DRAWN.fetch_add(1, Ordering::SeqCst);
    let drawn = Digest::of(&[number.to_be_bytes(), now_ms().to_be_bytes()].concat());
    let (chunks, _) = drawn.as_bytes().as_chunks::<16>();
    Stamp {
        id: MessageId::from_bytes(chunks[0]),
        nonce: Nonce::from_bytes(chunks[1]),
        issued_at: Timestamp::from_ms(now_ms()).unwrap(),
        expires_at: Timestamp::from_ms(now_ms() + 600_000).unwrap(),
        key_id: key(name).key_id(),
    }
}

/// One line: what a message costs in groups of this size.
fn path(group: usize) {
    let people = People::new(1_000_000);
    let run = |folder: &Path| {
        let envelopes: Vec<Envelope> = (0..MESSAGES).map(|at| people.event(at % SENDERS)).collect();
        let texts: Vec<Vec<u8>> = envelopes.iter().map(Envelope::canonical_bytes).collect();
        let state = folder.join("bus.sqlite");
        let deployment = people.deployment.clone();
        let mut core = Core::open(&state, deployment, key("bus"), now_ms()).unwrap();
        let (gate, notary) = (core.gate(), core.notary());
        let started = Instant::now();
        for texts in texts.chunks(group) {
            let asked = texts.iter().map(|text| Asked {
                method: Method::SendMessage,
                authentic: gate.examine(text, now_ms()).unwrap(),
            });
            let answers = core.answer(asked.collect(), now_ms()).unwrap();
            for answer in answers {
                black_box(answer.unwrap().to_value(&notary).unwrap());
            }
        }
        started.elapsed().as_secs_f64()
    };
    let disk = run(tempfile::tempdir().unwrap().path());
    let memory = tempfile::tempdir_in("/dev/shm").ok();
    let memory = memory.map(|folder| run(folder.path()));
    let signer = key("bus");
    let text = people.event(0).signing_input();
    let started = Instant::now();
    for _ in 0..MESSAGES {
        // One signature is verified, and the receipt is signed.
        let signature = signer.sign(black_box(&text));
        assert!(signer.peer_key().verifies(&text, &signature));
    }
    let crypto = started.elapsed().as_secs_f64();
    let memory = memory.unwrap_or(f64::NAN);
    println!(
        "{group:>8} {:>14.0} {:>11.0} {:>12.0} % {:>20.0} %",
        MESSAGES as f64 / disk,
        MESSAGES as f64 / memory,
        100.0 * crypto / disk,
        100.0 * (disk - memory) / disk
    );
}

/// Messages a second from agents that each wait for their answers.
fn throughput() {
    let people = People::new(1_000_000);
    let folder = tempfile::tempdir().unwrap();
    let setup = people.setup(&folder.path().join("bus.sqlite"));
    let (owner, service) = Owner::start(setup, tokio::sync::oneshot::channel().0).unwrap();
    let each = MESSAGES / SENDERS;
    let texts: Vec<Vec<Vec<u8>>> = (0..SENDERS)
        .map(|sender| {
            let events = (0..each).map(|_| people.event(sender).canonical_bytes());
            events.collect()
        })
        .collect();
    let started = Instant::now();
    thread::scope(|scope| {
        for texts in &texts {
            let service = &service;
            scope.spawn(move || texts.iter().for_each(|text| send(service, text)));
        }
    });
    let seconds = started.elapsed().as_secs_f64();
    let sent = each * SENDERS;
    println!(
        "{SENDERS} agents at once: {:.0} messages/s, sent and durable",
        sent as f64 / seconds
    );
    let (mut after, started) = (0, Instant::now());
    while after < sent as u64 {
        let answer = service.ask_and_wait(Method::ReceiveMessages, &people.poll(after));
        after += deliveries(&answer.unwrap());
    }
    let seconds = started.elapsed().as_secs_f64();
    println!(
        "one recipient: {:.0} deliveries/s, countersigned and acknowledged",
        sent as f64 / seconds
    );
    owner.stop().unwrap();
}

fn send(service: &Service, text: &[u8]) {
    service.ask_and_wait(Method::SendMessage, text).unwrap();
}

fn deliveries(answer: &Value) -> u64 {
    match answer.as_object().and_then(|it| it.get("deliveries")) {
        Some(Value::Array(deliveries)) => deliveries.len() as u64,
        other => panic!("{other:?}"),
    }
}

/// What a flood from one agent, over so many connections, does to the latency of others: over HTTP.
fn flood() {
    let people = People::new(10);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let mut figures = Vec::new();
    for flooding in [0, 8, 64] {
        let folder = tempfile::tempdir().unwrap();
        let setup = people.setup(&folder.path().join("bus.sqlite"));
        let (owner, service) = Owner::start(setup, tokio::sync::oneshot::channel().0).unwrap();
        let listener = runtime.block_on(http::listen("127.0.0.1:0".parse().unwrap()));
        let listener = listener.unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        let server = http::serve(listener, service, 128 * 1024, std::future::pending());
        let server = runtime.spawn(server);
        let client = |name: &str| Client::new(&people.deployment, key(name), url.clone()).unwrap();
        let (over, refused) = (AtomicBool::new(false), AtomicU64::new(0));
        let mut latencies = thread::scope(|scope| {
            for _ in 0..flooding {
                // Signed before, sent again and again: what a sender can do at no cost.
                let envelope = people.event_of("mallory");
                let (client, over, refused) = (client("mallory"), &over, &refused);
                scope.spawn(move || {
                    while !over.load(Ordering::SeqCst) {
                        let answer = client.call(Method::SendMessage, &envelope);
                        refused.fetch_add(u64::from(answer.is_err()), Ordering::SeqCst);
                    }
                });
            }
            let quiet = (0..8).map(|sender| {
                let (people, client) = (&people, client(&format!("agent-{sender}")));
                scope.spawn(move || {
                    let (mut latencies, begun) = (Vec::new(), Instant::now());
                    while begun.elapsed() < GATHERED {
                        let envelope = people.event(sender);
                        let started = Instant::now();
                        client.call(Method::SendMessage, &envelope).unwrap();
                        latencies.push(started.elapsed());
                        thread::sleep(Duration::from_millis(110));
                    }
                    latencies
                })
            });
            let quiet: Vec<_> = quiet.collect();
            let latencies = quiet.into_iter().flat_map(|it| it.join().unwrap());
            let latencies: Vec<Duration> = latencies.collect();
            over.store(true, Ordering::SeqCst);
            latencies
        });
        server.abort();
        owner.stop().unwrap();
        latencies.sort_unstable();
        let at = |share: usize| latencies[(latencies.len() - 1) * share / 100].as_secs_f64() * 1e3;
        let turned_away = refused.load(Ordering::SeqCst) as f64 / GATHERED.as_secs_f64();
        println!(
            "8 quiet agents beside {flooding} connections of a flood ({turned_away:.0} refusals/s): \
             median {:.2} ms, 99th percentile {:.2} ms",
            at(50),
            at(99)
        );
        figures.push(at(99));
    }
    println!(
        "99th percentile of the others under the floods: {:.2} and {:.2} times that without",
        figures[1] / figures[0],
        figures[2] / figures[0]
    );
}

/// Memory while so many messages are sent, received and acknowledged.
fn memory(messages: usize) {
    let people = People::new(1_000_000);
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("bus.sqlite");
    let deployment = people.deployment.clone();
    let mut core = Core::open(&state, deployment, key("bus"), now_ms()).unwrap();
    let gate = core.gate();
    let mut after = 0;
    let ask = |core: &mut Core, method, texts: &[Vec<u8>]| {
        let asked = texts.iter().map(|text| Asked {
            method,
            authentic: gate.examine(text, now_ms()).unwrap(),
        });
        core.answer(asked.collect(), now_ms()).unwrap()
    };
    for sent in (0..messages).step_by(100) {
        if sent % (messages / 10).max(100) == 0 {
            let file = fs::metadata(&state).unwrap().len() / 1_000_000;
            println!(
                "{sent:>9} messages: {:>6} KiB resident, {file} MB on disk",
                resident()
            );
        }
        let texts: Vec<Vec<u8>> = (0..100)
            .map(|at| people.event(at % SENDERS).canonical_bytes())
            .collect();
        for answer in ask(&mut core, Method::SendMessage, &texts) {
            black_box(answer.unwrap());
        }
        for answer in ask(&mut core, Method::ReceiveMessages, &[people.poll(after)]) {
            black_box(answer.unwrap());
        }
        after += 100;
        core.tick(now_ms()).unwrap();
    }
    println!("{messages:>9} messages: {:>6} KiB resident", resident());
}

/// Resident memory of this process, in KiB.
fn resident() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS"));
    let words = line.and_then(|line| line.split_whitespace().nth(1));
    words.and_then(|number| number.parse().ok()).unwrap_or(0)
}
