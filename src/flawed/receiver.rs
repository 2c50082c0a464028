//! A receiver under weakened rules: the same stages, with the flaws between them.

use countersign_model::admission::Admission;
use countersign_model::admission::facts::{Facts, Receiver};
use countersign_model::admission::guard::Rejection;
use countersign_model::admission::step;
use countersign_model::admission::weakening::Mechanism;
use countersign_model::rulebook::{self, Ruleset};

use super::Flawed;
use super::store::FlawedStore;
use crate::admission::{Limits, Mechanisms as _, Received, Receiving, unknown};
use crate::domain::Real;
use crate::identity::{Registry, SpiffeId};
use crate::store::{Claim, StoreError};

/// A receiver that enforces less than it should.
pub(crate) struct WeakenedReceiver {
    pub(crate) receiving: Receiving<FlawedStore, Flawed>,
    rules: Ruleset<Admission>,
}

/// A delivery that was judged but not yet inserted.
type Judged<'text> = (Result<Received<'text>, Rejection>, Option<Insertion>);

/// What an insertion needs to know.
struct Insertion {
    sender: String,
    nonce: [u8; 16],
    keep_until_ms: u64,
    now_ms: u64,
    remembered: bool,
    counted: bool,
}

impl WeakenedReceiver {
    pub(crate) fn new(
        me: SpiffeId,
        registry: Registry,
        limits: Limits,
        rules: Ruleset<Admission>,
        capacity: usize,
    ) -> Result<Self, StoreError> {
        let store = FlawedStore::new(rules, capacity);
        let receiving = Receiving::new(me, registry, limits, store, Flawed::new(rules))?;
        Ok(Self { receiving, rules })
    }

    pub(crate) fn rules(&self) -> Ruleset<Admission> {
        self.rules
    }

    /// Decides on `copies` of one text that arrive at the same moment.
    pub(crate) fn receive(
        &mut self,
        bytes: &[u8],
        copies: usize,
        wall_ms: u64,
    ) -> Vec<Result<SpiffeId, Rejection>> {
        if self.rules.has(Mechanism::ChecksThenInserts) {
            // All are looked up before any is inserted.
            let judged: Vec<Judged<'_>> = (0..copies).map(|_| self.judge(bytes, wall_ms)).collect();
            return judged
                .into_iter()
                .map(|judged| self.conclude(judged))
                .collect();
        }
        let one_by_one = (0..copies).map(|_| {
            let judged = self.judge(bytes, wall_ms);
            self.conclude(judged)
        });
        one_by_one.collect()
    }

    fn judge<'text>(&mut self, bytes: &'text [u8], wall_ms: u64) -> Judged<'text> {
        let me = self.receiving.receiver(wall_ms);
        let mut facts = unknown(&self.receiving.me);
        let received = match self.receiving.read(bytes, &mut facts, &me) {
            Ok(received) => received,
            Err(refusal) => return (Err(refusal.rejection), None),
        };
        let claim = self.claim(&received, me.now);
        let occupancy = self.receiving.store.occupancy(&claim);
        let authentic = self.receiving.authenticate(&received, &mut facts, &me);
        facts.nonce_seen = occupancy.seen;
        facts.held = occupancy.held;
        facts.recent = occupancy.recent;
        let judged = authentic.and_then(|()| rulebook::judge(self.rules, |_| true, &facts, &me));
        let insertion = self.insertion(&received, judged.is_ok(), &facts, &me);
        (judged.map(|()| received), Some(insertion))
    }

    fn insertion(
        &self,
        received: &Received<'_>,
        admitted: bool,
        facts: &Facts<Real>,
        me: &Receiver<Real>,
    ) -> Insertion {
        Insertion {
            sender: received.header.from.as_str().to_owned(),
            nonce: *received.header.nonce.as_bytes(),
            keep_until_ms: self
                .receiving
                .mechanisms
                .keep_until_ms(facts, me, received.timed),
            now_ms: me.now,
            remembered: step::remembers(self.rules, &admitted, facts, me),
            counted: step::counts(self.rules, &admitted, facts, me),
        }
    }

    fn conclude(&mut self, (judged, insertion): Judged<'_>) -> Result<SpiffeId, Rejection> {
        if let Some(insertion) = insertion {
            let claim = Claim {
                sender: &insertion.sender,
                nonce: insertion.nonce,
                now_ms: insertion.now_ms,
                rate_period_ms: self.receiving.limits.rate_period_ms,
            };
            if insertion.remembered {
                self.receiving
                    .store
                    .remember(&claim, insertion.keep_until_ms);
            }
            if insertion.counted {
                self.receiving.store.count(&claim);
            }
        }
        let received = judged?;
        Ok(self
            .receiving
            .mechanisms
            .attributed(&received.header, &received.value))
    }

    fn claim<'a>(&self, received: &'a Received<'_>, now_ms: u64) -> Claim<'a> {
        Claim {
            sender: received.header.from.as_str(),
            nonce: *received.header.nonce.as_bytes(),
            now_ms,
            rate_period_ms: self.receiving.limits.rate_period_ms,
        }
    }
}
