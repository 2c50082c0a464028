//! What happens in a chain of deputies: each of its messages, under the limits and the rules of the
//! deployment.
//!
//! Only the agents of the chain take part, and the rules that speak of them. A deputy sends in a
//! conversation of its own: in the one that led it on it would speak for its principals too. A chain of
//! deputies that declare them needs no other words, for in the shortest ones they only answer: a request
//! that passed for its principal as well, the principal would have made itself.
//!
//! Never here: whether there is a chain.

use std::collections::{BTreeMap, BTreeSet};

use countersign::deployment::Deployment;
use countersign::envelope;
use countersign::lab::setting::{TICK_MS, names, setting};
use countersign::policy::{By, Hop, Outcome, Question, kind_in};
use countersign_model::bus::Bus;
use countersign_model::bus::guard::Rejection;
use countersign_replay::bus::action::Action;
use countersign_replay::bus::cast::{Agent, EVERYBODY, Kind, Message, Rule, Setting};
use countersign_replay::form::Code as _;
use countersign_replay::{Trace, Verdict};

use crate::cli::script::{START, Script, Stage, message, reply};

/// A chain of a deployment, and what its agents are called.
pub(super) struct Performance<'a> {
    deployment: &'a Deployment,
    question: &'a Question,
    chain: &'a [Hop],
    names: BTreeMap<u32, String>,
}

impl<'a> Performance<'a> {
    pub(super) fn new(
        deployment: &'a Deployment,
        question: &'a Question,
        chain: &'a [Hop],
    ) -> Self {
        Self {
            deployment,
            question,
            chain,
            names: called(deployment, chain),
        }
    }

    /// What the model foretells, which is what the chain says.
    pub(super) fn trace(&self) -> Result<Trace<Bus>, String> {
        let everybody = self.agents().map(|agent| Agent {
            name: self.name(agent).to_owned(),
            hostile: false,
        });
        let stage = Stage {
            agents: everybody.collect(),
            setting: self.setting(),
            tick_ms: TICK_MS,
        };
        let trace = stage.told(self.script(), &self.lesson());
        let trace = trace.map_err(|error| error.to_string())?;
        match departure(&trace) {
            None => Ok(trace),
            Some(step) => Err(format!("the model goes another way at step {step}")),
        }
    }

    /// The limits, and the rules that speak of nobody else.
    fn setting(&self) -> Setting {
        let mut setting = setting(self.deployment);
        let known =
            |name: &str| name == EVERYBODY || self.names.values().any(|one| one.as_str() == name);
        let speaks = |rule: &Rule| known(&rule.from) && known(&rule.to);
        setting.rules.retain(speaks);
        setting
    }

    fn script(&self) -> Script {
        let Setting { rate, period, .. } = setting(self.deployment);
        let (mut script, mut now) = (Script::default(), START);
        for (number, hop) in self.chain.iter().enumerate() {
            // Nobody sends twice within a hop, nor more than twice in all.
            if number > 0 && rate < 2 {
                now = now.saturating_add(period);
                script = script.advance(now);
            }
            script = self.sent(hop, number, now, script);
        }
        script
    }

    /// One hop: a request, or one that its recipient makes and its sender answers.
    fn sent(&self, hop: &Hop, number: usize, now: u64, script: Script) -> Script {
        let (from, to) = (self.name(hop.from), self.name(hop.to));
        let name = format!("m{}", number + 1);
        let request = |name: &str, place, from: &str, to: &str| Message {
            issued_at: now,
            ..message(name, kind(place), from, to)
        };
        match hop.by {
            By::Request(place) => {
                let script = script.send(request(&name, place, from, to));
                arrived(script, hop.outcome, &name, to)
            }
            By::Answer(place) => {
                let asked = format!("{name}-asked");
                let script = script.send(request(&asked, place, to, from));
                let script = arrived(script, hop.outcome, &asked, from);
                let answer = Message {
                    kind: match kind(place) {
                        Kind::Ask => Kind::Reply,
                        _ => Kind::Result,
                    },
                    ..reply(&name, from, to, Some(&asked), now)
                };
                script.send(answer).receive(&name, to)
            }
        }
    }

    fn lesson(&self) -> String {
        let ends = [self.question.from, self.question.to].map(|agent| self.name(agent));
        let deputies: Vec<&str> = self
            .chain
            .iter()
            .skip(1)
            .map(|hop| self.name(hop.from))
            .collect();
        let through = match deputies.as_slice() {
            [] => String::new(),
            others => format!(" through {}", some(others, "others")),
        };
        let held = self.chain.iter().any(|hop| hop.outcome == Outcome::Held);
        let manner = match (held, self.question.without_approval) {
            (true, _) => ", once approved",
            (false, true) => " without an approval",
            (false, false) => "",
        };
        let silence = self.silence();
        let silence = silence.map_or_else(String::new, |words| format!("; {words}"));
        let [from, to] = ends;
        format!("{from} reaches {to}{through}{manner}{silence}")
    }

    /// Who was asked or told something, and makes a request as if it had not been. Whoever was answered
    /// acts for itself.
    pub(super) fn silence(&self) -> Option<String> {
        let asks = |hop: &Hop| matches!(hop.by, By::Request(_));
        let pairs = self.chain.iter().zip(self.chain.iter().skip(1));
        let silent = pairs.filter(|(led, next)| asks(led) && asks(next));
        let silent: Vec<&str> = silent.map(|(_, next)| self.name(next.from)).collect();
        match silent.as_slice() {
            [] => None,
            [one] => Some(format!("{one} does not say for whom it acts")),
            many => Some(format!(
                "{} do not say for whom they act",
                some(many, "deputies")
            )),
        }
    }

    /// The agents that a trace cannot call by their names, and what they are called there.
    pub(super) fn renamed(&self) -> Vec<(String, String)> {
        let pairs = self.agents().map(|agent| {
            let name = self.deployment.name(agent).to_owned();
            (name, self.name(agent).to_owned())
        });
        pairs.filter(|(name, called)| name != called).collect()
    }

    /// Everybody in the chain, in its order: its end may have been a deputy on the way, told something
    /// of another type than asked for.
    fn agents(&self) -> impl Iterator<Item = u32> {
        let mut seen = BTreeSet::new();
        let everybody = self.chain.iter().flat_map(|hop| [hop.from, hop.to]);
        everybody.filter(move |agent| seen.insert(*agent))
    }

    fn name(&self, agent: u32) -> &str {
        self.names.get(&agent).map_or("", String::as_str)
    }
}

/// These by name if they are few, or how many `others` they are.
fn some(names: &[&str], others: &str) -> String {
    match names {
        [few @ .., last] if !few.is_empty() && few.len() < 4 => {
            format!("{} and {last}", few.join(", "))
        }
        [one] => (*one).to_owned(),
        many => format!("{} {others}", many.len()),
    }
}

/// What everybody in a chain is called in a trace.
fn called(deployment: &Deployment, chain: &[Hop]) -> BTreeMap<u32, String> {
    let listed = names(deployment);
    let unlisted = |agent: u32| {
        let stem = if agent == deployment.agents() {
            "anyone-else"
        } else {
            "someone-else"
        };
        let others = (2..).map(|number| format!("{stem}-{number}"));
        let mut free = [stem.to_owned()].into_iter().chain(others);
        free.find(|name| !listed.contains(name)).unwrap_or_default()
    };
    let ends = chain.iter().flat_map(|hop| [hop.from, hop.to]);
    let named = ends.map(|agent| {
        let place = usize::try_from(agent).ok();
        let name = place.and_then(|place| listed.get(place)).cloned();
        (agent, name.unwrap_or_else(|| unlisted(agent)))
    });
    named.collect()
}

/// A request arrives, once approved where it has to be.
fn arrived(script: Script, outcome: Outcome, name: &str, to: &str) -> Script {
    let script = match outcome {
        Outcome::Held => script.approve(name, None).release(name),
        Outcome::Allowed | Outcome::Denied => script,
    };
    script.receive(name, to)
}

/// The first step at which something does not pass, or is not held that somebody approves.
fn departure(trace: &Trace<Bus>) -> Option<usize> {
    let approved = |name: &String| {
        let mut steps = trace.steps.iter();
        steps.any(|step| matches!(&step.action, Action::Approve { message, .. } if message == name))
    };
    let as_claimed = |action: &Action, verdict: &Verdict<Rejection>| match (action, verdict) {
        (Action::Submit { message }, Verdict::Refused(rejection)) => {
            approved(message) && rejection.defers()
        }
        (Action::Submit { message }, Verdict::Admitted) => !approved(message),
        (_, verdict) => *verdict == Verdict::Admitted,
    };
    let step = trace.steps.iter().position(|step| {
        let mut verdicts = step.expect.verdicts.iter();
        verdicts.any(|verdict| !as_claimed(&step.action, verdict))
    });
    step.map(|place| place + 1)
}

/// The kind of message in this place of a set of types.
fn kind(place: u8) -> Kind {
    let name = kind_in(place).map(envelope::Kind::as_str);
    let mut kinds = Kind::ALL.into_iter();
    // INVARIANT: a chain names types that rules decide.
    let found = kinds.find(|kind| Some(kind.as_str()) == name);
    found.unwrap_or(Kind::Notify)
}
