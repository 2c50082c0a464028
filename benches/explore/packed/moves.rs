//! Everything that can happen next, by hand.

use super::{
    AGENTS, ALICE, BOB, CLOCK, FAULTS, MALLORY, Message, NONCES, OVERLAP, SKEW, START, Shown,
    State, Tally, UNLISTED,
};

impl State {
    /// Takes every move, and hands over each state that one leads to.
    pub(crate) fn expand(&self, tally: &mut Tally, mut arrive: impl FnMut(Self)) {
        let free = self.slots.iter().position(Option::is_none);
        if let Some(slot) = free {
            self.sends(slot, tally, &mut arrive);
        }
        for (slot, message) in self.slots.iter().enumerate() {
            if let Some(message) = message {
                self.deliveries(slot, message, tally, &mut arrive);
            }
        }
        if let Some(slot) = free {
            self.injections(|message, shown| {
                let mut after = *self;
                if after.deliver(slot, &message, shown, tally) {
                    arrive(after);
                }
            });
            self.injections_twice(|message| {
                let mut after = *self;
                if after.deliver_twice(slot, &message, tally) {
                    arrive(after);
                }
            });
        }
        for now in self.now + 1..=CLOCK {
            tally.attempted += 1;
            arrive(Self {
                now,
                recent: [0; AGENTS as usize],
                ..*self
            });
        }
        for (agent, share) in self.store.iter().enumerate() {
            for (nonce, kept) in share.iter().enumerate() {
                if *kept > 0 && *kept < self.now {
                    tally.attempted += 1;
                    let mut after = *self;
                    after.store[agent][nonce] = 0;
                    arrive(after);
                }
            }
        }
        if self.faults < FAULTS {
            let spent = Self {
                faults: self.faults + 1,
                ..*self
            };
            spent.fail(tally, &mut arrive);
        }
    }

    fn sends(&self, slot: usize, tally: &mut Tally, arrive: &mut impl FnMut(Self)) {
        let used = |nonce: u8| {
            self.slots
                .iter()
                .flatten()
                .any(|message| message.nonce == nonce)
        };
        let Some(nonce) = (0..NONCES).find(|nonce| !used(*nonce)) else {
            return;
        };
        for sender in ALICE..AGENTS {
            let newest = [2 * sender + 1, 2 * sender]
                .into_iter()
                .find(|key| self.entitled(*key));
            let (true, Some(key)) = (self.active[usize::from(sender)], newest) else {
                continue;
            };
            let plain = Message {
                sent: true,
                ..Message::flawless(sender, sender, nonce, key, self.now)
            };
            for message in [
                plain,
                Message {
                    expires_at: self.now,
                    ..plain
                },
                Message {
                    intricate: true,
                    ..plain
                },
                Message {
                    to: MALLORY,
                    ..plain
                },
            ] {
                tally.attempted += 1;
                let mut after = *self;
                after.slots[slot] = Some(message);
                arrive(after);
            }
        }
    }

    fn deliveries(
        &self,
        slot: usize,
        message: &Message,
        tally: &mut Tally,
        arrive: &mut impl FnMut(Self),
    ) {
        let intact = message.intact();
        let altered = [
            intact,
            Shown {
                retyped: true,
                ..intact
            },
            Shown {
                respelled: true,
                ..intact
            },
            Shown {
                altered: true,
                ..intact
            },
        ];
        let redirected = (0..AGENTS)
            .filter(|to| *to != message.to)
            .map(|to| Shown { to, ..intact });
        let renumbered = (0..NONCES)
            .filter(|nonce| *nonce != message.nonce)
            .map(|nonce| Shown { nonce, ..intact });
        for shown in altered.into_iter().chain(redirected).chain(renumbered) {
            let mut after = *self;
            if after.deliver(slot, message, shown, tally) {
                arrive(after);
            }
        }
        let mut after = *self;
        if after.deliver_twice(slot, message, tally) {
            arrive(after);
        }
    }

    fn deliver_twice(&mut self, slot: usize, message: &Message, tally: &mut Tally) -> bool {
        let first = self.deliver(slot, message, message.intact(), tally);
        let again = Message {
            admitted: message.admitted || first,
            ..*message
        };
        let second = self.deliver(slot, &again, message.intact(), tally);
        // Two copies are one move.
        tally.attempted -= 1;
        first | second
    }

    /// The attacker's own listed key, the keys it stole, and one it made itself.
    fn held_keys(&self) -> impl Iterator<Item = u8> {
        let held = |key: &u8| {
            let record = self.key(*key);
            record.stolen || (record.listed && Self::owner(*key) == MALLORY)
        };
        (0..UNLISTED).filter(held).chain([UNLISTED])
    }

    fn injections_twice(&self, mut inject: impl FnMut(Message)) {
        for key in self.held_keys() {
            for nonce in 0..NONCES {
                inject(Message::flawless(
                    MALLORY,
                    Self::owner(key),
                    nonce,
                    key,
                    self.now,
                ));
            }
        }
    }

    fn injections(&self, mut inject: impl FnMut(Message, Shown)) {
        for key in self.held_keys() {
            for nonce in 0..NONCES {
                let own = Message::flawless(MALLORY, Self::owner(key), nonce, key, self.now);
                let intact = own.intact();
                inject(
                    own,
                    Shown {
                        retyped: true,
                        ..intact
                    },
                );
                inject(Message { to: MALLORY, ..own }, intact);
                (0..=CLOCK + SKEW)
                    .for_each(|issued_at| inject(Message { issued_at, ..own }, intact));
                for defective in own.defects() {
                    inject(defective, defective.intact());
                }
            }
        }
        for victim in (ALICE..AGENTS).chain([BOB]) {
            for nonce in 0..NONCES {
                let claim = Message::flawless(MALLORY, victim, nonce, 2 * victim, self.now);
                inject(
                    Message {
                        signed: false,
                        ..claim
                    },
                    claim.intact(),
                );
                inject(
                    Message {
                        key: 2 * MALLORY,
                        ..claim
                    },
                    claim.intact(),
                );
                inject(
                    Message {
                        key: UNLISTED,
                        ..claim
                    },
                    claim.intact(),
                );
            }
        }
    }

    fn fail(&self, tally: &mut Tally, arrive: &mut impl FnMut(Self)) {
        let mut change = |change: &dyn Fn(&mut Self)| {
            tally.attempted += 1;
            let mut after = *self;
            change(&mut after);
            arrive(after);
        };
        for agent in 0..AGENTS {
            let (first, second) = (usize::from(2 * agent), usize::from(2 * agent + 1));
            for key in [first, second] {
                let record = self.keys[key];
                if agent != MALLORY && record.listed && !record.stolen {
                    change(&|after| after.keys[key].stolen = true);
                }
                if record.listed && !record.revoked {
                    change(&|after| after.keys[key].revoked = true);
                }
            }
            if !self.keys[second].listed {
                change(&|after| {
                    after.keys[first].not_after = self.now + OVERLAP;
                    (after.keys[second].listed, after.keys[second].not_before) = (true, self.now);
                });
            }
        }
        for agent in [MALLORY, ALICE].map(usize::from) {
            if self.active[agent] {
                change(&|after| after.active[agent] = false);
            }
        }
        // A restart, a fail-over and every step back of the clock leave hardened rules as they are.
        tally.attempted += 2 + u64::from(self.now - START);
    }
}

impl Message {
    /// The same message, wrong in one respect.
    fn defects(self) -> [Self; 12] {
        let twice = Self {
            well_formed: false,
            canonical: false,
            ..self
        };
        [
            Self {
                timed: false,
                well_formed: false,
                ..self
            },
            Self {
                short: false,
                ..self
            },
            Self {
                well_formed: false,
                ..self
            },
            twice,
            Self {
                fits_schema: false,
                ..twice
            },
            Self {
                canonical: false,
                ..self
            },
            Self {
                versioned: false,
                ..self
            },
            Self {
                fits_schema: false,
                ..self
            },
            Self {
                to: MALLORY,
                ..self
            },
            Self {
                sessionless: false,
                ..self
            },
            Self {
                inner: ALICE,
                ..self
            },
            Self {
                expires_at: self.issued_at - 1,
                ..self
            },
        ]
    }
}
