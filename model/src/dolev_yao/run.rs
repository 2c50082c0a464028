//! Runs: who plays which role, how far each has come, and what it sent and said.

use indexmap::IndexSet;
use rustc_hash::FxBuildHasher;

use super::expression::{Bindings, Expression};
use super::level;
use super::role::{Demand, Event, ME, PEER, Role, Step};
use super::term::{Arena, Sort, Term};

/// The most runs at once.
pub const RUNS_MAX: usize = 4;
/// Names below this number are the protocol's own; those from here on are drawn by runs.
const DRAWN: u8 = 32;
/// The most names that a run draws.
pub const DRAWN_MAX: u8 = 8;

/// The slot of the run that draws the name with this number; nothing where it is the protocol's own.
pub(crate) const fn drawn_by(number: u8) -> Option<u8> {
    match number.checked_sub(DRAWN) {
        Some(drawn) => Some(drawn / DRAWN_MAX),
        None => None,
    }
}

/// Who plays which role, for whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Participant {
    /// The number of the role.
    pub role: u8,
    /// The number of the principal who plays it.
    pub me: u8,
    /// The number of the principal it was started for, if it was.
    pub peer: Option<u8>,
}

/// How far a run has come, by number among those of a search.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Progress(u32);

/// A run at some point.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Run {
    /// Which of the runs at once it is.
    pub slot: u8,
    /// Who plays which role.
    pub participant: Participant,
    /// The step that it waits at, or the number of its steps where it is done.
    pub at: u8,
    /// What its variables are bound to.
    pub bindings: Bindings,
}

/// What a run has said of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    /// It takes part.
    Running {
        /// With whom; [`Term::NONE`] where it does not know.
        peer: Term,
        /// What both sides should agree on.
        data: Term,
    },
    /// It relies on the other side.
    Commit {
        /// Which point of commitment.
        point: u8,
        /// On whom.
        peer: Term,
        /// What both sides should agree on.
        data: Term,
        /// What nobody else should know; [`Term::NONE`] where there is no such thing.
        secret: Term,
    },
    /// It relies on something staying between it and its peer.
    Hidden {
        /// At which point of commitment.
        point: u8,
        /// With whom.
        peer: Term,
        /// What should stay between the two.
        term: Term,
    },
    /// It relies on something of the protocol's own.
    Claim {
        /// What, as a bit of a mark.
        bit: u64,
        /// Whether it is so.
        holds: bool,
    },
}

/// What a run at some point has done.
#[derive(Clone, Debug)]
pub struct Deeds {
    /// The run.
    pub run: Run,
    /// The principal who plays it.
    pub me: Term,
    /// What it sent, in order.
    pub sent: Vec<Term>,
    /// How many messages it received.
    pub received: usize,
    /// What it received, in order, part by part.
    pub heard: Vec<Term>,
    /// The exponents that it drew.
    pub exponents: Vec<Term>,
    /// The keys that it seals and opens with.
    pub keys: Vec<Term>,
    /// What it said of itself, in order.
    pub said: Vec<Said>,
}

/// Every point that a run of a search came to.
#[derive(Clone, Default)]
pub struct Runs {
    points: IndexSet<Run, FxBuildHasher>,
    deeds: Vec<Deeds>,
}

impl Runs {
    /// What the run has done that has come so far.
    pub fn deeds(&self, progress: Progress) -> Option<&Deeds> {
        self.deeds.get(progress.0 as usize)
    }

    /// A run that `participant` begins in `slot`: up to its first wait.
    pub fn begin(
        &mut self,
        arena: &mut Arena,
        roles: &[Role],
        slot: u8,
        participant: Participant,
    ) -> Option<Progress> {
        let mut bindings = Bindings::EMPTY;
        bindings.bind(ME, arena.name(Sort::Agent, participant.me));
        if let Some(peer) = participant.peer {
            bindings.bind(PEER, arena.name(Sort::Agent, peer));
        }
        let run = Run {
            slot,
            participant,
            at: 0,
            bindings,
        };
        self.go_on(arena, roles, run)
    }

    /// The run goes on from the step it is at to its next wait. None where a value that it has to
    /// compute does not exist: then it ends as if it had never received what led to it.
    pub fn go_on(&mut self, arena: &mut Arena, roles: &[Role], mut run: Run) -> Option<Progress> {
        let steps = &roles.get(usize::from(run.participant.role))?.steps;
        while let Some(step) = steps.get(usize::from(run.at)) {
            match step {
                Step::Receive(_) => break,
                Step::Fresh(variable, sort) => {
                    let drawn = drawn_before(steps, run.at);
                    // More would be those of the next run.
                    debug_assert!(drawn < DRAWN_MAX, "{run:?}: too many");
                    let number = DRAWN + run.slot * DRAWN_MAX + drawn;
                    run.bindings.bind(*variable, arena.name(*sort, number));
                }
                Step::Let(variable, value) => {
                    let value = value.evaluate(arena, &run.bindings)?;
                    run.bindings.bind(*variable, value);
                }
                Step::Send(_) | Step::Key(_) | Step::Say(_) => {}
            }
            run.at += 1;
        }
        let number = if let Some(number) = self.points.get_index_of(&run) {
            number
        } else {
            self.deeds.push(recount(arena, steps, run)?);
            self.points.insert_full(run).0
        };
        Some(Progress(u32::try_from(number).unwrap_or(u32::MAX)))
    }
}

fn drawn_before(steps: &[Step], at: u8) -> u8 {
    let before = steps.iter().take(usize::from(at));
    let drawn = before.filter(|step| matches!(step, Step::Fresh(..)));
    u8::try_from(drawn.count()).unwrap_or(u8::MAX)
}

/// What `run` has done so far.
fn recount(arena: &mut Arena, steps: &[Step], run: Run) -> Option<Deeds> {
    let mut deeds = Deeds {
        run,
        me: run.bindings.at(ME),
        sent: Vec::new(),
        received: 0,
        heard: Vec::new(),
        exponents: Vec::new(),
        keys: Vec::new(),
        said: Vec::new(),
    };
    let bindings = &run.bindings;
    for step in steps.iter().take(usize::from(run.at)) {
        match step {
            Step::Fresh(variable, Sort::Exponent) => deeds.exponents.push(bindings.at(*variable)),
            Step::Send(message) => deeds.sent.push(message.evaluate(arena, bindings)?),
            Step::Key(key) => deeds.keys.push(key.evaluate(arena, bindings)?),
            Step::Say(Event::Running { peer, data }) => deeds.said.push(Said::Running {
                peer: optional(peer.as_ref(), arena, bindings)?,
                data: data.evaluate(arena, bindings)?,
            }),
            Step::Say(Event::Commit {
                point,
                peer,
                data,
                secret,
            }) => deeds.said.push(Said::Commit {
                point: *point,
                peer: peer.evaluate(arena, bindings)?,
                data: data.evaluate(arena, bindings)?,
                secret: optional(secret.as_ref(), arena, bindings)?,
            }),
            Step::Say(Event::Hidden { point, peer, term }) => deeds.said.push(Said::Hidden {
                point: *point,
                peer: peer.evaluate(arena, bindings)?,
                term: term.evaluate(arena, bindings)?,
            }),
            Step::Say(Event::Claim {
                point,
                level,
                premise,
                holds,
            }) => {
                if premise.holds(arena, bindings) {
                    deeds.said.push(Said::Claim {
                        bit: level::bit(*level, *point),
                        holds: holds.holds(arena, bindings),
                    });
                }
            }
            Step::Receive(demands) => {
                deeds.received += 1;
                heard(demands, arena, bindings, &mut deeds.heard);
            }
            Step::Fresh(..) | Step::Let(..) => {}
        }
    }
    Some(deeds)
}

/// Adds what was received to satisfy `demands`.
fn heard(demands: &[Demand], arena: &mut Arena, bindings: &Bindings, all: &mut Vec<Term>) {
    for demand in demands {
        match demand {
            Demand::Part(part) => all.extend(part.evaluate(arena, bindings)),
            Demand::Opened(sealed, _) => all.push(bindings.at(*sealed)),
            Demand::Overheard(_)
            | Demand::Derived(_)
            | Demand::Let(..)
            | Demand::Check(_)
            | Demand::Either(_) => {}
        }
    }
}

/// The value of `expression`, [`Term::NONE`] where there is none to evaluate.
fn optional(
    expression: Option<&Expression>,
    arena: &mut Arena,
    bindings: &Bindings,
) -> Option<Term> {
    expression.map_or(Some(Term::NONE), |it| it.evaluate(arena, bindings))
}

#[cfg(test)]
mod tests;
