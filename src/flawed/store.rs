//! A replay store whose mechanisms can be flawed; without a flaw it answers as the sound ones do.

use std::collections::BTreeMap;

use countersign_model::admission::Admission;
use countersign_model::admission::weakening::Mechanism;
use countersign_model::rulebook::Ruleset;

use crate::store::{Claim, Entry, Occupancy, ReplayStore, StoreError};

/// The sender under which a store that does not tell senders apart files everything.
const ANYONE: &str = "*";

/// A replay store in memory, with the flaws that a rule set names.
#[derive(Clone, Debug)]
pub(crate) struct FlawedStore {
    rules: Ruleset<Admission>,
    /// Entries that a store which evicts by age can hold.
    capacity: usize,
    /// In the order of insertion, oldest first.
    entries: Vec<Filed>,
    tallies: BTreeMap<String, Tally>,
    mark_ms: u64,
}

#[derive(Clone, Debug)]
struct Filed {
    entry: Entry,
    holder: String,
}

#[derive(Clone, Debug, Default)]
struct Tally {
    held: u64,
    counted_at_ms: Vec<u64>,
}

impl FlawedStore {
    pub(crate) fn new(rules: Ruleset<Admission>, capacity: usize) -> Self {
        Self {
            rules,
            capacity,
            entries: Vec::new(),
            tallies: BTreeMap::new(),
            mark_ms: 0,
        }
    }

    fn file_name<'a>(&self, sender: &'a str) -> &'a str {
        if self.rules.has(Mechanism::KeyedByNonceAlone) {
            ANYONE
        } else {
            sender
        }
    }

    pub(super) fn occupancy(&self, claim: &Claim<'_>) -> Occupancy {
        let name = self.file_name(claim.sender);
        let seen = self
            .entries
            .iter()
            .any(|filed| filed.entry.sender == name && filed.entry.nonce == claim.nonce);
        let tally = self.tallies.get(claim.sender);
        let recent_from_ms = (claim.now_ms + 1).saturating_sub(claim.rate_period_ms);
        let is_recent = |at_ms: &&u64| (recent_from_ms..=claim.now_ms).contains(*at_ms);
        Occupancy {
            seen,
            held: tally.map_or(0, |tally| tally.held),
            recent: tally.map_or(0, |tally| {
                tally.counted_at_ms.iter().filter(is_recent).count() as u64
            }),
            mark_ms: self.mark_ms,
        }
    }

    pub(super) fn remember(&mut self, claim: &Claim<'_>, keep_until_ms: u64) {
        let entry = Entry {
            sender: self.file_name(claim.sender).to_owned(),
            nonce: claim.nonce,
            keep_until_ms,
            admitted_at_ms: claim.now_ms,
        };
        let same =
            |filed: &Filed| filed.entry.sender == entry.sender && filed.entry.nonce == entry.nonce;
        if let Some(place) = self.entries.iter().position(same) {
            let former = self.entries.remove(place);
            self.release(&former.holder);
        }
        let tally = self.tallies.entry(claim.sender.to_owned()).or_default();
        tally.held += 1;
        self.entries.push(Filed {
            entry,
            holder: claim.sender.to_owned(),
        });
        if self.rules.has(Mechanism::EvictsOldest) && self.entries.len() > self.capacity {
            let oldest = self.entries.remove(0);
            self.release(&oldest.holder);
        }
    }

    fn release(&mut self, holder: &str) {
        if let Some(tally) = self.tallies.get_mut(holder) {
            tally.held = tally.held.saturating_sub(1);
        }
    }

    pub(super) fn count(&mut self, claim: &Claim<'_>) {
        let tally = self.tallies.entry(claim.sender.to_owned()).or_default();
        tally.counted_at_ms.push(claim.now_ms);
    }

    /// What is left after the process restarted, or another replica took over.
    pub(crate) fn lose_everything(&mut self) {
        self.entries.clear();
        self.tallies.clear();
    }
}

impl ReplayStore for FlawedStore {
    fn admit(
        &mut self,
        claim: &Claim<'_>,
        decide: &mut dyn FnMut(&Occupancy) -> Option<u64>,
    ) -> Result<(), StoreError> {
        if let Some(keep_until_ms) = decide(&self.occupancy(claim)) {
            self.remember(claim, keep_until_ms);
            self.count(claim);
        }
        Ok(())
    }

    fn sweep(&mut self, now_ms: u64) -> Result<u64, StoreError> {
        self.advance(now_ms)?;
        let over = |filed: &&Filed| filed.entry.keep_until_ms < now_ms;
        let ended: Vec<Entry> = self
            .entries
            .iter()
            .filter(over)
            .map(|filed| filed.entry.clone())
            .collect();
        for entry in &ended {
            self.forget(&entry.sender, entry.nonce, now_ms)?;
        }
        Ok(ended.len() as u64)
    }

    fn forget(&mut self, sender: &str, nonce: [u8; 16], now_ms: u64) -> Result<bool, StoreError> {
        self.advance(now_ms)?;
        let ended = |filed: &Filed| {
            (filed.entry.sender.as_str(), filed.entry.nonce) == (sender, nonce)
                && filed.entry.keep_until_ms < now_ms
        };
        let Some(place) = self.entries.iter().position(ended) else {
            return Ok(false);
        };
        let filed = self.entries.remove(place);
        self.release(&filed.holder);
        Ok(true)
    }

    fn advance(&mut self, wall_ms: u64) -> Result<u64, StoreError> {
        if !self.rules.has(Mechanism::FollowsWallClock) {
            self.mark_ms = self.mark_ms.max(wall_ms);
        }
        Ok(self.mark_ms)
    }

    fn entries(&self) -> Result<Vec<Entry>, StoreError> {
        let mut entries: Vec<Entry> = self
            .entries
            .iter()
            .map(|filed| filed.entry.clone())
            .collect();
        entries.sort();
        Ok(entries)
    }
}
