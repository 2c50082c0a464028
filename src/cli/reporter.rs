//! Prints findings: as text while they come, or as one document at the end.

use std::fmt::Write as _;
use std::process::ExitCode;

use super::args::Format;
use super::finding::{Finding, Replayed};
use super::report::{Report, Section};
use super::status::Status;
use super::{junit, sarif, screen};

/// Columns before the text of a line that has no status word.
const MARGIN: usize = Status::WIDTH + 2;

/// Where findings go.
pub(crate) struct Reporter {
    format: Format,
    report: Report,
    width: usize,
    begun: bool,
}

impl Reporter {
    pub(crate) fn new(format: Format, report: Report) -> Self {
        Self {
            format,
            report,
            width: 0,
            begun: false,
        }
    }

    /// Prints a line before anything was found.
    pub(crate) fn preface(&mut self, line: &str) {
        self.print(&format!("{line}\n"));
    }

    /// Begins a section whose subjects are up to `width` columns wide.
    pub(crate) fn open(&mut self, name: &'static str, bound: String, width: usize) {
        self.width = width;
        let space = if self.begun { "\n" } else { "" };
        self.print(&format!("{space}{name}: {bound}\n"));
        self.report.sections.push(Section {
            name,
            bound,
            findings: Vec::new(),
            totals: Vec::new(),
        });
    }

    /// Prints a finding.
    pub(crate) fn add(&mut self, finding: Finding) {
        self.print(&lines(&finding, self.width));
        self.report.add(finding);
    }

    /// Says what is true of the whole section.
    pub(crate) fn total(&mut self, line: String) {
        self.print(&format!("{:MARGIN$}{line}\n", ""));
        if let Some(section) = self.report.sections.last_mut() {
            section.totals.push(line);
        }
    }

    /// Prints what is left to print, and gives the exit code.
    pub(crate) fn close(self) -> ExitCode {
        let document = match self.format {
            Format::Text => self.summary(),
            Format::Json => json(&self.report),
            Format::Junit => junit::document(&self.report),
            Format::Sarif => json(&sarif::document(&self.report)),
        };
        screen::print(&document);
        ExitCode::from(self.report.exit)
    }

    /// One line of counts: every status word that was given, and what the exit code means.
    fn summary(&self) -> String {
        let counts = self.report.counts.iter();
        let counts: Vec<String> = counts
            .map(|(status, count)| format!("{count} {}", status.word()))
            .collect();
        let meaning = match self.report.exit {
            0 => "all as expected",
            1 => "not as expected",
            _ => "not decided",
        };
        format!("\n{}: {meaning}\n", counts.join(", "))
    }

    fn print(&mut self, text: &str) {
        self.begun = true;
        if self.format == Format::Text {
            screen::print(text);
        }
    }
}

fn lines(finding: &Finding, width: usize) -> String {
    let subject = screen::legible(&finding.subject);
    let words = screen::legible(&finding.words);
    let mut text = format!("{}  {subject:<width$}  {words}", finding.status);
    text.truncate(text.trim_end().len());
    text.push('\n');
    for step in &finding.attack {
        text.push_str(&screen::legible(step));
        text.push('\n');
    }
    if !finding.attack.is_empty() {
        for Replayed { status, words, .. } in &finding.replays {
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{status}  {words}");
        }
    }
    for remark in &finding.remarks {
        let _ = writeln!(text, "{:MARGIN$}{}", "", screen::legible(remark));
    }
    text
}

fn json(document: &impl serde::Serialize) -> String {
    // What has no JSON form (nothing here does) would be empty.
    let mut text = serde_json::to_string_pretty(document).unwrap_or_default();
    text.push('\n');
    text
}
