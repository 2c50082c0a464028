//! The model of the bus as a target: what the rule book says must be seen.

use std::collections::BTreeMap;

use countersign_model::bus::Bus as Rules;
use countersign_model::bus::message::Message;
use countersign_model::bus::step::{self, Event, Step as Taken};
use countersign_model::bus::story::Story;
use countersign_model::bus::world::{self, World};
use countersign_model::domain::{Ledger, Sparse, Table as _};
use countersign_model::rulebook::Ruleset;

use super::action::Action;
use super::cast::{Names, Roll};
use super::meter::Meter;
use super::standing::{Charge, Open, State};
use super::translation::{message, rule, setting};
use crate::rulebook::rules;
use crate::target::{Observation, Target, TargetError};
use crate::trace::{Step, Trace, Until};
use crate::verdict::Verdict;

/// The model of the bus, run on the names of a trace.
#[derive(Clone, Default)]
pub struct Reference {
    imposed: Option<Ruleset<Rules>>,
    run: Option<Run>,
}

impl Reference {
    /// The model under the weakenings that the trace names.
    pub fn as_told() -> Self {
        Self::default()
    }

    /// The model under these rules, whatever the trace names.
    pub fn under(rules: Ruleset<Rules>) -> Self {
        Self {
            imposed: Some(rules),
            run: None,
        }
    }

    fn run(&mut self) -> Result<&mut Run, TargetError> {
        let begun = self.run.as_mut();
        begun.ok_or_else(|| TargetError::Failed("no trace was begun".to_owned()))
    }
}

impl Target<Rules> for Reference {
    fn begin(&mut self, trace: &Trace<Rules>) -> Result<(), TargetError> {
        let rules = match self.imposed {
            Some(rules) => rules,
            None => rules(&trace.weakenings)?,
        };
        self.run = Some(Run::under(trace, rules)?);
        Ok(())
    }

    fn take(&mut self, step: &Step<Rules>) -> Result<Observation<Rules>, TargetError> {
        let run = self.run()?;
        let judged = run.take(&step.action)?;
        Ok(Observation {
            verdicts: judged.verdict.into_iter().collect(),
            state: run.state(),
            ..Observation::default()
        })
    }

    fn look(&mut self) -> Result<State, TargetError> {
        Ok(self.run()?.state())
    }

    fn speaks_bytes(&self) -> bool {
        false
    }
}

/// What came of an action.
pub(super) struct Judged {
    /// The verdict, where the rules were asked.
    pub(super) verdict: Option<Verdict<super::Rejection>>,
    /// The world before, in which what is submitted is composed.
    pub(super) before: World<Ledger>,
    /// What invariants look at.
    pub(super) event: Option<Event<Ledger>>,
}

/// A run of the model in progress.
#[derive(Clone)]
pub(super) struct Run {
    pub(super) setting: world::Setting<Ledger>,
    pub(super) world: World<Ledger>,
    names: Names,
    rules: Ruleset<Rules>,
    roll: Roll,
    meter: Meter,
    /// The messages of each conversation, by the message whose id it is called by.
    conversations: BTreeMap<String, Vec<u32>>,
}

impl Run {
    /// The run of `trace`, under the weakenings that it names.
    pub(super) fn of(trace: &Trace<Rules>) -> Result<Self, TargetError> {
        Self::under(trace, rules(&trace.weakenings)?)
    }

    fn under(trace: &Trace<Rules>, rules: Ruleset<Rules>) -> Result<Self, TargetError> {
        let (names, roll) = (Names::of(&trace.cast), &trace.cast);
        let told = trace.setting.rules.iter().map(|told| rule(told, &names));
        let messages = roll.messages.iter().map(|told| message(told, roll, &names));
        let story = Story {
            setting: setting(&trace.setting),
            start: trace.clock.start,
            rules: told.collect::<Result<_, _>>()?,
            hostile: roll.agents.iter().map(|agent| agent.hostile).collect(),
            messages: messages.collect::<Result<_, _>>()?,
            actions: Vec::new(),
        };
        let mut conversations: BTreeMap<String, Vec<u32>> = BTreeMap::new();
        for (number, message) in (0u32..).zip(&roll.messages) {
            let called = called(roll, &names, message.conversation.as_deref())?;
            let called = called.unwrap_or_else(|| message.id_of().to_owned());
            conversations.entry(called).or_default().push(number);
        }
        Ok(Self {
            world: story.first(),
            setting: story.setting,
            names,
            rules,
            roll: roll.clone(),
            meter: Meter::new(trace.setting.period),
            conversations,
        })
    }

    /// Takes an action.
    pub(super) fn take(&mut self, action: &Action) -> Result<Judged, TargetError> {
        let next = self.action(action)?;
        match next {
            step::Action::Submit(message) | step::Action::Receive(message, _) => {
                self.compose(message)?;
            }
            step::Action::Release(message) => self.resolve(message)?,
            _ => {}
        }
        let before = self.world.clone();
        let verdict = before.judged(self.rules, &self.setting, &next);
        let Taken {
            enabled,
            after,
            event,
        } = before.step(self.rules, &self.setting, &next);
        if !enabled {
            return Err(TargetError::Impossible(obstacle(&next).to_owned()));
        }
        self.world = after;
        if let step::Action::Release(message) = next {
            let party = self.world.party(&self.world.messages.at(&message));
            self.world.parties.set(&message, party);
        }
        self.meter.follow(&before, &mut self.world);
        Ok(Judged {
            verdict: verdict.map(Verdict::from),
            before,
            event,
        })
    }

    /// The action as the model has it.
    fn action(&self, action: &Action) -> Result<step::Action<Ledger>, TargetError> {
        let names = &self.names;
        Ok(match action {
            Action::Submit { message } => step::Action::Submit(names.message(message)?),
            Action::Approve { message, saw } => {
                let saw = saw.as_ref().unwrap_or(message);
                step::Action::Approve(names.message(message)?, names.message(saw)?)
            }
            Action::Reject { message } => step::Action::Reject(names.message(message)?),
            Action::Release { message } => step::Action::Release(names.message(message)?),
            Action::Receive { message, by } => {
                step::Action::Receive(names.message(message)?, names.agent(by)?)
            }
            Action::Advance { to } => step::Action::Advance(*to),
            Action::Deactivate { agent } => step::Action::Deactivate(names.agent(agent)?),
            Action::Withdraw { agent } => step::Action::Withdraw(names.agent(agent)?),
        })
    }

    /// What a message says that depends on what came before it: for how long its sender would wait from
    /// now on, and on what it acts. Once it was accepted, it says that for good.
    fn compose(&mut self, number: u32) -> Result<(), TargetError> {
        let fate = self.world.fates.at(&number);
        let told = self.roll.messages.get(number as usize);
        let Some(told) =
            told.filter(|_| !(fate.delivered || fate.hold.held || fate.request.waiting))
        else {
            return Ok(());
        };
        let mut content = self.world.messages.at(&number);
        content.wanted = match told.answer_by {
            Until::ENDLESS => u64::MAX,
            Until(tick) => tick.saturating_sub(self.world.now),
        };
        self.world.messages.set(&number, content);
        self.resolve(number)
    }

    /// On what a message acts: whatever its sender was asked or told in the conversation by now.
    fn resolve(&mut self, number: u32) -> Result<(), TargetError> {
        let Some(told) = self.roll.messages.get(number as usize) else {
            return Ok(());
        };
        let mut content = self.world.messages.at(&number);
        let called = called(&self.roll, &self.names, told.conversation.as_deref())?;
        let goes_on = called.filter(|_| !told.kind.is_answer());
        let causes = goes_on.map_or_else(Vec::new, |called| self.causes(&called, number, &content));
        content.acts = !causes.is_empty();
        if let Some(cause) = self.joined(number, &causes) {
            content.cause = cause;
        }
        self.world.messages.set(&number, content);
        Ok(())
    }

    /// The messages of a conversation by which the sender of another one was asked or told something.
    fn causes(&self, called: &str, number: u32, content: &Message<Ledger>) -> Vec<u32> {
        let all = self.conversations.get(called).into_iter().flatten();
        let others = all.copied().filter(|cause| *cause != number);
        let told = |cause: &u32| {
            let content = Message {
                cause: *cause,
                ..*content
            };
            self.world.was_told(&content, &content.claimed)
        };
        others.filter(told).collect()
    }

    /// One message on whose behalf all of these are; made up where they are on behalf of different ones.
    fn joined(&mut self, number: u32, causes: &[u32]) -> Option<u32> {
        let first = *causes.first()?;
        let same = |one: &u32| {
            self.world.parties.at(one) == self.world.parties.at(&first)
                && self.world.wanters.at(one) == self.world.wanters.at(&first)
        };
        if causes.iter().all(same) {
            return Some(first);
        }
        let made_up = u32::MAX.saturating_sub(1).saturating_sub(number);
        let (mut parties, mut wanters) = (Sparse::filled(false), Sparse::filled(false));
        for cause in causes {
            for (table, all) in [
                (&mut parties, self.world.parties.at(cause)),
                (&mut wanters, self.world.wanters.at(cause)),
            ] {
                all.iter().for_each(|(agent, is)| table.set(agent, *is));
            }
        }
        let world = &mut self.world;
        world.messages.set(&made_up, world.messages.at(&first));
        world.fates.set(&made_up, world.fates.at(&first));
        world.parties.set(&made_up, parties);
        world.wanters.set(&made_up, wanters);
        Some(made_up)
    }

    /// The place of a message.
    pub(super) fn place(&self, message: &str) -> Result<u32, TargetError> {
        Ok(self.names.message(message)?)
    }

    /// What can be seen now.
    pub(super) fn state(&self) -> State {
        let mut state = State {
            now: self.world.now,
            policy: self.world.version,
            ..State::default()
        };
        for (number, message) in (0u32..).zip(&self.roll.messages) {
            let fate = self.world.fates.at(&number);
            let name = &message.name;
            if fate.hold.held && !fate.hold.left {
                state.queue.push(name.clone());
                let approved = fate.hold.approved.then(|| name.clone());
                state.approved.extend(approved);
            }
            if fate.request.open {
                state.open.push(Open {
                    request: name.clone(),
                    answer_by: fate.request.answer_by,
                });
            }
            let waiting = fate.request.waiting.then(|| name.clone());
            state.waiting.extend(waiting);
        }
        for (number, agent) in (0u32..).zip(&self.roll.agents) {
            let record = self.world.agents.at(&number);
            if record.charged > 0 {
                state.charged.push(Charge {
                    agent: agent.name.clone(),
                    deliveries: record.charged,
                });
            }
            let inactive = (!record.active).then(|| agent.name.clone());
            state.inactive.extend(inactive);
        }
        state
    }
}

/// The message by whose id a conversation is called that `first` began.
fn called(roll: &Roll, names: &Names, first: Option<&str>) -> Result<Option<String>, TargetError> {
    let Some(first) = first else { return Ok(None) };
    let told = roll.messages.get(names.message(first)? as usize);
    Ok(told.map(|message| message.id_of().to_owned()))
}

/// Why an action cannot be taken.
const fn obstacle(action: &step::Action<Ledger>) -> &'static str {
    match action {
        step::Action::Submit(_) => "no honest agent sends this, or not now",
        step::Action::Approve(..) => "it is not in the queue, or what was seen never was",
        step::Action::Reject(_) => "it is not in the queue",
        step::Action::Release(_) => "it never had to wait",
        step::Action::Receive(..) => "nothing like it is on the network",
        step::Action::Advance(_) => "it is that late already",
        step::Action::Deactivate(_) => "the agent is not active",
        step::Action::Withdraw(_) => "its rights were withdrawn before",
    }
}
