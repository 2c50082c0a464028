//! Why an end refuses: the first row of the guard table that fails.

use super::Session as Rules;
use super::guard::{Rejection, Use};
use super::step::Action;
use super::traffic::Traffic;
use super::world::{Setting, World};
use crate::domain::Table as _;
use crate::rulebook::{self, Ruleset};

impl<U: Traffic<Bool = bool>> World<U> {
    /// The verdict on what `action` seals or delivers; none where it does neither. Whether it can
    /// happen at all is for [`World::step`] to say.
    pub fn judged(
        &self,
        rules: Ruleset<Rules>,
        setting: &Setting<U>,
        action: &Action<U>,
    ) -> Option<Result<(), Rejection>> {
        let (usage, facts, end) = match action {
            Action::Seal(record) => {
                let content = self.records.at(record);
                let (facts, end, _) = self.before_sealing(rules, setting, &content);
                (Use::Sealing, facts, end)
            }
            Action::Deliver(record, presented) => {
                let content = self.records.at(record);
                let session = self.sessions.at(&presented.session);
                let facts = self.facts(rules, &setting.limits, &content, presented);
                (Use::Opening, facts, self.end(setting, &session))
            }
            Action::Read(_)
            | Action::Advance(_)
            | Action::Reconnect(_)
            | Action::Withdraw(_)
            | Action::Reveal(_) => return None,
        };
        let asked = |stage| usage.asks().contains(&stage);
        Some(rulebook::judge(rules, asked, &facts, &end))
    }
}

#[cfg(test)]
mod tests {
    use crate::explorer::System as _;
    use crate::rulebook::{Book as _, Ruleset, Weakening};
    use crate::session::Session;
    use crate::session::invariant::InvariantId;
    use crate::session::scope::Scope;
    use crate::session::step::{Action, Event};
    use crate::session::system::Exchange;

    /// Every move of the first three states of a breadth-first walk under all rules.
    #[test]
    fn what_is_judged_well_is_what_is_sealed_or_accepted() {
        let weakened = Session::WEAKENINGS.iter().map(Weakening::rules);
        let mut verdicts = [0; 2];
        for rules in weakened.chain([Ruleset::HARDENED]) {
            let exchange = Exchange::new(rules, Scope::default(), InvariantId::ALL);
            let mut states = exchange.first();
            for depth in 0..3 {
                let Some(state) = states.pop() else { break };
                let mut moves = Vec::new();
                exchange.moves(&state, &mut moves);
                for next in &moves {
                    let mut before = state.world;
                    if let (Some(record), Action::Seal(slot) | Action::Deliver(slot, _)) =
                        (next.introduces, next.action)
                    {
                        crate::domain::Table::<bool, _, _>::set(&mut before.records, &slot, record);
                    }
                    let judged = before.judged(rules, exchange.setting(), &next.action);
                    let expected = match exchange.step(&state.world, next).event {
                        Some(Event::Opening(it)) => Some(it.accepted),
                        Some(Event::Sealing(it)) => Some(it.sealed),
                        Some(Event::Reading(_)) | None => None,
                    };
                    assert_eq!(judged.map(|it| it.is_ok()), expected, "{next:?}");
                    verdicts[usize::from(expected == Some(true))] += 1;
                    let after = exchange.take(&state, next).and_then(|it| it.state);
                    states.extend(after.filter(|after| depth < 2 && !after.broken));
                }
            }
        }
        assert!(verdicts.iter().all(|count| *count > 100), "{verdicts:?}");
    }
}
