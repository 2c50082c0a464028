//! The model of the audit trail as a target: what the rule book says must be seen.

use std::collections::BTreeMap;

use countersign_model::audit::Audit as Rules;
use countersign_model::audit::sequence::Sequence;
use countersign_model::audit::step::{self, Event, Guess, Question, Step as Taken};
use countersign_model::audit::story::{NO_CHECKPOINT, Story, records, sequence};
use countersign_model::audit::world::{self, World};
use countersign_model::domain::{Ledger, Table as _};
use countersign_model::rulebook::Ruleset;

use super::action::{Action, Tampering};
use super::cast::{Names, Roll};
use super::standing::State;
use super::translation::contents;
use crate::rulebook::rules;
use crate::suggestion::{NameError, Suggestion};
use crate::target::{Observation, Target, TargetError};
use crate::trace::{Step, Trace};
use crate::verdict::Verdict;

/// The model of the audit trail, run on the names of a trace.
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
    /// What invariants look at.
    pub(super) event: Option<Event<Ledger>>,
}

/// A run of the model in progress.
#[derive(Clone)]
pub(super) struct Run {
    setting: world::Setting<Ledger>,
    world: World<Ledger>,
    names: Names,
    rules: Ruleset<Rules>,
    roll: Roll,
    checkpoints: BTreeMap<String, u32>,
    lost: Vec<String>,
    confirmed: Vec<String>,
}

impl Run {
    /// The run of `trace`, under the weakenings that it names.
    pub(super) fn of(trace: &Trace<Rules>) -> Result<Self, TargetError> {
        Self::under(trace, rules(&trace.weakenings)?)
    }

    fn under(trace: &Trace<Rules>, rules: Ruleset<Rules>) -> Result<Self, TargetError> {
        let names = Names::of(&trace.cast);
        let story = Story {
            setting: world::Setting {
                auditor: names.agent(&trace.setting.auditor)?,
            },
            records: contents(&trace.cast, &names)?,
            actions: Vec::new(),
        };
        Ok(Self {
            world: story.first(),
            setting: story.setting,
            names,
            rules,
            roll: trace.cast.clone(),
            checkpoints: BTreeMap::new(),
            lost: Vec::new(),
            confirmed: Vec::new(),
        })
    }

    /// Takes an action.
    pub(super) fn take(&mut self, action: &Action) -> Result<Judged, TargetError> {
        let next = self.action(action)?;
        let verdict = self.world.judged(self.rules, &self.setting, &next);
        let before = self.lasting();
        let Taken {
            enabled,
            after,
            event,
        } = self.world.step(self.rules, &self.setting, &next);
        if !enabled {
            return Err(TargetError::Impossible(obstacle(&next).to_owned()));
        }
        self.world = after;
        if let Some(Event::Restarting(_)) = &event {
            self.lost = before;
        }
        if let (Action::Guess { guesser, message }, Some(Event::Guessing(it))) = (action, &event)
            && it.confirmed
        {
            self.confirmed.push(guessed(guesser, message));
        }
        Ok(Judged {
            verdict: verdict.map(Verdict::from),
            event,
        })
    }

    /// The messages that had an effect and whose record would not outlast a crash.
    fn lasting(&self) -> Vec<String> {
        self.messages(|fate| fate.acted && !fate.durable)
    }

    fn messages(
        &self,
        holds: impl Fn(countersign_model::audit::record::Fate<Ledger>) -> bool,
    ) -> Vec<String> {
        let numbered = (0u32..).zip(&self.roll.messages);
        let found = numbered.filter(|(number, _)| holds(self.world.fates.at(number)));
        found.map(|(_, message)| message.name.clone()).collect()
    }

    /// The action as the model has it.
    fn action(&mut self, action: &Action) -> Result<step::Action<Ledger>, TargetError> {
        Ok(match action {
            Action::Record { message } => step::Action::Record(self.names.record(message)?),
            Action::Act { message } => step::Action::Act(self.names.record(message)?),
            Action::Sign { checkpoint } => {
                let number = u32::try_from(self.checkpoints.len()).unwrap_or(u32::MAX);
                // The number of the one that nobody signs is left out.
                let number = number + u32::from(number >= NO_CHECKPOINT);
                let entry = self.checkpoints.entry(checkpoint.clone());
                step::Action::Sign(*entry.or_insert(number))
            }
            Action::Crash {} => step::Action::Crash,
            Action::Verify {} => step::Action::Verify,
            Action::Tamper(tampering) => step::Action::Tamper(self.tampering(tampering)?),
            Action::Ask {
                reader,
                about,
                message,
            } => step::Action::Ask(Question {
                reader: self.names.agent(reader)?,
                subject: self.names.agent(about)?,
                record: self.names.record(message)?,
            }),
            Action::Guess { guesser, message } => step::Action::Guess(Guess {
                guesser: self.names.agent(guesser)?,
                record: self.names.record(message)?,
            }),
        })
    }

    fn tampering(&self, told: &Tampering) -> Result<step::Tampering<Ledger>, NameError> {
        let checkpoint = match &told.checkpoint {
            Some(name) => self.checkpoint(name)?,
            None => NO_CHECKPOINT,
        };
        Ok(step::Tampering {
            records: self.sequence(&told.records)?,
            links: self.sequence(told.linked())?,
            checkpoint,
            head: self.sequence(told.covered())?,
        })
    }

    fn sequence(&self, names: &[String]) -> Result<Sequence<Ledger>, NameError> {
        let places = names.iter().map(|name| self.names.record(name));
        Ok(sequence(places.collect::<Result<Vec<_>, _>>()?))
    }

    fn checkpoint(&self, name: &str) -> Result<u32, NameError> {
        self.checkpoints
            .get(name)
            .copied()
            .ok_or_else(|| NameError {
                what: "checkpoint",
                name: name.to_owned(),
                suggestion: Suggestion::among(self.checkpoints.keys().map(String::as_str), name),
            })
    }

    /// What can be seen now.
    pub(super) fn state(&self) -> State {
        let file = &self.world.file;
        let log = records(&file.records, 0..file.records.count);
        let log = log
            .into_iter()
            .map(|it| self.names.record_at(it).to_owned());
        let mut checkpoints = self.checkpoints.iter();
        let signed = self.world.checkpoints.at(&file.checkpoint).signed;
        let checkpoint = checkpoints.find(|(_, number)| signed && **number == file.checkpoint);
        State {
            log: log.collect(),
            checkpoint: checkpoint.map(|(name, _)| name.clone()),
            remembered: self.world.remembered.count,
            acted: self.messages(|fate| fate.acted),
            lost: self.lost.clone(),
            confirmed: self.confirmed.clone(),
        }
    }
}

/// A guess, as a state tells it.
pub fn guessed(guesser: &str, message: &str) -> String {
    format!("{message} by {guesser}")
}

/// Why an action cannot be taken.
const fn obstacle(action: &step::Action<Ledger>) -> &'static str {
    match action {
        step::Action::Record(_) => "the message is recorded already, or has had no effect yet",
        step::Action::Sign(_) => "the checkpoint is signed already",
        step::Action::Act(_) => "the message has had its effect",
        step::Action::Tamper(_) => "there are as many links as records",
        step::Action::Ask(_) => "no such record of that agent's is written",
        step::Action::Guess(_) => "the record is not written",
        step::Action::Crash | step::Action::Verify => "it can always happen",
    }
}
