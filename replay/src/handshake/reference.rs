//! The model of the handshake as a target: what the rule book says must be seen.

use countersign_model::dolev_yao::term::Term;
use countersign_model::handshake::Handshake;
use countersign_model::handshake::known::Calling;
use countersign_model::handshake::performance::{Delivered, Performance};
use countersign_model::rulebook::Ruleset;

use super::cast::Names;
use super::flight::Action;
use super::standing::{Exposure, Handles, Heard, Standing, State};
use super::translation::{message, players, reveals, run_name};
use super::vocabulary::{capabilities, offers, principal, suite, version};
use crate::rulebook::rules;
use crate::target::{Observation, Target, TargetError};
use crate::trace::{Step, Trace};
use crate::verdict::Verdict;

/// The model of the handshake, run on the names of a trace.
#[derive(Clone, Default)]
pub struct Reference {
    imposed: Option<Ruleset<Handshake>>,
    run: Option<Run>,
}

/// A run of the model in progress.
#[derive(Clone)]
pub(super) struct Run {
    names: Names,
    performance: Performance,
    handles: Handles<Term>,
}

impl Reference {
    /// The model under the weakenings that the trace names.
    pub fn as_told() -> Self {
        Self::default()
    }

    /// The model under these rules, whatever the trace names.
    pub fn under(rules: Ruleset<Handshake>) -> Self {
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

impl Target<Handshake> for Reference {
    fn begin(&mut self, trace: &Trace<Handshake>) -> Result<(), TargetError> {
        let rules = match self.imposed {
            Some(rules) => rules,
            None => rules(&trace.weakenings)?,
        };
        self.run = Some(Run::under(trace, rules)?);
        Ok(())
    }

    fn take(&mut self, step: &Step<Handshake>) -> Result<Observation<Handshake>, TargetError> {
        let run = self.run()?;
        let (verdict, _) = run.take(&step.action)?;
        Ok(Observation {
            verdicts: vec![verdict],
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

impl Run {
    /// The runs of `trace`, under the weakenings that it names.
    pub(super) fn of(trace: &Trace<Handshake>) -> Result<Self, TargetError> {
        Self::under(trace, rules(&trace.weakenings)?)
    }

    fn under(trace: &Trace<Handshake>, rules: Ruleset<Handshake>) -> Result<Self, TargetError> {
        let (players, reveals) = (players(&trace.cast)?, reveals(&trace.setting)?);
        Ok(Self {
            names: Names::of(&trace.cast),
            performance: Performance::new(rules, players, reveals),
            handles: Handles::default(),
        })
    }

    /// Takes an action: the verdict, and the marks of what breaks by it.
    pub(super) fn take(
        &mut self,
        action: &Action,
    ) -> Result<(Verdict<super::Rejection>, u64), TargetError> {
        let Action::Deliver { to, flight } = action;
        let (slot, message) = (self.names.place(to)?, message(flight, &self.names)?);
        match self.performance.deliver(slot, &message) {
            Delivered::Accepted { violated, .. } => Ok((Verdict::Admitted, violated)),
            Delivered::Refused(rejection) => Ok((Verdict::Refused(rejection), 0)),
            Delivered::Impossible => Err(TargetError::Impossible(
                if self.performance.awaited(slot) == Some(message.flight()) {
                    "the attacker cannot make this flight from what it has".to_owned()
                } else {
                    format!("{to} does not wait for this flight")
                },
            )),
        }
    }

    /// What the attacker has learnt by now, in words.
    pub(super) fn learnt(&self, calling: Calling) -> Vec<(Term, String)> {
        self.performance.learnt(calling)
    }

    /// What can be seen now.
    pub(super) fn state(&mut self) -> State {
        let standings = self.performance.standings();
        let handles = &mut self.handles;
        let runs = (0..).zip(standings).map(|(place, it)| {
            let heard = it.heard.map(|heard| Heard {
                versions: offers(heard.offers),
                capabilities: capabilities(heard.capabilities),
                version: version(heard.version).to_owned(),
                suite: suite(heard.suite).to_owned(),
                shared: handles.shared(heard.shared),
            });
            let exposed = Exposure {
                session: it.exposed.session,
                later: it.exposed.later,
                overheard: it.exposed.overheard,
                proof: it.exposed.proof,
            };
            Standing {
                run: run_name(place),
                awaits: it.awaits.map(Into::into),
                heard,
                peer: it.peer.map(|peer| principal(peer).to_owned()),
                session: it.session.map(|secret| handles.session(secret)),
                attacker: exposed.gains(),
            }
        });
        State {
            runs: runs.collect(),
        }
    }
}
