//! The laboratory: traces performed with real keys, real bytes and the real endpoint.
//!
//! A [`Lab`] is a replay [`Target`]. It gives every principal of a trace a SPIFFE id and Ed25519
//! keys, composes and signs every message, lets the network and the attacker do to the bytes what
//! the trace says, hands them to the receiver, and reports what can be seen of it. Time is virtual and
//! randomness is drawn from addresses in the trace's seed, so two runs deliver the same bytes.
//!
//! Never here: a rule. Hardened traces run on the public [`Endpoint`](crate::admission::Endpoint),
//! weakened ones on the receiver of the `flawed` module.

mod audit;
mod bus;
mod clock;
mod composer;
mod handshake;
mod people;
mod receiver;
mod session;
mod stream;
pub mod two_keys;

use std::collections::BTreeMap;

use countersign_model::admission::Admission;
use countersign_model::rulebook::Ruleset;
use countersign_replay::admission::action::{Action, Message, Presented};
use countersign_replay::admission::cast::{ANYONE, introduced};
use countersign_replay::admission::projection::{Entry, KeyRecord, Projection, Tally};
use countersign_replay::rulebook::rules;
use countersign_replay::target::{Observation, Target, TargetError};
use countersign_replay::trace::{Step, Trace, Until};
use countersign_replay::verdict::Verdict;

pub use self::audit::AuditLab;
pub(crate) use self::bus::View;
pub use self::bus::{BusLab, setting};
pub use self::handshake::HandshakeLab;
pub use self::session::SessionLab;

pub(crate) use self::clock::Ticks;
use self::composer::{Composed, Composer};
use self::people::People;
use self::receiver::Receiver;
use self::stream::Stream;
use crate::admission::Limits;
use crate::identity::Standing;

/// The longest text that a receiver in the laboratory parses, in bytes: an oversized message should
/// not make its trace oversized.
const ENVELOPE_BYTES_MAX: usize = 4096;

/// A replay target on the real code.
#[derive(Default)]
pub struct Lab {
    rules: Option<Ruleset<Admission>>,
    run: Option<Run>,
}

struct Run {
    people: People,
    composer: Composer,
    receiver: Receiver,
    ticks: Ticks,
    overlap: u64,
    wall_ms: u64,
    network: BTreeMap<String, Composed>,
}

impl Lab {
    /// A laboratory whose receiver follows the rules that a trace names.
    pub fn new() -> Self {
        Self::default()
    }

    /// A laboratory whose receiver is hardened, whatever a trace says.
    pub fn hardened() -> Self {
        Self {
            rules: Some(Ruleset::HARDENED),
            run: None,
        }
    }

    /// A laboratory whose receiver follows `rules`, whatever a trace says.
    pub fn dangerously_under(rules: Ruleset<Admission>) -> Self {
        Self {
            rules: Some(rules),
            run: None,
        }
    }

    fn run(&mut self) -> Result<&mut Run, TargetError> {
        self.run
            .as_mut()
            .ok_or_else(|| failed("no trace has begun"))
    }
}

impl Target for Lab {
    fn begin(&mut self, trace: &Trace) -> Result<(), TargetError> {
        let told = rules(&trace.weakenings)?;
        self.run = Some(Run::begin(trace, told, self.rules.unwrap_or(told))?);
        Ok(())
    }

    fn take(&mut self, step: &Step) -> Result<Observation, TargetError> {
        let run = self.run()?;
        let mut seen = Observation::default();
        run.act(&step.action, &mut seen)?;
        seen.state = run.project()?;
        Ok(seen)
    }

    fn look(&mut self) -> Result<Projection, TargetError> {
        self.run()?.project()
    }
}

impl Run {
    fn begin(
        trace: &Trace,
        told: Ruleset<Admission>,
        rules: Ruleset<Admission>,
    ) -> Result<Self, TargetError> {
        let stream = Stream::new(&trace.seed.0);
        let ticks = Ticks::new(trace.clock);
        let people = People::of(trace, &stream)?;
        let registry = people.registry(trace, &ticks)?;
        let setting = &trace.setting;
        let limits = Limits {
            envelope_bytes_max: ENVELOPE_BYTES_MAX,
            window_ms: ticks.duration_ms(setting.window),
            skew_ms: ticks.duration_ms(setting.skew),
            share: setting.share,
            rate: setting.rate,
            rate_period_ms: ticks.duration_ms(1),
        };
        let durable = trace
            .steps
            .iter()
            .any(|step| matches!(step.action, Action::Restart | Action::FailOver));
        let capacity = usize::try_from(setting.capacity).unwrap_or(usize::MAX);
        let me = people.id(&setting.me)?.clone();
        let mut receiver = Receiver::new(me, registry, limits, rules, capacity, durable)?;
        let wall_ms = ticks.instant_ms(trace.clock.start);
        receiver.tick(wall_ms)?;
        let composer = Composer {
            stream,
            rules,
            told,
            ticks,
            envelope_bytes_max: ENVELOPE_BYTES_MAX,
            nonces: BTreeMap::new(),
        };
        let overlap = setting.overlap;
        Ok(Self {
            people,
            composer,
            receiver,
            ticks,
            overlap,
            wall_ms,
            network: BTreeMap::new(),
        })
    }

    fn act(&mut self, action: &Action, seen: &mut Observation) -> Result<(), TargetError> {
        match action {
            Action::Send { message } => self.put_on_network(message)?,
            Action::Inject {
                presented, copies, ..
            } => {
                for message in introduced(action) {
                    self.put_on_network(&message)?;
                    self.deliver(&message.handle, presented, *copies, seen)?;
                }
            }
            Action::Deliver {
                message,
                presented,
                copies,
            } => {
                self.deliver(message, presented, *copies, seen)?;
            }
            Action::Advance { to } => {
                let later = |to_ms, now_ms| to_ms > now_ms;
                self.set_clock(*to, later, "it is as late already")?;
            }
            Action::SetBack { to } => {
                let earlier = |to_ms, now_ms| to_ms < now_ms;
                self.set_clock(*to, earlier, "it is no later than that")?;
            }
            Action::Forget { sender, nonce } => self.forget(sender, nonce)?,
            Action::Restart => self.receiver.restart()?,
            Action::FailOver => self.receiver.fail_over()?,
            // The laboratory holds every key already; from now on the attacker may sign with it.
            Action::Compromise { key } => drop(self.people.key(key)?),
            Action::Rotate { old, new } => {
                let now_ms = self.receiver.now_ms();
                let overlap_ms = self.ticks.duration_ms(self.overlap);
                let (owner, key) = (self.people.owner_of(old)?, self.people.peer_key(new)?);
                let registry = self.receiver.registry_mut();
                registry
                    .rotate(owner, key, now_ms, overlap_ms)
                    .map_err(failed)?;
            }
            Action::Revoke { key } => {
                let (owner, id) = (self.people.owner_of(key)?, self.people.key(key)?.key_id());
                self.receiver
                    .registry_mut()
                    .revoke(owner, &id)
                    .map_err(failed)?;
            }
            Action::Retire { agent } => {
                let id = self.people.id(agent)?;
                self.receiver.registry_mut().retire(id).map_err(failed)?;
            }
        }
        Ok(())
    }

    fn put_on_network(&mut self, message: &Message) -> Result<(), TargetError> {
        let composed = self.composer.compose(&self.people, message)?;
        self.network.insert(message.handle.clone(), composed);
        Ok(())
    }

    fn deliver(
        &mut self,
        handle: &str,
        presented: &Presented,
        copies: u32,
        seen: &mut Observation,
    ) -> Result<(), TargetError> {
        let composed = self.network.get(handle);
        let composed = composed.ok_or_else(|| failed(format!("{handle} was never sent")))?;
        let bytes = self.composer.present(&self.people, composed, presented)?;
        let verdicts = self
            .receiver
            .receive(&bytes, copies as usize, self.wall_ms)?;
        for verdict in verdicts {
            let name = |id: &crate::identity::SpiffeId| self.people.name(id.as_str());
            let acting = verdict
                .as_ref()
                .ok()
                .map(|id| name(id).unwrap_or(id.as_str()).to_owned());
            seen.acting.push(acting);
            seen.verdicts.push(Verdict::from(verdict.map(drop)));
            seen.bytes.push(bytes.clone());
        }
        Ok(())
    }

    /// Lets the clock read `to`, where that is so much later or earlier than what the receiver goes by.
    fn set_clock(
        &mut self,
        to: u64,
        is_possible: impl FnOnce(u64, u64) -> bool,
        otherwise: &str,
    ) -> Result<(), TargetError> {
        let to_ms = self.ticks.instant_ms(to);
        if !is_possible(to_ms, self.receiver.now_ms()) {
            return Err(TargetError::Impossible(otherwise.to_owned()));
        }
        self.wall_ms = to_ms;
        self.receiver.tick(to_ms)
    }

    fn forget(&mut self, sender: &str, nonce: &str) -> Result<(), TargetError> {
        let named = |bytes: &&[u8; 16]| {
            self.composer
                .nonces
                .get(*bytes)
                .is_some_and(|name| name == nonce)
        };
        let bytes = *self
            .composer
            .nonces
            .keys()
            .find(named)
            .ok_or_else(|| failed(format!("nobody used {nonce}")))?;
        let filed = if sender == ANYONE {
            "*"
        } else {
            self.people.id(sender)?.as_str()
        };
        if self.receiver.forget(filed, bytes)? {
            return Ok(());
        }
        Err(TargetError::Impossible(format!(
            "the store holds no entry of {sender} for {nonce} whose time has passed"
        )))
    }

    fn project(&mut self) -> Result<Projection, TargetError> {
        let mut store = Vec::new();
        for entry in self.receiver.entries()? {
            let sender = match entry.sender.as_str() {
                "*" => ANYONE,
                id => self.people.name(id).unwrap_or(id),
            };
            let nonce = self.composer.nonces.get(&entry.nonce);
            store.push(Entry {
                sender: sender.to_owned(),
                nonce: nonce.cloned().unwrap_or_else(|| "unknown".to_owned()),
                keep_until: Until(self.ticks.tick(entry.keep_until_ms)),
            });
        }
        let mut senders = Vec::new();
        for (name, id) in self.people.everybody() {
            let used = self
                .receiver
                .occupancy(id.as_str(), self.ticks.duration_ms(1))?;
            senders.push(Tally {
                sender: name.clone(),
                held: used.held,
                recent: used.recent,
            });
        }
        let mut keys = Vec::new();
        let mut retired = Vec::new();
        for agent in self.receiver.registry().agents() {
            if agent.standing != Standing::Active {
                retired.extend(self.people.name(agent.id.as_str()).map(str::to_owned));
            }
            for record in &agent.keys {
                let key_id = record.key_id();
                keys.push(KeyRecord {
                    key: self
                        .people
                        .key_name(&key_id)
                        .unwrap_or("unknown")
                        .to_owned(),
                    not_before: self.ticks.tick(record.not_before_ms()),
                    not_after: self.ticks.until(record.not_after_ms()),
                    revoked: record.is_revoked(),
                });
            }
        }
        let now = self.ticks.tick(self.receiver.now_ms());
        Ok(Projection {
            now,
            store,
            senders,
            keys,
            retired,
        })
    }
}

/// The laboratory itself failed, and nothing is known of the code under test.
#[expect(
    clippy::needless_pass_by_value,
    reason = "`map_err` hands errors over by value"
)]
fn failed(reason: impl ToString) -> TargetError {
    TargetError::Failed(reason.to_string())
}
