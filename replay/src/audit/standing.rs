//! What can be seen of a log, of those who use it, and of what was lost or found out.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::difference::{FieldDifference, parts};

/// The file, the verifier's memory, and what came of messages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct State {
    /// The records in the file, in order.
    pub log: Vec<String>,
    /// The checkpoint in the file; none where nobody signed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checkpoint: Option<String>,
    /// How many records the verifier remembers.
    pub remembered: u64,
    /// The messages that had their effect.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub acted: Vec<String>,
    /// Those of them whose record a crash left nowhere.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lost: Vec<String>,
    /// The guesses that a record confirmed: who, and at which message.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub confirmed: Vec<String>,
}

/// Whether the field is only about what was lost or found out.
pub(super) fn is_gain(field: &str) -> bool {
    ["log", "lost", "confirmed"].contains(&field)
}

/// How it stands, as a sentence, where such a field differs.
pub(super) fn withheld(difference: &FieldDifference) -> String {
    let words = |side: &Option<String>| match side.as_deref() {
        None | Some("") => "nothing".to_owned(),
        Some(held) => held.to_owned(),
    };
    let (told, shown) = (words(&difference.expected), words(&difference.observed));
    match (difference.field, &difference.observed) {
        ("lost", None) => format!("the record of {told} is not lost"),
        ("confirmed", None) => format!("the guess of {told} is not confirmed"),
        (field, _) => format!("the {field} holds {shown}, where the trace says {told}"),
    }
}

/// The fields in which two states differ.
pub(super) fn differences(expected: &State, observed: &State) -> Vec<FieldDifference> {
    let in_order = |state: &State| [state.log.join(", ")];
    let signed = |state: &State| {
        [state
            .checkpoint
            .clone()
            .unwrap_or_else(|| "none".to_owned())]
    };
    let remembered = |state: &State| [state.remembered.to_string()];
    let whole = |text: &String| (String::new(), text.clone());
    let mut all = Vec::new();
    for (field, one, other) in [
        ("log", in_order(expected), in_order(observed)),
        ("checkpoint", signed(expected), signed(observed)),
        ("remembered", remembered(expected), remembered(observed)),
    ] {
        all.extend(parts(field, &one, &other, whole));
    }
    for (field, one, other) in [
        ("acted", &expected.acted, &observed.acted),
        ("lost", &expected.lost, &observed.lost),
        ("confirmed", &expected.confirmed, &observed.confirmed),
    ] {
        all.extend(parts(field, one, other, |name| {
            (name.clone(), name.clone())
        }));
    }
    all
}
