//! Who takes part in a trace of sessions: one end, its peers, and the sessions between them.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::suggestion::{NameError, Suggestion};
use crate::trace::is_false;

/// The name of whoever owns the network, whether it is a peer or not.
pub const ATTACKER: &str = "mallory";

/// The limits of every session. Durations are in ticks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Setting {
    /// How long a session lives, in ticks.
    pub lifetime: u64,
    /// How many numbers, up to the highest accepted, can still be told apart.
    pub width: u64,
    /// How many epochs ahead of the receiver's a record may be.
    pub ahead: u64,
    /// How many records one key seals.
    pub share: u64,
    /// For how long one key seals, in ticks.
    pub period: u64,
}

/// One end, and all that it has sessions with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Roll {
    /// The end that is looked at.
    pub me: String,
    /// Its peers, each listed as active at first.
    pub peers: Vec<Peer>,
    /// Its sessions, each established as the run begins.
    pub sessions: Vec<Held>,
}

/// A peer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Peer {
    /// Its name.
    pub name: String,
    /// It is the attacker.
    #[serde(default, skip_serializing_if = "is_false")]
    pub hostile: bool,
}

/// A session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Held {
    /// Its name.
    pub name: String,
    /// With which peer.
    pub peer: String,
}

/// The peers and sessions of one trace by name.
#[derive(Clone, Debug, Default)]
pub struct Names {
    peers: BTreeMap<String, u32>,
    sessions: BTreeMap<String, u32>,
}

impl Names {
    /// The names in `roll`.
    pub fn of(roll: &Roll) -> Self {
        let peers = roll.peers.iter().map(|peer| peer.name.clone());
        let sessions = roll.sessions.iter().map(|session| session.name.clone());
        Self {
            peers: peers.zip(0..).collect(),
            sessions: sessions.zip(0..).collect(),
        }
    }

    /// The place of the peer with this name.
    pub fn peer(&self, name: &str) -> Result<u32, NameError> {
        place(&self.peers, "peer", name)
    }

    /// The place of the session with this name.
    pub fn session(&self, name: &str) -> Result<u32, NameError> {
        place(&self.sessions, "session", name)
    }

    /// The name of every peer.
    pub fn peers(&self) -> impl Iterator<Item = &str> + Clone {
        self.peers.keys().map(String::as_str)
    }

    /// The name of every session.
    pub fn sessions(&self) -> impl Iterator<Item = &str> + Clone {
        self.sessions.keys().map(String::as_str)
    }
}

fn place(all: &BTreeMap<String, u32>, what: &'static str, name: &str) -> Result<u32, NameError> {
    all.get(name).copied().ok_or_else(|| NameError {
        what,
        name: name.to_owned(),
        suggestion: Suggestion::among(all.keys().map(String::as_str), name),
    })
}
