//! What becomes of a request before any human was asked: it goes, it is held, or it is refused.
//!
//! Read off the guard table: the guards of the policy say whether it may go at all, those of the
//! approval whether it may go without one. An answer needs no rule and is not asked about here.
//!
//! Never here: who declares on whose behalf it sends, or which rules there are.

use super::Bus;
use super::facts::{Facts, Orchestrator};
use super::guard::{Stage, table};
use super::policy::{Decision, held};
use crate::domain::{Domain, Natural, Truth as _};
use crate::rulebook::Ruleset;

/// What becomes of it. What is neither allowed nor held is denied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Passage<B> {
    /// It goes at once.
    pub allowed: B,
    /// It waits for a human.
    pub held: B,
}

impl<B> Passage<B> {
    /// What becomes of a request about which the rules decide so for its sender, and so for the agent
    /// on whose behalf it is sent: the sender itself, unless it declares another one.
    pub fn of_request<D: Domain<Bool = B>>(own: &Decision<B>, origin: &Decision<B>) -> Self
    where
        B: crate::domain::Truth,
    {
        let (message, me) = request::<D>(own, origin);
        let satisfied = |stage: Stage| {
            let guards = table::<D>().iter().filter(move |row| row.stage == stage);
            B::all(guards.map(|row| (row.holds)(&message, &me)))
        };
        let (permitted, unheld) = (satisfied(Stage::Policy), satisfied(Stage::Approval));
        Self {
            allowed: permitted.and(&unheld),
            held: permitted.and(&unheld.not()),
        }
    }
}

/// A request that nobody approved; no guard of these two stages reads the rest.
fn request<D: Domain>(
    own: &Decision<D::Bool>,
    origin: &Decision<D::Bool>,
) -> (Facts<D>, Orchestrator<D>) {
    let no = || D::Bool::constant(false);
    let zero = || <D::Nat as Natural<D::Bool>>::constant(0);
    let message = Facts {
        admitted: no(),
        parties_active: no(),
        self_addressed: no(),
        charged: zero(),
        cost: zero(),
        expires_at: zero(),
        is_reply: no(),
        expected: no(),
        answer_by: zero(),
        ended: no(),
        denied: own.denied.clone(),
        granted: own.granted.clone(),
        origin_granted: origin.granted.and(&origin.denied.not()),
        held: held(own, origin, Ruleset::<Bus>::HARDENED),
        approved: no(),
        shown: no(),
        committed: no(),
        approved_under: zero(),
        approved_until: zero(),
        used: no(),
        countersigned: no(),
    };
    let me = Orchestrator {
        now: zero(),
        policy: zero(),
        rate: zero(),
    };
    (message, me)
}

#[cfg(test)]
mod tests {
    use super::Passage;
    use crate::bus::policy::Decision;
    use crate::domain::Concrete;

    const ALL: [Decision<bool>; 8] = {
        let mut all = [Decision {
            denied: false,
            granted: false,
            held: false,
        }; 8];
        let mut bits = 0;
        while bits < 8 {
            all[bits] = Decision {
                denied: bits & 1 != 0,
                granted: bits & 2 != 0,
                held: bits & 4 != 0,
            };
            bits += 1;
        }
        all
    };

    #[test]
    fn a_request_passes_as_the_stricter_of_sender_and_origin_says() {
        for own in ALL {
            for origin in ALL {
                let passage = Passage::of_request::<Concrete>(&own, &origin);
                let stricter = own.stricter(&origin);
                let permitted = stricter.granted && !stricter.denied;
                assert_eq!(passage.allowed, permitted && !stricter.held);
                assert_eq!(passage.held, permitted && stricter.held);
            }
        }
    }
}
