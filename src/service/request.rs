//! What can be asked of a bus, and the shapes of the questions.
//!
//! Every request is an envelope. A message of an agent is its own request; everything else is a task
//! for the orchestrator, named for its method, so that a signature says which method it is for.

use crate::admission::Authentic;
use crate::audit;
use crate::envelope::payload::Task;
use crate::envelope::record::{Record, record};
use crate::envelope::{
    Digest, Kind, MessageId, Name, SchemaError, SchemaErrorKind, Sequence, Timestamp,
};
use crate::identity::SpiffeId;

/// Declares the methods, each with the name of its task.
macro_rules! methods {
    ($($(#[doc = $doc:literal])+ $method:ident = $name:literal $task:literal,)+) => {
        /// What can be asked.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Method { $($(#[doc = $doc])+ $method,)+ }

        impl Method {
            /// Every method.
            pub const ALL: &'static [Self] = &[$(Self::$method,)+];

            /// The name by which it is called.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$method => $name,)+ }
            }

            /// The name of the task that asks for it.
            pub const fn task(self) -> &'static str {
                match self { $(Self::$method => $task,)+ }
            }
        }
    };
}

methods! {
    /// A message to another agent, or to all of them.
    SendMessage = "Agent.sendMessage" "agent.send-message",
    /// What came for the agent that asks, after what it has.
    ReceiveMessages = "Agent.receiveMessages" "agent.receive-messages",
    /// What the log says of an agent's messages.
    MessageLog = "Agent.getMessageLog" "agent.get-message-log",
    /// What waits for an approval.
    QueueList = "Queue.list" "queue.list",
    /// An operator's word for one message that waits.
    QueueApprove = "Queue.approve" "queue.approve",
    /// An operator's word against one.
    QueueDeny = "Queue.deny" "queue.deny",
}

impl Method {
    /// The method of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|method| method.name() == name)
    }
}

/// A request whose sender is known. It may still be refused.
#[derive(Debug)]
pub struct Asked {
    /// What is asked.
    pub method: Method,
    /// The envelope that asks it.
    pub authentic: Authentic,
}

record! {
    /// Asks for deliveries.
    pub struct Poll {
        /// The number of the last delivery that the agent has: all up to it are acknowledged. 0 at first.
        after: Sequence,
        /// At most so many deliveries.
        limit: Option<Sequence>,
    }
}

record! {
    /// Asks for records of the log; what is left out asks for all.
    pub struct Inquiry {
        /// Of messages that this agent sent or was to receive. Only an auditor may leave it out.
        agent: Option<SpiffeId>,
        /// Recorded then or later, in milliseconds since the Unix epoch.
        since: Option<Timestamp>,
        /// Recorded then or earlier, in milliseconds since the Unix epoch.
        until: Option<Timestamp>,
        /// Of messages of this type.
        kind as "type": Option<Kind>,
        /// Of messages of which the policy says this.
        policy: Option<audit::Policy>,
        /// Of messages of this conversation.
        correlation_id: Option<MessageId>,
        /// At most so many, the newest.
        limit: Option<Sequence>,
    }
}

record! {
    /// Asks for the queue.
    pub struct Listing {
        /// The place to begin with, from 0.
        first: Option<Sequence>,
    }
}

record! {
    /// Approves one message as it was shown.
    pub struct Approving {
        /// The digest of the envelope that was shown.
        digest: Digest,
        /// The place in which it was shown.
        place: Sequence,
    }
}

record! {
    /// Denies one message as it was shown.
    pub struct Denying {
        /// The digest of the envelope that was shown.
        digest: Digest,
    }
}

record! {
    /// What became of a message.
    pub struct Receipt {
        /// `delivered`, `held` or `denied`.
        outcome: Name,
        /// The number of its record in the log.
        record: Sequence,
        /// What makes the hash of its payload in the log tell nothing to others.
        salt: [u8; 32],
    }
}

/// The input of the task that asks for this method.
///
/// # Errors
/// Where it is another's task, or its input has another shape.
pub(super) fn input<T: Record>(method: Method, task: &Task) -> Result<T, SchemaError> {
    let named = task.task.as_str();
    if named != method.task() {
        let kind = SchemaErrorKind::malformed("the task that is named for the method", named);
        return Err(kind.at("payload/task"));
    }
    T::from_value(&task.input).map_err(|error| error.within("payload/input"))
}
