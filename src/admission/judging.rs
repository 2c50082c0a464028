//! The last step of admission: everything is asked once more, and the nonce is remembered.

use countersign_model::admission::facts::{Facts, Receiver};
use countersign_model::admission::guard::Rejection;
use countersign_model::rulebook;

use super::facts::establish_occupancy;
use super::{Mechanisms, Refusal};
use crate::domain::Real;
use crate::envelope::Header;
use crate::store::{Claim, ReplayStore, StoreError};

/// The last step: everything is asked once more, with what the store knows.
pub(super) struct Judging<'a, M> {
    pub(super) mechanisms: &'a M,
    pub(super) rate_period_ms: u64,
    pub(super) timed: bool,
    pub(super) facts: Facts<Real>,
    pub(super) me: Receiver<Real>,
}

impl<M: Mechanisms> Judging<'_, M> {
    /// Checks the nonce, asks what else there is to ask, and remembers the nonce, in one atomic step of
    /// the store.
    ///
    /// Every stage is judged once more at the store's own mark: another replica may have swept at a
    /// later reading than ours while this message was being verified.
    pub(super) fn remember<T, R: From<Refusal>>(
        &mut self,
        store: &mut impl ReplayStore,
        header: &Header,
        ask: impl FnOnce(u64) -> Result<T, R>,
    ) -> Result<Result<T, R>, StoreError> {
        let claim = Claim {
            sender: header.from.as_str(),
            nonce: *header.nonce.as_bytes(),
            now_ms: self.me.now,
            rate_period_ms: self.rate_period_ms,
        };
        let refused = |rejection| R::from(Refusal::from(rejection));
        let Self {
            mechanisms,
            facts,
            me,
            ..
        } = self;
        let mut ask = Some(ask);
        let mut judged = Err(refused(Rejection::Replayed));
        store.admit(&claim, &mut |occupancy| {
            me.now = mechanisms.now_ms(occupancy.mark_ms, me.now);
            establish_occupancy(facts, occupancy);
            let admitted = rulebook::judge(mechanisms.rules(), |_| true, facts, me);
            judged = admitted.map_err(refused).and_then(|()| {
                // A store asks once.
                let ask = ask.take().ok_or(refused(Rejection::Replayed))?;
                ask(me.now)
            });
            let passed = judged.is_ok();
            passed.then(|| mechanisms.keep_until_ms(facts, me, self.timed))
        })?;
        Ok(judged)
    }
}
