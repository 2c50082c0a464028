//! The replay store of one process: for tests, replays, and receivers guarded by a boot epoch.
//!
//! It forgets everything, the mark included, when the process ends; a receiver that may restart
//! within the freshness window needs [`SqliteStore`](super::SqliteStore). All maps are ordered:
//! costs do not hang on a random hash key, so a replay draws no entropy, and listings come sorted.

use std::{
    collections::{BTreeMap, BTreeSet},
    mem,
    sync::Arc,
};

use super::{Claim, Entry, Occupancy, ReplayStore, StoreError, in_range};

/// A replay store in memory. A clone is an independent snapshot.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MemoryStore {
    shares: BTreeMap<Arc<str>, Share>,
    /// Every entry once, ordered by the end of its life, so that a sweep touches only what it
    /// forgets.
    expiries: BTreeSet<(u64, Arc<str>, [u8; 16])>,
    mark_ms: u64,
}

/// The entries of one sender; never empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Share {
    lives: BTreeMap<[u8; 16], Life>,
    /// How many entries were admitted at each millisecond; no count is zero.
    admissions: BTreeMap<u64, u64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Life {
    admitted_at_ms: u64,
    keep_until_ms: u64,
}

impl MemoryStore {
    /// An empty store whose mark is at zero.
    pub fn new() -> Self {
        Self::default()
    }

    fn occupancy(&self, claim: &Claim<'_>) -> Occupancy {
        let mark_ms = self.mark_ms;
        self.shares.get(claim.sender).map_or(
            Occupancy {
                seen: false,
                held: 0,
                recent: 0,
                mark_ms,
            },
            |share| Occupancy {
                seen: share.lives.contains_key(&claim.nonce),
                held: share.lives.len() as u64,
                recent: share
                    .admissions
                    .range(claim.recent_from_ms()..)
                    .map(|(_, n)| n)
                    .sum(),
                mark_ms,
            },
        )
    }

    fn insert(&mut self, claim: &Claim<'_>, keep_until_ms: u64) {
        let sender = match self.shares.get_key_value(claim.sender) {
            Some((sender, _)) => Arc::clone(sender),
            None => Arc::from(claim.sender),
        };
        let share = self.shares.entry(Arc::clone(&sender)).or_default();
        let mut life = Life {
            admitted_at_ms: claim.now_ms,
            keep_until_ms,
        };
        if let Some(former) = share.forget(claim.nonce) {
            life.admitted_at_ms = life.admitted_at_ms.max(former.admitted_at_ms);
            life.keep_until_ms = life.keep_until_ms.max(former.keep_until_ms);
            self.expiries
                .remove(&(former.keep_until_ms, Arc::clone(&sender), claim.nonce));
        }
        share.lives.insert(claim.nonce, life);
        *share.admissions.entry(life.admitted_at_ms).or_default() += 1;
        self.expiries
            .insert((life.keep_until_ms, sender, claim.nonce));
    }
}

impl Share {
    fn forget(&mut self, nonce: [u8; 16]) -> Option<Life> {
        let life = self.lives.remove(&nonce)?;
        if let Some(count) = self.admissions.get_mut(&life.admitted_at_ms) {
            *count -= 1;
            if *count == 0 {
                self.admissions.remove(&life.admitted_at_ms);
            }
        }
        Some(life)
    }
}

impl ReplayStore for MemoryStore {
    fn admit(
        &mut self,
        claim: &Claim<'_>,
        decide: &mut dyn FnMut(&Occupancy) -> Option<u64>,
    ) -> Result<(), StoreError> {
        in_range(claim.now_ms)?;
        if let Some(keep_until_ms) = decide(&self.occupancy(claim)) {
            self.insert(claim, in_range(keep_until_ms)?);
        }
        Ok(())
    }

    fn sweep(&mut self, now_ms: u64) -> Result<u64, StoreError> {
        self.mark_ms = self.mark_ms.max(in_range(now_ms)?);
        // The least key that ends at `now_ms`: from it on, everything is alive.
        let alive = self.expiries.split_off(&(now_ms, Arc::from(""), [0; 16]));
        let dead = mem::replace(&mut self.expiries, alive);
        for (_, sender, nonce) in &dead {
            if let Some(share) = self.shares.get_mut(sender) {
                share.forget(*nonce);
                if share.lives.is_empty() {
                    self.shares.remove(sender);
                }
            }
        }
        Ok(dead.len() as u64)
    }

    fn forget(&mut self, sender: &str, nonce: [u8; 16], now_ms: u64) -> Result<bool, StoreError> {
        self.mark_ms = self.mark_ms.max(in_range(now_ms)?);
        let Some((sender, share)) = self.shares.get_key_value(sender) else {
            return Ok(false);
        };
        let sender = Arc::clone(sender);
        let ended = |life: &Life| life.keep_until_ms < now_ms;
        if !share.lives.get(&nonce).is_some_and(ended) {
            return Ok(false);
        }
        if let Some(share) = self.shares.get_mut(&sender) {
            if let Some(life) = share.forget(nonce) {
                self.expiries
                    .remove(&(life.keep_until_ms, Arc::clone(&sender), nonce));
            }
            if share.lives.is_empty() {
                self.shares.remove(&sender);
            }
        }
        Ok(true)
    }

    fn advance(&mut self, wall_ms: u64) -> Result<u64, StoreError> {
        self.mark_ms = self.mark_ms.max(in_range(wall_ms)?);
        Ok(self.mark_ms)
    }

    fn entries(&self) -> Result<Vec<Entry>, StoreError> {
        let entries = self.shares.iter().flat_map(|(sender, share)| {
            share.lives.iter().map(|(nonce, life)| Entry {
                sender: sender.to_string(),
                nonce: *nonce,
                keep_until_ms: life.keep_until_ms,
                admitted_at_ms: life.admitted_at_ms,
            })
        });
        Ok(entries.collect())
    }
}
