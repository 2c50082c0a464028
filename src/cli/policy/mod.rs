//! Answers about the rules of a deployment, in words and for machines.
//!
//! A search finds the answer, Z3 is asked whether it holds for every agent. What both say is printed.
//! Nothing here decides about a message.

pub(crate) mod difference;
pub(crate) mod matrix;
mod performance;
mod proof;
pub(crate) mod reach;
pub(crate) mod review;
mod witness;

/// The version of the JSON that is printed.
const FORMAT: &str = "countersign-policy/1";

/// The exit code where an answer is unknown.
const UNDECIDED: u8 = 3;

/// A document as text.
fn document(value: &serde_json::Value) -> String {
    let mut text = serde_json::to_string_pretty(value).unwrap_or_default();
    text.push('\n');
    text
}

/// A table in Markdown.
fn table(columns: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
    let heads: Vec<String> = columns.iter().map(|head| (*head).to_owned()).collect();
    let mut text = line(&heads);
    text.push_str(&line(&vec!["---".to_owned(); columns.len()]));
    for row in rows {
        text.push_str(&line(&row));
    }
    text
}

/// As many as are told one by one; the rest is counted, and listed in the JSON.
const TOLD_MAX: usize = 20;
