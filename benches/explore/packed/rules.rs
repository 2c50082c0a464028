//! The guards, the effects and the invariants of one delivery, by hand.

use super::{BOB, Key, MALLORY, Message, RATE, SHARE, SKEW, Shown, State, Tally, UNLISTED, WINDOW};

impl State {
    pub(super) fn key(&self, key: u8) -> Key {
        self.keys[usize::from(key)]
    }

    pub(super) fn owner(key: u8) -> u8 {
        if key == UNLISTED { MALLORY } else { key / 2 }
    }

    pub(super) fn entitled(&self, key: u8) -> bool {
        let key = self.key(key);
        key.listed && !key.revoked && key.not_before <= self.now && self.now <= key.not_after
    }

    fn held(&self, agent: u8) -> usize {
        self.store[usize::from(agent)]
            .iter()
            .filter(|kept| **kept > 0)
            .count()
    }

    fn admits(&self, message: &Message, shown: Shown) -> bool {
        let (from, key) = (usize::from(message.from), self.key(message.key));
        let means = shown.to == message.to
            && shown.nonce == message.nonce
            && !shown.retyped
            && !shown.altered;
        message.short
            && message.well_formed
            && message.canonical
            && !shown.respelled
            && message.versioned
            && message.fits_schema
            && message.timed
            && self.active[from]
            && key.listed
            && Self::owner(message.key) == message.from
            && key.not_before <= self.now
            && self.now <= key.not_after
            && !key.revoked
            && message.signed
            && means
            && shown.to == BOB
            && message.from != BOB
            && message.sessionless
            && self.now <= message.issued_at + WINDOW
            && message.issued_at <= self.now + SKEW
            && self.now <= message.expires_at
            && self.store[from][usize::from(shown.nonce)] == 0
            && self.held(message.from) < SHARE
            && self.recent[from] < RATE
    }

    /// Delivers the message in `slot`, checks every invariant, and says whether it was admitted.
    pub(super) fn deliver(
        &mut self,
        slot: usize,
        message: &Message,
        shown: Shown,
        tally: &mut Tally,
    ) -> bool {
        tally.attempted += 1;
        let from = usize::from(message.from);
        let admitted = self.admits(message, shown);
        let key = self.key(message.key);
        let means = shown.to == message.to
            && shown.nonce == message.nonce
            && !shown.retyped
            && !shown.altered;
        let lost_key = self.keys[2 * from].stolen || self.keys[2 * from + 1].stolen;
        let deserving = message.sent
            && message.from != MALLORY
            && !lost_key
            && self.active[from]
            && self.entitled(message.key)
            && means
            && !shown.respelled
            && message.to == BOB
            && message.from != BOB
            && message.issued_at <= self.now
            && self.now <= message.issued_at + WINDOW
            && self.now <= message.expires_at
            && !message.admitted
            && self.held(message.from) < SHARE
            && self.recent[from] < RATE;
        let on_admission = if admitted { 0b0111_1111 } else { 0 };
        let (deserves, parsed) = (u32::from(deserving) << 7, u32::from(message.short) << 8);
        tally.reached |= on_admission | deserves | parsed;
        assert!(admitted || !deserving, "live");
        if admitted {
            let owner = Self::owner(message.key);
            assert!(message.signed && means, "authentic");
            assert!(
                message.author == message.from || (owner == message.from && key.stolen),
                "bound"
            );
            assert!(
                owner == message.from && self.entitled(message.key) && self.active[from],
                "bound"
            );
            assert!(!message.admitted, "once");
            assert!(
                message.to == BOB && message.from != BOB && message.sessionless,
                "audience"
            );
            assert!(message.versioned && message.fits_schema, "schema");
            assert!(
                message.well_formed && message.canonical && !shown.respelled,
                "canonical"
            );
            assert!(self.now <= message.expires_at, "timely");
            let kept = message.issued_at + WINDOW + 2 * SKEW;
            self.store[from][usize::from(shown.nonce)] = kept;
            self.recent[from] += 1;
            self.slots[slot] = Some(Message {
                admitted: true,
                ..*message
            });
            assert!(kept <= self.now + WINDOW + 3 * SKEW, "bounded");
        }
        if message.short {
            assert!(
                self.held(message.from) <= SHARE && self.recent[from] <= RATE,
                "bounded"
            );
        }
        admitted
    }
}
