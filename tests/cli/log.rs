//! `countersign log`: what it prints of a log, and what it says of one that was changed.

use countersign::audit::{Draft, Policy, Salt, SqliteFile, Trail};
use countersign::envelope::{Header, Kind, MessageId, Nonce, Timestamp, Version};
use countersign::identity::{SigningKey, SpiffeId};

use super::program::{Run, run_in};

struct Log(tempfile::TempDir);

fn key() -> SigningKey {
    SigningKey::from_seed([7; 32])
}

fn at(ms: u64) -> Timestamp {
    Timestamp::from_ms(ms).expect("a time")
}

fn agent(name: &str) -> SpiffeId {
    SpiffeId::parse_agent(&format!("spiffe://example.org/agent/{name}")).expect("an id")
}

impl Log {
    /// Three records, the second denied, and a checkpoint over all but the last.
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let file = SqliteFile::open(folder.path().join("bus.log")).expect("a log");
        let mut trail = Trail::open(file, key()).expect("a trail");
        for number in 1..=3 {
            let (from, to) = if number == 2 {
                ("mallory", "bob")
            } else {
                ("alice", "bob")
            };
            let header = Header {
                version: Version::CURRENT,
                kind: Kind::Ask,
                id: MessageId::from_bytes([number; 16]),
                nonce: Nonce::from_bytes([number; 16]),
                from: agent(from),
                to: agent(to),
                issued_at: at(1_000),
                expires_at: at(2_000),
                key_id: key().key_id(),
                correlation_id: (number == 3).then(|| MessageId::from_bytes([1; 16])),
                in_reply_to: None,
                session: None,
                capability: None,
            };
            let draft = Draft {
                at: at(1_000 + u64::from(number)),
                header: &header,
                payload: b"{}",
                salt: &Salt::from_bytes([number; 32]),
                policy: if number == 2 {
                    Policy::Denied
                } else {
                    Policy::Allowed
                },
                approval: None,
            };
            let recorded = trail.append(&[draft]).expect("a record");
            assert_eq!(recorded.len(), 1);
            if number == 2 {
                trail.sign(at(1_500)).expect("a checkpoint");
            }
        }
        Self(folder)
    }

    fn run(&self, words: &[&str]) -> Run {
        run_in(self.0.path(), &[&["log"], words].concat(), b"")
    }

    fn verify(&self, words: &[&str]) -> Run {
        let key = key().peer_key().to_string();
        self.run(&[&["verify", "bus.log", "--key", &key], words].concat())
    }

    fn sql(&self, statements: &str) {
        let connection = rusqlite::Connection::open(self.0.path().join("bus.log")).expect("a file");
        connection.execute_batch(statements).expect("statements");
    }
}

#[test]
fn a_log_is_listed_as_it_was_reviewed() {
    let log = Log::new();
    let everything = log.run(&["bus.log"]);
    let denied = log.run(&["bus.log", "--result", "denied", "--format", "json"]);
    let mine = log.run(&[
        "bus.log",
        "--agent",
        "spiffe://example.org/agent/alice",
        "--limit",
        "1",
    ]);
    insta::assert_snapshot!([everything.told(), denied.told(), mine.told()].join("\n\n"));
}

#[test]
fn a_log_verifies_as_far_as_it_is_vouched_for() {
    let log = Log::new();
    let plain = log.verify(&[]);
    assert_eq!(plain.code, Some(0), "{}", plain.told());
    let keyless = log.run(&["verify", "bus.log"]);
    assert_eq!(keyless.code, Some(3), "{}", keyless.told());
    insta::assert_snapshot!([plain.told(), keyless.told()].join("\n\n"));
}

#[test]
fn the_first_bad_record_is_named_and_an_older_copy_is_noticed() {
    let log = Log::new();
    let seen = log.verify(&["--remember", "seen.txt"]);
    assert_eq!(seen.code, Some(0), "{}", seen.told());
    log.sql("UPDATE record SET record = replace(record, 'denied', 'allowed') WHERE number = 2");
    let altered = log.verify(&["--format", "json"]);
    assert_eq!(altered.code, Some(1), "{}", altered.told());
    log.sql("DELETE FROM record WHERE number > 1");
    let cut = log.verify(&[]);
    assert_eq!(cut.code, Some(1), "{}", cut.told());
    log.sql("DROP INDEX record_by_sender");
    let dropped = log.verify(&[]);
    assert_eq!(dropped.code, Some(1), "{}", dropped.told());
    insta::assert_snapshot!([altered.told(), cut.told(), dropped.told()].join("\n\n"));
}

#[test]
fn a_record_that_was_given_another_number_is_the_first_bad_one() {
    let log = Log::new();
    log.sql("UPDATE record SET number = 9 WHERE number = 3");
    let last = log.verify(&["--format", "json"]);
    assert_eq!(last.code, Some(1), "{}", last.told());
    log.sql("UPDATE record SET number = number + 10");
    let all = log.verify(&[]);
    assert_eq!(all.code, Some(1), "{}", all.told());
    insta::assert_snapshot!([last.told(), all.told()].join("\n\n"));
}

#[test]
fn what_is_no_log_is_a_misuse_with_a_remedy() {
    let log = Log::new();
    let missing = log.run(&["nothing.log"]);
    assert_eq!(missing.code, Some(2), "{}", missing.told());
    let word = log.run(&["bus.log", "--result", "alowed"]);
    assert_eq!(word.code, Some(2), "{}", word.told());
    assert!(
        word.stderr.contains("did you mean 'allowed'?"),
        "{}",
        word.told()
    );
    // One in 64 keys begins like an option.
    let key = log.run(&["verify", "bus.log", "--key", "-short"]);
    assert_eq!(key.code, Some(2), "{}", key.told());
    assert!(key.stderr.contains("public_key"), "{}", key.told());
}
