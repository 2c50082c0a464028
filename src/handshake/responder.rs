//! The responder: answers whoever says hello, and learns who it was from the finish.

use std::sync::Arc;

use countersign_model::handshake::guard::{Flight, Stage};

use super::established::{Established, Reply};
use super::facts::{establish_offer, establish_share};
use super::flight::{self, Heard};
use super::inquiry::Inquiry;
use super::mechanism::{Hardened, Mechanisms};
use super::offer::Offers;
use super::party::{Party, Role};
use super::proof::{Statement, pending};
use super::proving::prove;
use super::refusal::Refusal;
use super::schedule::{CONFIRMATION, PseudorandomKey, Purpose, SessionSecret};
use super::share::Fresh;
use super::transcript::{Covered, TranscriptHash};
use crate::envelope::payload::{
    HandshakeAnswer, HandshakeConfirm, HandshakeFinish, HandshakeHello,
};
use crate::envelope::{List, Name, Version};
use crate::identity::Registry;

/// One run of a handshake, on the side that answers. Always hardened.
pub struct Responder {
    run: Responding<Hardened>,
}

impl Responder {
    /// A run of `party` that waits for anybody's hello.
    pub fn begin(party: Arc<Party>, fresh: Fresh) -> Self {
        let run = Responding::begin(party, fresh, Hardened);
        Self { run }
    }

    /// Hears what claims to be the next flight, at `now_ms`, in milliseconds since the Unix epoch: a
    /// reading that never steps back, such as [`Endpoint::now_ms`](crate::admission::Endpoint::now_ms).
    ///
    /// # Errors
    /// [`Refusal`] for a flight that is not taken; the run has not changed, and waits on.
    pub fn hear(
        &mut self,
        bytes: &[u8],
        registry: &Registry,
        now_ms: u64,
    ) -> Result<Reply, Refusal> {
        self.run.hear(bytes, registry, now_ms)
    }

    /// The flight that it waits for; none once it is over.
    pub(crate) fn awaits(&self) -> Option<Flight> {
        self.run.awaits()
    }
}

/// A responder with mechanisms that may be flawed.
pub(crate) struct Responding<M> {
    party: Arc<Party>,
    mechanisms: M,
    phase: Phase,
}

/// What a responder waits for.
enum Phase {
    Hello(Fresh),
    Finish(Box<Answered>),
    Over,
}

/// What a responder keeps once it has answered.
struct Answered {
    key: PseudorandomKey,
    hello: Covered,
    answer: Covered,
    /// What the initiator is expected to sign.
    statement: Statement,
    version: Version,
    suite: Name,
    peer_capabilities: List<Name, 0, 64>,
}

impl<M: Mechanisms> Responding<M> {
    pub(crate) fn begin(party: Arc<Party>, fresh: Fresh, mechanisms: M) -> Self {
        let fresh = mechanisms.fresh(fresh, &party.key);
        Self {
            party,
            mechanisms,
            phase: Phase::Hello(fresh),
        }
    }

    pub(crate) fn hear(
        &mut self,
        bytes: &[u8],
        registry: &Registry,
        now_ms: u64,
    ) -> Result<Reply, Refusal> {
        match &self.phase {
            Phase::Hello(fresh) => {
                let (answer, answered) = self.hear_hello(fresh, bytes, now_ms)?;
                self.phase = Phase::Finish(Box::new(answered));
                Ok(Reply {
                    flight: Some(answer),
                    established: None,
                })
            }
            Phase::Finish(answered) => {
                let (confirm, established) = self.hear_finish(answered, bytes, registry, now_ms)?;
                self.phase = Phase::Over;
                Ok(Reply {
                    flight: Some(confirm),
                    established: Some(established),
                })
            }
            Phase::Over => Err(Refusal::Over),
        }
    }

    /// The flight that it waits for; none once it is over.
    pub(crate) fn awaits(&self) -> Option<Flight> {
        match &self.phase {
            Phase::Hello(_) => Some(Flight::Hello),
            Phase::Finish(_) => Some(Flight::Finish),
            Phase::Over => None,
        }
    }

    fn hear_hello(
        &self,
        fresh: &Fresh,
        bytes: &[u8],
        now_ms: u64,
    ) -> Result<(Vec<u8>, Answered), Refusal> {
        let Heard { record, object } = flight::read::<HandshakeHello>(Flight::Hello, bytes)?;
        let (party, mechanisms) = (&*self.party, &self.mechanisms);
        let mut inquiry = Inquiry::new(mechanisms, party, None, now_ms);

        let theirs = Offers::of_hello(&record);
        let version = party.offers.choose_version(&theirs);
        establish_offer(&mut inquiry.facts, party, &theirs, version);
        inquiry.judge_offers(Stage::Offer, party, &theirs)?;

        let shared = fresh.agree(&record.ephemeral_key);
        establish_share(&mut inquiry.facts, &shared);
        inquiry.judge(Stage::Share)?;

        let key = mechanisms.extract(&shared);
        let left_out = mechanisms.left_out();
        let offers = party.offers.clone();
        let suite = offers.choose_suite(&theirs).clone();
        let mut answer = HandshakeAnswer {
            versions: offers.versions,
            suites: offers.suites,
            version,
            suite: suite.clone(),
            capabilities: offers.capabilities,
            ephemeral_key: fresh.share(),
            random: fresh.random(),
            proof: pending(),
        };
        let hello = Covered::of(&object, left_out);
        let choice = Covered::of_unproven(&flight::object_of(&answer), left_out);
        let statement = Statement {
            role: Role::Responder,
            transcript: TranscriptHash::of_choice(&hello, &choice),
            initiator_share: record.ephemeral_key,
            responder_share: fresh.share(),
        };
        answer.proof = prove(mechanisms, &key, &statement, party);
        let object = flight::object_of(&answer);
        let answer = Covered::of(&object, left_out);
        let answered = Answered {
            key,
            statement: Statement {
                role: Role::Initiator,
                transcript: TranscriptHash::of_answer(&hello, &answer),
                ..statement
            },
            hello,
            answer,
            version,
            suite,
            peer_capabilities: record.capabilities,
        };
        Ok((flight::write(object), answered))
    }

    fn hear_finish(
        &self,
        answered: &Answered,
        bytes: &[u8],
        registry: &Registry,
        now_ms: u64,
    ) -> Result<(Vec<u8>, Established), Refusal> {
        let Heard { record, object } = flight::read::<HandshakeFinish>(Flight::Finish, bytes)?;
        let (party, mechanisms) = (&*self.party, &self.mechanisms);
        let Answered { key, statement, .. } = answered;
        let mut inquiry = Inquiry::new(mechanisms, party, None, now_ms);
        let asked = Flight::Finish.asks();
        let proof = &record.proof;
        let peer = inquiry.authenticate(mechanisms, key, statement, proof, registry, asked)?;

        let finish = Covered::of(&object, mechanisms.left_out());
        let transcript = TranscriptHash::of_finish(&answered.hello, &answered.answer, &finish);
        let confirmation_key = mechanisms.derive(key, Purpose::Confirm, &transcript);
        let confirm = flight::object_of(&HandshakeConfirm {
            confirmation: confirmation_key.mac(&[CONFIRMATION]),
        });
        let secret = SessionSecret::of(mechanisms.derive(key, Purpose::Session, &transcript));
        let established = Established {
            role: Role::Responder,
            peer: peer.id,
            peer_key_id: peer.key_id,
            version: answered.version,
            suite: answered.suite.clone(),
            capabilities: party.offers.capabilities.clone(),
            peer_capabilities: answered.peer_capabilities.clone(),
            session_id: secret.session_id(),
            secret,
            done_at_ms: now_ms,
        };
        Ok((flight::write(confirm), established))
    }
}
