//! Who can send what to whom, sender by sender, and what there is to say about the rules.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::time::Duration;

use countersign::deployment::Deployment;
use countersign::policy::{every_type, names};
use countersign_model::bus::tiering::Types;
use serde_json::{Value, json};

use super::proof::budget;
use super::review::{self, Remarked};
use super::{FORMAT, TOLD_MAX, UNDECIDED, document, table};
use crate::cli::args::{PolicyAnswerOptions, PolicyFormat};
use crate::cli::words::{counted, seconds};

/// As many recipients are told one by one in a line; the rest is counted, and listed in the other formats.
const RECIPIENTS_TOLD_MAX: usize = 4;

/// Recipients that fare alike with one sender.
struct Row {
    from: u32,
    to: Vec<u32>,
    allowed: Types,
    held: Types,
    /// The rules that say so, of all these recipients.
    rules: BTreeSet<usize>,
}

/// The matrix as text, and the exit code.
pub(crate) fn told(deployment: &Deployment, options: &PolicyAnswerOptions) -> (String, u8) {
    let rows: Vec<Row> = (0..=deployment.agents())
        .flat_map(|from| rows(deployment, from))
        .collect();
    let remarks = review::of(deployment, budget(options.solver_timeout));
    let text = match options.format {
        PolicyFormat::Text => text(deployment, &rows, &remarks),
        PolicyFormat::Json => document(&value(deployment, &rows, &remarks)),
        PolicyFormat::Markdown => markdown(deployment, &rows, &remarks),
    };
    let decided = remarks.iter().all(Remarked::is_decided);
    (text, if decided { 0 } else { UNDECIDED })
}

/// What one agent can send, recipients that fare alike together.
fn rows(deployment: &Deployment, from: u32) -> Vec<Row> {
    let (policy, agents) = (deployment.policy(), deployment.agents());
    let mut alike: BTreeMap<(Types, Types), Row> = BTreeMap::new();
    for agent in 0..=agents {
        if agent == from && agent < agents {
            continue;
        }
        // One that no rule names may write to another.
        let to = if agent == from { agent + 1 } else { agent };
        let passage = policy.passage(from, to);
        let (allowed, held) = (passage.allowed, passage.held);
        if allowed.with(held).is_empty() {
            continue;
        }
        let row = alike.entry((allowed, held)).or_insert_with(|| Row {
            from,
            to: Vec::new(),
            allowed,
            held,
            rules: BTreeSet::new(),
        });
        row.to.push(agent);
        for place in allowed.with(held).places() {
            row.rules.extend(policy.reason(from, to, place).rules);
        }
    }
    alike.into_values().collect()
}

impl Row {
    /// Its recipients in words, at most so many by name.
    fn recipients(&self, deployment: &Deployment, told_max: usize) -> String {
        let agents = deployment.agents();
        let others = (0..agents).filter(|agent| *agent != self.from && !self.to.contains(agent));
        let others: Vec<&str> = others.map(|agent| deployment.name(agent)).collect();
        let told = |names: &[&str]| match names.split_at_checked(told_max) {
            Some((told, rest)) if rest.len() > 1 => {
                format!("{} and {} more", told.join(", "), rest.len())
            }
            _ => names.join(", "),
        };
        let listed = || {
            let names = self.to.iter().map(|agent| deployment.name(*agent));
            told(&names.collect::<Vec<_>>())
        };
        if self.to.last() != Some(&agents) {
            return listed();
        }
        match others.len() {
            0 => "anyone".to_owned(),
            few if few < self.to.len() => format!("anyone but {}", told(&others)),
            _ => listed(),
        }
    }

    fn lines(&self, deployment: &Deployment) -> Vec<usize> {
        self.rules
            .iter()
            .map(|rule| deployment.line(*rule))
            .collect()
    }

    /// The rules in words, if they are few.
    fn decided_by(&self, deployment: &Deployment) -> String {
        let rules: Vec<usize> = self.rules.iter().copied().collect();
        if rules.len() > 4 {
            counted(rules.len() as u64, "rule")
        } else {
            deployment.numbered_lines(&rules)
        }
    }
}

fn text(deployment: &Deployment, rows: &[Row], remarks: &[Remarked]) -> String {
    let mut text = format!("{}\n\n", summary(deployment));
    let width = |of: &dyn Fn(&Row) -> String| {
        // What is long may stand out; it must not push everything else aside.
        rows.iter()
            .map(|row| of(row).len().min(24))
            .max()
            .unwrap_or_default()
    };
    let senders = width(&|row| deployment.name(row.from).to_owned());
    let recipients = width(&|row| row.recipients(deployment, RECIPIENTS_TOLD_MAX));
    for row in rows {
        for (word, types) in [("allowed", row.allowed), ("approval", row.held)] {
            if !types.is_empty() {
                let _ = writeln!(
                    text,
                    "{:<senders$} -> {:<recipients$}  {word:<8}  {:<24}  {}",
                    deployment.name(row.from),
                    row.recipients(deployment, RECIPIENTS_TOLD_MAX),
                    names(types).join(", "),
                    row.decided_by(deployment),
                );
            }
        }
    }
    if !rows.is_empty() {
        text.push('\n');
    }
    for remarked in remarks.iter().take(TOLD_MAX) {
        text.push_str(&remarked.text(deployment));
    }
    let more = remarks.len().saturating_sub(TOLD_MAX);
    if more > 0 {
        let more = counted(more as u64, "more remark");
        let _ = writeln!(text, "{:11}{more}: list them with --format json", "");
    }
    let _ = writeln!(text, "{:11}{}", "", shown(deployment, remarks));
    text
}

fn markdown(deployment: &Deployment, rows: &[Row], remarks: &[Remarked]) -> String {
    let mut text = format!("{}\n\n", summary(deployment));
    let permissions = rows.iter().map(|row| {
        vec![
            deployment.name(row.from).to_owned(),
            row.recipients(deployment, usize::MAX),
            names(row.allowed).join(", "),
            names(row.held).join(", "),
            names(every_type().without(row.allowed).without(row.held)).join(", "),
            row.decided_by(deployment),
        ]
    });
    let columns = ["from", "to", "allowed", "approval", "denied", "decided by"];
    text.push_str(&table(&columns, permissions));
    if !remarks.is_empty() {
        text.push('\n');
        let remarks = remarks.iter().map(|remarked| remarked.row(deployment));
        text.push_str(&table(&["line", "", "remark"], remarks));
    }
    let _ = writeln!(text, "\n{}", shown(deployment, remarks));
    text
}

fn value(deployment: &Deployment, rows: &[Row], remarks: &[Remarked]) -> Value {
    let permissions = rows.iter().map(|row| {
        let to = row.to.iter().map(|agent| deployment.name(*agent));
        json!({
            "from": deployment.name(row.from),
            "to": to.collect::<Vec<_>>(),
            "allowed": names(row.allowed),
            "approval": names(row.held),
            "lines": row.lines(deployment),
        })
    });
    let remarks = remarks.iter().map(|remarked| remarked.value(deployment));
    json!({
        "format": FORMAT,
        "deployment": deployment.file(),
        "agents": deployment.names(),
        "permissions": permissions.collect::<Vec<_>>(),
        "remarks": remarks.collect::<Vec<_>>(),
    })
}

fn summary(deployment: &Deployment) -> String {
    format!(
        "{}: {}, {}; what is not listed is denied, and answers need no rule",
        deployment.file(),
        counted(deployment.policy().rules().len() as u64, "rule"),
        counted(u64::from(deployment.agents()), "agent"),
    )
}

/// What Z3 was asked about the remarks.
fn shown(deployment: &Deployment, remarks: &[Remarked]) -> String {
    if deployment.policy().rules().is_empty() {
        return "without a rule nobody sends anything".to_owned();
    }
    let asked = || remarks.iter().filter_map(|it| it.certificate.as_ref());
    if asked().next().is_none() {
        return "every rule decides something".to_owned();
    }
    let questions: usize = asked().map(|it| it.questions).sum();
    let elapsed: Duration = asked().map(|it| it.elapsed).sum();
    let unknown = remarks.iter().filter(|it| !it.is_decided()).count();
    let what = if unknown == 0 {
        "what never decides was shown so for every agent, named or not, by Z3".to_owned()
    } else {
        format!("{} Z3 did not confirm", counted(unknown as u64, "remark"))
    };
    format!(
        "{what}: {}, {}",
        counted(questions as u64, "question"),
        seconds(elapsed)
    )
}
