//! The flights of one run as they went over the wire, and what follows from them for anybody.

use countersign_model::handshake::guard::Flight;

use crate::envelope::payload::{
    HandshakeAnswer, HandshakeConfirm, HandshakeFinish, HandshakeHello,
};
use crate::envelope::{Name, Opaque, Version};
use crate::flawed::handshake::FlawedHandshake;
use crate::handshake::flight::{self, Heard, object_of};
use crate::handshake::mechanism::Mechanisms as _;
use crate::handshake::proof::{SEALED_MAX, Statement};
use crate::handshake::transcript::{Covered, TranscriptHash};
use crate::handshake::{Role, Unreadable};

/// What was said in one run so far, by either side.
#[derive(Default)]
pub(super) struct Conversation {
    hello: Option<Heard<HandshakeHello>>,
    answer: Option<Heard<HandshakeAnswer>>,
    finish: Option<Heard<HandshakeFinish>>,
    confirm: Option<HandshakeConfirm>,
}

impl Conversation {
    /// Adds the next flight.
    pub(super) fn add(&mut self, bytes: &[u8]) -> Result<(), Unreadable> {
        if self.hello.is_none() {
            self.hello = Some(flight::read(Flight::Hello, bytes)?);
        } else if self.answer.is_none() {
            self.answer = Some(flight::read(Flight::Answer, bytes)?);
        } else if self.finish.is_none() {
            self.finish = Some(flight::read(Flight::Finish, bytes)?);
        } else {
            let heard = flight::read::<HandshakeConfirm>(Flight::Confirm, bytes)?;
            self.confirm = Some(heard.record);
        }
        Ok(())
    }

    /// The versions, capabilities and share that one side offers.
    pub(super) fn words(&self, role: Role) -> Option<(&[Version], &[Name], &[u8; 32])> {
        Some(match role {
            Role::Initiator => {
                let hello = &self.hello.as_ref()?.record;
                let (versions, able) = (hello.versions.as_slice(), hello.capabilities.as_slice());
                (versions, able, &hello.ephemeral_key)
            }
            Role::Responder => {
                let answer = &self.answer.as_ref()?.record;
                let (versions, able) = (answer.versions.as_slice(), answer.capabilities.as_slice());
                (versions, able, &answer.ephemeral_key)
            }
        })
    }

    /// The random bytes that one side drew.
    pub(super) fn random(&self, role: Role) -> Option<[u8; 32]> {
        match role {
            Role::Initiator => self.hello.as_ref().map(|it| it.record.random),
            Role::Responder => self.answer.as_ref().map(|it| it.record.random),
        }
    }

    /// The version and the suite that were chosen.
    pub(super) fn choice(&self) -> Option<(Version, &Name)> {
        let answer = &self.answer.as_ref()?.record;
        Some((answer.version, &answer.suite))
    }

    /// The initiator's share and the responder's.
    pub(super) fn shares(&self) -> Option<([u8; 32], [u8; 32])> {
        let initiator = self.hello.as_ref()?.record.ephemeral_key;
        Some((initiator, self.answer.as_ref()?.record.ephemeral_key))
    }

    /// What travelled as the proof of one side.
    pub(super) fn proof(&self, role: Role) -> Option<&Opaque<SEALED_MAX>> {
        match role {
            Role::Initiator => self.finish.as_ref().map(|it| &it.record.proof),
            Role::Responder => self.answer.as_ref().map(|it| &it.record.proof),
        }
    }

    /// What travelled as the confirmation.
    pub(super) fn confirmation(&self) -> Option<[u8; 32]> {
        self.confirm.as_ref().map(|it| it.confirmation)
    }

    /// What one side signs.
    pub(super) fn statement(&self, role: Role, mechanisms: FlawedHandshake) -> Option<Statement> {
        let answer = self.answer.as_ref()?;
        let left_out = mechanisms.left_out();
        match role {
            Role::Responder => self.statement_of_answer(&answer.record, mechanisms),
            Role::Initiator => {
                let hello = Covered::of(&self.hello.as_ref()?.object, left_out);
                let (initiator_share, responder_share) = self.shares()?;
                Some(Statement {
                    role,
                    transcript: TranscriptHash::of_answer(
                        &hello,
                        &Covered::of(&answer.object, left_out),
                    ),
                    initiator_share,
                    responder_share,
                })
            }
        }
    }

    /// What the responder signs who says `answer` next; its proof is no part of it.
    pub(super) fn statement_of_answer(
        &self,
        answer: &HandshakeAnswer,
        mechanisms: FlawedHandshake,
    ) -> Option<Statement> {
        let hello = self.hello.as_ref()?;
        let left_out = mechanisms.left_out();
        let choice = Covered::of_unproven(&object_of(answer), left_out);
        Some(Statement {
            role: Role::Responder,
            transcript: TranscriptHash::of_choice(&Covered::of(&hello.object, left_out), &choice),
            initiator_share: hello.record.ephemeral_key,
            responder_share: answer.ephemeral_key,
        })
    }

    /// The transcript that the session's secret and the confirmation come from.
    pub(super) fn whole(&self, mechanisms: FlawedHandshake) -> Option<TranscriptHash> {
        let left_out = mechanisms.left_out();
        Some(TranscriptHash::of_finish(
            &Covered::of(&self.hello.as_ref()?.object, left_out),
            &Covered::of(&self.answer.as_ref()?.object, left_out),
            &Covered::of(&self.finish.as_ref()?.object, left_out),
        ))
    }
}
