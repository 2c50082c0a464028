//! Who owes whom an answer, until when, and on whose behalf.
//!
//! A request is remembered from its delivery to its end. An answer names it by the digest of the
//! whole envelope, so that nobody answers what it did not read. Messages of one conversation carry
//! the id of its first one, whose sender is the one on whose behalf the others are sent.
//!
//! It remembers and never decides: whether an answer is due is a row of the guard table.

use std::collections::{BTreeMap, BTreeSet};

use crate::envelope::{Digest, Kind, MessageId, Presence};
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
    deadlines: BTreeSet<(u64, Digest)>,
    origins: BTreeMap<MessageId, Origin>,
}

/// Who began a conversation, and how many requests of it are remembered.
#[derive(Clone, Debug)]
struct Origin {
    agent: SpiffeId,
    requests: usize,
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

    /// Who began the conversation of this name, as long as one of its requests is remembered.
    pub fn origin(&self, correlation: &MessageId) -> Option<&SpiffeId> {
        self.origins.get(correlation).map(|origin| &origin.agent)
    }

    /// Remembers a request that was delivered.
    pub fn open(&mut self, digest: Digest, request: Request) {
        let origin = self
            .origins
            .entry(request.correlation)
            .or_insert_with(|| Origin {
                agent: request.asker.clone(),
                requests: 0,
            });
        origin.requests += 1;
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
        if let Some(origin) = self.origins.get_mut(&request.correlation) {
            origin.requests -= 1;
            if origin.requests == 0 {
                self.origins.remove(&request.correlation);
            }
        }
        Some(request)
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
    fn whoever_asked_first_is_the_origin_while_anything_of_it_is_remembered() {
        let mut conversation = Conversation::default();
        let name = MessageId::from_bytes([7; 16]);
        conversation.open(Digest::from_bytes([1; 32]), request("alice", 10));
        conversation.open(Digest::from_bytes([2; 32]), request("bob", 20));
        conversation.expire(11);
        assert_eq!(conversation.origin(&name), Some(&agent("alice")));
        conversation.expire(21);
        assert_eq!(conversation.origin(&name), None);
    }
}
