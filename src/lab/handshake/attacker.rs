//! The attacker, for real: what it has, what it makes of that, and what it finds out.
//!
//! It is given bytes on the wire, its own keys and what a trace reveals, and nothing else: no secret of
//! the honest is within reach of this module. That it knows a secret is found by comparing what it
//! computes with the truth; the truth is never handed to it to go on with.

mod forgery;

use std::sync::Arc;

use countersign_model::handshake::flight::{Confirmation, Message, Share, Words};
use countersign_replay::handshake::vocabulary::{
    SUITES, capabilities, offers, principal, suite, version,
};
use countersign_replay::target::TargetError;

use super::super::failed;
use super::conversation::Conversation;
use super::people::{Card, names, versions};
use crate::envelope::payload::{
    HandshakeAnswer, HandshakeConfirm, HandshakeFinish, HandshakeHello,
};
use crate::envelope::{Name, Version};
use crate::flawed::handshake::FlawedHandshake;
use crate::handshake::flight::{object_of, write};
use crate::handshake::mechanism::Mechanisms as _;
use crate::handshake::proof::{SealingKey, Statement, pending};
use crate::handshake::schedule::{CONFIRMATION, PseudorandomKey, Purpose, SessionSecret};
use crate::handshake::transcript::TranscriptHash;
use crate::handshake::{Fresh, Role, Unreadable};
use crate::identity::SigningKey;

/// A share of low order (RFC 7748 section 6.1).
const LOW_ORDER: [u8; 32] = [0; 32];

/// The attacker.
pub(super) struct Attacker {
    mechanisms: FlawedHandshake,
    directory: Vec<Card>,
    /// What goes over the wire, run by run.
    wire: Vec<Wire>,
    /// What it draws itself.
    own: Fresh,
    /// The long-term keys that it has, its own among them.
    keys: Vec<SigningKey>,
    secrets: Secrets,
}

/// One run, as anybody sees it.
struct Wire {
    role: Role,
    owner: String,
    conversation: Conversation,
}

/// Secrets that lead to session keys.
#[derive(Default)]
struct Secrets {
    /// The secrets of shares.
    exponents: Vec<Fresh>,
    /// Secrets of sessions, and of which run.
    sessions: Vec<(usize, [u8; 32])>,
    /// Keys that seal the proofs of what was stated.
    sealing: Vec<(Statement, Arc<SealingKey>)>,
}

impl Attacker {
    /// An attacker who draws `own`, among runs of these roles and owners.
    pub(super) fn new(
        mechanisms: FlawedHandshake,
        directory: Vec<Card>,
        own: Fresh,
        runs: Vec<(Role, String)>,
    ) -> Self {
        let wire = runs.into_iter().map(|(role, owner)| Wire {
            role,
            owner,
            conversation: Conversation::default(),
        });
        Self {
            mechanisms,
            directory,
            wire: wire.collect(),
            own,
            keys: Vec::new(),
            secrets: Secrets::default(),
        }
    }

    /// Has a long-term key from now on, and whatever secret of a share follows from it.
    pub(super) fn hold(&mut self, key: SigningKey) {
        self.secrets.exponents.push(self.lifelong(&key));
        self.keys.push(key);
    }

    /// Hears the next flight of a run.
    pub(super) fn overhear(&mut self, run: usize, bytes: &[u8]) -> Result<(), Unreadable> {
        match self.wire.get_mut(run) {
            Some(wire) => wire.conversation.add(bytes),
            None => Ok(()),
        }
    }

    /// Is given the secret of a share.
    pub(super) fn learn_exponent(&mut self, fresh: Fresh) {
        self.secrets.exponents.push(fresh);
    }

    /// Is given the secret of a run's session.
    pub(super) fn learn_session(&mut self, run: usize, secret: &SessionSecret) {
        let bytes = *secret.dangerously_reveal();
        self.secrets.sessions.push((run, bytes));
    }

    /// Is given the key that the proof of a statement is sealed under.
    pub(super) fn learn_sealing(&mut self, statement: Statement, key: SealingKey) {
        self.secrets.sealing.push((statement, Arc::new(key)));
    }

    /// Whether it computes, or was given, the secret of a run's session.
    pub(super) fn finds_session(&self, run: usize, truth: &[u8; 32]) -> bool {
        self.computes_session(&self.secrets, run, truth)
            || self.secrets.sessions.iter().any(|(_, it)| it == truth)
    }

    /// The same, once the long-term keys in `lost` are lost to it as well.
    pub(super) fn finds_later(&self, run: usize, truth: &[u8; 32], lost: &[SigningKey]) -> bool {
        let later = Secrets {
            exponents: lost.iter().map(|key| self.lifelong(key)).collect(),
            ..Secrets::default()
        };
        self.finds_session(run, truth) || self.computes_session(&later, run, truth)
    }

    /// Whether somebody computes it who has nothing but what went over the wire.
    pub(super) fn overhears_session(&self, run: usize, truth: &[u8; 32]) -> bool {
        self.computes_session(&Secrets::default(), run, truth)
    }

    fn computes_session(&self, secrets: &Secrets, run: usize, truth: &[u8; 32]) -> bool {
        let computed = self.wire.get(run).and_then(|wire| {
            let (one, other) = wire.conversation.shares()?;
            let key = self.agreed(secrets, one, other)?;
            let whole = wire.conversation.whole(self.mechanisms)?;
            Some(self.mechanisms.derive(&key, Purpose::Session, &whole))
        });
        computed.is_some_and(|computed| computed.as_bytes() == truth)
    }

    /// Whether it sees the signature in the proof of a run: opened, in the clear, or made by itself.
    pub(super) fn finds_signature(&self, run: usize, truth: &[u8; 64]) -> bool {
        self.signature_of(run).is_some_and(|it| it == *truth)
    }

    /// Composes a flight for the run at `to`; none where it lacks something for it.
    pub(super) fn compose(
        &self,
        to: usize,
        message: &Message,
    ) -> Result<Option<Vec<u8>>, TargetError> {
        let Some(receiver) = self.wire.get(to).map(|wire| &wire.conversation) else {
            return Ok(None);
        };
        let object = match message {
            Message::Hello(words) => self.hello(*words)?.map(|it| object_of(&it)),
            Message::Answer {
                words,
                version: chosen,
                suite: chosen_suite,
                proof,
            } => {
                let choice = (version(*chosen), suite(*chosen_suite));
                let unproven = self.unproven(*words, choice)?;
                unproven.and_then(|mut answer| {
                    let statement = receiver.statement_of_answer(&answer, self.mechanisms)?;
                    answer.proof = self.proof(*proof, &statement)?;
                    Some(object_of(&answer))
                })
            }
            Message::Finish(proof) => {
                let statement = receiver.statement(Role::Initiator, self.mechanisms);
                let proof = statement.and_then(|statement| self.proof(*proof, &statement));
                proof.map(|proof| object_of(&HandshakeFinish { proof }))
            }
            Message::Confirm(confirmation) => self
                .confirmation(receiver, *confirmation)
                .map(|confirmation| object_of(&HandshakeConfirm { confirmation })),
        };
        Ok(object.map(write))
    }

    fn hello(&self, words: Words) -> Result<Option<HandshakeHello>, TargetError> {
        let Some((ephemeral_key, random)) = self.share(words.share) else {
            return Ok(None);
        };
        let [offered, _] = SUITES;
        Ok(Some(HandshakeHello {
            versions: versions(offers(words.offers).iter().map(String::as_str))?,
            suites: names([offered])?,
            capabilities: names(capabilities(words.capabilities).iter().map(String::as_str))?,
            ephemeral_key,
            random,
        }))
    }

    /// An answer that nothing is proven in yet.
    fn unproven(
        &self,
        words: Words,
        (version, suite): (&str, &str),
    ) -> Result<Option<HandshakeAnswer>, TargetError> {
        let Some(hello) = self.hello(words)? else {
            return Ok(None);
        };
        Ok(Some(HandshakeAnswer {
            versions: hello.versions,
            suites: hello.suites,
            version: Version::parse(version).map_err(failed)?,
            suite: Name::parse(suite).map_err(failed)?,
            capabilities: hello.capabilities,
            ephemeral_key: hello.ephemeral_key,
            random: hello.random,
            proof: pending(),
        }))
    }

    /// A share, with the random that goes with it.
    fn share(&self, share: Share) -> Option<([u8; 32], [u8; 32])> {
        match share {
            Share::Run(run) => {
                let Wire {
                    role, conversation, ..
                } = self.wire.get(usize::from(run))?;
                let (_, _, share) = conversation.words(*role)?;
                Some((*share, conversation.random(*role)?))
            }
            Share::Own => Some((self.own.share(), self.own.random())),
            Share::LowOrder => Some((LOW_ORDER, self.own.random())),
        }
    }

    fn confirmation(
        &self,
        receiver: &Conversation,
        confirmation: Confirmation,
    ) -> Option<[u8; 32]> {
        match confirmation {
            Confirmation::Run(run) => {
                let wire = self.wire.get(usize::from(run))?;
                let said = wire.conversation.confirmation();
                said.filter(|_| wire.role == Role::Responder)
            }
            Confirmation::Made => {
                let whole = receiver.whole(self.mechanisms)?;
                let (one, other) = receiver.shares()?;
                if let Some(agreed) = self.agreed(&self.secrets, one, other) {
                    let key = self.mechanisms.derive(&agreed, Purpose::Confirm, &whole);
                    return Some(key.mac(&[CONFIRMATION]));
                }
                // Somebody has said it, after the same was said before.
                let mut said = self.wire.iter().filter(|wire| {
                    wire.role == Role::Responder
                        && wire.conversation.whole(self.mechanisms) == Some(whole)
                });
                said.find_map(|wire| wire.conversation.confirmation())
            }
            Confirmation::Junk => Some([0; 32]),
        }
    }

    /// What the keys of a statement's proof are derived from, if it finds out.
    fn agreed_for(&self, statement: &Statement) -> Option<PseudorandomKey> {
        let (one, other) = (statement.initiator_share, statement.responder_share);
        self.agreed(&self.secrets, one, other)
    }

    /// What keys are derived from, where `secrets` lead to what two shares have in common.
    fn agreed(&self, secrets: &Secrets, one: [u8; 32], other: [u8; 32]) -> Option<PseudorandomKey> {
        let mechanisms = self.mechanisms;
        if [one, other].contains(&LOW_ORDER) {
            // Whatever the other secret is, it comes to this.
            let anyone = Fresh::of([1; 32], [0; 32]);
            return Some(mechanisms.extract(&anyone.agree(&LOW_ORDER)));
        }
        let own = (!secrets.exponents.is_empty()).then_some(&self.own);
        for exponent in secrets.exponents.iter().chain(own) {
            for (own, other) in [(one, other), (other, one)] {
                if exponent.share() == own {
                    return Some(mechanisms.extract(&exponent.agree(&other)));
                }
            }
        }
        // Perhaps one key is for everything. It can tell: then the key that it was given would come out again.
        let guess = |given: &[u8; 32], shares, purpose, transcript: &TranscriptHash| {
            let guess = PseudorandomKey::dangerously_raw(given);
            let again = mechanisms.derive(&guess, purpose, transcript);
            let about = shares == (one, other) || shares == (other, one);
            (about && again.as_bytes() == given).then_some(guess)
        };
        let by_session = secrets.sessions.iter().find_map(|(run, secret)| {
            let conversation = &self.wire.get(*run)?.conversation;
            let whole = conversation.whole(mechanisms)?;
            guess(secret, conversation.shares()?, Purpose::Session, &whole)
        });
        by_session.or_else(|| {
            secrets.sealing.iter().find_map(|(of, key)| {
                let shares = (of.initiator_share, of.responder_share);
                let key = key.dangerously_reveal();
                guess(key, shares, Purpose::Proof(of.role), &of.transcript)
            })
        })
    }

    /// The secret of a share that a flawed mechanism would make of a long-term key.
    fn lifelong(&self, key: &SigningKey) -> Fresh {
        self.mechanisms.fresh(Fresh::of([0; 32], [0; 32]), key)
    }

    fn key_of(&self, card: &Card) -> Option<&SigningKey> {
        let id = card.key.key_id();
        self.keys.iter().find(|key| key.key_id() == id)
    }

    fn card(&self, number: u8) -> Option<&Card> {
        let name = principal(number);
        self.directory.iter().find(|card| card.name == name)
    }
}
