//! The model itself as a target: what the rule book says must be seen.

use countersign_model::admission::Admission;
use countersign_model::admission::facts::Receiver;
use countersign_model::admission::message::Presented;
use countersign_model::admission::step::{Action as Move, Delivery};
use countersign_model::admission::weakening::Mechanism;
use countersign_model::admission::world::{Setting, World};
use countersign_model::domain::{Ledger, Table as _};
use countersign_model::rulebook::{self, Ruleset};

use super::action::Action;
use super::cast::{Cast, introduced, nonce_name};
use super::projection::Projection;
use crate::rulebook::rules;
use crate::target::{Observation, Target, TargetError};
use crate::trace::{Step, Trace};
use crate::verdict::Verdict;

/// The model, run on the names of a trace.
#[derive(Clone, Debug, Default)]
pub struct Reference {
    imposed: Option<Ruleset<Admission>>,
    run: Option<Run>,
}

/// A run of the model in progress.
#[derive(Clone, Debug)]
pub(crate) struct Run {
    pub(crate) cast: Cast,
    pub(crate) rules: Ruleset<Admission>,
    pub(crate) setting: Setting<Ledger>,
    pub(crate) world: World<Ledger>,
}

/// A delivery as the model judges it.
#[derive(Clone)]
pub(crate) struct Judged {
    /// The number of the message.
    pub(crate) message: u32,
    /// What the guard table says of it.
    pub(crate) verdict: Verdict,
    /// What ground truth records of it.
    pub(crate) delivery: Delivery<Ledger>,
}

impl Reference {
    /// The model under the weakenings that the trace names.
    pub fn as_told() -> Self {
        Self::default()
    }

    /// The model under these rules, whatever the trace names.
    pub fn under(rules: Ruleset<Admission>) -> Self {
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

impl Target for Reference {
    fn begin(&mut self, trace: &Trace) -> Result<(), TargetError> {
        let rules = match self.imposed {
            Some(rules) => rules,
            None => rules(&trace.weakenings)?,
        };
        self.run = Some(Run::new(trace, rules)?);
        Ok(())
    }

    fn take(&mut self, step: &Step) -> Result<Observation, TargetError> {
        let run = self.run()?;
        let deliveries = run.take(&step.action)?;
        let mut seen = Observation {
            state: run.cast.projection(&run.world),
            ..Observation::default()
        };
        for Judged {
            verdict, delivery, ..
        } in deliveries
        {
            seen.verdicts.push(verdict);
            let name = run.cast.principal_name(delivery.acting);
            seen.acting.push(verdict.admits().then(|| name.to_owned()));
        }
        Ok(seen)
    }

    fn look(&mut self) -> Result<Projection, TargetError> {
        let run = self.run()?;
        Ok(run.cast.projection(&run.world))
    }

    fn speaks_bytes(&self) -> bool {
        false
    }
}

impl Run {
    pub(crate) fn new(trace: &Trace, rules: Ruleset<Admission>) -> Result<Self, TargetError> {
        let cast = Cast::of(trace);
        Ok(Self {
            rules,
            setting: cast.setting(&trace.setting)?,
            world: cast.first(trace)?,
            cast,
        })
    }

    /// Takes an action; the deliveries that it consisted of, as the model judges them.
    pub(crate) fn take(&mut self, action: &Action) -> Result<Vec<Judged>, TargetError> {
        for message in introduced(action) {
            let number = self.cast.handle(&message.handle)?;
            self.world
                .messages
                .set(&number, self.cast.content(&message)?);
        }
        let mut taken = Vec::new();
        for next in self.cast.moves(action)? {
            self.forbid_a_repeated_nonce(&next)?;
            let step = self.world.step(self.rules, &self.setting, &next);
            if !step.enabled {
                return Err(TargetError::Impossible(impossible(&next).to_owned()));
            }
            let verdicts = self.verdicts(&next).into_iter();
            let deliveries = step.deliveries.into_iter().flatten();
            taken.extend(
                verdicts
                    .zip(deliveries)
                    .map(|((message, verdict), delivery)| Judged {
                        message,
                        verdict,
                        delivery,
                    }),
            );
            self.world = step.after;
        }
        Ok(taken)
    }

    /// The model leaves the honest choice of nonces to whoever names them: here.
    fn forbid_a_repeated_nonce(&self, next: &Move<Ledger>) -> Result<(), TargetError> {
        let Move::Send(number) = next else {
            return Ok(());
        };
        let nonce = self.world.messages.at(number).nonce;
        let repeated = self
            .world
            .fates
            .iter()
            .any(|(other, fate)| fate.sent && self.world.messages.at(other).nonce == nonce);
        if repeated && !self.rules.has(Mechanism::NonceFromClock) {
            let why = format!(
                "an honest sender never repeats a nonce, and {} was used",
                nonce_name(nonce)
            );
            return Err(TargetError::Impossible(why));
        }
        Ok(())
    }

    /// The verdicts that the guard table gives on a move, each with its rejection.
    fn verdicts(&self, next: &Move<Ledger>) -> Vec<(u32, Verdict)> {
        match next {
            Move::Deliver(message, shown) => {
                vec![(*message, self.verdict(&self.world, *message, shown))]
            }
            Move::DeliverTwice(message, shown) => {
                let once = Move::Deliver(*message, *shown);
                let between = self.world.step(self.rules, &self.setting, &once).after;
                let seen = if self.rules.has(Mechanism::ChecksThenInserts) {
                    &self.world
                } else {
                    &between
                };
                let verdict = |world| (*message, self.verdict(world, *message, shown));
                vec![verdict(&self.world), verdict(seen)]
            }
            Move::Send(_)
            | Move::Advance(_)
            | Move::SetBack(_)
            | Move::Forget(..)
            | Move::Restart
            | Move::FailOver
            | Move::Compromise(_)
            | Move::Rotate(..)
            | Move::Revoke(_)
            | Move::Retire(_) => Vec::new(),
        }
    }

    fn verdict(&self, world: &World<Ledger>, message: u32, shown: &Presented<Ledger>) -> Verdict {
        let content = world.messages.at(&message);
        let facts = world.facts(self.rules, &content, shown);
        let me = Receiver {
            me: self.setting.me,
            now: world.now,
            limits: self.setting.limits.clone(),
        };
        rulebook::judge(self.rules, |_| true, &facts, &me).into()
    }
}

/// Why a move that is not enabled cannot happen.
const fn impossible(next: &Move<Ledger>) -> &'static str {
    match next {
        Move::Send(_) => "an honest sender would not send this message now",
        Move::Deliver(..) | Move::DeliverTwice(..) => {
            "the message is neither on the network nor one that the attacker can compose"
        }
        Move::Advance(_) => "it is as late already",
        Move::SetBack(_) => "it is no later than that",
        Move::Forget(..) => "the store holds no such entry whose time has passed",
        Move::Compromise(_) => "the key is not listed, or the attacker has it",
        Move::Rotate(..) => "the old key is not listed, the new one is, or their owners differ",
        Move::Revoke(_) => "the key is not listed, or is revoked",
        Move::Retire(_) => "the principal is not active",
        Move::Restart | Move::FailOver => "the receiver is not there",
    }
}
