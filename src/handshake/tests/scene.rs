//! Flights with any set of defects, each named by the rejection that it deserves, composed from the
//! parts that runs are made of.

use countersign_model::handshake::guard::{Flight, Rejection};

use super::fixture::{Pair, fresh, id, key, names, registry, versions};
use crate::envelope::payload::{
    HandshakeAnswer, HandshakeConfirm, HandshakeFinish, HandshakeHello, HandshakeProof,
};
use crate::envelope::{Name, Opaque, Record, Version};
use crate::handshake::Role;
use crate::handshake::flight::{object_of, read, write};
use crate::handshake::mechanism::{Hardened, Mechanisms as _};
use crate::handshake::proof::{ProofKeys, SEALED_MAX, Statement, carried, pending};
use crate::handshake::schedule::PseudorandomKey;
use crate::handshake::transcript::{Covered, TranscriptHash};
use crate::identity::{Registry, SigningKey};
use crate::json::{self, Limits, Object};

/// A set of defects.
pub(super) struct Scene<'a> {
    defects: &'a [Rejection],
}

impl<'a> Scene<'a> {
    /// A scene with all of these defects.
    pub(super) fn with(defects: &'a [Rejection]) -> Self {
        Self { defects }
    }

    fn has(&self, defect: Rejection) -> bool {
        self.defects.contains(&defect)
    }

    /// The registry that the receiver is asked with.
    pub(super) fn registry(&self) -> Registry {
        let mut registry = registry();
        if self.has(Rejection::PeerNotEntitled) {
            for name in ["alice", "bob", "mallory"] {
                registry.revoke(&id(name), &key(name).key_id()).unwrap();
            }
        }
        registry
    }

    /// The flight in the place of the honest one, after `said`, the honest flights before it.
    pub(super) fn flight(&self, flight: Flight, said: &[Vec<u8>], honest: &[u8]) -> Vec<u8> {
        match flight {
            Flight::Hello => self.hello(honest),
            Flight::Answer => self.answer(&said[0], honest),
            Flight::Finish => self.finish(&said[0], &said[1], honest),
            Flight::Confirm => self.confirm(honest),
        }
    }

    fn hello(&self, honest: &[u8]) -> Vec<u8> {
        let mut hello: HandshakeHello = read(Flight::Hello, honest).unwrap().record;
        if self.has(Rejection::NoCommonVersion) {
            hello.versions = versions(&["9.0"]);
        } else if self.has(Rejection::VersionDeprecated) {
            hello.versions = versions(&["0.9"]);
        }
        if self.has(Rejection::CapabilityMissing) {
            hello.capabilities = names(&[]);
        }
        if self.has(Rejection::ShareDegenerate) {
            hello.ephemeral_key = [0; 32];
        }
        write(object_of(&hello))
    }

    fn answer(&self, hello: &[u8], honest: &[u8]) -> Vec<u8> {
        let (hello, initiator_share) = heard_hello(hello);
        let mut answer: HandshakeAnswer = read(Flight::Answer, honest).unwrap().record;
        if self.has(Rejection::NoCommonVersion) {
            answer.versions = versions(&["9.0"]);
        } else if self.has(Rejection::VersionDeprecated) {
            answer.versions = versions(&["0.9"]);
        }
        answer.version = if self.has(Rejection::VersionDeprecated) {
            Version::parse("0.9").unwrap()
        } else if self.has(Rejection::VersionDowngraded) {
            Version::parse("1.0").unwrap()
        } else {
            answer.version
        };
        if self.has(Rejection::CapabilityMissing) {
            answer.capabilities = names(&[]);
        }
        if self.has(Rejection::SuiteNotOffered) {
            answer.suite = Name::parse("null").unwrap();
        }
        // All zero whoever computes it, if the share is.
        let peer = if self.has(Rejection::ShareDegenerate) {
            answer.ephemeral_key = [0; 32];
            [0; 32]
        } else {
            initiator_share
        };
        let key = PseudorandomKey::extract(&fresh(2).agree(&peer));
        answer.proof = pending();
        let choice = Covered::of_unproven(&object_of(&answer), &[]);
        let statement = Statement {
            role: Role::Responder,
            transcript: TranscriptHash::of_choice(&hello, &choice),
            initiator_share,
            responder_share: answer.ephemeral_key,
        };
        answer.proof = self.proof("bob", &key, &statement);
        write(object_of(&answer))
    }

    fn finish(&self, hello: &[u8], answer: &[u8], honest: &[u8]) -> Vec<u8> {
        let (hello, initiator_share) = heard_hello(hello);
        let answer = read::<HandshakeAnswer>(Flight::Answer, answer).unwrap();
        let responder_share = answer.record.ephemeral_key;
        let statement = Statement {
            role: Role::Initiator,
            transcript: TranscriptHash::of_answer(&hello, &Covered::of(&answer.object, &[])),
            initiator_share,
            responder_share,
        };
        let key = PseudorandomKey::extract(&fresh(1).agree(&responder_share));
        let mut finish: HandshakeFinish = read(Flight::Finish, honest).unwrap().record;
        finish.proof = self.proof("alice", &key, &statement);
        write(object_of(&finish))
    }

    fn confirm(&self, honest: &[u8]) -> Vec<u8> {
        let mut confirm: HandshakeConfirm = read(Flight::Confirm, honest).unwrap().record;
        if self.has(Rejection::NotConfirmed) {
            confirm.confirmation = [0; 32];
        }
        write(object_of(&confirm))
    }

    fn proof(
        &self,
        honest: &str,
        secret: &PseudorandomKey,
        statement: &Statement,
    ) -> Opaque<SEALED_MAX> {
        let name = match (self.has(Rejection::PeerIsSelf), statement.role) {
            (true, Role::Initiator) => "bob",
            (true, Role::Responder) => "alice",
            (false, _) if self.has(Rejection::WrongPeer) => "mallory",
            (false, _) => honest,
        };
        let signing: SigningKey = match (self.has(Rejection::UnknownKey), name) {
            (false, name) => key(name),
            (true, "mallory") => key(honest),
            (true, _) => key("mallory"),
        };
        let keys = ProofKeys::of(&Hardened, secret, statement);
        let mut proof = HandshakeProof {
            id: id(name),
            key_id: signing.key_id(),
            signature: signing.sign(&Hardened.signing_input(statement)),
            mac: keys.mac(&id(name), &signing.key_id()),
        };
        if self.has(Rejection::BadSignature) {
            proof.signature[0] ^= 1;
        }
        if self.has(Rejection::IdentityUnbound) {
            proof.mac[0] ^= 1;
        }
        if self.has(Rejection::ProofDoesNotOpen) {
            return carried(&json::write(&proof.to_value()));
        }
        keys.seal(&proof, &statement.transcript)
    }
}

/// A hello as transcripts cover it, and its share.
fn heard_hello(bytes: &[u8]) -> (Covered, [u8; 32]) {
    let heard = read::<HandshakeHello>(Flight::Hello, bytes).unwrap();
    (Covered::of(&heard.object, &[]), heard.record.ephemeral_key)
}

/// The flights of an honest exchange, each after those before it.
pub(super) fn honest_flights() -> Vec<Vec<u8>> {
    let mut said = Vec::new();
    Pair::new(&Hardened)
        .exchange(|_, bytes| {
            said.push(bytes.clone());
            bytes
        })
        .unwrap();
    said
}

/// The members of a flight.
pub(super) fn members(bytes: &[u8]) -> Object {
    let value = json::read_canonical(bytes, &Limits::default()).unwrap();
    value.as_object().unwrap().clone()
}

/// A record from the members of a flight, so that a test says what it expects.
pub(super) fn record<R: Record>(bytes: &[u8]) -> R {
    R::from_value(&members(bytes).into()).unwrap()
}
