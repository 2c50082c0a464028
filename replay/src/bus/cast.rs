//! Who and what takes part in a trace of the bus: agents, the rules between them, and messages.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::suggestion::{NameError, Suggestion};
use crate::trace::{Until, is_false};

/// Whom a rule, or a notice, is for where it is for everybody.
pub const EVERYBODY: &str = "*";

/// The limits of the orchestrator, and the rules of the deployment. Durations are in ticks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Setting {
    /// How old a message may be when it is submitted, in ticks.
    pub window: u64,
    /// How long an approval can be used, in ticks.
    pub approval: u64,
    /// How long a request can be answered at most, in ticks.
    pub request: u64,
    /// How many deliveries an agent may cause in a period.
    pub rate: u64,
    /// That period, in ticks.
    pub period: u64,
    /// The rules, in the order of their file. What none grants is denied.
    pub rules: Vec<Rule>,
}

/// A rule, as a deployment lists it. With no types at all it still stands before broader ones.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Rule {
    /// The sender, or `*`.
    pub from: String,
    /// The recipient, or `*`.
    pub to: String,
    /// The types that it allows.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub allow: Vec<Kind>,
    /// The types that it allows once a human approved.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub require_approval: Vec<Kind>,
    /// The types that it denies.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub deny: Vec<Kind>,
}

/// What a message is for: those kinds that an orchestrator has a say in.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Work for the recipient.
    Task,
    /// A question, which must be answered.
    Ask,
    /// A task handed on.
    Delegate,
    /// An event that nobody answers.
    Notify,
    /// What came of a task.
    Result,
    /// Why nothing came of a request.
    Error,
    /// The answer to a question.
    Reply,
    /// A question about capabilities.
    CapabilityRequest,
    /// The answer to that.
    CapabilityResponse,
}

/// Everybody, and every message.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Roll {
    /// The agents, each listed as active at first.
    pub agents: Vec<Agent>,
    /// The messages, in the order in which they come up.
    pub messages: Vec<Message>,
}

/// An agent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Agent {
    /// Its name.
    pub name: String,
    /// It is the attacker: what it says of itself means nothing.
    #[serde(default, skip_serializing_if = "is_false")]
    pub hostile: bool,
}

/// A message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Message {
    /// Its name.
    pub name: String,
    /// What it is for.
    pub kind: Kind,
    /// Whom it names as its sender.
    pub from: String,
    /// Its recipient; `*` where everybody is to be notified.
    pub to: String,
    /// Whose key really signed it, if not its sender's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signer: Option<String>,
    /// When it says that it was issued.
    pub issued_at: u64,
    /// The last tick at which it may be delivered; absent or null for no end.
    #[serde(default, skip_serializing_if = "Until::is_endless")]
    pub expires_at: Until,
    /// Of a request: until when its sender would wait for an answer; absent or null for as long as can be.
    #[serde(default, skip_serializing_if = "Until::is_endless")]
    pub answer_by: Until,
    /// Of an answer: the message that it answers; if left out, one that nobody knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answers: Option<String>,
    /// The first message of the conversation that it goes on with: it is sent on behalf of whoever
    /// asked or told its sender something there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversation: Option<String>,
    /// The message whose id it carries, if not its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id_of: Option<String>,
    /// Its body is sealed: who approves it cannot tell what its recipient will read.
    #[serde(default, skip_serializing_if = "is_false")]
    pub sealed: bool,
    /// It spells its recipient otherwise than the registry does.
    #[serde(default, skip_serializing_if = "is_false")]
    pub respelled: bool,
}

impl Kind {
    /// Every kind. Those that rules name come first.
    pub const ALL: [Self; 9] = [
        Self::Task,
        Self::Ask,
        Self::Delegate,
        Self::Notify,
        Self::Result,
        Self::Error,
        Self::Reply,
        Self::CapabilityRequest,
        Self::CapabilityResponse,
    ];

    /// Its place among the types that rules name; one that no rule can mean where they name none such.
    pub const fn place(self) -> u8 {
        match self {
            Self::Task => 0,
            Self::Ask => 1,
            Self::Delegate => 2,
            Self::Notify => 3,
            Self::Result
            | Self::Error
            | Self::Reply
            | Self::CapabilityRequest
            | Self::CapabilityResponse => u8::MAX,
        }
    }

    /// Whether rules name it.
    pub const fn is_ruled(self) -> bool {
        self.place() < u8::MAX
    }

    /// Whether it must be answered.
    pub const fn is_request(self) -> bool {
        matches!(
            self,
            Self::Task | Self::Ask | Self::Delegate | Self::CapabilityRequest
        )
    }

    /// Whether it answers a request.
    pub const fn is_answer(self) -> bool {
        matches!(
            self,
            Self::Result | Self::Error | Self::Reply | Self::CapabilityResponse
        )
    }

    /// Its name, as in an envelope.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Task => "task",
            Self::Ask => "ask",
            Self::Delegate => "delegate",
            Self::Notify => "notify",
            Self::Result => "result",
            Self::Error => "error",
            Self::Reply => "reply",
            Self::CapabilityRequest => "capability_request",
            Self::CapabilityResponse => "capability_response",
        }
    }
}

impl Message {
    /// Whose key signed it.
    pub fn signer(&self) -> &str {
        self.signer.as_deref().unwrap_or(&self.from)
    }

    /// Whether it is for everybody.
    pub fn is_broadcast(&self) -> bool {
        self.to == EVERYBODY
    }

    /// The message whose id it carries.
    pub fn id_of(&self) -> &str {
        self.id_of.as_deref().unwrap_or(&self.name)
    }
}

/// The agents and messages of one trace by name.
#[derive(Clone, Debug, Default)]
pub struct Names {
    agents: BTreeMap<String, u32>,
    messages: BTreeMap<String, u32>,
}

impl Names {
    /// The names in `roll`.
    pub fn of(roll: &Roll) -> Self {
        let agents = roll.agents.iter().map(|agent| agent.name.clone());
        let messages = roll.messages.iter().map(|message| message.name.clone());
        Self {
            agents: agents.zip(0..).collect(),
            messages: messages.zip(0..).collect(),
        }
    }

    /// The place of the agent with this name.
    pub fn agent(&self, name: &str) -> Result<u32, NameError> {
        place(&self.agents, "agent", name)
    }

    /// The place of the message with this name.
    pub fn message(&self, name: &str) -> Result<u32, NameError> {
        place(&self.messages, "message", name)
    }

    /// The name of every agent.
    pub fn agents(&self) -> impl Iterator<Item = &str> + Clone {
        self.agents.keys().map(String::as_str)
    }

    /// The name of every message.
    pub fn messages(&self) -> impl Iterator<Item = &str> + Clone {
        self.messages.keys().map(String::as_str)
    }
}

fn place(all: &BTreeMap<String, u32>, what: &'static str, name: &str) -> Result<u32, NameError> {
    all.get(name).copied().ok_or_else(|| NameError {
        what,
        name: name.to_owned(),
        suggestion: Suggestion::among(all.keys().map(String::as_str), name),
    })
}
