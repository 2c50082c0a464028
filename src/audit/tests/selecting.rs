//! What a log on disk finds is what looking at every record finds, and it looks at no more than it must.

use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use rusqlite::{Connection, params_from_iter};

use super::fixture::{agent, at, header, id, key};
use crate::audit::selection::selection;
use crate::audit::{Draft, Filter, Found, Policy, Salt, SqliteFile, Trail};
use crate::envelope::{Header, Kind};

const NAMES: &[&str] = &["alice", "bob", "carol", "dave"];
const KINDS: &[Kind] = &[Kind::Ask, Kind::Notify, Kind::Error];

/// A message from one of a few to one of a few, itself among them, at one of a few times.
fn message() -> impl Strategy<Value = (Header, Policy)> {
    let parties = (select(NAMES), select(NAMES));
    let when = (1_u64..6, option::of(0_u8..3));
    let what = (select(KINDS), select(Policy::ALL));
    (parties, when, what).prop_map(|((from, to), (at_ms, conversation), (kind, policy))| {
        let header = Header {
            kind,
            from: agent(from),
            to: agent(to),
            issued_at: at(at_ms),
            correlation_id: conversation.map(id),
            ..header(1)
        };
        (header, policy)
    })
}

fn filter() -> impl Strategy<Value = Filter> {
    let who = option::of(select(NAMES));
    let when = (option::of(0_u64..7), option::of(0_u64..7));
    let what = (option::of(select(KINDS)), option::of(select(Policy::ALL)));
    let which = (option::of(0_u8..4), option::of(0_usize..6));
    (who, when, what, which).prop_map(
        |(who, when, (kind, policy), (conversation, limit))| Filter {
            agent: who.map(agent),
            since_ms: when.0,
            until_ms: when.1,
            kind,
            policy,
            correlation_id: conversation.map(id),
            limit,
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_selection_is_the_newest_of_all_records_that_match(
        messages in prop::collection::vec(message(), 0..40),
        filters in prop::collection::vec(filter(), 40),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let file = SqliteFile::open(folder.path().join("log")).unwrap();
        let mut trail = Trail::open(file, key()).unwrap();
        let salt = Salt::from_bytes([1; 32]);
        let drafts = messages.iter().map(|(header, policy)| Draft {
            at: header.issued_at,
            header,
            payload: b"{}",
            salt: &salt,
            policy: *policy,
            approval: None,
        });
        let drafts: Vec<Draft<'_>> = drafts.collect();
        prop_assert_eq!(trail.append(&drafts).unwrap().len(), messages.len());
        let all = trail.file().list(&Filter::default()).unwrap();
        prop_assert_eq!(all.len(), messages.len());
        for filter in &filters {
            let matching: Vec<Found> = all.iter().filter(|it| filter.matches(&it.entry)).cloned().collect();
            let limit = filter.limit.unwrap_or(usize::MAX);
            let expected = &matching[matching.len().saturating_sub(limit)..];
            prop_assert_eq!(trail.file().list(filter).unwrap(), expected, "{:?}", filter);
        }
    }

    #[test]
    fn nothing_is_sorted_and_an_index_is_used_where_there_is_one(filter in filter()) {
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch(crate::audit::TABLES).unwrap();
        let (statement, values) = selection(&filter);
        let mut plan = connection.prepare(&format!("EXPLAIN QUERY PLAN {statement}")).unwrap();
        let steps = plan.query_map(params_from_iter(values), |row| row.get(3)).unwrap();
        let steps: Vec<String> = steps.collect::<Result<_, _>>().unwrap();
        let walks: &[&str] = match (&filter.correlation_id, &filter.agent) {
            (Some(_), _) => &["record_by_correlation"],
            (None, Some(_)) => &["record_by_sender", "record_by_recipient"],
            (None, None) => &[],
        };
        for walk in walks {
            prop_assert!(steps.iter().any(|it| it.contains(walk)), "{}: {:?}", statement, steps);
        }
        let scanned = steps.iter().any(|it| it.starts_with("SCAN"));
        prop_assert_eq!(scanned, walks.is_empty(), "{}: {:?}", statement, steps);
        let sorted = steps.iter().any(|it| it.contains("TEMP B-TREE"));
        prop_assert!(!sorted, "{}: {:?}", statement, steps);
        prop_assert_eq!(statement.contains("LIMIT"), filter.limit.is_some());
    }
}
