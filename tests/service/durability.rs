//! What was acknowledged is there after a restart, and what failed has left nothing.

use std::fs;
use std::path::Path;

use countersign::audit::{Filter, SqliteFile, Verifier};
use countersign::bus::Limits;
use countersign::envelope::Kind;
use countersign::service::{ServiceError, Unanswered};

use super::fixture::{
    Bus, NOW_MS, RULES, ask, delegate, deployment_text, key, kinds, notify, refusal, reply,
};

fn records(state: &Path) -> u64 {
    let file = SqliteFile::open_to_read(state).unwrap();
    file.check().unwrap();
    let verified = Verifier::new(key("bus").peer_key())
        .verify(&file)
        .unwrap()
        .unwrap();
    assert_eq!(
        file.list(&Filter::default()).unwrap().len() as u64,
        verified.count
    );
    verified.count
}

#[test]
fn a_restart_takes_up_queue_requests_mailboxes_and_nonces() {
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("bus.sqlite");
    let bus = Bus::start(&state);
    let question = bus.compose("alice", "bob", ask(NOW_MS + 60_000), |_| {});
    let late = bus.compose("alice", "bob", ask(NOW_MS + 60_000), |_| {});
    let held = bus.compose("alice", "carol", delegate(), |_| {});
    for envelope in [&question, &late, &held] {
        bus.send(envelope).unwrap();
    }
    assert_eq!(bus.receive("bob", 0).len(), 2);
    assert_eq!(bus.receive("bob", 1).len(), 1);
    bus.stop();

    let bus = Bus::start(&state);
    assert_eq!(refusal(bus.send(&question)).0, "replayed");
    assert_eq!(bus.receive("bob", 0), [(2, late.clone())]);
    assert_eq!(bus.queue(), [held.digest()]);
    bus.approve(0, held.digest()).unwrap();
    assert_eq!(bus.receive("carol", 0), [(1, held.clone())]);
    let digest = Some(late.digest());
    let answer = bus.compose("bob", "alice", reply(), |header| {
        header.in_reply_to = digest;
    });
    bus.send(&answer).unwrap();
    bus.stop();

    // Answered and released stay so; what nobody answered ends, although nobody was there to see it.
    let bus = Bus::start(&state);
    let again = bus.compose("bob", "alice", reply(), |header| {
        header.in_reply_to = digest;
    });
    assert_eq!(refusal(bus.send(&again)).0, "already-ended");
    assert_eq!(bus.queue(), []);
    bus.wait(60_001);
    let mut told = Vec::new();
    while told.len() < 2 {
        told = bus.receive("alice", 0);
    }
    assert_eq!(kinds(&told), [(1, Kind::Reply), (2, Kind::Error)]);
    bus.stop();
    records(&state);
}

#[test]
fn neither_a_restart_nor_a_failure_gives_an_agent_more_than_its_share() {
    const SHARE: u64 = 8;
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("bus.sqlite");
    let text = deployment_text(&["alice", "bob", "carol"], RULES, SHARE);
    let pages = || u32::try_from(fs::metadata(&state).unwrap().len() / 4_096).unwrap();
    let send = |bus: &Bus, from: &str, to: &str| {
        let message = if to == "carol" {
            bus.compose(from, to, delegate(), |_| {})
        } else {
            bus.compose(from, to, notify(), |_| {})
        };
        bus.send(&message)
    };

    let bus = Bus::start_with(&state, &text, None).unwrap();
    send(&bus, "alice", "bus").unwrap();
    send(&bus, "alice", "carol").unwrap();
    for _ in 0..4 {
        send(&bus, "alice", "bob").unwrap();
    }
    bus.stop();

    // Two deliveries for the event to everybody, one for what waits: it has one left.
    let bus = Bus::start_with(&state, &text, Some(pages())).unwrap();
    let failed = (0..SHARE).find_map(|_| send(&bus, "bob", "carol").err());
    assert!(
        matches!(failed, Some(Unanswered::Unavailable(_))),
        "{failed:?}"
    );
    bus.stop_anyway();
    let bus = Bus::start_with(&state, &text, None).unwrap();
    send(&bus, "alice", "bob").unwrap();
    assert_eq!(refusal(send(&bus, "alice", "bob")).0, "too-fast");
    bus.stop();

    let bus = Bus::start_with(&state, &text, None).unwrap();
    assert_eq!(refusal(send(&bus, "alice", "bob")).0, "too-fast");
    bus.wait(Limits::default().rate_period_ms);
    send(&bus, "alice", "bob").unwrap();
    bus.stop();
}

#[test]
fn a_full_disk_is_told_and_leaves_nothing_half_written() {
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("bus.sqlite");
    Bus::start(&state).stop();
    let text = deployment_text(&["alice", "bob", "carol"], RULES, 100_000);
    let pages = u32::try_from(fs::metadata(&state).unwrap().len() / 4_096).unwrap();
    let bus = Bus::start_with(&state, &text, Some(pages + 20)).unwrap();
    let mut delivered = 0;
    let failed = loop {
        let event = bus.compose("alice", "bob", notify(), |_| {});
        match bus.send(&event) {
            Ok(_) => delivered += 1,
            Err(Unanswered::Unavailable(what)) => break (what, event),
            Err(other) => panic!("{other:?}"),
        }
        assert!(delivered < 10_000, "the disk never filled up");
    };
    assert!(failed.0.contains("free space"), "{}", failed.0);
    assert!(delivered > 0);
    // Again and again, and every time nothing.
    assert!(matches!(
        bus.send(&failed.1),
        Err(Unanswered::Unavailable(_))
    ));
    bus.stop_anyway();
    assert_eq!(records(&state), delivered);

    // With room again, the very message that failed is new.
    let bus = Bus::start(&state);
    bus.send(&failed.1).unwrap();
    let mut received = Vec::new();
    let mut after = 0;
    loop {
        let next = bus.receive("bob", after);
        let Some((last, _)) = next.last() else { break };
        after = *last;
        received.extend(next);
    }
    let numbers: Vec<u64> = received.iter().map(|(number, _)| *number).collect();
    let expected: Vec<u64> = (1..=delivered + 1).collect();
    assert_eq!(numbers, expected);
    bus.stop();
}

#[test]
fn a_damaged_file_and_another_programs_are_not_taken_for_a_bus() {
    let folder = tempfile::tempdir().unwrap();
    let text = deployment_text(&["alice", "bob", "carol"], RULES, 100_000);
    let open = |state: &Path| Bus::start_with(state, &text, None).err().unwrap();

    let other = folder.path().join("other");
    fs::write(
        &other,
        "not a database, and long enough to have a header of one hundred bytes or so\n".repeat(9),
    )
    .unwrap();
    assert!(matches!(open(&other), ServiceError::Foreign { .. }));

    let log = folder.path().join("log");
    drop(SqliteFile::open(&log).unwrap());
    assert!(matches!(open(&log), ServiceError::Foreign { .. }));

    let state = folder.path().join("bus.sqlite");
    let bus = Bus::start(&state);
    for _ in 0..200 {
        bus.send(&bus.compose("alice", "bob", notify(), |_| {}))
            .unwrap();
    }
    bus.stop();
    let mut bytes = fs::read(&state).unwrap();
    let middle = bytes.len() / 2 / 4_096 * 4_096;
    bytes[middle..middle + 4_096].fill(0xA5);
    fs::write(&state, bytes).unwrap();
    let error = open(&state);
    assert!(matches!(error, ServiceError::Damaged { .. }), "{error:?}");
    assert!(
        error.to_string().contains("keep it for the auditors"),
        "{error}"
    );
}

#[test]
fn on_whose_behalf_a_deputy_speaks_is_known_to_every_life_of_the_bus() {
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("bus.sqlite");
    let bus = Bus::start(&state);
    let first = bus.compose("alice", "bob", delegate(), |_| {});
    bus.send(&first).unwrap();
    let conversation = Some(first.header().id);
    let on = |bus: &Bus| {
        bus.compose("bob", "carol", delegate(), |header| {
            header.correlation_id = conversation;
        })
    };
    // Bob may send it, and alice only with an approval: it is alice who has it sent.
    let held = on(&bus);
    assert_eq!(bus.send(&held).unwrap().outcome.as_str(), "held");
    bus.stop();
    let bus = Bus::start(&state);
    assert_eq!(bus.send(&on(&bus)).unwrap().outcome.as_str(), "held");
    let own = bus.compose("bob", "carol", delegate(), |_| {});
    assert_eq!(bus.send(&own).unwrap().outcome.as_str(), "delivered");
    bus.stop();
}

#[test]
fn a_late_answer_is_told_that_it_is_late_also_when_the_request_has_left_memory() {
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("bus.sqlite");
    let bus = Bus::start(&state);
    let question = bus.compose("alice", "bob", ask(NOW_MS + 1_000), |_| {});
    bus.send(&question).unwrap();
    bus.wait(1_001);
    while bus.receive("alice", 0).is_empty() {}
    let digest = Some(question.digest());
    let answer = |bus: &Bus| bus.compose("bob", "alice", reply(), |it| it.in_reply_to = digest);
    let late = ("too-late".to_owned(), "reply-in-time".to_owned());
    assert_eq!(refusal(bus.send(&answer(&bus))), late);
    bus.stop();
    let bus = Bus::start(&state);
    bus.wait(1_001);
    assert_eq!(refusal(bus.send(&answer(&bus))), late);
    bus.stop();
}

#[cfg(unix)]
#[test]
fn only_its_owner_can_read_what_a_bus_makes_and_what_is_there_keeps_its_mode() {
    use std::os::unix::fs::PermissionsExt as _;

    let folder = tempfile::tempdir().unwrap();
    let mode = |name: &str| {
        let found = fs::metadata(folder.path().join(name)).unwrap();
        found.permissions().mode() & 0o777
    };
    let bus = Bus::start(&folder.path().join("bus.sqlite"));
    bus.send(&bus.compose("alice", "bob", notify(), |_| {}))
        .unwrap();
    for end in ["", "-wal", "-shm", "-lock"] {
        assert_eq!(mode(&format!("bus.sqlite{end}")), 0o600, "{end}");
    }
    bus.stop();

    let shared = folder.path().join("shared.sqlite");
    fs::write(&shared, "").unwrap();
    fs::set_permissions(&shared, fs::Permissions::from_mode(0o640)).unwrap();
    Bus::start(&shared).stop();
    assert_eq!(mode("shared.sqlite"), 0o640);
}

#[test]
fn an_envelope_is_kept_until_all_that_wait_for_it_have_it() {
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("bus.sqlite");
    let bus = Bus::start(&state);
    let kept = || -> i64 {
        let connection = rusqlite::Connection::open(&state).unwrap();
        let count = "SELECT count(*) FROM letter";
        connection.query_one(count, (), |row| row.get(0)).unwrap()
    };
    bus.send(&bus.compose("alice", "bus", notify(), |_| {}))
        .unwrap();
    assert_eq!(kept(), 1);
    bus.receive("bob", 1);
    assert_eq!(kept(), 1, "carol waits for it");
    bus.receive("carol", 1);
    assert_eq!(kept(), 0);
    bus.stop();
}

#[test]
fn a_bus_that_was_stopped_begins_no_earlier_than_it_ended() {
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("bus.sqlite");
    let bus = Bus::start(&state);
    for ms in [0, 30_000] {
        bus.wait(ms);
        let event = bus.compose("alice", "bob", notify(), |_| {});
        bus.send(&event).unwrap();
    }
    bus.stop();
    // Its clock was set back by half a minute.
    let bus = Bus::start(&state);
    let event = bus.compose("alice", "bob", notify(), |_| {});
    bus.send(&event).unwrap();
    bus.stop();
    let found = SqliteFile::open_to_read(&state).unwrap();
    let found = found.list(&Filter::default()).unwrap();
    let times: Vec<u64> = found.iter().map(|it| it.entry.at.as_ms()).collect();
    assert!(times.len() == 3 && times.is_sorted(), "{times:?}");
}
