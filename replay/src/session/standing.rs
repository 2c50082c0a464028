//! What can be seen of the sessions of one end, and of what the attacker has gained.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::difference::{FieldDifference, parts};

/// The clock, the sessions in the order of the cast, and what was lost or gained.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct State {
    /// The clock, in ticks.
    pub now: u64,
    /// Each session.
    pub sessions: Vec<Standing>,
    /// The peers that lost their standing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub withdrawn: Vec<String>,
    /// The records sealed under a key and nonce that had sealed another: both texts are given away.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub repeated: Vec<String>,
}

/// How a session stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Standing {
    /// The session.
    pub session: String,
    /// How the end seals; none once the session is over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sending: Option<Sending>,
    /// How far the end has received; none once the session is over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receiving: Option<Receiving>,
    /// How the peer seals; none where it is the attacker.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub peer_sending: Option<Sending>,
}

/// How somebody seals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Sending {
    /// The epoch of the key.
    pub epoch: u64,
    /// The next number.
    pub next: u64,
    /// Since when the epoch has lasted, in ticks.
    pub since: u64,
    /// Records sealed in the epoch.
    pub count: u64,
}

/// How far somebody has received.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Receiving {
    /// The epoch.
    pub epoch: u64,
    /// One more than the highest number accepted; zero before the first.
    pub top: u64,
    /// The numbers that the window remembers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub seen: Vec<u64>,
}

/// The field that is only about what an attacker has gained.
pub(super) const GAIN: &str = "repeated";

/// The fields in which two states differ, each session by itself.
pub(super) fn differences(expected: &State, observed: &State) -> Vec<FieldDifference> {
    let instant = |state: &State| [state.now];
    let (one, other) = (instant(expected), instant(observed));
    let mut all = parts("now", &one, &other, |now| (String::new(), now.to_string()));
    all.extend(parts(
        "sessions",
        &expected.sessions,
        &observed.sessions,
        |it| (it.session.clone(), it.to_string()),
    ));
    for (field, one, other) in [
        ("withdrawn", &expected.withdrawn, &observed.withdrawn),
        (GAIN, &expected.repeated, &observed.repeated),
    ] {
        all.extend(parts(field, one, other, |name| {
            (name.clone(), name.clone())
        }));
    }
    all
}

impl fmt::Display for Standing {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.session)?;
        match (&self.sending, &self.receiving) {
            (None, None) => formatter.write_str(" over")?,
            (sending, receiving) => {
                if let Some(sending) = sending {
                    write!(formatter, " seals {sending}")?;
                }
                if let Some(receiving) = receiving {
                    write!(formatter, ", receives {receiving}")?;
                }
            }
        }
        match &self.peer_sending {
            Some(sending) => write!(formatter, "; peer seals {sending}"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for Sending {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            epoch,
            next,
            since,
            count,
        } = self;
        write!(formatter, "{next} in epoch {epoch} ({count} since {since})")
    }
}

impl fmt::Display for Receiving {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { epoch, top, seen } = self;
        write!(formatter, "{top} in epoch {epoch}, seen {seen:?}")
    }
}
