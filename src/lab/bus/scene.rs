//! The orchestrator, the agents and the network of one replay, and what one step comes to.

use std::collections::{BTreeMap, BTreeSet};

use countersign_model::bus::Bus as Rules;
use countersign_model::bus::guard::Rejection;
use countersign_model::rulebook::Ruleset;
use countersign_replay::bus::action::Action;
use countersign_replay::bus::cast::{Message, Roll};
use countersign_replay::bus::standing::State;
use countersign_replay::target::TargetError;
use countersign_replay::trace::Trace;
use countersign_replay::verdict::Verdict;

use super::composing::Composer;
use super::gate::Gate;
use super::people::People;
use super::rights::Rights;
use super::standing::View;
use crate::bus::{DeliveryError, Desk, Limits, Mechanisms as _, Outcome, Ruling, Shown};
use crate::envelope::{Delivery, Digest, Envelope, Sequence, Timestamp};
use crate::flawed::FlawedDesk;
use crate::identity::SpiffeId;
use crate::lab::clock::Ticks;
use crate::lab::failed;
use crate::lab::stream::Stream;

/// What came of a step: the verdict where the rules were asked, and what arrived.
#[derive(Default)]
pub(super) struct Performed {
    pub(super) verdict: Option<Verdict<Rejection>>,
    pub(super) bytes: Option<Vec<u8>>,
}

/// Everybody at once.
pub(super) struct Scene {
    people: People,
    roll: Roll,
    ticks: Ticks,
    composer: Composer,
    rules: Ruleset<Rules>,
    gate: Gate,
    desk: Desk<Rights, FlawedDesk>,
    now_ms: u64,
    /// What is on the network, by name.
    envelopes: BTreeMap<String, (Envelope, Digest)>,
    /// To whom each message was delivered.
    delivered: BTreeMap<String, Vec<SpiffeId>>,
    /// What was accepted.
    accepted: BTreeSet<String>,
    /// The messages that were ever shown to an operator.
    held: BTreeSet<String>,
    /// The requests whose sender got neither an answer nor an error.
    waiting: BTreeSet<String>,
    withdrawn: BTreeSet<String>,
    sequence: u64,
}

impl Scene {
    pub(super) fn begin(trace: &Trace<Rules>, rules: Ruleset<Rules>) -> Result<Self, TargetError> {
        let stream = Stream::new(&trace.seed.0);
        let ticks = Ticks::new(trace.clock);
        let people = People::of(trace, &stream)?;
        let setting = &trace.setting;
        let limits = Limits {
            rate: setting.rate,
            rate_period_ms: ticks.duration_ms(setting.period),
            request_ms_max: ticks.duration_ms(setting.request),
            approval_ms_max: ticks.duration_ms(setting.approval),
            // An operator's patience has no end here: whoever runs an orchestrator rejects what waits too long.
            held_ms_max: u64::MAX,
        };
        let mechanisms = FlawedDesk::new(rules, ticks.duration_ms(setting.window));
        let (me, rights) = (people.orchestrator().clone(), Rights::of(trace, &people)?);
        Ok(Self {
            desk: Desk::new(me, people.registry()?, rights, limits, mechanisms),
            people,
            roll: trace.cast.clone(),
            ticks,
            composer: Composer::new(&stream, ticks),
            rules,
            gate: Gate::new(mechanisms),
            now_ms: ticks.instant_ms(trace.clock.start),
            envelopes: BTreeMap::new(),
            delivered: BTreeMap::new(),
            accepted: BTreeSet::new(),
            held: BTreeSet::new(),
            waiting: BTreeSet::new(),
            withdrawn: BTreeSet::new(),
            sequence: 0,
        })
    }

    pub(super) fn perform(&mut self, action: &Action) -> Result<Performed, TargetError> {
        match action {
            Action::Submit { message } => return self.submit(message),
            Action::Receive { message, by } => return self.receive(message, by),
            Action::Release { message } => return self.release(message),
            Action::Approve { message, saw } => {
                let saw = saw.as_ref().unwrap_or(message);
                self.approve(message, saw)?;
            }
            Action::Reject { message } => self.reject(message)?,
            Action::Advance { to } => self.advance(*to)?,
            Action::Deactivate { agent } => {
                let id = self.people.id(agent)?;
                if !self.desk.registry.is_active(id) {
                    return Err(impossible("the agent is not active"));
                }
                self.desk.registry.retire(id).map_err(failed)?;
            }
            Action::Withdraw { agent } => {
                if !self.withdrawn.insert(agent.clone()) {
                    return Err(impossible("its rights were withdrawn before"));
                }
                self.desk.policy = self.desk.policy.without(self.people.id(agent)?);
                self.desk.version += 1;
            }
        }
        Ok(Performed::default())
    }

    fn submit(&mut self, name: &str) -> Result<Performed, TargetError> {
        let message = self.message(name)?.clone();
        self.sendable(&message)?;
        let envelope = self.envelope(&message)?;
        let held = self.desk.would_hold(&envelope, self.now_ms);
        let key = self.people.key(&message.from).peer_key();
        let admitted = self.gate.admits(&envelope, &key, held, self.now_ms);
        let ruling = self.desk.submit(&envelope, admitted, self.now_ms);
        let first = !self.accepted.contains(name);
        let asks = message.kind.is_request();
        match &ruling.outcome {
            Outcome::Delivered { .. } | Outcome::Held => {
                self.gate.remember(&envelope);
                self.accepted.insert(name.to_owned());
                if asks {
                    self.waiting.insert(name.to_owned());
                }
            }
            Outcome::Refused(_) => {
                // Whoever is refused and not told of it waits.
                let ignored = !self.desk.mechanisms.tells_denials() && message.signer.is_none();
                if first && asks && ignored {
                    self.waiting.insert(name.to_owned());
                }
            }
        }
        Ok(Performed {
            verdict: Some(self.ruled(name, &ruling)),
            bytes: Some(envelope.canonical_bytes()),
        })
    }

    /// Whether an honest agent would send this now: it answers what it was asked, and goes on with what it
    /// was told.
    fn sendable(&self, message: &Message) -> Result<(), TargetError> {
        let mut agents = self.roll.agents.iter();
        let hostile = agents.any(|agent| agent.name == message.signer() && agent.hostile);
        let issued_ms = self.ticks.instant_ms(message.issued_at);
        let answered = message.answers.as_ref();
        let unasked = answered.is_some_and(|it| !self.delivered.contains_key(it));
        if hostile || self.accepted.contains(&message.name) {
            return Ok(());
        }
        if unasked || issued_ms != self.now_ms {
            return Err(impossible("no honest agent sends this, or not now"));
        }
        Ok(())
    }

    fn release(&mut self, name: &str) -> Result<Performed, TargetError> {
        let digest = self.digest(name)?;
        let ruling = self.desk.release(&digest, self.now_ms);
        let ruling = ruling.map_err(|_| impossible("it never had to wait"))?;
        Ok(Performed {
            verdict: Some(self.ruled(name, &ruling)),
            bytes: None,
        })
    }

    /// Notes what a ruling comes to.
    fn ruled(&mut self, name: &str, ruling: &Ruling) -> Verdict<Rejection> {
        match &ruling.outcome {
            Outcome::Delivered {
                recipients,
                envelope,
            } => {
                self.delivered.insert(name.to_owned(), recipients.clone());
                if let Some(answered) = envelope.header().in_reply_to {
                    self.told(&answered);
                }
                Verdict::Admitted
            }
            Outcome::Held => {
                self.held.insert(name.to_owned());
                Verdict::Refused(Rejection::AwaitingApproval)
            }
            Outcome::Refused(rejection) => Verdict::Refused(*rejection),
        }
    }

    /// An operator who saw one message presses the key where another one is by now.
    fn approve(&mut self, name: &str, saw: &str) -> Result<(), TargetError> {
        let gone = || impossible("it is not in the queue, or what was seen never was");
        let digest = self.digest(name)?;
        let (seen, seen_digest) = self.envelope_of(saw)?;
        let mut queue = self.desk.queue.iter();
        let place = queue.position(|held| held.digest == digest);
        if !self.held.contains(saw) {
            return Err(gone());
        }
        let shown = Shown {
            digest: *seen_digest,
            id: seen.header().id,
            place: place.ok_or_else(gone)?,
        };
        let approved = self.desk.approve(&shown, self.now_ms);
        approved.map(drop).map_err(|_| gone())
    }

    fn reject(&mut self, name: &str) -> Result<(), TargetError> {
        let (envelope, digest) = self.envelope_of(name)?;
        let shown = Shown {
            digest: *digest,
            id: envelope.header().id,
            place: 0,
        };
        let denied = self.desk.deny(&shown);
        denied.map_err(|_| impossible("it is not in the queue"))?;
        if self.desk.mechanisms.tells_denials() {
            self.waiting.remove(name);
        }
        Ok(())
    }

    /// The present instant comes to its end, and then it is later.
    fn advance(&mut self, to: u64) -> Result<(), TargetError> {
        let to_ms = self.ticks.instant_ms(to);
        if to_ms <= self.now_ms {
            return Err(impossible("it is that late already"));
        }
        for ending in self.desk.expire(self.now_ms) {
            self.told(&ending.request);
        }
        self.now_ms = to_ms;
        Ok(())
    }

    fn receive(&mut self, name: &str, by: &str) -> Result<Performed, TargetError> {
        let message = self.message(name)?.clone();
        if !self.accepted.contains(name) {
            let mut agents = self.roll.agents.iter();
            if !agents.any(|agent| agent.name == message.signer() && agent.hostile) {
                return Err(impossible("nothing like it is on the network"));
            }
        }
        let envelope = self.envelope(&message)?;
        let id = self.people.id(by)?.clone();
        let handed_over = self
            .delivered
            .get(name)
            .is_some_and(|to| to.contains(&id) && self.desk.registry.is_active(&id));
        // Whatever the orchestrator did not let pass for this agent, somebody else countersigns.
        let key = if handed_over {
            self.people.own_key()
        } else {
            self.people.key(message.signer())
        };
        self.sequence += 1;
        let sequence = Sequence::from_number(self.sequence);
        let at = Timestamp::from_ms(self.now_ms);
        let (sequence, at) = sequence.zip(at).ok_or_else(|| failed("a late clock"))?;
        let delivery = Delivery::countersign(envelope, id, sequence, at, &key);
        let bytes = delivery.canonical_bytes();
        let mailbox = self.people.mailbox(by, self.rules)?;
        let received = mailbox.receive(&bytes, &self.desk.registry, self.now_ms);
        let verdict = match received {
            Ok(_) => Verdict::Admitted,
            Err(DeliveryError::Refused(rejection)) => Verdict::Refused(rejection),
            Err(error @ (DeliveryError::Text(_) | DeliveryError::Schema(_))) => {
                return Err(failed(error));
            }
        };
        Ok(Performed {
            verdict: Some(verdict),
            bytes: Some(bytes),
        })
    }

    /// The sender of the request with this digest got an answer, or an error.
    fn told(&mut self, request: &Digest) {
        let mut envelopes = self.envelopes.iter();
        let found = envelopes.find(|(_, (_, digest))| digest == request);
        if let Some((name, _)) = found {
            self.waiting.remove(name);
        }
    }

    fn message(&self, name: &str) -> Result<&Message, TargetError> {
        let mut messages = self.roll.messages.iter();
        let found = messages.find(|message| message.name == name);
        found.ok_or_else(|| failed(format!("no message is called {name}")))
    }

    /// The envelope of a message, which is composed when it first comes up.
    fn envelope(&mut self, message: &Message) -> Result<Envelope, TargetError> {
        if let Some((envelope, _)) = self.envelopes.get(&message.name) {
            return Ok(envelope.clone());
        }
        let answered = message
            .answers
            .as_ref()
            .and_then(|it| self.envelopes.get(it));
        let first = message.conversation.as_ref();
        let first = first.map(|name| self.message(name)).transpose()?;
        let answers = answered.map(|(_, digest)| *digest);
        let envelope = self
            .composer
            .compose(message, &self.people, answers, first)?;
        let posted = (envelope.clone(), envelope.digest());
        self.envelopes.insert(message.name.clone(), posted);
        Ok(envelope)
    }

    fn envelope_of(&self, name: &str) -> Result<&(Envelope, Digest), TargetError> {
        let found = self.envelopes.get(name);
        found.ok_or_else(|| impossible("it was never submitted"))
    }

    fn digest(&self, name: &str) -> Result<Digest, TargetError> {
        self.envelope_of(name).map(|(_, digest)| *digest)
    }

    /// What can be seen now.
    pub(super) fn state(&self) -> State {
        let view = View {
            desk: &self.desk,
            first_version: 0,
            now_ms: self.now_ms,
            ticks: self.ticks,
            waiting: &self.waiting,
        };
        let names = self.roll.messages.iter().map(|message| &message.name);
        let composed = names.filter_map(|name| Some((name, &self.envelopes.get(name)?.1)));
        let agents = self.roll.agents.iter().map(|agent| &agent.name);
        let agents = agents.filter_map(|name| Some((name, self.people.id(name).ok()?)));
        view.state(composed, agents)
    }
}

/// Hardened or not, this does not happen.
fn impossible(why: &str) -> TargetError {
    TargetError::Impossible(why.to_owned())
}
