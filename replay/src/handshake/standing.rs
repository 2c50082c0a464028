//! What can be seen of the runs of a handshake, and of what the attacker has of them.
//!
//! Secrets go by handles, numbered as they appear: equal secrets have equal handles.

use std::fmt;

use countersign_model::handshake::guard;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The runs, in the order of the cast.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct State {
    /// Each run.
    pub runs: Vec<Standing>,
}

/// How a run stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Standing {
    /// The run.
    pub run: String,
    /// The flight that it waits for; none where it is done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub awaits: Option<Awaited>,
    /// What it was told, once it has accepted the other side's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heard: Option<Heard>,
    /// The principal that it authenticated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub peer: Option<String>,
    /// The handle of its session key: `k1`, `k2` and so on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session: Option<String>,
    /// What the attacker has of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attacker: Vec<Gain>,
}

/// What a run was told in plain words, and what it has from them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Heard {
    /// The versions that the other side offers.
    pub versions: Vec<String>,
    /// What the other side can do.
    pub capabilities: Vec<String>,
    /// The version for the session.
    pub version: String,
    /// The suite for the session.
    pub suite: String,
    /// The handle of what both shares have in common: `s1`, `s2` and so on.
    pub shared: String,
}

/// A flight that is waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Awaited {
    /// Message 1.
    Hello,
    /// Message 2.
    Answer,
    /// Message 3.
    Finish,
    /// Message 4.
    Confirm,
}

/// Something of a run that the attacker has.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Gain {
    /// The session key.
    SessionKey,
    /// The session key, once the long-term keys of the honest are lost.
    SessionKeyLater,
    /// The session key, from nothing but the messages.
    SessionKeyOverheard,
    /// The signature by which an initiator proves itself.
    Proof,
}

impl Gain {
    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::SessionKey => "session-key",
            Self::SessionKeyLater => "session-key-later",
            Self::SessionKeyOverheard => "session-key-overheard",
            Self::Proof => "proof",
        }
    }
}

/// What the attacker has of one run, as it is found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is found by itself, and every combination can be"
)]
pub struct Exposure {
    /// The session key.
    pub session: bool,
    /// The session key, once the long-term keys of the honest are lost.
    pub later: bool,
    /// The session key, from nothing but the messages.
    pub overheard: bool,
    /// The signature by which an initiator proves itself.
    pub proof: bool,
}

impl Exposure {
    /// The same as a trace lists it: what the attacker has, it has later as well.
    pub fn gains(self) -> Vec<Gain> {
        let all = [
            (self.session, Gain::SessionKey),
            (self.later && !self.session, Gain::SessionKeyLater),
            (self.overheard, Gain::SessionKeyOverheard),
            (self.proof, Gain::Proof),
        ];
        let gained = all.into_iter().filter(|(has, _)| *has);
        gained.map(|(_, gain)| gain).collect()
    }
}

impl From<guard::Flight> for Awaited {
    fn from(flight: guard::Flight) -> Self {
        match flight {
            guard::Flight::Hello => Self::Hello,
            guard::Flight::Answer => Self::Answer,
            guard::Flight::Finish => Self::Finish,
            guard::Flight::Confirm => Self::Confirm,
        }
    }
}

impl Standing {
    /// What the attacker has of it, in words.
    pub(super) fn gains(&self) -> String {
        let words: Vec<&str> = self.attacker.iter().map(|gain| gain.word()).collect();
        if words.is_empty() {
            return "nothing".to_owned();
        }
        words.join(" ")
    }
}

impl fmt::Display for Standing {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let or_none = |word: &Option<String>| word.clone().unwrap_or("-".to_owned());
        let awaits = self
            .awaits
            .map_or("nothing", |it| guard::Flight::from(it).name());
        write!(formatter, "{} awaits {awaits}", self.run)?;
        if let Some(heard) = &self.heard {
            write!(
                formatter,
                ", heard {}/{} of {} [{}], shares {}",
                heard.version,
                heard.suite,
                heard.versions.join(" "),
                heard.capabilities.join(" "),
                heard.shared
            )?;
        }
        let (peer, session) = (or_none(&self.peer), or_none(&self.session));
        write!(formatter, ", peer {peer}, session {session}")
    }
}

impl From<Awaited> for guard::Flight {
    fn from(awaited: Awaited) -> Self {
        match awaited {
            Awaited::Hello => Self::Hello,
            Awaited::Answer => Self::Answer,
            Awaited::Finish => Self::Finish,
            Awaited::Confirm => Self::Confirm,
        }
    }
}

/// Handles for secrets, in the order in which they appear.
#[derive(Clone, Debug)]
pub struct Handles<K> {
    shared: Vec<K>,
    sessions: Vec<K>,
}

impl<K> Default for Handles<K> {
    fn default() -> Self {
        Self {
            shared: Vec::new(),
            sessions: Vec::new(),
        }
    }
}

impl<K: PartialEq> Handles<K> {
    /// The handle of what two shares have in common.
    pub fn shared(&mut self, secret: K) -> String {
        format!("s{}", number(&mut self.shared, secret))
    }

    /// The handle of a session key.
    pub fn session(&mut self, key: K) -> String {
        format!("k{}", number(&mut self.sessions, key))
    }
}

fn number<K: PartialEq>(known: &mut Vec<K>, secret: K) -> usize {
    if let Some(place) = known.iter().position(|one| *one == secret) {
        return place + 1;
    }
    known.push(secret);
    known.len()
}
