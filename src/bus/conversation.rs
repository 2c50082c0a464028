//! Who owes whom an answer, until when, and on whose behalf.
//!
//! A request is remembered from the moment at which it was accepted, delivered or held. An answer names
//! it by the digest of the whole envelope, so that nobody answers what it did not read. Messages of one
//! conversation carry the id of its first one, so that it shows on whose behalf a deputy speaks: of
//! whoever asked or told it something there. Whoever gets an answer goes on to speak for itself.
//!
//! It remembers and never decides: whether an answer is due is a row of the guard table.

use std::collections::{BTreeMap, BTreeSet};

use crate::envelope::{
    Body, Digest, Envelope, Header, Kind, MessageId, Payload, Presence, Timestamp,
};
use crate::identity::SpiffeId;

/// How long after the end of a request it is remembered, and on whose behalf an agent speaks in its
/// conversation, in milliseconds: a day. After that, a late answer was asked for by nobody, and a deputy
/// speaks for itself.
pub(crate) const MEMORY_MS: u64 = 24 * 60 * 60 * 1_000;

/// A request that was accepted and has not been forgotten.
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
    // INVARIANT: exactly the requests, by deadline: those that may be unanswered, and the others.
    deadlines: BTreeSet<(u64, Digest)>,
    over: BTreeSet<(u64, Digest)>,
    told: BTreeMap<MessageId, Told>,
}

/// On whose behalf each agent speaks in a conversation.
#[derive(Clone, Debug, Default)]
struct Told {
    principals: BTreeMap<SpiffeId, BTreeSet<SpiffeId>>,
    until_ms: u64,
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

    /// On whose behalf `agent` speaks in the conversation of this name: whoever asked or told it something
    /// there, and on whose behalf that one did.
    pub fn principals(&self, correlation: &MessageId, agent: &SpiffeId) -> BTreeSet<&SpiffeId> {
        let told = self.told.get(correlation);
        let principals = told.and_then(|told| told.principals.get(agent));
        principals.into_iter().flatten().collect()
    }

    /// On whose behalf a message is sent besides its sender's: nobody's, unless it says that it goes on with
    /// a conversation.
    pub fn behind(&self, header: &Header) -> BTreeSet<&SpiffeId> {
        let goes_on = header.correlation_id;
        let principals = goes_on.map(|name| self.principals(&name, &header.from));
        principals.unwrap_or_default()
    }

    /// Remembers a request that was delivered.
    pub fn open(&mut self, digest: Digest, request: Request) {
        let asked = std::slice::from_ref(&request.asked);
        let principals = self.principals(&request.correlation, &request.asker);
        let mut party: BTreeSet<SpiffeId> = principals.into_iter().cloned().collect();
        party.insert(request.asker.clone());
        self.tell(request.correlation, &party, asked, request.answer_by_ms);
        self.expect(digest, request);
    }

    /// Remembers a request that was accepted; nobody has received it yet.
    pub fn expect(&mut self, digest: Digest, request: Request) {
        self.deadlines.insert((request.answer_by_ms, digest));
        self.requests.insert(digest, request);
    }

    /// Remembers that these agents were asked or told something on behalf of `party`, of which one must know
    /// at least until `until_ms`: from now on they speak there for all of it.
    pub fn tell(
        &mut self,
        correlation: MessageId,
        party: &BTreeSet<SpiffeId>,
        recipients: &[SpiffeId],
        until_ms: u64,
    ) {
        let told = self.told.entry(correlation).or_default();
        told.until_ms = told.until_ms.max(until_ms.saturating_add(MEMORY_MS));
        for recipient in recipients {
            let principals = told.principals.entry(recipient.clone()).or_default();
            principals.extend(party.iter().cloned());
        }
    }

    /// Until when it is remembered on whose behalf agents speak in the conversation of this name.
    pub(crate) fn told_until_ms(&self, correlation: &MessageId) -> u64 {
        self.told.get(correlation).map_or(0, |told| told.until_ms)
    }

    /// Brings back what was remembered: `agent` speaks there for `principal`.
    pub(super) fn restore(
        &mut self,
        correlation: MessageId,
        agent: SpiffeId,
        principal: SpiffeId,
        until_ms: u64,
    ) {
        let told = self.told.entry(correlation).or_default();
        told.until_ms = told.until_ms.max(until_ms);
        told.principals.entry(agent).or_default().insert(principal);
    }

    /// Forgets what a durable memory gives back where it is asked about: whatever is over, and on whose
    /// behalf agents speak.
    pub(super) fn shed(&mut self) {
        self.told.clear();
        for (_, digest) in std::mem::take(&mut self.over) {
            self.requests.remove(&digest);
        }
    }

    /// Forgets a request that was never delivered.
    pub fn withdraw(&mut self, digest: &Digest) {
        if let Some(request) = self.requests.remove(digest) {
            self.deadlines.remove(&(request.answer_by_ms, *digest));
            self.over.remove(&(request.answer_by_ms, *digest));
        }
    }

    /// The request was answered.
    pub fn end(&mut self, digest: &Digest) {
        if let Some(request) = self.requests.get_mut(digest) {
            request.ended = true;
        }
    }

    /// Ends the requests whose deadline is before `now_ms`, and names those that nobody answered. Forgets
    /// what was over long ago.
    pub fn expire(&mut self, now_ms: u64) -> Vec<Ending> {
        let mut endings = Vec::new();
        while let Some((answer_by_ms, digest)) = self.deadlines.first().copied() {
            if answer_by_ms >= now_ms {
                break;
            }
            self.deadlines.pop_first();
            self.over.insert((answer_by_ms, digest));
            if let Some(request) = self.requests.get_mut(&digest)
                && !request.ended
            {
                request.ended = true;
                endings.push(Ending {
                    request: digest,
                    asker: request.asker.clone(),
                    correlation: request.correlation,
                    code: "unanswered",
                });
            }
        }
        self.forget(now_ms);
        endings
    }

    /// Every request remembered, open or ended.
    pub fn requests(&self) -> impl Iterator<Item = (&Digest, &Request)> {
        self.requests.iter()
    }

    fn forget(&mut self, now_ms: u64) {
        while let Some((answer_by_ms, digest)) = self.over.first().copied() {
            if answer_by_ms.saturating_add(MEMORY_MS) >= now_ms {
                break;
            }
            self.over.pop_first();
            self.requests.remove(&digest);
        }
        self.told.retain(|_, told| told.until_ms >= now_ms);
    }
}

/// What the conversation of an envelope is called: its first message says nothing and gives its own id.
pub(super) fn correlation(envelope: &Envelope) -> MessageId {
    let header = envelope.header();
    header.correlation_id.unwrap_or(header.id)
}

/// Until when the sender of a request wants it answered; as long as can be where it does not say so in
/// the clear.
pub(crate) fn wanted_answer_by_ms(envelope: &Envelope) -> u64 {
    match envelope.body() {
        Body::Payload(Payload::Ask(ask)) => ask.deadline_at.as_ms(),
        Body::Payload(Payload::Delegate(delegate)) => delegate.deadline_at.as_ms(),
        Body::Payload(Payload::Task(task)) => task.deadline_at.map_or(u64::MAX, Timestamp::as_ms),
        Body::Payload(_) | Body::Sealed(_) => u64::MAX,
    }
}

#[cfg(test)]
mod tests {
    use super::{Conversation, MEMORY_MS, Request};
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
        assert!(conversation.requests().all(|(_, request)| request.ended));
        assert_eq!(conversation.expire(10 + MEMORY_MS), []);
        assert_eq!(conversation.requests().count(), 2);
        assert_eq!(conversation.expire(11 + MEMORY_MS), []);
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
        assert_eq!(
            principals(&conversation, &mallory),
            std::slice::from_ref(&alice)
        );
        let other = MessageId::from_bytes([8; 16]);
        assert!(conversation.principals(&other, &bob).is_empty());
        // Whom it speaks for does not depend on whether they still wait for an answer.
        conversation.expire(11);
        assert_eq!(
            principals(&conversation, &bob),
            [alice.clone(), mallory.clone()]
        );
        conversation.expire(21 + MEMORY_MS);
        assert!(principals(&conversation, &bob).is_empty());
    }
}
