//! What can be seen of an orchestrator, and of those who wait.
//!
//! Only what is still alive: what was delivered, and what agents acted on, the verdicts say.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::difference::{FieldDifference, parts};

/// The orchestrator's tables. Each list is in the order of the cast.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct State {
    /// The clock, in ticks.
    pub now: u64,
    /// The version of the policy in force.
    pub policy: u64,
    /// The messages that wait for a human.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub queue: Vec<String>,
    /// Those of them with which an approval is noted, whatever it is for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub approved: Vec<String>,
    /// The requests that can still be answered.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub open: Vec<Open>,
    /// The requests whose sender got neither an answer nor an error.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub waiting: Vec<String>,
    /// The agents that caused deliveries in this period.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub charged: Vec<Charge>,
    /// The agents that are no longer active.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub inactive: Vec<String>,
}

/// A request that can still be answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Open {
    /// The request.
    pub request: String,
    /// The last tick for an answer.
    pub answer_by: u64,
}

/// What was charged to an agent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Charge {
    /// The agent.
    pub agent: String,
    /// How many deliveries it caused.
    pub deliveries: u64,
}

/// Whether the field is only about who waits, and for what.
pub(super) fn is_gain(field: &str) -> bool {
    ["open", "waiting", "queue", "approved"].contains(&field)
}

/// How it stands, as a sentence, where such a field differs.
pub(super) fn withheld(difference: &FieldDifference) -> String {
    match (difference.field, &difference.expected, &difference.observed) {
        ("open", Some(told), None) => format!("no answer is awaited to {told}"),
        ("open", _, Some(shown)) => format!("an answer is awaited to {shown}"),
        ("waiting", Some(told), None) => format!("{told}'s sender waits no longer"),
        (field, told, shown) => {
            let words =
                |side: &Option<String>| side.clone().unwrap_or_else(|| "nothing".to_owned());
            let (told, shown) = (words(told), words(shown));
            format!("the {field} holds {shown}, where the trace says {told}")
        }
    }
}

/// The fields in which two states differ.
pub(super) fn differences(expected: &State, observed: &State) -> Vec<FieldDifference> {
    let mut all = Vec::new();
    for (field, one, other) in [
        ("now", expected.now, observed.now),
        ("policy", expected.policy, observed.policy),
    ] {
        if one != other {
            all.push(FieldDifference {
                field,
                expected: Some(one.to_string()),
                observed: Some(other.to_string()),
            });
        }
    }
    let itself = |name: &String| (name.clone(), name.clone());
    for (field, one, other) in [
        ("queue", &expected.queue, &observed.queue),
        ("approved", &expected.approved, &observed.approved),
        ("waiting", &expected.waiting, &observed.waiting),
        ("inactive", &expected.inactive, &observed.inactive),
    ] {
        all.extend(parts(field, one, other, itself));
    }
    all.extend(parts("open", &expected.open, &observed.open, |it| {
        let words = format!("{} until {}", it.request, it.answer_by);
        (it.request.clone(), words)
    }));
    all.extend(parts(
        "charged",
        &expected.charged,
        &observed.charged,
        |it| (it.agent.clone(), format!("{} {}", it.agent, it.deliveries)),
    ));
    all
}
