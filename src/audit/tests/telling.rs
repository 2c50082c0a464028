//! Who is told of which messages.

use std::collections::BTreeSet;

use countersign_model::audit::guard::Rejection;

use super::fixture::{agent, append, id, key};
use crate::audit::{AUDITOR, Entry, Filter, LogFile, MemoryFile, Policy, SqliteFile, Trail};
use crate::envelope::Kind;
use crate::identity::{Agent, Label, Registry, Standing, Trust};

fn registry(standing: Standing) -> Registry {
    let mut registry = Registry::new();
    let auditor = Agent {
        id: agent("eve"),
        standing,
        handle: None,
        trust: Trust::Message,
        capabilities: BTreeSet::from([Label::parse(AUDITOR).unwrap()]),
        keys: Vec::new(),
    };
    registry.enrol(auditor).unwrap();
    registry
}

fn told<F: LogFile>(trail: &Trail<F>, reader: &str, filter: &Filter) -> Result<Vec<u8>, Rejection> {
    let registry = registry(Standing::Active);
    let found = trail.ask(&agent(reader), &registry, filter).unwrap()?;
    let number = |entry: &Entry| entry.id.as_bytes()[0];
    Ok(found.iter().map(|it| number(&it.entry)).collect())
}

fn about(name: &str) -> Filter {
    Filter {
        agent: Some(agent(name)),
        ..Filter::default()
    }
}

/// Everything that can be asked of twelve records.
fn check<F: LogFile>(file: F) {
    let mut trail = Trail::open(file, key()).unwrap();
    append(&mut trail, 1..=12);
    let ask = |reader: &str, filter: &Filter| told(&trail, reader, filter);
    let odd = vec![1, 3, 5, 7, 9, 11];
    let all: Vec<u8> = (1..=12).collect();
    assert_eq!(ask("alice", &about("alice")), Ok(odd));
    assert_eq!(ask("bob", &about("bob")), Ok(all.clone()));
    assert_eq!(ask("eve", &Filter::default()), Ok(all));
    let refused = Err(Rejection::NotEntitled);
    assert_eq!(ask("mallory", &about("alice")), refused);
    assert_eq!(
        ask("bob", &about("alice")),
        refused,
        "a party to some is not to all"
    );
    assert_eq!(ask("bob", &Filter::default()), refused);
    #[rustfmt::skip]
    let rows: &[(Filter, &[u8])] = &[
        (Filter { since_ms: Some(11), ..Filter::default() },                       &[11, 12]),
        (Filter { until_ms: Some(2), ..Filter::default() },                        &[1, 2]),
        (Filter { kind: Some(Kind::Notify), ..Filter::default() },                 &[3, 6, 9, 12]),
        (Filter { policy: Some(Policy::Denied), ..Filter::default() },             &[5, 10]),
        (Filter { correlation_id: Some(id(1)), ..Filter::default() },              &[4, 5, 6, 7]),
        (Filter { limit: Some(2), ..Filter::default() },                           &[11, 12]),
        (Filter { policy: Some(Policy::Denied), limit: Some(1), ..about("alice") }, &[5]),
    ];
    for (filter, expected) in rows {
        assert_eq!(ask("eve", filter).as_deref(), Ok(*expected), "{filter:?}");
    }
}

#[test]
fn a_log_in_memory_tells_parties_and_auditors() {
    check(MemoryFile::default());
}

#[test]
fn a_log_on_disk_tells_the_same() {
    let folder = tempfile::tempdir().unwrap();
    check(SqliteFile::open(folder.path().join("log")).unwrap());
}

#[test]
fn an_auditor_that_left_is_told_nothing() {
    let mut trail = Trail::open(MemoryFile::default(), key()).unwrap();
    append(&mut trail, 1..=2);
    let registry = registry(Standing::Retired);
    let answer = trail.ask(&agent("eve"), &registry, &Filter::default());
    assert_eq!(answer.unwrap(), Err(Rejection::NotEntitled));
}
