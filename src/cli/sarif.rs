//! Findings as SARIF 2.1.0: a rule for each invariant, a result for each that is not as expected.

use countersign_model::admission::Admission;
use countersign_model::audit::Audit;
use countersign_model::bus::Bus;
use countersign_model::handshake::Handshake;
use countersign_model::rulebook::{Promise as _, Row as _};
use countersign_model::session::Session;
use serde::Serialize;

use super::examinable::Examinable;
use super::finding::{Finding, Standing};
use super::report::Report;

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// The document (SARIF 2.1.0 section 3.13).
#[derive(Serialize)]
pub(crate) struct Log {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run; 1],
}

#[derive(Serialize)]
struct Run {
    tool: Tool,
    results: Vec<SarifResult>,
}

#[derive(Serialize)]
struct Tool {
    driver: Driver,
}

#[derive(Serialize)]
struct Driver {
    name: &'static str,
    version: &'static str,
    rules: Vec<Rule>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Rule {
    id: &'static str,
    short_description: Text,
}

#[derive(Serialize)]
struct Text {
    text: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SarifResult {
    #[serde(skip_serializing_if = "Option::is_none")]
    rule_id: Option<&'static str>,
    level: &'static str,
    message: Text,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    locations: Vec<Location>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location {
    physical_location: PhysicalLocation,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation {
    artifact_location: ArtifactLocation,
}

#[derive(Serialize)]
struct ArtifactLocation {
    uri: String,
}

/// The document.
pub(crate) fn document(report: &Report) -> Log {
    let mut rules = Vec::new();
    add::<Admission>(&mut rules);
    add::<Handshake>(&mut rules);
    add::<Session>(&mut rules);
    add::<Audit>(&mut rules);
    add::<Bus>(&mut rules);
    let findings = report.sections.iter().flat_map(|section| &section.findings);
    let unexpected = findings.filter(|finding| finding.standing != Standing::Expected);
    Log {
        schema: SCHEMA,
        version: "2.1.0",
        runs: [Run {
            tool: Tool {
                driver: Driver {
                    name: "countersign",
                    version: report.version,
                    rules,
                },
            },
            results: unexpected.map(result).collect(),
        }],
    }
}

/// Adds the promises of a system. One that another system makes too, in its own words, is one rule.
fn add<S: Examinable>(rules: &mut Vec<Rule>) {
    for promise in S::Promise::all() {
        let (id, text) = (promise.name(), promise.promise());
        match rules.iter_mut().find(|rule| rule.id == id) {
            Some(rule) => {
                let told = &mut rule.short_description.text;
                *told = format!("{told}; {}: {text}", S::NAME);
            }
            None => rules.push(Rule {
                id,
                short_description: Text {
                    text: text.to_owned(),
                },
            }),
        }
    }
}

fn result(finding: &Finding) -> SarifResult {
    let head = format!(
        "{} {}: {}",
        finding.status.word(),
        finding.subject,
        finding.words
    );
    let lines = std::iter::once(&head)
        .chain(&finding.attack)
        .chain(&finding.remarks);
    let text = lines.map(String::as_str).collect::<Vec<_>>().join("\n");
    let location = |uri: &String| Location {
        physical_location: PhysicalLocation {
            artifact_location: ArtifactLocation {
                uri: uri.replace('\\', "/"),
            },
        },
    };
    SarifResult {
        rule_id: finding.invariant,
        level: match finding.standing {
            Standing::Violation => "error",
            Standing::Undecided => "warning",
            Standing::Expected => "note",
        },
        message: Text { text },
        locations: finding.trace.iter().map(location).collect(),
    }
}
