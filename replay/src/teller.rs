//! Tells a trace: gives the individuals of a story their names, and foretells what must be seen.

use std::collections::{BTreeMap, BTreeSet};

use countersign_model::admission::invariant::{Invariant, InvariantId};
use countersign_model::admission::message as model;
use countersign_model::admission::step::Action as Move;
use countersign_model::admission::story::Story;
use countersign_model::domain::{Ledger, Universe as _};

use crate::action::{Action, Defect, Message, Presented};
use crate::cast::{self, ANYONE, KINDS, NameError, nonce_name};
use crate::projection::State;
use crate::reference::Run;
use crate::rulebook;
use crate::target::TargetError;
use crate::trace::{
    Clock, Expect, FORMAT, Key, Principal, Roll, SYSTEM, Seed, Setting, Step, Trace, Until,
    Violation,
};

/// The first tick of a told trace: 2026-01-01T00:00:00Z, in milliseconds since 1970.
pub const START_MS: u64 = 1_767_225_600_000;
/// A tick of a told trace, in milliseconds: the period that the rate is counted in.
pub const TICK_MS: u64 = 1_000;

/// Honest principals besides the receiver, in the order in which they are named.
const HONEST: &[&str] = &["alice", "carol", "dave", "erin", "frank", "grace", "heidi"];

/// Why a story cannot be told.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TellError {
    /// It names an individual that it does not hold.
    #[error("the story has no {what} {number}")]
    Nobody {
        /// What it should be.
        what: &'static str,
        /// Its number.
        number: u32,
    },
    /// A weakening or a name is unknown.
    #[error(transparent)]
    Name(#[from] NameError),
    /// The model cannot take a step.
    #[error("failed to take step {step}: {error}")]
    Step {
        /// The step, counted from 1.
        step: usize,
        /// Why.
        error: TargetError,
    },
    /// The invariant said to break does not.
    #[error("'{}' holds at every step of the story", .0.name())]
    Holds(InvariantId),
}

impl Trace {
    /// Tells `story` as a trace: what happens, and what the model says must be seen.
    ///
    /// # Errors
    /// [`TellError`] if the story does not run under these weakenings, or does not violate
    /// `invariant`.
    pub fn tell(
        story: &Story,
        weakenings: &[&str],
        invariant: Option<InvariantId>,
        lesson: &str,
        seed: Seed,
    ) -> Result<Self, TellError> {
        let names = Naming::of(story);
        let limits = &story.setting.limits;
        let mut trace = Self {
            format: FORMAT.to_owned(),
            system: SYSTEM.to_owned(),
            rulebook: rulebook::digest(),
            lesson: lesson.to_owned(),
            weakenings: weakenings.iter().map(|name| (*name).to_owned()).collect(),
            setting: Setting {
                me: names.principal(story.setting.me)?.to_owned(),
                window: limits.window,
                skew: limits.skew,
                share: limits.share,
                rate: limits.rate,
                overlap: story.setting.overlap,
                capacity: story.setting.capacity,
            },
            clock: Clock {
                start_ms: START_MS,
                tick_ms: TICK_MS,
                start: story.start,
            },
            seed,
            cast: names.roll(story)?,
            steps: Vec::new(),
            violates: None,
            transcript: None,
        };
        let mut introduced = BTreeMap::new();
        for next in &story.actions {
            let action = names.action(story, next, &mut introduced)?;
            trace.steps.push(Step {
                action,
                expect: Expect::default(),
                bytes: Vec::new(),
            });
        }
        trace.foretell(invariant)
    }

    /// The same trace with what the model says must be seen after each step, in place of whatever it
    /// expected before; nothing recorded is kept.
    ///
    /// # Errors
    /// [`TellError`] if the model cannot take a step, or no step violates `invariant`.
    pub fn foretell(mut self, invariant: Option<InvariantId>) -> Result<Self, TellError> {
        let rules = cast::rules(&self.weakenings)?;
        let failed = |step| move |error| TellError::Step { step, error };
        let mut run = Run::new(&self, rules).map_err(failed(0))?;
        self.violates = None;
        self.transcript = None;
        for (number, step) in (1..).zip(&mut self.steps) {
            let taken = run.take(&step.action).map_err(failed(number))?;
            if taken.idle {
                let nothing = TargetError::Impossible("it would change nothing".to_owned());
                return Err(failed(number)(nothing));
            }
            let judged = taken.judged;
            if let Some(id) = invariant {
                let invariant = Invariant::<Ledger>::of(id);
                let mut events = judged.iter().map(|one| &one.delivery);
                if self.violates.is_none()
                    && events.any(|event| invariant.violated(&run.setting, event))
                {
                    self.violates = Some(Violation {
                        invariant: id.name().to_owned(),
                        step: number,
                        conclusion: id.promise().to_owned(),
                    });
                }
            }
            let verdicts = judged.iter().map(|one| one.verdict).collect();
            let state: State = run.projection().state(run.cast.records());
            step.expect = Expect::summarised(&step.action, verdicts, state);
            step.bytes.clear();
        }
        match invariant {
            Some(id) if self.violates.is_none() => Err(TellError::Holds(id)),
            _ => Ok(self),
        }
    }
}

/// What the individuals of a story are called.
struct Naming {
    principals: Vec<String>,
    /// Names of the keys that take part; others are left out.
    keys: BTreeMap<u32, String>,
}

impl Naming {
    fn of(story: &Story) -> Self {
        let mut honest = HONEST.iter().map(|name| (*name).to_owned());
        let mut hostile = 0;
        let mut principals = Vec::new();
        for (number, is_hostile) in (0u32..).zip(&story.hostile) {
            let name = if *is_hostile {
                hostile += 1;
                (hostile == 1).then_some("mallory".to_owned())
            } else if number == story.setting.me {
                Some("bob".to_owned())
            } else {
                honest.next()
            };
            principals.push(name.unwrap_or_else(|| format!("principal-{number}")));
        }
        let used = used_keys(story);
        let successors: BTreeSet<u32> = story
            .actions
            .iter()
            .filter_map(|next| match next {
                Move::Rotate(_, new) => Some(*new),
                _ => None,
            })
            .collect();
        let mut counts: BTreeMap<String, u32> = BTreeMap::new();
        let mut keys = BTreeMap::new();
        for (number, key) in (0u32..).zip(&story.keys) {
            let owner = principals.get(key.owner as usize);
            let Some(owner) = owner.filter(|_| key.listed || used.contains(&number)) else {
                continue;
            };
            let listable = key.listed || successors.contains(&number);
            let stem = if listable { owner.as_str() } else { "unlisted" };
            let count = counts.entry(stem.to_owned()).or_default();
            *count += 1;
            keys.insert(number, format!("{stem}-{count}"));
        }
        Self { principals, keys }
    }

    fn principal(&self, number: u32) -> Result<&str, TellError> {
        let name = self.principals.get(number as usize);
        name.map(String::as_str).ok_or(TellError::Nobody {
            what: "principal",
            number,
        })
    }

    fn key(&self, number: u32) -> Result<String, TellError> {
        let name = self.keys.get(&number);
        name.cloned().ok_or(TellError::Nobody {
            what: "key",
            number,
        })
    }

    fn roll(&self, story: &Story) -> Result<Roll, TellError> {
        let mut roll = Roll::default();
        for (name, hostile) in self.principals.iter().zip(&story.hostile) {
            roll.principals.push(Principal {
                name: name.clone(),
                hostile: *hostile,
            });
        }
        for (number, key) in (0u32..).zip(&story.keys) {
            let Some(name) = self.keys.get(&number) else {
                continue;
            };
            roll.keys.push(Key {
                name: name.clone(),
                owner: self.principal(key.owner)?.to_owned(),
                listed: key.listed,
                not_before: key.not_before,
                not_after: Until(key.not_after),
                revoked: key.revoked,
                compromised: key.compromised,
            });
        }
        Ok(roll)
    }

    fn action(
        &self,
        story: &Story,
        next: &Move<Ledger>,
        introduced: &mut BTreeMap<u32, String>,
    ) -> Result<Action, TellError> {
        Ok(match next {
            Move::Send(number) => Action::Send {
                message: self.message(story, *number, introduced)?,
            },
            Move::Deliver(number, shown) => self.delivery(story, *number, shown, 1, introduced)?,
            Move::DeliverTwice(number, shown) => {
                self.delivery(story, *number, shown, 2, introduced)?
            }
            Move::Advance(to) => Action::Advance { to: *to },
            Move::SetBack(to) => Action::SetBack { to: *to },
            Move::Forget(agent, nonce) => Action::Forget {
                sender: if *agent == Ledger::anyone() {
                    ANYONE.to_owned()
                } else {
                    self.principal(*agent)?.to_owned()
                },
                nonce: nonce_name(*nonce),
            },
            Move::Restart => Action::Restart,
            Move::FailOver => Action::FailOver,
            Move::Compromise(key) => Action::Compromise {
                key: self.key(*key)?,
            },
            Move::Rotate(old, new) => Action::Rotate {
                old: self.key(*old)?,
                new: self.key(*new)?,
            },
            Move::Revoke(key) => Action::Revoke {
                key: self.key(*key)?,
            },
            Move::Retire(agent) => Action::Retire {
                agent: self.principal(*agent)?.to_owned(),
            },
        })
    }

    fn delivery(
        &self,
        story: &Story,
        number: u32,
        shown: &model::Presented<Ledger>,
        copies: u32,
        introduced: &mut BTreeMap<u32, String>,
    ) -> Result<Action, TellError> {
        let content = content(story, number)?;
        let presented = Presented {
            to: (shown.to != content.to)
                .then(|| self.principal(shown.to).map(str::to_owned))
                .transpose()?,
            nonce: (shown.nonce != content.nonce).then(|| nonce_name(shown.nonce)),
            kind: (shown.kind != content.kind)
                .then(|| kind_name(shown.kind))
                .transpose()?,
            respelled: shown.respelled,
            altered: shown.altered,
        };
        Ok(match introduced.get(&number) {
            Some(handle) => Action::Deliver {
                message: handle.clone(),
                presented,
                copies,
            },
            None => Action::Inject {
                message: self.message(story, number, introduced)?,
                presented,
                copies,
                times: 1,
            },
        })
    }

    /// The message in full, which from here on goes by its handle.
    fn message(
        &self,
        story: &Story,
        number: u32,
        introduced: &mut BTreeMap<u32, String>,
    ) -> Result<Message, TellError> {
        let content = content(story, number)?;
        let handle = format!("m{}", introduced.len() + 1);
        introduced.insert(number, handle.clone());
        let flaws = [
            (content.size_bounded, Defect::TooLarge),
            (content.well_formed, Defect::Malformed),
            (content.canonical, Defect::NotCanonical),
            (content.version_supported, Defect::UnsupportedVersion),
            (content.schema_valid, Defect::SchemaMismatch),
        ];
        let defects = flaws.into_iter().filter(|(flawless, _)| !flawless);
        Ok(Message {
            handle,
            author: self.principal(content.author)?.to_owned(),
            from: self.principal(content.from)?.to_owned(),
            inner_from: self.principal(content.inner_from)?.to_owned(),
            to: self.principal(content.to)?.to_owned(),
            nonce: nonce_name(content.nonce),
            kind: kind_name(content.kind)?,
            issued_at: content.issued_at,
            timed: content.timed,
            expires_at: Until(content.expires_at),
            key: self.key(content.key)?,
            signed: content.signed,
            intricate: content.intricate,
            defects: defects.map(|(_, defect)| defect).collect(),
        })
    }
}

/// The keys that some message or step names.
fn used_keys(story: &Story) -> BTreeSet<u32> {
    let named = story.messages.iter().map(|message| message.key);
    let mut used: BTreeSet<u32> = named.collect();
    for next in &story.actions {
        match next {
            Move::Compromise(key) | Move::Revoke(key) => used.extend([*key]),
            Move::Rotate(old, new) => used.extend([*old, *new]),
            Move::Send(_)
            | Move::Deliver(..)
            | Move::DeliverTwice(..)
            | Move::Advance(_)
            | Move::SetBack(_)
            | Move::Forget(..)
            | Move::Restart
            | Move::FailOver
            | Move::Retire(_) => {}
        }
    }
    used
}

fn content(story: &Story, number: u32) -> Result<&model::Message<Ledger>, TellError> {
    let content = story.messages.get(number as usize);
    content.ok_or(TellError::Nobody {
        what: "message",
        number,
    })
}

fn kind_name(number: u32) -> Result<String, TellError> {
    let name = KINDS.get(number as usize);
    name.map(|name| (*name).to_owned())
        .ok_or(TellError::Nobody {
            what: "message type",
            number,
        })
}
