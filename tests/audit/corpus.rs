//! The committed traces of the audit trail are those that are told and recorded today.

use std::fs;
use std::path::{Path, PathBuf};

use countersign::lab::AuditLab;
use countersign_model::audit::Audit;
use countersign_model::audit::guard::Rejection;
use countersign_replay::any_trace::AnyTrace;
use countersign_replay::reader::read_any;
use countersign_replay::verdict::Verdict;
use countersign_replay::{Outcome, Trace, replay, writer};

use crate::script::{counterexamples, exchanges, rejected};

/// Set to write the traces anew instead of comparing them.
const RECORD: &str = "RECORD_TRACES";

/// Every trace, by its place under `traces/`.
fn corpus() -> Vec<(PathBuf, Trace<Audit>)> {
    let mut all = Vec::new();
    for (row, trace) in counterexamples() {
        let place = format!("counterexamples/audit/{}.json", row.name);
        all.push((place.into(), trace));
    }
    for (name, trace) in exchanges() {
        all.push((format!("exchanges/{name}.json").into(), trace));
    }
    for (rejection, name, trace) in rejected() {
        let place = format!("rejected/{}/audit-{name}.json", rejection.code());
        all.push((place.into(), trace));
    }
    all
}

#[test]
fn what_is_recorded_today_is_what_was_committed() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("traces");
    for (place, trace) in corpus() {
        let (path, text) = (folder.join(&place), writer::write(&trace));
        if std::env::var_os(RECORD).is_some() {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, &text).unwrap();
        }
        let again = "write it anew with: RECORD_TRACES=1 cargo test --test audit corpus";
        let committed = fs::read_to_string(&path).unwrap_or_default();
        assert_eq!(committed, text, "{}: {again}", place.display());
        let read = read_any(&place.display().to_string(), text.as_bytes()).unwrap();
        assert_eq!(read, AnyTrace::Audit(trace.clone()));
        assert!(trace.transcript.is_some(), "{}", place.display());
    }
}

#[test]
fn every_refusal_is_that_of_its_folder_and_matches_on_the_real_code() {
    let refused = rejected();
    let codes: Vec<Rejection> = refused.iter().map(|(rejection, ..)| *rejection).collect();
    assert_eq!(codes, Rejection::ALL, "one trace for each, in order");
    for (rejection, name, trace) in &refused {
        let last = trace.steps.last().unwrap();
        let expected = [Verdict::Refused(*rejection)];
        assert_eq!(last.expect.verdicts, expected, "{name}");
        let outcome = replay(trace, AuditLab::hardened).unwrap().outcome;
        assert_eq!(outcome, Outcome::Matches, "{name}");
    }
}
