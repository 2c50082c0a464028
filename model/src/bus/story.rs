//! A run of the bus with its cast: the form in which the explorer hands over what it found.
//!
//! Individuals are numbers: the place in the story's own lists. A message has one content throughout;
//! the first action that names it brings it into the world.

use super::attacker::Move;
use super::mail::MESSAGES;
use super::mail::Told;
use super::message::{Fate, Hold, Message, Request};
use super::scope::{START, Scope, vacant_fate};
use super::step::Action;
use super::system::{Office, State};
use super::tiering::Rule;
use super::world::{Agent, Setting, World};
use crate::domain::{Concrete, Ledger, Row, Sparse, Table as _};
use crate::explorer::System as _;

/// A run, with everybody and everything that takes part in it.
#[derive(Clone, Debug, PartialEq)]
pub struct Story {
    /// What stays fixed.
    pub setting: Setting<Ledger>,
    /// When it begins, in ticks.
    pub start: u64,
    /// The rules of the deployment.
    pub rules: Vec<Rule<u32>>,
    /// The agents, each active at first: whether each is the attacker.
    pub hostile: Vec<bool>,
    /// The messages, as they are composed.
    pub messages: Vec<Message<Ledger>>,
    /// What happens.
    pub actions: Vec<Action<Ledger>>,
}

impl Story {
    /// The first state: everybody active, nothing sent.
    pub fn first(&self) -> World<Ledger> {
        let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        let agent = |hostile, active| Agent {
            hostile,
            active,
            withdrawn: false,
            charged: 0,
            caused: 0,
        };
        let mut agents = Sparse::filled(agent(false, false));
        for (place, hostile) in (0u32..).zip(&self.hostile) {
            agents.set(&place, agent(*hostile, true));
        }
        let mut messages = Sparse::filled(unsent());
        for (place, message) in (0u32..).zip(&self.messages) {
            messages.set(&place, *message);
        }
        let nobody = || Sparse::filled(Sparse::filled(false));
        World {
            now: self.start,
            version: 0,
            rights: Told {
                rules: self.rules.clone(),
                agents: number(self.hostile.len()),
                messages: number(self.messages.len()),
            },
            agents,
            messages,
            fates: Sparse::filled(widened_fate(vacant_fate(0))),
            parties: nobody(),
            wanters: nobody(),
        }
    }

    /// The story that a path of the explorer tells.
    ///
    /// A path's states are representatives in which messages have changed places; the story follows
    /// one run through them, in which every message keeps its number.
    pub fn of_path(office: &Office, scope: &Scope, path: &[(State, Option<Move>)]) -> Self {
        let first = path.first().map(|(state, _)| state.world);
        let rules = first.map_or(&[][..], |first| first.rights.rules());
        let hostile = first.map(|first| first.agents.0.map(|agent| agent.hostile));
        let mut story = Self {
            setting: widened(scope.setting()),
            start: START.into(),
            rules: rules.iter().copied().map(widened_rule).collect(),
            hostile: hostile.map(Vec::from).unwrap_or_default(),
            messages: Vec::new(),
            actions: Vec::new(),
        };
        // Which message of the story lies in which slot of the path's current state.
        let mut slots = Row([u32::MAX; MESSAGES]);
        for (state, next) in path {
            if let Some(next) = next {
                slots = story.take(office, state, next, slots);
            }
        }
        story
    }

    /// Tells of one move; gives the numbers of the messages in the slots of the state after it.
    fn take(
        &mut self,
        office: &Office,
        state: &State,
        next: &Move,
        before: Row<u32, MESSAGES>,
    ) -> Row<u32, MESSAGES> {
        let mut slots = before;
        if let (Some(message), Action::Submit(slot) | Action::Receive(slot, _)) =
            (next.introduces, next.action)
        {
            let number = u32::try_from(self.messages.len()).unwrap_or(u32::MAX);
            slots.set(&slot, number);
            self.messages
                .push(widened_message(message, |slot| slots.at(&slot)));
        }
        self.actions
            .push(widened_action(next.action, |slot| slots.at(&slot)));
        if office.take(state, next).is_none_or(|it| it.state.is_none()) {
            // What is refused leaves its slot to the next one.
            return before;
        }
        let order = office.step(&state.world, next).after.canonicalize();
        Row(order.map(|old| slots.at(&old)))
    }
}

/// What a number stands for that no message has.
fn unsent() -> Message<Ledger> {
    widened_message(super::scope::vacant_message(0), |_| u32::MAX)
}

fn widened(setting: Setting<Concrete>) -> Setting<Ledger> {
    Setting {
        window: setting.window.into(),
        patience: setting.patience.into(),
        longest: setting.longest.into(),
        rate: setting.rate.into(),
        audience: setting.audience.into(),
    }
}

fn widened_rule(rule: Rule<u8>) -> Rule<u32> {
    Rule {
        from: rule.from.map(u32::from),
        to: rule.to.map(u32::from),
        allows: rule.allows,
        holds: rule.holds,
        denies: rule.denies,
    }
}

fn widened_message(message: Message<Concrete>, number: impl Fn(u8) -> u32) -> Message<Ledger> {
    Message {
        signer: message.signer.into(),
        claimed: message.claimed.into(),
        to: message.to.into(),
        to_all: message.to_all,
        respelled: message.respelled,
        kind: message.kind.into(),
        is_request: message.is_request,
        is_reply: message.is_reply,
        answers: number(message.answers),
        acts: message.acts,
        cause: number(message.cause),
        id: number(message.id),
        two_faced: message.two_faced,
        issued_at: message.issued_at.into(),
        expires_at: message.expires_at.into(),
        wanted: message.wanted.into(),
    }
}

fn widened_fate(fate: Fate<Concrete>) -> Fate<Ledger> {
    let Fate {
        delivered,
        request,
        hold,
    } = fate;
    Fate {
        delivered,
        request: Request {
            open: request.open,
            answer_by: request.answer_by.into(),
            waiting: request.waiting,
            asked_at: request.asked_at.into(),
        },
        hold: Hold {
            held: hold.held,
            left: hold.left,
            approved: hold.approved,
            shown: hold.shown,
            under: hold.under.into(),
            until: hold.until.into(),
            used: hold.used,
            saw: hold.saw.into(),
            approved_at: hold.approved_at.into(),
            outdated: hold.outdated,
        },
    }
}

fn widened_action(action: Action<Concrete>, number: impl Fn(u8) -> u32) -> Action<Ledger> {
    match action {
        Action::Submit(slot) => Action::Submit(number(slot)),
        Action::Approve(slot, saw) => Action::Approve(number(slot), number(saw)),
        Action::Reject(slot) => Action::Reject(number(slot)),
        Action::Release(slot) => Action::Release(number(slot)),
        Action::Receive(slot, by) => Action::Receive(number(slot), by.into()),
        Action::Advance(to) => Action::Advance(to.into()),
        Action::Deactivate(agent) => Action::Deactivate(agent.into()),
        Action::Withdraw(agent) => Action::Withdraw(agent.into()),
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroUsize;

    use super::*;
    use crate::bus::Bus as Rules;
    use crate::bus::invariant::{Invariant, Transition};
    use crate::explorer::{Cutoff, Ending, explore};
    use crate::rulebook::Book as _;

    #[test]
    fn every_shortest_attack_is_a_story_that_breaks_the_same_invariant_at_its_end() {
        for row in Rules::WEAKENINGS {
            let scope = row.scope(Scope::default());
            let office = Office::new(row.rules(), scope, &[row.breaks]);
            let report = explore(&office, NonZeroUsize::MIN, &Cutoff::default());
            let Ending::Broken(path) = report.ending else {
                panic!("{}: {:?}", row.name, report.ending);
            };
            let story = Story::of_path(&office, &scope, &path);
            let (mut world, mut violated) = (story.first(), false);
            for action in &story.actions {
                assert!(!violated, "{}: broken before the end", row.name);
                let step = world.step(row.rules(), &story.setting, action);
                assert!(step.enabled, "{}: {action:?}", row.name);
                let invariant = Invariant::<Ledger>::of(row.breaks);
                violated = step.event.as_ref().is_some_and(|event| {
                    invariant.violated(&Transition {
                        setting: &story.setting,
                        before: &world,
                        event,
                        after: &step.after,
                    })
                });
                world = step.after;
            }
            assert!(violated, "{}", row.name);
        }
    }
}
