//! Whether one agent can reach another, and through whom.

use std::fmt::Write as _;
use std::path::Path;

use countersign::deployment::Deployment;
use countersign::envelope::Kind;
use countersign::policy::{By, Hop, Outcome, Question, Reach, every_type, kind_in, names};
use countersign_invariants::policy::{Certificate, passes, unreachable};
use serde_json::{Value, json};

use super::proof::{self, budget, rules_of};
use super::witness::{self, Written};
use super::{FORMAT, TOLD_MAX, UNDECIDED, document, table};
use crate::cli::args::{PolicyAnswerOptions, PolicyFormat};
use crate::cli::misuse::Misuse;
use crate::cli::status::Status;
use crate::cli::words::counted;

/// The exit code where one agent reaches the other.
const REACHED: u8 = 1;

/// An answer, with what Z3 said of it.
struct Answer<'a> {
    deployment: &'a Deployment,
    question: &'a Question,
    found: Reach,
    certificate: Certificate,
    /// Where the chain was to be written, and what was; nothing where there is none.
    trace: Option<(&'a Path, Option<Written>)>,
}

/// The answer as text, and the exit code. A chain is performed and written, if somebody says where.
pub(crate) fn told(
    deployment: &Deployment,
    question: &Question,
    options: &PolicyAnswerOptions,
    write: Option<&Path>,
) -> Result<(String, u8), Misuse> {
    let found = Reach::search(deployment.policy(), deployment.agents(), question);
    let (rules, budget) = (rules_of(deployment), budget(options.solver_timeout));
    let certificate = match &found.chain {
        Some(chain) => passes(rules, question, chain, budget),
        None => unreachable(rules, question, &found.reached, budget),
    };
    let written = |path| -> Result<_, Misuse> {
        let chain = found.chain.as_deref();
        let written = chain.map(|chain| witness::write(path, deployment, question, chain));
        Ok((path, written.transpose()?))
    };
    let trace = write.map(written).transpose()?;
    let answer = Answer {
        deployment,
        question,
        found,
        certificate,
        trace,
    };
    let text = match options.format {
        PolicyFormat::Text => answer.text(),
        PolicyFormat::Json => document(&answer.value()),
        PolicyFormat::Markdown => answer.markdown(),
    };
    Ok((text, answer.exit()))
}

impl Answer<'_> {
    fn exit(&self) -> u8 {
        match (proof::holds(&self.certificate), &self.found.chain) {
            (false, _) => UNDECIDED,
            (true, Some(_)) => REACHED,
            (true, None) => 0,
        }
    }

    fn status(&self) -> Status {
        match (proof::holds(&self.certificate), &self.found.chain) {
            (false, _) => Status::Unknown,
            (true, Some(_)) => Status::Reaches,
            (true, None) => Status::Proved,
        }
    }

    /// The answer in one sentence.
    fn sentence(&self) -> String {
        let by = self.question.by.map_or_else(String::new, |types| {
            format!(" by {}", names(types).join(" or "))
        });
        let unasked = if self.question.without_approval {
            " without an approval"
        } else {
            ""
        };
        let (from, to) = (self.name(self.question.from), self.name(self.question.to));
        match &self.found.chain {
            Some(chain) => {
                let length = counted(chain.len() as u64, "message");
                format!("{from} reaches {to}{by}{unasked}, in {length}")
            }
            None => format!("{from} cannot reach {to}{by}{unasked}, through any chain of agents"),
        }
    }

    fn text(&self) -> String {
        let mut text = format!("{}  {}\n", self.status(), self.sentence());
        let mut remark = |line: &str| {
            let _ = writeln!(text, "{:11}{line}", "");
        };
        if self.found.chain.is_some() {
            self.hops().iter().for_each(|line| remark(line.as_str()));
        } else {
            remark(&format!("within its reach: {}", self.within()));
            remark(&self.last());
        }
        remark(self.deputies());
        remark(&self.shown());
        self.kept().iter().for_each(|line| remark(line.as_str()));
        text
    }

    /// What was written.
    fn kept(&self) -> Vec<String> {
        match &self.trace {
            None => Vec::new(),
            Some((path, None)) => vec![format!(
                "no chain, so that {} is not written",
                path.display()
            )],
            Some((_, Some(written))) => written.words(),
        }
    }

    /// A line for each hop.
    fn hops(&self) -> Vec<String> {
        let chain = self.found.chain.as_deref().unwrap_or_default();
        let width = |of: fn(&Hop) -> u32| {
            let names = chain.iter().map(|hop| self.name(of(hop)).len());
            names.max().unwrap_or_default()
        };
        let (senders, recipients) = (width(|hop| hop.from), width(|hop| hop.to));
        let hops = chain.iter().enumerate().map(|(at, hop)| {
            format!(
                "{}  {:<senders$} -> {:<recipients$}  {:<18}  {:<8}  {}",
                at + 1,
                self.name(hop.from),
                self.name(hop.to),
                message(hop),
                word(hop.outcome),
                self.deployment.numbered_lines(&self.rules(hop)),
            )
        });
        hops.collect()
    }

    /// The rules that decide a hop.
    fn rules(&self, hop: &Hop) -> Vec<usize> {
        let policy = self.deployment.policy();
        match hop.by {
            By::Request(place) => policy.reason(hop.from, hop.to, place).rules,
            By::Answer(place) => policy.reason(hop.to, hop.from, place).rules,
        }
    }

    /// Whom it can make receive something.
    fn within(&self) -> String {
        let mut reached: Vec<u32> = self.found.reached.iter().skip(1).copied().collect();
        reached.sort_unstable();
        let total = reached.len();
        let told = reached.iter().take(TOLD_MAX).map(|agent| self.name(*agent));
        let told: Vec<&str> = told.collect();
        match total {
            0 => "nobody".to_owned(),
            total if total > TOLD_MAX => {
                format!("{} and {} more", told.join(", "), total - TOLD_MAX)
            }
            _ => told.join(", "),
        }
    }

    /// Who may send the last message, and would need an approval.
    fn last(&self) -> String {
        let to = self.question.to;
        let types = self.question.by.unwrap_or_else(every_type);
        let what = self
            .question
            .by
            .map_or("anything".to_owned(), |types| names(types).join(" or "));
        let mut held = Vec::new();
        let mut allowed = 0_u64;
        for from in (0..=self.deployment.agents()).filter(|from| *from != to) {
            let reasons = types
                .places()
                .map(|place| self.deployment.policy().reason(from, to, place));
            let best = reasons.max_by_key(|reason| reason.outcome);
            match best {
                Some(reason) if reason.outcome == Outcome::Held => held.push(format!(
                    "{} once approved ({})",
                    self.name(from),
                    self.deployment.numbered_lines(&reason.rules)
                )),
                Some(reason) if reason.outcome == Outcome::Allowed => allowed += 1,
                _ => {}
            }
        }
        let more = held.len().saturating_sub(3);
        let mut who: Vec<String> = held.into_iter().take(3).collect();
        if more > 0 {
            who.push(format!("{} once approved", counted(more as u64, "agent")));
        }
        if allowed > 0 {
            who.push(format!("{} out of its reach", counted(allowed, "agent")));
        }
        if who.is_empty() {
            who.push("nobody".to_owned());
        }
        format!("who may send {} {what}: {}", self.name(to), who.join(", "))
    }

    fn deputies(&self) -> &'static str {
        match (self.question.declared, self.question.answers) {
            (false, true) => "deputies are hostile or careless, and led on by answers too",
            (false, false) => "deputies are hostile or careless; answers lead nobody on",
            (true, true) => {
                "deputies declare on whose behalf they act, and are led on by answers too"
            }
            (true, false) => "deputies declare on whose behalf they act; answers lead nobody on",
        }
    }

    fn shown(&self) -> String {
        match &self.found.chain {
            Some(_) => {
                let confirmed = proof::words("each message confirmed", &self.certificate);
                format!("{confirmed}, and the search found no shorter chain")
            }
            None => proof::words("shown for every agent, named or not,", &self.certificate),
        }
    }

    fn markdown(&self) -> String {
        let mut text = format!("**{}** {}.\n", self.status().word(), self.sentence());
        if let Some(chain) = &self.found.chain {
            let rows = chain.iter().map(|hop| {
                vec![
                    self.name(hop.from).to_owned(),
                    self.name(hop.to).to_owned(),
                    message(hop),
                    word(hop.outcome).to_owned(),
                    self.deployment.numbered_lines(&self.rules(hop)),
                ]
            });
            text.push('\n');
            text.push_str(&table(&["from", "to", "message", "", "decided by"], rows));
        }
        let _ = writeln!(text, "\n{}; {}.", self.deputies(), self.shown());
        for line in self.kept() {
            let _ = writeln!(text, "\n{line}");
        }
        text
    }

    fn value(&self) -> Value {
        let chain = self.found.chain.as_ref().map(|chain| {
            let hops = chain.iter().map(|hop| {
                let (place, is_answer) = match hop.by {
                    By::Request(place) => (place, false),
                    By::Answer(place) => (place, true),
                };
                let rules = self.rules(hop);
                let lines = rules.iter().map(|rule| self.deployment.line(*rule));
                json!({
                    "from": self.name(hop.from),
                    "to": self.name(hop.to),
                    "type": kind_in(place).map(Kind::as_str),
                    "answer": is_answer,
                    "outcome": word(hop.outcome),
                    "lines": lines.collect::<Vec<_>>(),
                })
            });
            hops.collect::<Vec<_>>()
        });
        let reached = self.found.reached.iter().map(|agent| self.name(*agent));
        let answer = match self.status() {
            Status::Reaches => "reaches",
            Status::Proved => "cannot",
            _ => "unknown",
        };
        json!({
            "format": FORMAT,
            "deployment": self.deployment.file(),
            "question": {
                "can": self.name(self.question.from),
                "reach": self.name(self.question.to),
                "types": self.question.by.map(names),
                "without_approval": self.question.without_approval,
                "declared": self.question.declared,
                "answers": self.question.answers,
            },
            "answer": answer,
            "chain": chain,
            "reached": reached.collect::<Vec<_>>(),
            "proof": proof::value(&self.certificate),
            "trace": self.trace.as_ref().and_then(|(_, written)| written.as_ref().map(Written::value)),
            "exit": self.exit(),
        })
    }

    fn name(&self, agent: u32) -> &str {
        self.deployment.name(agent)
    }
}

/// What becomes of a message, in one word.
pub(super) const fn word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Denied => "denied",
        Outcome::Held => "approval",
        Outcome::Allowed => "allowed",
    }
}

/// What kind of message a hop is.
fn message(hop: &Hop) -> String {
    let kind = |place| kind_in(place).map_or("", Kind::as_str);
    match hop.by {
        By::Request(place) => kind(place).to_owned(),
        By::Answer(place) => format!("answer to {}", kind(place)),
    }
}
