//! What can be seen of a receiver from outside: its clock, its replay store, its registry.
//!
//! A target fills a [`Projection`] in full; a trace keeps its [`State`], in which a long list is a
//! digest. Individuals go by their names, instants are ticks.
//!
//! Never here: ghost fields. What only an omniscient observer knows is the engine's.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::difference::{FieldDifference, parts};
use crate::hex;
use crate::trace::{Until, is_false};

/// Entries that a state lists; a longer list is written as a digest.
pub const LISTED_MAX: usize = 16;

/// What can be seen of a receiver, in full.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Projection {
    /// The receiver's monotonic clock, in ticks.
    pub now: u64,
    /// The entries of the replay store, in any order.
    pub store: Vec<Entry>,
    /// What each sender has used up; those that used nothing may be left out.
    pub senders: Vec<Tally>,
    /// The registry's keys that it lists, all of them, in any order.
    pub keys: Vec<KeyRecord>,
    /// The principals that the registry no longer lists as active.
    pub retired: Vec<String>,
}

/// An entry of the replay store.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The sender; `anyone` in a store that does not tell senders apart.
    pub sender: String,
    /// The nonce.
    pub nonce: String,
    /// The last tick at which it must still be there; null for ever.
    pub keep_until: Until,
}

/// What a sender has used up.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Tally {
    /// The sender.
    pub sender: String,
    /// Entries of the replay store that it holds.
    pub held: u64,
    /// Messages counted against its rate in the current tick.
    pub recent: u64,
}

/// A key as the registry lists it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct KeyRecord {
    /// The key.
    pub key: String,
    /// When its validity begins, in ticks.
    pub not_before: u64,
    /// When its validity ends, in ticks; null for never.
    pub not_after: Until,
    /// It was revoked.
    #[serde(default, skip_serializing_if = "is_false")]
    pub revoked: bool,
}

/// What must be seen of a receiver: a projection in order, with long lists as digests.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct State {
    /// The receiver's monotonic clock, in ticks.
    pub now: u64,
    /// The entries of the replay store, by sender and nonce: up to 16.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub store: Vec<Entry>,
    /// The entries of the replay store, when there are more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub store_digest: Option<StoreDigest>,
    /// What each sender has used up, if anything.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub senders: Vec<Tally>,
    /// The listed keys whose record is no longer what the cast says.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub keys: Vec<KeyRecord>,
    /// The principals that the registry no longer lists as active.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub retired: Vec<String>,
}

/// Entries too many to list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StoreDigest {
    /// How many.
    pub entries: u64,
    /// SHA-256 over one line for each, in order: sender, nonce and last tick (`-` for ever), with
    /// single spaces, each line ended by a newline.
    pub sha256: String,
}

impl Projection {
    /// The projection as a trace keeps it. `cast` holds the keys as they were at first.
    pub fn state(&self, cast: &BTreeMap<String, KeyRecord>) -> State {
        let mut store = self.store.clone();
        // Shorter nonces first, so that n2 stands before n10.
        let rank = |entry: &Entry| {
            let nonce = entry.nonce.clone();
            (entry.sender.clone(), nonce.len(), nonce, entry.keep_until)
        };
        store.sort_by_cached_key(rank);
        let store_digest = (store.len() > LISTED_MAX).then(|| StoreDigest::of(&store));
        if store_digest.is_some() {
            store.clear();
        }
        let used = |tally: &&Tally| tally.held != 0 || tally.recent != 0;
        let mut senders: Vec<Tally> = self.senders.iter().filter(used).cloned().collect();
        senders.sort();
        let changed = |record: &&KeyRecord| cast.get(&record.key) != Some(*record);
        let mut keys: Vec<KeyRecord> = self.keys.iter().filter(changed).cloned().collect();
        keys.sort();
        let mut retired = self.retired.clone();
        retired.sort();
        State {
            now: self.now,
            store,
            store_digest,
            senders,
            keys,
            retired,
        }
    }

    /// How many entries `sender` holds.
    pub fn held(&self, sender: &str) -> u64 {
        let tally = self.senders.iter().find(|tally| tally.sender == sender);
        tally.map_or(0, |tally| tally.held)
    }
}

impl StoreDigest {
    fn of(entries: &[Entry]) -> Self {
        let line = |entry: &Entry| {
            let end =
                Option::from(entry.keep_until).map_or("-".to_owned(), |end: u64| end.to_string());
            format!("{} {} {end}\n", entry.sender, entry.nonce)
        };
        let lines: String = entries.iter().map(line).collect();
        Self {
            entries: entries.len() as u64,
            sha256: hex::sha256(lines.as_bytes()),
        }
    }
}

/// The fields in which two states differ, each part of a list by itself.
pub(super) fn field_differences(expected: &State, observed: &State) -> Vec<FieldDifference> {
    let mut all = Vec::new();
    if expected.now != observed.now {
        all.push(FieldDifference {
            field: "now",
            expected: Some(expected.now.to_string()),
            observed: Some(observed.now.to_string()),
        });
    }
    let end = |until: Until| {
        Option::from(until).map_or("for ever".to_owned(), |end: u64| format!("until {end}"))
    };
    all.extend(parts("store", &expected.store, &observed.store, |entry| {
        (
            format!("{} {}", entry.sender, entry.nonce),
            format!("{} {} {}", entry.sender, entry.nonce, end(entry.keep_until)),
        )
    }));
    let digests = |state: &State| state.store_digest.clone().into_iter().collect::<Vec<_>>();
    all.extend(parts(
        "store",
        &digests(expected),
        &digests(observed),
        |digest| {
            let short = digest.sha256.get(..12).unwrap_or(&digest.sha256);
            (String::new(), format!("{} entries {short}", digest.entries))
        },
    ));
    all.extend(parts(
        "senders",
        &expected.senders,
        &observed.senders,
        |tally| {
            let used = format!(
                "{} holds {}, sent {}",
                tally.sender, tally.held, tally.recent
            );
            (tally.sender.clone(), used)
        },
    ));
    all.extend(parts("keys", &expected.keys, &observed.keys, |record| {
        let revoked = if record.revoked { " revoked" } else { "" };
        let valid = format!("from {} {}", record.not_before, end(record.not_after));
        (
            record.key.clone(),
            format!("{} {valid}{revoked}", record.key),
        )
    }));
    all.extend(parts(
        "retired",
        &expected.retired,
        &observed.retired,
        |name| (name.clone(), name.clone()),
    ));
    all
}
