//! The initiator: says hello to the peer it means, proves itself, and waits to be confirmed.

use std::sync::Arc;

use countersign_model::handshake::guard::{Flight, Stage};

use super::established::{Established, Reply};
use super::facts::{establish_choice, establish_confirmation, establish_offer, establish_share};
use super::flight::{self, Heard};
use super::inquiry::Inquiry;
use super::mechanism::{Hardened, Mechanisms};
use super::offer::Offers;
use super::party::{Party, Role};
use super::proof::Statement;
use super::proving::prove;
use super::refusal::Refusal;
use super::schedule::{CONFIRMATION, Key, Purpose, SessionSecret};
use super::share::Fresh;
use super::transcript::{Covered, TranscriptHash};
use crate::envelope::payload::{
    HandshakeAnswer, HandshakeConfirm, HandshakeFinish, HandshakeHello,
};
use crate::identity::{Registry, SpiffeId};

/// One run of a handshake, on the side that begins it. Always hardened.
///
/// Before the confirmation it yields no session: until then the responder may not have accepted.
pub struct Initiator {
    run: Initiating<Hardened>,
}

impl Initiator {
    /// Begins a handshake of `party` with `peer`; returns the run and its hello.
    pub fn begin(party: Arc<Party>, peer: SpiffeId, fresh: Fresh) -> (Self, Vec<u8>) {
        let (run, hello) = Initiating::begin(party, peer, fresh, Hardened);
        (Self { run }, hello)
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

    /// The session that the responder has yet to confirm, for the laboratory to look at.
    pub(crate) fn unconfirmed(&self) -> Option<&Established> {
        self.run.unconfirmed()
    }
}

/// An initiator with mechanisms that may be flawed.
pub(crate) struct Initiating<M> {
    party: Arc<Party>,
    peer: SpiffeId,
    mechanisms: M,
    phase: Phase,
}

/// What an initiator waits for.
enum Phase {
    Answer { fresh: Fresh, hello: Covered },
    Confirm(Box<Unconfirmed>),
    Over,
}

/// A session that the responder has yet to confirm.
struct Unconfirmed {
    confirmation_key: Key,
    established: Established,
}

impl<M: Mechanisms> Initiating<M> {
    pub(crate) fn begin(
        party: Arc<Party>,
        peer: SpiffeId,
        fresh: Fresh,
        mechanisms: M,
    ) -> (Self, Vec<u8>) {
        let fresh = mechanisms.fresh(fresh, &party.key);
        let offers = party.offers.clone();
        let hello = flight::object_of(&HandshakeHello {
            versions: offers.versions,
            suites: offers.suites,
            capabilities: offers.capabilities,
            ephemeral_key: fresh.share(),
            random: fresh.random(),
        });
        let phase = Phase::Answer {
            fresh,
            hello: Covered::of(&hello, mechanisms.left_out()),
        };
        let run = Self {
            party,
            peer,
            mechanisms,
            phase,
        };
        (run, flight::write(hello))
    }

    pub(crate) fn hear(
        &mut self,
        bytes: &[u8],
        registry: &Registry,
        now_ms: u64,
    ) -> Result<Reply, Refusal> {
        match &self.phase {
            Phase::Answer { fresh, hello } => {
                let (finish, unconfirmed) =
                    self.hear_answer(fresh, hello, bytes, registry, now_ms)?;
                self.phase = Phase::Confirm(Box::new(unconfirmed));
                Ok(Reply {
                    flight: Some(finish),
                    established: None,
                })
            }
            Phase::Confirm(unconfirmed) => {
                self.hear_confirm(&unconfirmed.confirmation_key, bytes, now_ms)?;
                let established = self.conclude(now_ms);
                Ok(Reply {
                    flight: None,
                    established,
                })
            }
            Phase::Over => Err(Refusal::Over),
        }
    }

    /// The flight that it waits for; none once it is over.
    pub(crate) fn awaits(&self) -> Option<Flight> {
        match &self.phase {
            Phase::Answer { .. } => Some(Flight::Answer),
            Phase::Confirm(_) => Some(Flight::Confirm),
            Phase::Over => None,
        }
    }

    /// The session that the responder has yet to confirm, for the laboratory to look at.
    pub(crate) fn unconfirmed(&self) -> Option<&Established> {
        match &self.phase {
            Phase::Confirm(unconfirmed) => Some(&unconfirmed.established),
            Phase::Answer { .. } | Phase::Over => None,
        }
    }

    fn hear_answer(
        &self,
        fresh: &Fresh,
        hello: &Covered,
        bytes: &[u8],
        registry: &Registry,
        now_ms: u64,
    ) -> Result<(Vec<u8>, Unconfirmed), Refusal> {
        let Heard { record, object } = flight::read::<HandshakeAnswer>(Flight::Answer, bytes)?;
        let (party, mechanisms) = (&*self.party, &self.mechanisms);
        let mut inquiry = Inquiry::new(mechanisms, party, Some(&self.peer), now_ms);

        let theirs = Offers::of_answer(&record);
        establish_offer(&mut inquiry.facts, party, &theirs, record.version);
        inquiry.judge_offers(Stage::Offer, party, &theirs)?;
        establish_choice(&mut inquiry.facts, &party.offers, &record);
        inquiry.judge_offers(Stage::Choice, party, &theirs)?;

        let shared = fresh.agree(&record.ephemeral_key);
        establish_share(&mut inquiry.facts, &shared);
        inquiry.judge(Stage::Share)?;

        let key = mechanisms.extract(&shared);
        let left_out = mechanisms.left_out();
        let choice = Covered::of_unproven(&object, left_out);
        let theirs_states = Statement {
            role: Role::Responder,
            transcript: TranscriptHash::of_choice(hello, &choice),
            initiator_share: fresh.share(),
            responder_share: record.ephemeral_key,
        };
        let asked = Flight::Answer.asks();
        let proof = &record.proof;
        let peer =
            inquiry.authenticate(mechanisms, &key, &theirs_states, proof, registry, asked)?;

        let answer = Covered::of(&object, left_out);
        let statement = Statement {
            role: Role::Initiator,
            transcript: TranscriptHash::of_answer(hello, &answer),
            ..theirs_states
        };
        let proof = prove(mechanisms, &key, &statement, party);
        let finish = flight::object_of(&HandshakeFinish { proof });
        let covered = Covered::of(&finish, left_out);
        let transcript = TranscriptHash::of_finish(hello, &answer, &covered);
        let secret = SessionSecret::of(mechanisms.derive(&key, Purpose::Session, &transcript));
        let unconfirmed = Unconfirmed {
            confirmation_key: mechanisms.derive(&key, Purpose::Confirm, &transcript),
            established: Established {
                role: Role::Initiator,
                peer: peer.id,
                peer_key_id: peer.key_id,
                version: record.version,
                suite: record.suite,
                capabilities: party.offers.capabilities.clone(),
                peer_capabilities: record.capabilities,
                session_id: secret.session_id(),
                secret,
                done_at_ms: now_ms,
            },
        };
        Ok((flight::write(finish), unconfirmed))
    }

    fn hear_confirm(&self, key: &Key, bytes: &[u8], now_ms: u64) -> Result<(), Refusal> {
        let Heard { record, .. } = flight::read::<HandshakeConfirm>(Flight::Confirm, bytes)?;
        let mut inquiry = Inquiry::new(&self.mechanisms, &self.party, Some(&self.peer), now_ms);
        let verified = key.verifies(&[CONFIRMATION], &record.confirmation);
        establish_confirmation(&mut inquiry.facts, verified);
        Ok(inquiry.judge(Stage::Confirmation)?)
    }

    /// Gives the session away, and is over.
    fn conclude(&mut self, now_ms: u64) -> Option<Established> {
        match std::mem::replace(&mut self.phase, Phase::Over) {
            Phase::Confirm(unconfirmed) => Some(Established {
                done_at_ms: now_ms,
                ..unconfirmed.established
            }),
            Phase::Answer { .. } | Phase::Over => None,
        }
    }
}
