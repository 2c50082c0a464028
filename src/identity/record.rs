//! The file form of a registry: versioned JSON that an operator reads and edits.
//!
//! The file is the operator's own and is trusted, so it need not be canonical; but a mistake in it
//! must never pass as something else. Unknown fields, a field twice, an agent twice and a key twice
//! are errors that name their place. What is true of a registry beyond its form stands in
//! [`super::registry`].

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::registry::change::EnrolError;
use super::registry::{Agent, KeyRecord, Registry, Standing, Trust};
use super::{KeyId, KeyIdError, Label, LabelError, PeerKeyError, PeerVerifyingKey};
use super::{SpiffeId, SpiffeIdError};

/// The value of `format` that this version reads and writes.
const FORMAT: &str = "countersign-registry/1";

impl Registry {
    /// The largest registry file, in bytes: 4 MiB.
    pub const FILE_LENGTH_MAX: usize = 4 * 1024 * 1024;

    /// Reads a registry file.
    ///
    /// # Errors
    /// [`RegistryError`] for the first thing wrong, with its place in the file.
    pub fn read(bytes: &[u8]) -> Result<Self, RegistryError> {
        if bytes.len() > Self::FILE_LENGTH_MAX {
            return Err(RegistryError::TooLarge {
                length_bytes: bytes.len(),
            });
        }
        let malformed = |error: serde_json::Error| RegistryError::Malformed(error.to_string());
        // The version first: a later one may have fields that would be reported as unknown here.
        let FormatOnly { format } = serde_json::from_slice(bytes).map_err(malformed)?;
        if format != FORMAT {
            return Err(RegistryError::UnknownFormat { found: format });
        }
        let file: RegistryFile = serde_json::from_slice(bytes).map_err(malformed)?;
        let mut registry = Self::new();
        for (index, file) in file.agents.into_iter().enumerate() {
            let id = file.id.clone();
            let enrolled = file
                .into_agent()
                .and_then(|agent| Ok(registry.enrol(agent)?));
            enrolled.map_err(|problem| RegistryError::Agent { index, id, problem })?;
        }
        Ok(registry)
    }

    /// Writes the registry file: agents in the order of their ids, keys oldest first.
    pub fn write(&self) -> String {
        let agents = self.agents().map(AgentFile::from).collect();
        let file = RegistryFile {
            format: FORMAT.to_owned(),
            agents,
        };
        // INVARIANT: texts, numbers and lists only, which JSON can always hold.
        let mut text = serde_json::to_string_pretty(&file).unwrap_or_default();
        text.push('\n');
        text
    }
}

/// Why bytes are not a registry file. Indices count from 0.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum RegistryError {
    /// The file is larger than [`Registry::FILE_LENGTH_MAX`].
    #[error(
        "registry file is {length_bytes} bytes, at most {} are read: remove agents that left",
        Registry::FILE_LENGTH_MAX
    )]
    TooLarge {
        /// The size of the file.
        length_bytes: usize,
    },
    /// The file is not JSON, or a field is missing, unknown, repeated or of the wrong type.
    #[error("registry file does not have the form of {FORMAT}: {0}")]
    Malformed(String),
    /// The file has another format.
    #[error("format is {found:?}, expected {FORMAT:?}: convert the file or use its own version")]
    UnknownFormat {
        /// The format that the file names.
        found: String,
    },
    /// An entry of `agents` cannot be taken as it is.
    #[error("agents[{index}] ({id:?}): {problem}")]
    Agent {
        /// The place in `agents`.
        index: usize,
        /// The `id` of the entry, as written.
        id: String,
        /// What is wrong with it.
        problem: AgentError,
    },
}

/// What is wrong with an entry of `agents`.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum AgentError {
    /// The id is not that of an agent.
    #[error("id: {0}")]
    Id(#[from] SpiffeIdError),
    /// The handle is not a label.
    #[error("handle: {0}")]
    Handle(LabelError),
    /// A capability is not a label.
    #[error("capabilities[{index}]: {problem}")]
    Capability {
        /// The place in `capabilities`.
        index: usize,
        /// What is wrong with it.
        problem: LabelError,
    },
    /// A capability is listed twice.
    #[error("capabilities[{index}]: {capability} is listed already, expected it once: remove it")]
    CapabilityTwice {
        /// The place of the second one in `capabilities`.
        index: usize,
        /// The capability.
        capability: Label,
    },
    /// A key cannot be taken as it is.
    #[error("keys[{index}].{problem}")]
    Key {
        /// The place in `keys`.
        index: usize,
        /// What is wrong with it.
        problem: KeyError,
    },
    /// The entry contradicts an earlier one.
    #[error(transparent)]
    Enrol(#[from] EnrolError),
}

/// What is wrong with an entry of `keys`.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum KeyError {
    /// The public key is not acceptable.
    #[error("public_key: {0}")]
    PublicKey(#[from] PeerKeyError),
    /// The key id is not one.
    #[error("key_id: {0}")]
    KeyId(#[from] KeyIdError),
    /// The key id is that of another key.
    #[error("key_id: is {found}, expected {expected}, the thumbprint of public_key")]
    OtherKey {
        /// The id that is written.
        found: KeyId,
        /// The id that belongs to the key.
        expected: KeyId,
    },
    /// The validity ends before it begins.
    #[error("not_after_ms: is {not_after_ms}, expected at least not_before_ms {not_before_ms}")]
    EndsBeforeItBegins {
        /// The first millisecond of validity.
        not_before_ms: u64,
        /// The last millisecond of validity.
        not_after_ms: u64,
    },
}

/// The one field that every version has.
#[derive(Deserialize)]
struct FormatOnly {
    format: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RegistryFile {
    format: String,
    agents: Vec<AgentFile>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct AgentFile {
    id: String,
    standing: Standing,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    handle: Option<String>,
    trust: Trust,
    capabilities: Vec<String>,
    keys: Vec<KeyFile>,
}

/// A key as files list it, whose parts may still contradict each other.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct KeyFile {
    pub(crate) key_id: String,
    pub(crate) public_key: String,
    pub(crate) not_before_ms: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) not_after_ms: Option<u64>,
    pub(crate) revoked: bool,
}

impl AgentFile {
    fn into_agent(self) -> Result<Agent, AgentError> {
        let id = SpiffeId::parse_agent(&self.id)?;
        let handle = self.handle.as_deref().map(Label::parse).transpose();
        let mut capabilities = BTreeSet::new();
        for (index, text) in self.capabilities.iter().enumerate() {
            let capability =
                Label::parse(text).map_err(|problem| AgentError::Capability { index, problem })?;
            if !capabilities.insert(capability.clone()) {
                return Err(AgentError::CapabilityTwice { index, capability });
            }
        }
        let keys = self.keys.iter().enumerate().map(|(index, key)| {
            key.record()
                .map_err(|problem| AgentError::Key { index, problem })
        });
        Ok(Agent {
            id,
            standing: self.standing,
            handle: handle.map_err(AgentError::Handle)?,
            trust: self.trust,
            capabilities,
            keys: keys.collect::<Result<_, _>>()?,
        })
    }
}

impl KeyFile {
    /// The key, if it can be taken as it is.
    pub(crate) fn record(&self) -> Result<KeyRecord, KeyError> {
        let record = KeyRecord::new(
            PeerVerifyingKey::parse(&self.public_key)?,
            self.not_before_ms,
        );
        let (found, expected) = (KeyId::parse(&self.key_id)?, record.key_id());
        if found != expected {
            return Err(KeyError::OtherKey { found, expected });
        }
        let record = match self.not_after_ms {
            Some(not_after_ms) if not_after_ms < self.not_before_ms => {
                let not_before_ms = self.not_before_ms;
                return Err(KeyError::EndsBeforeItBegins {
                    not_before_ms,
                    not_after_ms,
                });
            }
            Some(not_after_ms) => record.until(not_after_ms),
            None => record,
        };
        Ok(if self.revoked {
            record.revoked()
        } else {
            record
        })
    }
}

impl From<&Agent> for AgentFile {
    fn from(agent: &Agent) -> Self {
        Self {
            id: agent.id.to_string(),
            standing: agent.standing,
            handle: agent.handle.as_ref().map(Label::to_string),
            trust: agent.trust,
            capabilities: agent.capabilities.iter().map(Label::to_string).collect(),
            keys: agent.keys.iter().map(KeyFile::from).collect(),
        }
    }
}

impl From<&KeyRecord> for KeyFile {
    fn from(record: &KeyRecord) -> Self {
        Self {
            key_id: record.key_id().to_string(),
            public_key: record.key().to_string(),
            not_before_ms: record.not_before_ms(),
            not_after_ms: record.not_after_ms(),
            revoked: record.is_revoked(),
        }
    }
}

#[cfg(test)]
mod tests;
