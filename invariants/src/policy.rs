//! What the rules of a deployment come to, shown for every agent: those that rules name, and any number
//! of others.
//!
//! A search finds the chain, the difference or the idle rule; here Z3 is asked whether the search is
//! right. Agents are integers, of which those that rules name come first; the other end of a message
//! is a variable. The decision is read from [`countersign_model::bus`], over terms. *Unsat* means shown:
//! no agent whatever contradicts the claim.
//!
//! Never here: a search, a name, a line of a file.

use std::collections::BTreeSet;
use std::time::Duration;

use countersign_model::bus::chain::{By, Hop, Question as Chains};
use countersign_model::bus::policy::Breadth;
use countersign_model::bus::tiering::{Rule, Types};
use countersign_model::domain::Truth as _;

use crate::solver::{Answer, Budget, Question, isolated};
use crate::symbolic::{Formula, Number};
use encoding::{Encoding, End};

mod encoding;

/// The rules of a deployment.
#[derive(Clone, Copy, Debug)]
pub struct Deployed<'a> {
    /// The rules, in the order of their file.
    pub rules: &'a [Rule<u32>],
    /// How many agents they name: those numbered from 0.
    pub agents: u32,
    /// The types that rules can name.
    pub types: Types,
    /// Those of them that are answered.
    pub answered: Types,
}

/// What became of a claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// The answer.
    pub verdict: Verdict,
    /// Questions that Z3 answered.
    pub questions: usize,
    /// How long Z3 took.
    pub elapsed: Duration,
}

/// Whether a claim holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It does, for every agent.
    Proved,
    /// It does not.
    Refuted {
        /// The end that was fixed; the number of agents for one that no rule names.
        fixed: u32,
        /// The other end, as Z3 chose it.
        other: Option<u64>,
    },
    /// Nobody knows.
    Unknown {
        /// Why.
        reason: String,
    },
}

/// A message that fares otherwise under other rules: sender, recipient, and the types.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Differing {
    /// The sender.
    pub from: u32,
    /// The recipient.
    pub to: u32,
    /// The types of which messages fare otherwise.
    pub types: Types,
}

/// Whether no chain answers the question with yes, given every agent that the search reached: the set
/// is closed under every hop, and nothing in it has a last hop to the end.
pub fn unreachable(
    deployed: Deployed<'_>,
    chains: &Chains,
    reached: &[u32],
    budget: Budget,
) -> Certificate {
    isolated(|| {
        let encoding = Encoding::of(deployed, "now");
        let reached: BTreeSet<u32> = reached.iter().copied().collect();
        let mut asking = Asking::new(&[&encoding], budget);
        let outside = asking.defined("outside", &encoding.is_among(&reached).not());
        let last = chains.by.unwrap_or(deployed.types);
        for &sender in &reached {
            let end = End::of(sender, deployed.agents);
            let on = encoding.hop(chains, end, deployed.types, chains.answers);
            let escapes = outside.and(&on);
            let arrives = if sender == chains.to {
                Formula::constant(false)
            } else {
                let is_end = encoding.is(chains.to);
                is_end.and(&encoding.hop(chains, end, last, chains.ends_in_answer()))
            };
            if !asking.refutes(&encoding, end, &escapes.or(&arrives)) {
                break;
            }
        }
        asking.certificate()
    })
}

/// Whether each hop of a chain passes, as the question wants.
pub fn passes(
    deployed: Deployed<'_>,
    chains: &Chains,
    chain: &[Hop],
    budget: Budget,
) -> Certificate {
    isolated(|| {
        let encoding = Encoding::of(deployed, "now");
        let mut asking = Asking::new(&[&encoding], budget);
        for hop in chain {
            let end = End::of(hop.from, deployed.agents);
            let way = match hop.by {
                By::Request(place) => encoding.request(chains, end, Types::one(place)),
                By::Answer(place) => encoding.answer(chains, end, Types::one(place)),
            };
            let stopped = encoding.is(hop.to).and(&way.not());
            if !asking.refutes(&encoding, end, &stopped) {
                break;
            }
        }
        asking.certificate()
    })
}

/// Whether every message fares as it does if the rule in this place of the file is replaced, or left
/// out: then it never decides.
pub fn idle(
    deployed: Deployed<'_>,
    changes: &[(usize, Option<Rule<u32>>)],
    budget: Budget,
) -> Vec<Certificate> {
    isolated(|| {
        let encoding = Encoding::of(deployed, "now");
        let mut asking = Asking::new(&[&encoding], budget);
        let mut certificates = Vec::new();
        for &(place, instead) in changes {
            let rule = deployed.rules.get(place);
            if let Some(rule) = rule {
                asking.idle(&encoding, deployed, (place, rule), instead);
            }
            certificates.push(asking.take());
        }
        certificates
    })
}

/// Whether old and new rules differ in nothing but what is listed, in order; both name the same agents.
pub fn differ_only(
    old: Deployed<'_>,
    new: Deployed<'_>,
    listed: &[Differing],
    budget: Budget,
) -> Certificate {
    isolated(|| {
        let (before, after) = (Encoding::of(old, "old"), Encoding::of(new, "new"));
        let mut asking = Asking::new(&[&before, &after], budget);
        for sender in 0..=old.agents {
            let start = listed.partition_point(|differing| differing.from < sender);
            let of_sender = listed.get(start..).unwrap_or_default();
            let of_sender = of_sender.iter().take_while(|it| it.from == sender);
            let of_sender: Vec<&Differing> = of_sender.collect();
            let end = End::of(sender, old.agents);
            let differs = old.types.places().map(|place| {
                let known = of_sender.iter().filter(|it| it.types.has(place));
                let known: BTreeSet<u32> = known.map(|it| it.to.min(old.agents)).collect();
                let other = before.fares(end, place).differs(&after.fares(end, place));
                other.and(&before.is_among(&known).not())
            });
            if !asking.refutes(&before, end, &any(differs)) {
                break;
            }
        }
        asking.certificate()
    })
}

/// Questions that share what is said of every agent.
struct Asking {
    question: Question,
    verdict: Verdict,
    questions: usize,
    elapsed: Duration,
}

impl Asking {
    fn new(encodings: &[&Encoding<'_>], budget: Budget) -> Self {
        let question = Question::new(budget);
        for encoding in encodings {
            for demand in encoding.demands() {
                question.demand(demand);
            }
        }
        Self {
            question,
            verdict: Verdict::Proved,
            questions: 0,
            elapsed: Duration::ZERO,
        }
    }

    /// A name for a formula that many questions share.
    fn defined(&self, name: &str, formula: &Formula) -> Formula {
        let (named, demand) = encoding::defined(name, formula);
        self.question.demand(&demand);
        named
    }

    /// Asks whether the formula is false of this end and every other agent; says whether to go on.
    fn refutes(&mut self, encoding: &Encoding<'_>, end: End, formula: &Formula) -> bool {
        let asked = encoding.apart(end).and(formula);
        let (answer, elapsed) = self.question.ask_with(&asked);
        self.questions += 1;
        self.elapsed += elapsed;
        self.verdict = match answer {
            Answer::Unsat(_) => return true,
            Answer::Sat(model) => Verdict::Refuted {
                fixed: end.number(encoding.agents()),
                other: encoding.chosen(&model),
            },
            Answer::Unknown(reason) => Verdict::Unknown { reason },
        };
        false
    }

    /// Asks whether the rule decides nothing.
    fn idle(
        &mut self,
        encoding: &Encoding<'_>,
        deployed: Deployed<'_>,
        (place, rule): (usize, &Rule<u32>),
        instead: Option<Rule<u32>>,
    ) {
        let types = || deployed.types.places();
        let change = (place, instead.as_ref());
        match (rule.breadth(), rule.from, rule.to) {
            (Breadth::ToOne, _, Some(to)) => {
                let end = End::of(to, deployed.agents);
                let differs = types().map(|at| {
                    let with = encoding.fares_from_other(end, at);
                    with.differs(&encoding.fares_from_other_if(end, at, change))
                });
                self.refutes(encoding, end, &any(differs));
            }
            (_, from, to) => {
                let every = 0..=deployed.agents;
                let senders = from.map_or(every, |from| from..=from);
                for sender in senders {
                    let end = End::of(sender, deployed.agents);
                    let differs = types().map(|at| {
                        let with = encoding.fares(end, at);
                        with.differs(&encoding.fares_if(end, at, change))
                    });
                    let mut differs = any(differs);
                    if let Some(to) = to {
                        differs = differs.and(&encoding.is(to));
                    }
                    if !self.refutes(encoding, end, &differs) {
                        break;
                    }
                }
            }
        }
    }

    fn certificate(self) -> Certificate {
        Certificate {
            verdict: self.verdict,
            questions: self.questions,
            elapsed: self.elapsed,
        }
    }

    /// The certificate so far; what follows begins anew.
    fn take(&mut self) -> Certificate {
        Certificate {
            verdict: std::mem::replace(&mut self.verdict, Verdict::Proved),
            questions: std::mem::take(&mut self.questions),
            elapsed: std::mem::take(&mut self.elapsed),
        }
    }
}

/// Whether any of these holds.
fn any(parts: impl IntoIterator<Item = Formula>) -> Formula {
    let none = Formula::constant(false);
    parts.into_iter().fold(none, |sum, part| sum.or(&part))
}

/// The number of an agent, as a term.
fn number(agent: u32) -> Number {
    <Number as countersign_model::domain::Natural<Formula>>::constant(u64::from(agent))
}
