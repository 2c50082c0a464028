//! A state of the search as exact machine words, for hashing.
//!
//! Every field that two reachable states can differ in is written, in its own bits: two states have
//! the same words only if they are the same state.

use std::hash::{Hash, Hasher};

use super::message::Message;
use super::scope::VACANT_MESSAGE;
use super::system::State;
use crate::domain::Concrete;

/// Words that one state takes.
const WORDS: usize = 9;

/// Writes fields of a few bits one after the other.
struct Packer {
    words: [u64; WORDS],
    word: usize,
    used: u32,
}

impl Packer {
    #[inline]
    fn put(&mut self, value: u8, bits: u32) {
        debug_assert!(
            u32::from(value) < 1 << bits,
            "{value} needs more than {bits} bits"
        );
        if self.used + bits > u64::BITS {
            self.word += 1;
            self.used = 0;
        }
        if let Some(word) = self.words.get_mut(self.word) {
            *word |= u64::from(value) << self.used;
        }
        self.used += bits;
    }

    #[inline]
    fn flag(&mut self, value: bool) {
        self.put(u8::from(value), 1);
    }
}

impl State {
    /// The state as words.
    pub fn words(&self) -> [u64; WORDS] {
        let mut packer = Packer {
            words: [0; WORDS],
            word: 0,
            used: 0,
        };
        let world = &self.world;
        packer.put(world.now, 4);
        packer.put(self.faults, 2);
        packer.put(world.insertions, 4);
        packer.flag(self.broken);
        for agent in &world.agents.0 {
            packer.flag(agent.active);
            packer.flag(agent.compromised);
            packer.put(agent.held, 3);
            // Counts of a period that has passed no longer mean anything.
            let current = agent.period == world.now;
            packer.put(if current { agent.recent } else { 0 }, 3);
            packer.put(if current { agent.admitted } else { 0 }, 3);
        }
        for key in &world.keys.0 {
            packer.flag(key.listed);
            packer.flag(key.revoked);
            packer.flag(key.compromised);
            packer.put(key.not_before, 4);
            packer.put(key.not_after, 4);
        }
        for entry in &world.store.0 {
            packer.flag(entry.stored);
            let kept = |value: u8| if entry.stored { value } else { 0 };
            packer.put(kept(entry.keep_until), 5);
            packer.put(kept(entry.serial), 4);
            packer.put(kept(entry.by), 2);
        }
        for (message, fate) in world.messages.0.iter().zip(&world.fates.0) {
            packer.flag(fate.sent);
            packer.flag(fate.admitted);
            if *message == VACANT_MESSAGE {
                packer.flag(false);
            } else {
                packer.flag(true);
                put_message(&mut packer, message);
            }
        }
        packer.words
    }
}

fn put_message(packer: &mut Packer, message: &Message<Concrete>) {
    for id in [
        message.author,
        message.from,
        message.inner_from,
        message.to,
        message.nonce,
    ] {
        packer.put(id, 2);
    }
    packer.put(message.kind, 1);
    packer.put(message.issued_at, 5);
    packer.put(message.expires_at, 4);
    packer.put(message.key, 4);
    for flag in [
        message.timed,
        message.signed,
        message.size_bounded,
        message.well_formed,
        message.canonical,
        message.version_supported,
        message.schema_valid,
        message.intricate,
    ] {
        packer.flag(flag);
    }
}

impl Hash for State {
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        self.words().hash(hasher);
    }
}
