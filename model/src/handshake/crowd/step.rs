//! The steps: what each needs, and what it changes.
//!
//! A delivery is a step if the guard table admits it; what is refused changes nothing. What the facts
//! are is decided by ground truth: a signature is valid if the attacker could make it or had one to
//! pass on.

use super::exchange::Side;
use super::record::{Agent, Proof, Run, Words, World};
use super::{Crowd, Scene};
use crate::domain::{Choice as _, Identity as _, Natural as _, Table as _, Truth as _};
use crate::handshake::Handshake;
use crate::handshake::facts::{Facts, Party};
use crate::handshake::guard::Flight;
use crate::handshake::promise::Point;
use crate::rulebook::{Ruleset, admits};

/// A proof, as the attacker delivers it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence<C: Crowd> {
    /// The principal that it names.
    pub peer: C::Agent,
    /// The key that it names.
    pub key: C::Key,
    /// It opens under this handshake's key.
    pub sealed: C::Bool,
    /// Its MAC over the identity verifies.
    pub bound: C::Bool,
    /// Its signature verifies.
    pub signed: C::Bool,
    /// Where it is not all three: what it is instead.
    pub bytes: C::Bytes,
    /// The run whose proof helped to make it, where one did.
    pub source: C::Run,
}

impl<C: Crowd> Evidence<C> {
    /// The proof that it is to whoever accepts it.
    pub fn proof(&self) -> Proof<C> {
        Proof {
            peer: self.peer.clone(),
            key: self.key.clone(),
            sound: C::Bool::all([&self.sealed, &self.bound, &self.signed].map(Clone::clone)),
            bytes: self.bytes.clone(),
        }
    }
}

/// One step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action<C: Crowd> {
    /// An initiator sends its hello.
    Begin(C::Run),
    /// A responder receives a hello, and answers.
    Hello(C::Run, Words<C>),
    /// An initiator receives an answer with this version and suite, and finishes.
    Answer(C::Run, Words<C>, C::Nat, C::Suite, Evidence<C>),
    /// A responder receives a finish, and confirms.
    Finish(C::Run, Evidence<C>),
    /// An initiator receives a confirmation, valid or not, perhaps that of another run.
    Confirm(C::Run, C::Bool, C::Run),
    /// The attacker obtains a principal's long-term secret.
    LoseLongTerm(C::Agent),
    /// The attacker obtains what a run drew.
    LoseEphemeral(C::Run),
    /// The attacker obtains a run's session key, now or once there is one.
    LoseSession(C::Run),
    /// The attacker obtains the keys that seal the proofs of a run, now or once there are any.
    LoseSealing(C::Run),
}

/// What an action leads to.
#[derive(Clone)]
pub struct Step<C: Crowd> {
    /// Whether the action could be taken at all.
    pub enabled: C::Bool,
    /// The world afterwards.
    pub after: World<C>,
    /// The run that committed itself, and at which point.
    pub commitment: Option<(Point, C::Run)>,
}

impl<C: Crowd> World<C> {
    /// What `action` leads to.
    pub fn step(&self, rules: Ruleset<Handshake>, action: &Action<C>) -> Step<C> {
        let scene = Scene { rules, world: self };
        match action {
            Action::Begin(run) => {
                let mut record = self.runs.at(run);
                let enabled = record.begins.and(&record.begun.not());
                record.begun = C::Bool::constant(true);
                self.changed(run, record, enabled, None)
            }
            Action::Hello(run, words) => scene.hello(run, words),
            Action::Answer(run, words, version, suite, evidence) => {
                let mut record = self.runs.at(run);
                record.heard = words.clone();
                record.version = version.clone();
                record.suite = suite.clone();
                let enabled = C::Bool::all([
                    scene.is_available(&words.share),
                    C::Nat::constant(1).at_most(version),
                ]);
                scene.proven(run, record, Side::Responder, evidence, &enabled)
            }
            Action::Finish(run, evidence) => {
                let record = self.runs.at(run);
                let enabled = C::Bool::constant(true);
                scene.proven(run, record, Side::Initiator, evidence, &enabled)
            }
            Action::Confirm(run, valid, source) => scene.confirmed(run, valid, source),
            Action::LoseLongTerm(agent) => {
                let mut after = self.clone();
                let record = Agent {
                    lost: C::Bool::constant(true),
                    ..self.agents.at(agent)
                };
                after.agents.set(agent, record);
                Step {
                    enabled: C::Bool::constant(true),
                    after,
                    commitment: None,
                }
            }
            Action::LoseEphemeral(run) => {
                let mut record = self.runs.at(run);
                record.ephemeral_lost = C::Bool::constant(true);
                self.changed(run, record, C::Bool::constant(true), None)
            }
            Action::LoseSession(run) => {
                let mut record = self.runs.at(run);
                record.session_lost = C::Bool::constant(true);
                self.changed(run, record, C::Bool::constant(true), None)
            }
            Action::LoseSealing(run) => {
                let mut record = self.runs.at(run);
                record.sealing_lost = C::Bool::constant(true);
                self.changed(run, record, C::Bool::constant(true), None)
            }
        }
    }

    fn changed(
        &self,
        run: &C::Run,
        record: Run<C>,
        enabled: C::Bool,
        point: Option<Point>,
    ) -> Step<C> {
        let mut after = self.clone();
        after.runs.set(run, record);
        Step {
            enabled,
            after,
            commitment: point.map(|point| (point, run.clone())),
        }
    }
}

impl<C: Crowd> Scene<'_, C> {
    fn hello(&self, run: &C::Run, words: &Words<C>) -> Step<C> {
        let mut record = self.world.runs.at(run);
        record.heard = words.clone();
        let own = self.own_words(&record);
        let best = C::best(&words.offers, &own.offers);
        let common = C::common(&words.offers, &own.offers);
        // Where there is none, its own best, which only a responder that does not mind comes to.
        record.version = C::Nat::choose(&common, &best, &C::newest(&own.offers));
        let enabled = C::Bool::all([
            record.begins.not(),
            record.begun.not(),
            self.is_available(&words.share),
            self.admits(Flight::Hello, &record, &Outcome::nothing()),
        ]);
        record.begun = C::Bool::constant(true);
        self.world.changed(run, record, enabled, None)
    }

    /// `run`, which is `record` with what else came, accepts the proof of `side`.
    fn proven(
        &self,
        run: &C::Run,
        mut record: Run<C>,
        side: Side,
        evidence: &Evidence<C>,
        possible: &C::Bool,
    ) -> Step<C> {
        record.proof = evidence.proof();
        let source = self.world.runs.at(&evidence.source);
        let outcome = Outcome {
            sealed: evidence.sealed.clone(),
            bound: evidence.bound.clone(),
            signed: evidence.signed.clone(),
            confirmed: C::Bool::constant(false),
        };
        let (flight, point) = match side {
            Side::Responder => (Flight::Answer, Point::Answered),
            Side::Initiator => (Flight::Finish, Point::Finished),
        };
        let enabled = C::Bool::all([
            record.is(side).not(),
            record.begun.clone(),
            record.accepted.not(),
            possible.clone(),
            self.can_prove(&record, side, evidence, &source),
            self.admits(flight, &record, &outcome),
        ]);
        record.accepted = C::Bool::constant(true);
        record.trusted = self.peer_is_lost(&record).not();
        self.world.changed(run, record, enabled, Some(point))
    }

    fn confirmed(&self, run: &C::Run, valid: &C::Bool, source: &C::Run) -> Step<C> {
        let mut record = self.world.runs.at(run);
        let source = self.world.runs.at(source);
        let outcome = Outcome {
            confirmed: valid.clone(),
            ..Outcome::nothing()
        };
        let enabled = C::Bool::all([
            record.begins.clone(),
            record.accepted.clone(),
            record.confirmed.not(),
            valid.implies(&self.can_confirm(&record, &source)),
            self.admits(Flight::Confirm, &record, &outcome),
        ]);
        record.confirmed = C::Bool::constant(true);
        self.world
            .changed(run, record, enabled, Some(Point::Confirmed))
    }

    /// Whether the guard table admits `flight` to a run that then is `record`.
    fn admits(&self, flight: Flight, record: &Run<C>, outcome: &Outcome<C>) -> C::Bool {
        let asked = |stage| flight.asks().contains(&stage);
        let me = Party {
            me: record.me.clone(),
            intended: record.meant.clone(),
            version_floor: self.world.version_floor.clone(),
        };
        admits(self.rules, asked, &self.facts(record, outcome), &me)
    }

    fn facts(&self, record: &Run<C>, outcome: &Outcome<C>) -> Facts<C> {
        let proof = &record.proof;
        let offers = [Side::Initiator, Side::Responder].map(|side| self.words(record, side).offers);
        let [initiator, responder] = &offers;
        Facts {
            version_common: C::common(initiator, responder),
            version: record.version.clone(),
            version_best: best_common::<C>(initiator, responder),
            capabilities_sufficient: C::suffices(&record.heard.capabilities, &record.me),
            suite_offered: C::offers(&record.me, &record.suite),
            share_contributes: C::low_order(&record.heard.share).not(),
            proof_opens: outcome.sealed.clone(),
            identity_bound: outcome.bound.clone(),
            peer: proof.peer.clone(),
            key_of_peer: C::owner(&proof.key).same(&proof.peer),
            peer_entitled: self.world.agents.at(&proof.peer).entitled,
            signature_valid: outcome.signed.clone(),
            confirmation_valid: outcome.confirmed.clone(),
        }
    }
}

/// The best version that two offers have in common; 0 where there is none.
pub(super) fn best_common<C: Crowd>(initiator: &C::Offer, responder: &C::Offer) -> C::Nat {
    let best = C::best(initiator, responder);
    C::Nat::choose(
        &C::common(initiator, responder),
        &best,
        &C::Nat::constant(0),
    )
}

/// What cryptography finds in a flight.
struct Outcome<C: Crowd> {
    sealed: C::Bool,
    bound: C::Bool,
    signed: C::Bool,
    confirmed: C::Bool,
}

impl<C: Crowd> Outcome<C> {
    /// There is nothing in it that could verify.
    fn nothing() -> Self {
        let no = C::Bool::constant(false);
        Self {
            sealed: no.clone(),
            bound: no.clone(),
            signed: no.clone(),
            confirmed: no,
        }
    }
}
