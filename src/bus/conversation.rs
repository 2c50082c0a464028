//! Who owes whom an answer, until when, and on whose behalf.
//!
//! A request is remembered from its delivery to its end. An answer names it by the digest of the
//! whole envelope, so that nobody answers what it did not read. Messages of one conversation carry
//! the id of its first one, so that it shows on whose behalf a deputy speaks.
//!
//! It remembers and never decides: whether an answer is due is a row of the guard table.

use std::collections::{BTreeMap, BTreeSet};

use crate::envelope::{Body, Digest, Envelope, Kind, MessageId, Payload, Presence, Timestamp};
use crate::identity::SpiffeId;

/// A request that was delivered and has not been forgotten.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// Who asked.
    pub asker: SpiffeId,
    /// Who was asked.
    pub asked: SpiffeId,
    /// What kind of request.
    pub kind: Kind,
    /// What the conversation is called.
    pub correlation: MessageId,
    /// The last moment for an answer, in milliseconds since the Unix epoch.
    pub answer_by_ms: u64,
    /// It was answered, or ended in an error.
    pub ended: bool,
}

/// A request that ended without an answer. Its asker is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ending {
    /// The digest of the request's envelope.
    pub request: Digest,
    /// Who asked, and is told.
    pub asker: SpiffeId,
    /// What the conversation is called.
    pub correlation: MessageId,
    /// Why, as a stable code.
    pub code: &'static str,
}

/// Every request that is open, or that ended not long ago.
#[derive(Clone, Debug, Default)]
pub struct Conversation {
    requests: BTreeMap<Digest, Request>,
    // INVARIANT: exactly the requests, by deadline and by conversation.
    deadlines: BTreeSet<(u64, Digest)>,
    members: BTreeSet<(MessageId, Digest)>,
}

/// Whether a message of this kind answers another: then it names that one.
pub fn is_answer(kind: Kind) -> bool {
    kind.rule().in_reply_to == Presence::Required
}

/// Whether a message of this kind must be answered.
pub const fn is_request(kind: Kind) -> bool {
    match kind {
        Kind::Task
        | Kind::Ask
        | Kind::Delegate
        | Kind::CapabilityRequest
        | Kind::HandshakeHello
        | Kind::HandshakeAnswer
        | Kind::HandshakeFinish => true,
        Kind::Result
        | Kind::Error
        | Kind::Reply
        | Kind::Notify
        | Kind::CapabilityResponse
        | Kind::HandshakeConfirm
        | Kind::Heartbeat
        | Kind::Ack => false,
    }
}

impl Conversation {
    /// The request whose envelope has this digest.
    pub fn request(&self, digest: &Digest) -> Option<&Request> {
        self.requests.get(digest)
    }

    /// On whose behalf `agent` speaks in the conversation of this name: whoever asked it there, whoever
    /// asked that one, and so on, as long as the requests are remembered.
    pub fn principals(&self, correlation: &MessageId, agent: &SpiffeId) -> BTreeSet<&SpiffeId> {
        let all = (*correlation, Digest::MIN)..=(*correlation, Digest::MAX);
        let requests = self.members.range(all);
        let requests: Vec<&Request> = requests
            .filter_map(|(_, digest)| self.requests.get(digest))
            .collect();
        let mut principals = BTreeSet::new();
        let mut asked = vec![agent];
        while let Some(next) = asked.pop() {
            for request in requests.iter().filter(|request| request.asked == *next) {
                if principals.insert(&request.asker) {
                    asked.push(&request.asker);
                }
            }
        }
        principals
    }

    /// Remembers a request that was delivered.
    pub fn open(&mut self, digest: Digest, request: Request) {
        self.members.insert((request.correlation, digest));
        self.deadlines.insert((request.answer_by_ms, digest));
        self.requests.insert(digest, request);
    }

    /// The request was answered.
    pub fn end(&mut self, digest: &Digest) {
        if let Some(request) = self.requests.get_mut(digest) {
            request.ended = true;
        }
    }

    /// Forgets the requests whose deadline is before `now_ms`, and names those that nobody answered.
    pub fn expire(&mut self, now_ms: u64) -> Vec<Ending> {
        let mut endings = Vec::new();
        while let Some((answer_by_ms, digest)) = self.deadlines.first().copied() {
            if answer_by_ms >= now_ms {
                break;
            }
            self.deadlines.pop_first();
            if let Some(request) = self.forget(&digest)
                && !request.ended
            {
                endings.push(Ending {
                    request: digest,
                    asker: request.asker,
                    correlation: request.correlation,
                    code: "unanswered",
                });
            }
        }
        endings
    }

    /// Every request remembered, open or ended.
    pub fn requests(&self) -> impl Iterator<Item = (&Digest, &Request)> {
        self.requests.iter()
    }

    fn forget(&mut self, digest: &Digest) -> Option<Request> {
        let request = self.requests.remove(digest)?;
        self.members.remove(&(request.correlation, *digest));
        Some(request)
    }
}

/// What the conversation of an envelope is called: its first message says nothing and gives its own id.
pub(super) fn correlation(envelope: &Envelope) -> MessageId {
    let header = envelope.header();
    header.correlation_id.unwrap_or(header.id)
}

/// Until when the sender of a request wants it answered; as long as can be where it does not say so in
/// the clear.
pub(super) fn wanted_answer_by_ms(envelope: &Envelope) -> u64 {
    match envelope.body() {
        Body::Payload(Payload::Ask(ask)) => ask.deadline_at.as_ms(),
        Body::Payload(Payload::Delegate(delegate)) => delegate.deadline_at.as_ms(),
        Body::Payload(Payload::Task(task)) => task.deadline_at.map_or(u64::MAX, Timestamp::as_ms),
        Body::Payload(_) | Body::Sealed(_) => u64::MAX,
    }
}

#[cfg(test)]
mod tests {
    use super::{Conversation, Request};
    use crate::envelope::{Digest, Kind, MessageId};
    use crate::identity::SpiffeId;

    fn agent(name: &str) -> SpiffeId {
        SpiffeId::parse_agent(&format!("spiffe://example.org/{name}")).unwrap()
    }

    fn request(asker: &str, answer_by_ms: u64) -> Request {
        Request {
            asker: agent(asker),
            asked: agent("bob"),
            kind: Kind::Ask,
            correlation: MessageId::from_bytes([7; 16]),
            answer_by_ms,
            ended: false,
        }
    }

    #[test]
    fn a_request_ends_in_an_error_after_its_deadline_unless_it_was_answered() {
        let mut conversation = Conversation::default();
        let [one, two] = [1, 2].map(|byte| Digest::from_bytes([byte; 32]));
        conversation.open(one, request("alice", 10));
        conversation.open(two, request("carol", 10));
        conversation.end(&two);
        assert_eq!(conversation.expire(10), []);
        let endings = conversation.expire(11);
        assert_eq!(endings.len(), 1);
        assert_eq!(endings[0].request, one);
        assert_eq!(endings[0].asker, agent("alice"));
        assert_eq!(conversation.requests().count(), 0);
    }

    #[test]
    fn an_agent_speaks_for_whoever_asked_it_and_for_whoever_asked_them() {
        let mut conversation = Conversation::default();
        let name = MessageId::from_bytes([7; 16]);
        let ask = |asker: &str, asked: &str, answer_by_ms| Request {
            asked: agent(asked),
            ..request(asker, answer_by_ms)
        };
        conversation.open(Digest::from_bytes([1; 32]), ask("alice", "mallory", 10));
        conversation.open(Digest::from_bytes([2; 32]), ask("mallory", "bob", 20));
        conversation.open(Digest::from_bytes([3; 32]), ask("dave", "carol", 20));
        let [alice, bob, mallory] = ["alice", "bob", "mallory"].map(agent);
        let principals = |it: &Conversation, of| -> Vec<SpiffeId> {
            it.principals(&name, of).into_iter().cloned().collect()
        };
        assert_eq!(
            principals(&conversation, &bob),
            [alice.clone(), mallory.clone()]
        );
        assert_eq!(principals(&conversation, &mallory), [alice]);
        let other = MessageId::from_bytes([8; 16]);
        assert!(conversation.principals(&other, &bob).is_empty());
        conversation.expire(11);
        assert_eq!(principals(&conversation, &bob), [mallory]);
    }
}
