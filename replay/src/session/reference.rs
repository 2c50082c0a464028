//! The model of sessions as a target: what the rule book says must be seen.

use std::collections::BTreeMap;

use countersign_model::domain::{Ledger, Table as _};
use countersign_model::rulebook::Ruleset;
use countersign_model::session::Session as Rules;
use countersign_model::session::record::{Presented as Shown, Record};
use countersign_model::session::step::{self, Event, Step as Taken};
use countersign_model::session::story::Story;
use countersign_model::session::world::{self, World};

use super::action::{Action, Presented};
use super::cast::{Held, Names, Roll};
use super::standing::{Receiving, Sending, Standing, State};
use super::translation::setting;
use crate::rulebook::rules;
use crate::suggestion::{NameError, Suggestion};
use crate::target::{Observation, Target, TargetError};
use crate::trace::{Step, Trace};
use crate::verdict::Verdict;

/// The model of sessions, run on the names of a trace.
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
    /// The verdict, where an end was asked.
    pub(super) verdict: Option<Verdict<super::Rejection>>,
    /// What invariants look at.
    pub(super) event: Option<Event<Ledger>>,
    /// The record in question.
    pub(super) record: Option<String>,
}

/// A run of the model in progress.
#[derive(Clone)]
pub(super) struct Run {
    pub(super) names: Names,
    pub(super) setting: world::Setting<Ledger>,
    pub(super) world: World<Ledger>,
    rules: Ruleset<Rules>,
    roll: Roll,
    records: BTreeMap<String, u32>,
    repeated: Vec<String>,
}

impl Run {
    /// The run of `trace`, under the weakenings that it names.
    pub(super) fn of(trace: &Trace<Rules>) -> Result<Self, TargetError> {
        Self::under(trace, rules(&trace.weakenings)?)
    }

    fn under(trace: &Trace<Rules>, rules: Ruleset<Rules>) -> Result<Self, TargetError> {
        let names = Names::of(&trace.cast);
        let roll = trace.cast.clone();
        let peers = roll.sessions.iter().map(|held| names.peer(&held.peer));
        let story = Story {
            setting: setting(&trace.setting),
            start: trace.clock.start,
            hostile: roll.peers.iter().map(|peer| peer.hostile).collect(),
            sessions: peers.collect::<Result<_, _>>()?,
            records: Vec::new(),
            actions: Vec::new(),
        };
        Ok(Self {
            world: story.first(),
            setting: story.setting,
            names,
            rules,
            roll,
            records: BTreeMap::new(),
            repeated: Vec::new(),
        })
    }

    /// Takes an action.
    pub(super) fn take(&mut self, action: &Action) -> Result<Judged, TargetError> {
        let next = self.action(action)?;
        let verdict = self.world.judged(self.rules, &self.setting, &next);
        let Taken {
            enabled,
            after,
            event,
        } = self.world.step(self.rules, &self.setting, &next);
        if !enabled {
            return Err(TargetError::Impossible(self.obstacle(&next)));
        }
        self.world = after;
        let record = match action {
            Action::Seal { record, .. }
            | Action::Deliver { record, .. }
            | Action::Inject { record, .. }
            | Action::Read { record } => Some(record.clone()),
            Action::Advance { .. }
            | Action::Reconnect { .. }
            | Action::Withdraw { .. }
            | Action::Reveal { .. } => None,
        };
        if let (Some(Event::Sealing(it)), Some(record)) = (&event, &record)
            && it.sealed
            && it.repeated
        {
            self.repeated.push(record.clone());
        }
        Ok(Judged {
            verdict: verdict.map(Verdict::from),
            event,
            record,
        })
    }

    /// The action as the model has it; a record that it brings into the world is in it then.
    fn action(&mut self, action: &Action) -> Result<step::Action<Ledger>, TargetError> {
        Ok(match action {
            Action::Seal {
                record,
                by,
                session,
                epoch,
                number,
            } => {
                let content = Record {
                    composed: false,
                    session: self.names.session(session)?,
                    mine: *by == self.roll.me,
                    epoch: *epoch,
                    sequence: *number,
                    sealed: true,
                    schema_valid: true,
                };
                step::Action::Seal(self.introduce(record, content))
            }
            Action::Inject {
                record,
                session,
                epoch,
                number,
                junk,
                malformed,
            } => {
                let content = Record {
                    composed: true,
                    session: self.names.session(session)?,
                    mine: false,
                    epoch: *epoch,
                    sequence: *number,
                    sealed: !junk,
                    schema_valid: !malformed,
                };
                let number = self.introduce(record, content);
                step::Action::Deliver(number, Shown::unaltered(&content))
            }
            Action::Deliver { record, presented } => {
                let number = self.record(record)?;
                step::Action::Deliver(number, self.presented(number, presented)?)
            }
            Action::Read { record } => step::Action::Read(self.record(record)?),
            Action::Advance { to } => step::Action::Advance(*to),
            Action::Reconnect { session } => step::Action::Reconnect(self.names.session(session)?),
            Action::Withdraw { peer } => step::Action::Withdraw(self.names.peer(peer)?),
            Action::Reveal { session } => step::Action::Reveal(self.names.session(session)?),
        })
    }

    fn introduce(&mut self, handle: &str, content: Record<Ledger>) -> u32 {
        let new = u32::try_from(self.records.len()).unwrap_or(u32::MAX);
        let number = *self.records.entry(handle.to_owned()).or_insert(new);
        self.world.records.set(&number, content);
        number
    }

    fn record(&self, handle: &str) -> Result<u32, NameError> {
        self.records.get(handle).copied().ok_or_else(|| NameError {
            what: "record",
            name: handle.to_owned(),
            suggestion: Suggestion::among(self.records.keys().map(String::as_str), handle),
        })
    }

    fn presented(&self, number: u32, told: &Presented) -> Result<Shown<Ledger>, NameError> {
        let mut shown = Shown::unaltered(&self.world.records.at(&number));
        if let Some(session) = &told.session {
            shown.session = self.names.session(session)?;
        }
        shown.epoch = told.epoch.unwrap_or(shown.epoch);
        shown.sequence = told.number.unwrap_or(shown.sequence);
        shown.altered = told.altered;
        Ok(shown)
    }

    /// Why an action cannot be taken.
    fn obstacle(&self, action: &step::Action<Ledger>) -> String {
        match action {
            step::Action::Seal(_) => "that is not what the end would seal next".to_owned(),
            step::Action::Deliver(..) => {
                "nobody sealed it, and the attacker has no key for it".to_owned()
            }
            step::Action::Read(_) => "no key that the attacker has opens it".to_owned(),
            step::Action::Advance(_) => format!("it is {} already", self.world.now),
            step::Action::Reconnect(_) => "the end does not hold the session".to_owned(),
            step::Action::Withdraw(_) => "the peer has no standing to lose".to_owned(),
            step::Action::Reveal(_) => "there are no keys left to lose".to_owned(),
        }
    }

    /// What can be seen now.
    pub(super) fn state(&self) -> State {
        let sessions = (0..).zip(&self.roll.sessions);
        let peers = (0..).zip(&self.roll.peers);
        let withdrawn = peers.filter(|(peer, _)| !self.world.peers.at(peer).entitled);
        State {
            now: self.world.now,
            sessions: sessions
                .map(|(number, held)| self.standing(number, held))
                .collect(),
            withdrawn: withdrawn.map(|(_, peer)| peer.name.clone()).collect(),
            repeated: self.repeated.clone(),
        }
    }

    fn standing(&self, number: u32, held: &Held) -> Standing {
        let session = self.world.sessions.at(&number);
        let honest = !self.world.peers.at(&session.peer).hostile;
        let top = session.receiving.top;
        let first = top.saturating_sub(self.setting.limits.width);
        let marked = |sequence: &u64| self.world.marks.at(&(number, *sequence)).marked;
        let receiving = Receiving {
            epoch: session.receiving.epoch,
            top,
            seen: (first..top).filter(marked).collect(),
        };
        Standing {
            session: held.name.clone(),
            sending: session.held.then(|| told(&session.sending)),
            receiving: session.held.then_some(receiving),
            peer_sending: honest.then(|| told(&session.peer_sending)),
        }
    }
}

fn told(sender: &world::Sender<Ledger>) -> Sending {
    Sending {
        epoch: sender.epoch,
        next: sender.next,
        since: sender.since,
        count: sender.count,
    }
}
