//! The report: every finding of one command, as `--format json` prints it.
//!
//! The shape is stable: `format` names its version, and fields are only ever added.

use std::collections::BTreeMap;

use countersign_model::admission::Admission;
use serde::Serialize;

use super::finding::{Finding, Standing};
use super::status::Status;

/// The version of the shape.
const FORMAT: &str = "countersign-report/1";

/// Everything that one command found.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Report {
    /// The version of this shape.
    pub(crate) format: &'static str,
    /// The version of the program.
    pub(crate) version: &'static str,
    /// The command.
    pub(crate) command: &'static str,
    /// The digest of the rule book: SHA-256, 64 hexadecimal digits.
    pub(crate) rulebook: String,
    /// The rules in force: `hardened`, or the weakenings by name.
    pub(crate) rules: String,
    /// The findings, section by section.
    pub(crate) sections: Vec<Section>,
    /// How often each status word was given.
    pub(crate) counts: BTreeMap<Status, usize>,
    /// The exit code: 0 as expected, 1 a violation or divergence, 3 undecided.
    pub(crate) exit: u8,
}

/// Findings of one kind, with what bounds them.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Section {
    /// The stable name.
    pub(crate) name: &'static str,
    /// What the findings mean, and within which bounds.
    pub(crate) bound: String,
    /// The findings.
    pub(crate) findings: Vec<Finding>,
    /// What is true of all of them together.
    pub(crate) totals: Vec<String>,
}

impl Report {
    /// A report without findings.
    pub(crate) fn new(command: &'static str, rules: String) -> Self {
        Self {
            format: FORMAT,
            version: env!("CARGO_PKG_VERSION"),
            command,
            rulebook: countersign_replay::rulebook::digest::<Admission>(),
            rules,
            sections: Vec::new(),
            counts: BTreeMap::new(),
            exit: 0,
        }
    }

    /// Adds a finding to the last section.
    pub(crate) fn add(&mut self, finding: Finding) {
        *self.counts.entry(finding.status).or_default() += 1;
        for replayed in &finding.replays {
            *self.counts.entry(replayed.status).or_default() += 1;
        }
        self.exit = match (finding.standing, self.exit) {
            (Standing::Violation, _) | (_, 1) => 1,
            (Standing::Undecided, _) | (_, 3) => 3,
            (Standing::Expected, before) => before,
        };
        if let Some(section) = self.sections.last_mut() {
            section.findings.push(finding);
        }
    }
}
