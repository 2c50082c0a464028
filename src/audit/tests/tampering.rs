//! Whatever somebody does to the file, the first bad record is named, and what is the matter with it.

use countersign_model::audit::guard::Rejection;

use super::fixture::{append, at, id, key};
use crate::audit::{
    Checkpoint, End, Entry, Fault, GENESIS, Hardened, LogFile as _, Mechanisms as _, MemoryFile,
    RecordError, Row, Trail, Verified, Verifier, What,
};
use crate::identity::SigningKey;

/// Eight records, a checkpoint after the fifth and one after the eighth.
fn log() -> MemoryFile {
    let mut trail = Trail::open(MemoryFile::default(), key()).unwrap();
    append(&mut trail, 1..=5);
    trail.sign(at(10)).unwrap();
    append(&mut trail, 6..=8);
    trail.sign(at(20)).unwrap();
    trail.file().clone()
}

fn verified(file: &MemoryFile) -> Result<Verified, Fault> {
    Verifier::new(key().peer_key()).verify(file).unwrap()
}

/// Computes every link anew, as whoever writes to the file can.
fn relink(file: &mut MemoryFile) {
    let mut before = GENESIS;
    for row in &mut file.rows {
        row.link = Hardened.link(&before, &row.record);
        before = row.link;
    }
}

fn alter(row: &mut Row) {
    let mut entry = Entry::of_bytes(&row.record).unwrap();
    entry.id = id(99);
    row.record = entry.to_bytes();
}

#[test]
fn an_honest_log_verifies_and_says_how_far_it_is_vouched_for() {
    let mut trail = Trail::open(log(), key()).unwrap();
    append(&mut trail, 9..=10);
    let expected = Verified {
        count: 10,
        covered: 8,
        signed_at_ms: 20,
    };
    assert_eq!(verified(trail.file()), Ok(expected));
}

#[test]
#[rustfmt::skip]
fn the_first_bad_record_is_named() {
    type Change = fn(&mut MemoryFile);
    type Case = (&'static str, Change, Rejection, Option<(u64, u64)>, What);
    let rows: &[Case] = &[
        ("altered",   |it| alter(&mut it.rows[2]),                     Rejection::LinkBroken, Some((3, 3)), What::WrongLink),
        ("no record", |it| it.rows[4].record.push(b' '),               Rejection::LinkBroken, Some((5, 5)), What::NotARecord),
        ("deleted",   |it| drop(it.rows.remove(3)),                    Rejection::LinkBroken, Some((4, 4)), What::WrongLink),
        ("swapped",   |it| it.rows.swap(5, 6),                         Rejection::LinkBroken, Some((6, 6)), What::WrongLink),
        ("first",     |it| drop(it.rows.remove(0)),                    Rejection::LinkBroken, Some((1, 1)), What::WrongLink),
        ("cut off",   |it| it.rows.truncate(7),                        Rejection::Truncated,  Some((8, 8)), What::Short { expected: 8 }),
        ("emptied",   |it| it.rows.clear(),                            Rejection::Truncated,  Some((1, 1)), What::Short { expected: 8 }),
        ("relinked",  |it| { alter(&mut it.rows[2]); relink(it); },    Rejection::Rewritten,  Some((1, 8)), What::OtherHistory { covered: 8 }),
        ("tail",      |it| { alter(&mut it.rows[6]); relink(it); },    Rejection::Rewritten,  Some((6, 8)), What::OtherHistory { covered: 8 }),
        ("unsigned",  |it| it.checkpoints.clear(),                     Rejection::CheckpointUnsigned, None, What::NoCheckpoint),
        ("no text",   |it| it.checkpoints[1].push(b' '),               Rejection::CheckpointUnsigned, None, What::NotACheckpoint),
        ("forged",    |it| it.checkpoints.push(forged(it).to_bytes()), Rejection::CheckpointUnsigned, None, What::WrongSignature),
    ];
    for (name, change, rejection, records, what) in rows {
        let mut file = log();
        change(&mut file);
        let expected = Fault { rejection: *rejection, records: *records, what: *what };
        assert_eq!(verified(&file), Err(expected), "{name}");
    }
}

#[test]
fn in_whatever_order_checkpoints_stand_the_last_one_judges_and_the_farthest_one_vouches() {
    let file = log();
    let [fifth, eighth] = [0, 1].map(|place| file.checkpoints[place].clone());
    let beyond = End {
        count: 9,
        link: file.rows[0].link,
    };
    let beyond = Checkpoint::sign(&key(), &beyond, at(30))
        .unwrap()
        .to_bytes();
    let nonsense = || b"nonsense".to_vec();
    let rows = [
        (vec![eighth.clone(), fifth.clone()], Ok(5)),
        (
            vec![
                fifth.clone(),
                fifth.clone(),
                nonsense(),
                fifth.clone(),
                eighth.clone(),
            ],
            Ok(8),
        ),
        (
            vec![
                beyond.clone(),
                eighth.clone(),
                nonsense(),
                eighth.clone(),
                fifth.clone(),
            ],
            Ok(5),
        ),
        (vec![eighth.clone(), beyond.clone()], Err(Some((9, 9)))),
        (vec![eighth.clone(), nonsense()], Err(None)),
    ];
    for (checkpoints, expected) in rows {
        let rows = file.rows.clone();
        let found = verified(&MemoryFile { rows, checkpoints });
        let found = found.map(|it| it.covered).map_err(|fault| fault.records);
        assert_eq!(found, expected);
    }
    // Of two that were rewritten, the one that still holds says how far the log is good.
    let mut file = file;
    alter(&mut file.rows[6]);
    relink(&mut file);
    file.checkpoints = vec![eighth.clone(), fifth.clone(), fifth, eighth];
    assert_eq!(verified(&file).unwrap_err().records, Some((6, 8)));
}

fn forged(file: &MemoryFile) -> Checkpoint {
    let mallory = SigningKey::from_seed([9; 32]);
    Checkpoint::sign(&mallory, &file.end().unwrap(), at(30)).unwrap()
}

#[test]
fn an_older_copy_shows_to_whoever_has_seen_a_newer_one() {
    let mut verifier = Verifier::new(key().peer_key());
    let new = log();
    assert!(verifier.verify(&new).unwrap().is_ok());
    assert_eq!(verifier.remembered(), new.end().unwrap());
    let mut old = new.clone();
    old.rows.truncate(5);
    old.checkpoints.truncate(1);
    assert!(verified(&old).is_ok(), "by itself it is a good log");
    let fault = verifier.verify(&old).unwrap().unwrap_err();
    assert_eq!(fault.rejection, Rejection::RolledBack);
    assert_eq!(fault.what, What::OtherPast { remembered: 8 });
    // What was refused is not remembered, and memory outlasts the process if it is kept.
    let end = verifier.remembered();
    let mut again = Verifier::remembering(key().peer_key(), end);
    assert_eq!(again.verify(&old).unwrap(), Err(fault));
    assert!(again.verify(&new).unwrap().is_ok());
}

#[test]
fn a_writer_that_finds_the_log_changed_writes_nothing() {
    let mut trail = Trail::open(MemoryFile::default(), key()).unwrap();
    append(&mut trail, 1..=2);
    // Another writer is somebody else, too.
    let mut other = Trail::open(trail.file().clone(), key()).unwrap();
    append(&mut other, 3..=3);
    let mut behind = trail;
    behind.dangerously_replace(other.file().clone());
    let before = behind.file().clone();
    let refused = |error: RecordError| matches!(error, RecordError::Refused(Rejection::HeadMoved));
    assert!(refused(behind.append(&[]).unwrap_err()));
    assert!(refused(behind.sign(at(1)).unwrap_err()));
    assert_eq!(*behind.file(), before);
    assert_ne!(before.end().unwrap(), End::GENESIS);
}

#[test]
fn every_fault_reads_as_a_sentence_that_names_the_record() {
    let mut file = log();
    alter(&mut file.rows[2]);
    assert_eq!(
        verified(&file).unwrap_err().to_string(),
        "record 3: its link is not the hash of the link before it and its record"
    );
    relink(&mut file);
    assert_eq!(
        verified(&file).unwrap_err().to_string(),
        "one of the records 1 to 8 first: the links were computed anew; the checkpoint covers 8 records and \
         names another link"
    );
    file.rows.truncate(6);
    assert_eq!(
        verified(&file).unwrap_err().to_string(),
        "record 7: it is not there; the checkpoint covers 8 records"
    );
}
