//! The attacker, for real: what it has, what it makes of that, and what it finds out.
//!
//! It is given bytes on the wire, its own keys and what a trace reveals, and nothing else: no secret of
//! the honest is within reach of this module. That it knows a secret is found by comparing what it
//! computes with the truth; the truth is never handed to it to go on with.

use countersign_model::handshake::flight::{
    Confirmation, Forged, Message, Proof, Share, Signature, Words,
};
use countersign_replay::handshake::vocabulary::{
    SUITES, capabilities, offers, principal, suite, version,
};
use countersign_replay::target::TargetError;

use super::super::failed;
use super::conversation::Conversation;
use super::people::{Card, names, versions};
use crate::envelope::payload::{
    HandshakeAnswer, HandshakeConfirm, HandshakeFinish, HandshakeHello, HandshakeProof,
};
use crate::envelope::{Name, Opaque, Record as _, Version};
use crate::flawed::handshake::FlawedHandshake;
use crate::handshake::flight::{object_of, write};
use crate::handshake::mechanism::Mechanisms as _;
use crate::handshake::proof::{ProofKeys, SEALED_MAX, Statement, carried, pending, read};
use crate::handshake::schedule::{CONFIRMATION, PseudorandomKey, Purpose, SessionSecret};
use crate::handshake::{Fresh, Role, Unreadable};
use crate::identity::SigningKey;
use crate::json;

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

    /// Whether it computes, or was given, the secret of a run's session.
    pub(super) fn finds_session(&self, run: usize, truth: &[u8; 32]) -> bool {
        self.computes_session(&self.secrets, run, truth)
            || self.secrets.sessions.iter().any(|(_, it)| it == truth)
    }

    /// The same, once the long-term keys in `lost` are lost to it as well.
    pub(super) fn finds_later(&self, run: usize, truth: &[u8; 32], lost: &[SigningKey]) -> bool {
        let later = Secrets {
            exponents: lost.iter().map(|key| self.lifelong(key)).collect(),
            sessions: Vec::new(),
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

    /// A proof for the receiver who asks for `statement`.
    fn proof(&self, proof: Proof, statement: &Statement) -> Option<Opaque<SEALED_MAX>> {
        match proof {
            Proof::Run(run) => {
                let wire = self.wire.get(usize::from(run))?;
                wire.conversation.proof(wire.role).cloned()
            }
            Proof::Forged(forged) => self
                .forged(forged, statement)
                .or_else(|| self.same_as_said(forged, statement)),
        }
    }

    fn forged(&self, forged: Forged, statement: &Statement) -> Option<Opaque<SEALED_MAX>> {
        let (id, key) = (self.card(forged.id)?, self.card(forged.key)?);
        let signature = match forged.signature {
            Signature::Made => self.signed(key, statement)?,
            Signature::Of(run) => self.signature_of(usize::from(run))?,
            Signature::Junk => [0; 64],
        };
        let mut proof = HandshakeProof {
            id: id.id.clone(),
            key_id: key.key.key_id(),
            signature,
            mac: [0; 32],
        };
        if !forged.sealed {
            return Some(carried(&json::write(&proof.to_value())));
        }
        let (one, other) = (statement.initiator_share, statement.responder_share);
        let agreed = self.agreed(&self.secrets, one, other)?;
        let keys = ProofKeys::of(&self.mechanisms, &agreed, statement);
        proof.mac = keys.mac(&proof.id, &proof.key_id);
        Some(keys.seal(&proof, &statement.transcript))
    }

    /// What it cannot make but someone has said: the same proof of the same.
    fn same_as_said(&self, forged: Forged, statement: &Statement) -> Option<Opaque<SEALED_MAX>> {
        let input = self.mechanisms.signing_input(statement);
        let owner = principal(forged.id);
        let said = self.wire.iter().enumerate().find(|(run, wire)| {
            let own = wire.conversation.statement(wire.role, self.mechanisms);
            let same = own.is_some_and(|own| {
                own.transcript == statement.transcript
                    && self.mechanisms.signing_input(&own) == input
            });
            let signed = match forged.signature {
                Signature::Made => true,
                Signature::Of(other) => usize::from(other) == *run,
                Signature::Junk => false,
            };
            same && signed && wire.owner == owner
        });
        let (_, wire) = said.filter(|_| forged.sealed && forged.id == forged.key)?;
        wire.conversation.proof(wire.role).cloned()
    }

    /// The signature of whoever `card` is of under what `statement` says: made with the key, or seen.
    fn signed(&self, card: &Card, statement: &Statement) -> Option<[u8; 64]> {
        let input = self.mechanisms.signing_input(statement);
        if let Some(key) = self.key_of(card) {
            return Some(key.sign(&input));
        }
        let mut seen = (0..self.wire.len()).filter_map(|run| self.signature_of(run));
        seen.find(|signature| card.key.verifies(&input, signature))
    }

    /// The signature in the proof of a run, if it can have it.
    fn signature_of(&self, run: usize) -> Option<[u8; 64]> {
        let Wire {
            role,
            owner,
            conversation,
        } = self.wire.get(run)?;
        let statement = conversation.statement(*role, self.mechanisms)?;
        let sealed = conversation.proof(*role)?;
        let opened = || {
            let (one, other) = conversation.shares()?;
            let agreed = self.agreed(&self.secrets, one, other)?;
            let keys = ProofKeys::of(&self.mechanisms, &agreed, &statement);
            keys.open(sealed, &statement.transcript)
        };
        let proof = read(&sealed.to_bytes()).or_else(opened);
        proof.map(|proof| proof.signature).or_else(|| {
            let card = self.directory.iter().find(|card| card.name == owner)?;
            let key = self.key_of(card)?;
            Some(key.sign(&self.mechanisms.signing_input(&statement)))
        })
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
        secrets.sessions.iter().find_map(|(run, secret)| {
            let conversation = &self.wire.get(*run)?.conversation;
            let shares = conversation.shares()?;
            if shares != (one, other) && shares != (other, one) {
                return None;
            }
            // Perhaps keys are derived from the session's own secret. It can tell: then the session's
            // would come out again.
            let guess = PseudorandomKey::dangerously_raw(secret);
            let whole = conversation.whole(mechanisms)?;
            let again = mechanisms.derive(&guess, Purpose::Session, &whole);
            (again.as_bytes() == secret).then_some(guess)
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
