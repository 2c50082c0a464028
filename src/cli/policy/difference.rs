//! What changes between two deployments: newly possible, no longer possible, by whom.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use countersign::deployment::Deployment;
use countersign::policy::{Change, Difference, Outcome, Policy, names};
use countersign_invariants::policy::{Certificate, Differing, differ_only};
use countersign_model::bus::tiering::Types;
use serde_json::{Value, json};

use super::proof::{self, budget, deployed};
use super::reach::word;
use super::{FORMAT, TOLD_MAX, UNDECIDED, document, table};
use crate::cli::args::{PolicyAnswerOptions, PolicyFormat};
use crate::cli::status::Status;
use crate::cli::words::counted;

/// The exit code where something is possible that was not.
const WIDENED: u8 = 1;

/// Two deployments with numbers in common, and what changed between them.
struct Compared<'a> {
    old: &'a Deployment,
    new: &'a Deployment,
    names: Vec<String>,
    before: Policy,
    after: Policy,
    groups: Vec<Group>,
    changes: usize,
    certificate: Certificate,
}

/// Messages that fare otherwise in the same way: of each of these senders to each of these recipients.
struct Group {
    from: Vec<u32>,
    to: Vec<u32>,
    types: Types,
    before: Outcome,
    after: Outcome,
}

/// The difference as text, and the exit code.
pub(crate) fn told(
    old: &Deployment,
    new: &Deployment,
    options: &PolicyAnswerOptions,
) -> (String, u8) {
    let compared = Compared::of(old, new, options.solver_timeout);
    let text = match options.format {
        PolicyFormat::Text => compared.text(),
        PolicyFormat::Json => document(&compared.value()),
        PolicyFormat::Markdown => compared.markdown(),
    };
    (text, compared.exit())
}

impl<'a> Compared<'a> {
    fn of(old: &'a Deployment, new: &'a Deployment, time_ms: u32) -> Self {
        let mut names: Vec<String> = [old.names(), new.names()].concat();
        names.sort_unstable();
        names.dedup();
        let agents = u32::try_from(names.len()).unwrap_or(u32::MAX);
        let (before, after) = (old.rules_among(&names), new.rules_among(&names));
        let (before, after) = (Policy::compile(before), Policy::compile(after));
        let difference = Difference::of(&before, &after, agents);
        let certificate = differ_only(
            deployed(before.rules(), agents),
            deployed(after.rules(), agents),
            &differing(&difference.changes),
            budget(time_ms),
        );
        Self {
            old,
            new,
            names,
            before,
            after,
            groups: grouped(&difference.changes),
            changes: difference.changes.len(),
            certificate,
        }
    }

    fn exit(&self) -> u8 {
        if self.groups.iter().any(Group::widens) {
            WIDENED
        } else if proof::holds(&self.certificate) {
            0
        } else {
            UNDECIDED
        }
    }

    fn text(&self) -> String {
        let mut text = format!("{} to {}\n\n", self.old.file(), self.new.file());
        for widens in [true, false] {
            let all = self.groups.iter().filter(|group| group.widens() == widens);
            let all: Vec<&Group> = all.collect();
            for group in all.iter().take(TOLD_MAX) {
                let _ = writeln!(
                    text,
                    "{}  {} -> {}: {}, {} instead of {} ({})",
                    group.status(),
                    self.listed(&group.from),
                    self.listed(&group.to),
                    names(group.types).join(", "),
                    word(group.after),
                    word(group.before),
                    self.because(group),
                );
            }
            let more = all.len().saturating_sub(TOLD_MAX);
            if more > 0 {
                let more = counted(more as u64, "more change");
                let _ = writeln!(text, "{:11}{more}: list them with --format json", "");
            }
        }
        let _ = writeln!(text, "{:11}{}", "", self.summary());
        text
    }

    fn summary(&self) -> String {
        let what = match self.changes {
            0 => "no message fares otherwise".to_owned(),
            changes => format!(
                "{} of sender, recipient and type; no other message fares otherwise",
                counted(changes as u64, "combination")
            ),
        };
        let shown = proof::words("shown for every agent, named or not,", &self.certificate);
        format!("{what}, {shown}")
    }

    /// The lines that decided before and decide now, for the first recipient.
    fn because(&self, group: &Group) -> String {
        let (from, to) = group.example();
        let place = group.types.places().next().unwrap_or_default();
        let before = self.before.reason(from, to, place).rules;
        let after = self.after.reason(from, to, place).rules;
        let (old, new) = (
            self.old.numbered_lines(&before),
            self.new.numbered_lines(&after),
        );
        format!("{new} now, {old} before")
    }

    fn listed(&self, agents: &[u32]) -> String {
        let told = agents.iter().take(TOLD_MAX).map(|agent| self.name(*agent));
        let told = told.collect::<Vec<_>>().join(", ");
        match agents.len().saturating_sub(TOLD_MAX) {
            0 => told,
            more => format!("{told} and {more} more"),
        }
    }

    fn name(&self, agent: u32) -> &str {
        let place = usize::try_from(agent).ok();
        let name = place.and_then(|place| self.names.get(place));
        name.map_or("anyone else", String::as_str)
    }

    fn markdown(&self) -> String {
        let rows = self.groups.iter().map(|group| {
            vec![
                group.status().word().to_owned(),
                self.listed(&group.from),
                self.listed(&group.to),
                names(group.types).join(", "),
                word(group.before).to_owned(),
                word(group.after).to_owned(),
                self.because(group),
            ]
        });
        let columns = ["", "from", "to", "types", "before", "after", "decided by"];
        format!("{}\n{}.\n", table(&columns, rows), self.summary())
    }

    fn value(&self) -> Value {
        let changes = self.groups.iter().map(|group| {
            let names_of = |agents: &[u32]| -> Vec<String> {
                agents
                    .iter()
                    .map(|agent| self.name(*agent).to_owned())
                    .collect()
            };
            json!({
                "status": group.status(),
                "from": names_of(&group.from),
                "to": names_of(&group.to),
                "types": names(group.types),
                "before": word(group.before),
                "after": word(group.after),
            })
        });
        json!({
            "format": FORMAT,
            "old": self.old.file(),
            "new": self.new.file(),
            "changes": changes.collect::<Vec<_>>(),
            "proof": proof::value(&self.certificate),
            "exit": self.exit(),
        })
    }
}

impl Group {
    fn widens(&self) -> bool {
        self.before < self.after
    }

    fn status(&self) -> Status {
        if self.widens() {
            Status::Widens
        } else {
            Status::Narrows
        }
    }

    /// The first pair of them.
    fn example(&self) -> (u32, u32) {
        let first = |agents: &[u32]| agents.first().copied().unwrap_or_default();
        (first(&self.from), first(&self.to))
    }
}

/// Changes that are alike, together, in the order of their first senders.
fn grouped(changes: &[Change]) -> Vec<Group> {
    let mut types: BTreeMap<(u32, u32, Outcome, Outcome), Types> = BTreeMap::new();
    for change in changes {
        let key = (change.from, change.to, change.before, change.after);
        let all = types.entry(key).or_default();
        *all = all.with(Types::one(change.place));
    }
    let mut of_sender: BTreeMap<(u32, Outcome, Outcome, Types), Vec<u32>> = BTreeMap::new();
    for ((from, to, before, after), types) in types {
        let recipients = of_sender.entry((from, before, after, types)).or_default();
        recipients.push(to);
    }
    let mut alike: BTreeMap<(Vec<u32>, Outcome, Outcome, Types), Vec<u32>> = BTreeMap::new();
    for ((from, before, after, types), to) in of_sender {
        alike
            .entry((to, before, after, types))
            .or_default()
            .push(from);
    }
    let groups = alike
        .into_iter()
        .map(|((to, before, after, types), from)| Group {
            from,
            to,
            types,
            before,
            after,
        });
    let mut groups: Vec<Group> = groups.collect();
    groups.sort_by(|one, other| one.from.cmp(&other.from));
    groups
}

/// Changes as the solver is told about them, in order.
fn differing(changes: &[Change]) -> Vec<Differing> {
    let mut types: BTreeMap<(u32, u32), Types> = BTreeMap::new();
    for change in changes {
        let all = types.entry((change.from, change.to)).or_default();
        *all = all.with(Types::one(change.place));
    }
    let differing = types
        .into_iter()
        .map(|((from, to), types)| Differing { from, to, types });
    differing.collect()
}
