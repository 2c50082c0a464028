//! Why a message is refused: the first row of the guard table that fails.

use super::Bus;
use super::guard::{Rejection, Use};
use super::mail::Mail;
use super::step::{Action, asked_at_release};
use super::world::{Setting, World};
use crate::rulebook::{self, Ruleset};

impl<U: Mail<Bool = bool>> World<U> {
    /// The verdict on what `action` submits, releases or hands to an agent; none where it does nothing
    /// of the kind. Whether it can happen at all is for [`World::step`] to say.
    pub fn judged(
        &self,
        rules: Ruleset<Bus>,
        setting: &Setting<U>,
        action: &Action<U>,
    ) -> Option<Result<(), Rejection>> {
        let me = self.orchestrator(setting);
        let asked = |usage: Use| move |stage| usage.asks().contains(&stage);
        Some(match action {
            Action::Submit(message) => {
                let facts = self.facts(rules, setting, Use::Submitting, message);
                rulebook::judge(rules, asked(Use::Submitting), &facts, &me)
            }
            Action::Release(message) => {
                let facts = self.facts(rules, setting, Use::Releasing, message);
                rulebook::judge(rules, |stage| asked_at_release(rules, stage), &facts, &me)
            }
            Action::Receive(message, by) => {
                let facts = self.facts_of_receipt(rules, setting, message, by);
                rulebook::judge(rules, asked(Use::Receiving), &facts, &me)
            }
            Action::Approve(..)
            | Action::Reject(_)
            | Action::Advance(_)
            | Action::Deactivate(_)
            | Action::Withdraw(_) => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::bus::Bus;
    use crate::bus::guard::Rejection;
    use crate::bus::invariant::InvariantId;
    use crate::bus::scope::Scope;
    use crate::bus::step::Event;
    use crate::bus::system::Office;
    use crate::explorer::System as _;
    use crate::rulebook::{Book as _, Ruleset, Weakening};

    /// Every move of a few states, under hardened and weakened rules.
    #[test]
    fn what_is_judged_well_is_what_is_delivered_and_what_awaits_approval_is_queued() {
        let weakened = Bus::WEAKENINGS.iter().map(Weakening::rules);
        let mut verdicts = [0; 3];
        for rules in weakened.chain([Ruleset::HARDENED]) {
            let office = Office::new(rules, Scope::default(), InvariantId::ALL);
            let mut states = office.first();
            for place in 0..40 {
                let Some(state) = states.get(place).copied() else {
                    break;
                };
                let mut moves = Vec::new();
                office.moves(&state, &mut moves);
                for next in &moves {
                    let before = Office::before(&state.world, next);
                    let judged = before.judged(rules, office.setting(), &next.action);
                    let step = office.step(&state.world, next);
                    let (passed, queued) = match step.event {
                        Some(Event::Judged {
                            delivered, queued, ..
                        }) => (Some(delivered), queued),
                        Some(Event::Received { acted, .. }) => (Some(acted), false),
                        Some(Event::Passed) | None => (None, false),
                    };
                    assert_eq!(judged.map(|it| it.is_ok()), passed, "{next:?}");
                    let released = matches!(step.event, Some(Event::Judged { released: true, .. }));
                    let awaits = judged == Some(Err(Rejection::AwaitingApproval)) && !released;
                    assert_eq!(queued, awaits, "{next:?}");
                    verdicts[if queued {
                        2
                    } else {
                        usize::from(passed == Some(true))
                    }] += 1;
                    let after = office.take(&state, next).and_then(|it| it.state);
                    states.extend(after.filter(|after| !after.broken));
                }
            }
        }
        assert!(verdicts.iter().all(|count| *count > 100), "{verdicts:?}");
    }
}
