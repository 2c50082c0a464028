//! The writer, the file, the verifier and the attacker of one replay, and what one step comes to.

use std::collections::{BTreeMap, BTreeSet};

use countersign_model::audit::Audit as Rules;
use countersign_model::audit::guard::Rejection;
use countersign_model::audit::weakening::Mechanism;
use countersign_model::rulebook::Ruleset;
use countersign_replay::audit::action::{Action, Tampering};
use countersign_replay::audit::cast::{FORGED, misread};
use countersign_replay::audit::reference::guessed;
use countersign_replay::audit::standing::State;
use countersign_replay::target::TargetError;
use countersign_replay::trace::Trace;
use countersign_replay::verdict::Verdict;

use super::bytes::{Message, Messages};
use crate::audit::{
    AUDITOR, Checkpoint, End, Filter, GENESIS, Mechanisms as _, MemoryFile, RecordError, Recorded,
    Row, Verifier, Writer, ask, permit,
};
use crate::envelope::{Digest, Timestamp};
use crate::flawed::FlawedLog;
use crate::identity::{Agent, KeyRecord, Label, Registry, SigningKey, Standing, Trust};
use crate::lab::clock::Ticks;
use crate::lab::failed;
use crate::lab::stream::Stream;

/// What came of a step: the verdict where the rules were asked, and what was written.
#[derive(Default)]
pub(super) struct Performed {
    pub(super) verdict: Option<Verdict<Rejection>>,
    pub(super) bytes: Option<Vec<u8>>,
}

/// Everybody at once.
pub(super) struct Scene {
    messages: Messages,
    registry: Registry,
    stream: Stream,
    mechanisms: FlawedLog,
    writer: Writer<MemoryFile, FlawedLog>,
    verifier: Verifier,
    now: Timestamp,
    order: Vec<String>,
    /// The bytes of what was written, by name.
    written: BTreeMap<String, Vec<u8>>,
    checkpoints: BTreeMap<String, Vec<u8>>,
    tokens: BTreeMap<String, Recorded>,
    acted: BTreeSet<String>,
    lost: Vec<String>,
    confirmed: Vec<String>,
    /// How many rows a crash leaves.
    synced: usize,
}

impl Scene {
    pub(super) fn begin(trace: &Trace<Rules>, rules: Ruleset<Rules>) -> Result<Self, TargetError> {
        let stream = Stream::new(&trace.seed.0);
        let messages = Messages::of(trace, &stream)?;
        let mechanisms = FlawedLog::new(rules);
        let key = key(&stream);
        let verifier = Verifier::new(key.peer_key());
        let writer = Writer::open(MemoryFile::default(), key, mechanisms).map_err(failed)?;
        let now_ms = Ticks::new(trace.clock).instant_ms(trace.clock.start);
        Ok(Self {
            registry: registry(trace, &messages, &stream)?,
            messages,
            stream,
            mechanisms,
            writer,
            verifier,
            now: Timestamp::from_ms(now_ms).ok_or_else(|| failed("a late clock"))?,
            order: trace
                .cast
                .messages
                .iter()
                .map(|it| it.name.clone())
                .collect(),
            written: BTreeMap::new(),
            checkpoints: BTreeMap::new(),
            tokens: BTreeMap::new(),
            acted: BTreeSet::new(),
            lost: Vec::new(),
            confirmed: Vec::new(),
            synced: 0,
        })
    }

    pub(super) fn perform(&mut self, action: &Action) -> Result<Performed, TargetError> {
        let mut performed = Performed::default();
        match action {
            Action::Record { message } => return self.record(message),
            Action::Sign { checkpoint } => return self.sign(checkpoint),
            Action::Act { message } => performed.verdict = Some(self.act(message)?),
            Action::Crash {} => self.crash()?,
            Action::Tamper(tampering) => self.tamper(tampering)?,
            Action::Verify {} => {
                let (verifier, file) = (&mut self.verifier, &self.writer.file);
                let answer = verifier
                    .verify_with(&self.mechanisms, file)
                    .map_err(failed)?;
                let verdict = answer.map(drop).map_err(|fault| fault.rejection);
                performed.verdict = Some(verdict.into());
            }
            Action::Ask {
                reader,
                about,
                message,
            } => performed.verdict = Some(self.ask(reader, about, message)?),
            Action::Guess { guesser, message } => self.guess(guesser, message)?,
        }
        Ok(performed)
    }

    fn record(&mut self, name: &str) -> Result<Performed, TargetError> {
        let message = self.messages.message(name)?;
        let early = self.mechanisms.has(Mechanism::EffectBeforeRecord);
        if self.written.contains_key(name) || (early && !self.acted.contains(name)) {
            let why = "the message is recorded already, or has had no effect yet";
            return Err(TargetError::Impossible(why.to_owned()));
        }
        let appended = self.writer.append(&[message.draft()]);
        let written = match judged(appended)? {
            Ok(recorded) => recorded,
            Err(rejection) => return Ok(refused(rejection)),
        };
        self.tokens
            .extend(written.into_iter().map(|it| (name.to_owned(), it)));
        let file = &self.writer.file;
        let bytes = file.rows.last().map(|row| row.record.clone());
        self.written
            .insert(name.to_owned(), bytes.clone().unwrap_or_default());
        if !self.mechanisms.has(Mechanism::AcknowledgesEarly) {
            self.synced = file.rows.len();
        }
        Ok(Performed {
            verdict: Some(Verdict::Admitted),
            bytes,
        })
    }

    fn sign(&mut self, name: &str) -> Result<Performed, TargetError> {
        // No two checkpoints are signed at once, or nobody could tell them apart.
        let later = self.checkpoints.len() as u64;
        let now = Timestamp::from_ms(self.now.as_ms().saturating_add(later));
        let now = now.ok_or_else(|| failed("a late clock"))?;
        let signed = match judged(self.writer.sign(now))? {
            Ok(signed) => signed.to_bytes(),
            Err(rejection) => return Ok(refused(rejection)),
        };
        self.checkpoints.insert(name.to_owned(), signed.clone());
        Ok(Performed {
            verdict: Some(Verdict::Admitted),
            bytes: Some(signed),
        })
    }

    fn act(&mut self, name: &str) -> Result<Verdict<Rejection>, TargetError> {
        let message = self.messages.message(name)?;
        if self.acted.contains(name) {
            let why = "the message has had its effect".to_owned();
            return Err(TargetError::Impossible(why));
        }
        let id = *message.id();
        let permitted = if self.mechanisms.skips(message.policy) {
            Ok(())
        } else {
            // An effect takes the proof along.
            let proof = self.tokens.remove(name);
            permit(self.mechanisms.rules(), proof, &id).map(drop)
        };
        if permitted.is_ok() {
            self.acted.insert(name.to_owned());
        }
        Ok(permitted.into())
    }

    /// The process ends: proofs are gone, and what the disk has not got; another one takes the file up.
    fn crash(&mut self) -> Result<(), TargetError> {
        let mut file = self.writer.file.clone();
        if self.mechanisms.has(Mechanism::AcknowledgesEarly) {
            file.rows.truncate(self.synced);
        }
        let before = &self.writer.file.rows;
        let gone = |name: &&String| {
            let bytes = self.written.get(*name);
            let had = bytes.is_some_and(|bytes| before.iter().any(|row| row.record == *bytes));
            let has = bytes.is_some_and(|bytes| file.rows.iter().any(|row| row.record == *bytes));
            bytes.is_none() || (had && !has)
        };
        let lost = self.order.iter().filter(|name| self.acted.contains(*name));
        self.lost = lost.filter(gone).cloned().collect();
        self.tokens.clear();
        self.written.retain(|_, bytes| {
            let had = before.iter().any(|row| row.record == *bytes);
            !had || file.rows.iter().any(|row| row.record == *bytes)
        });
        let key = key(&self.stream);
        self.writer = Writer::open(file, key, self.mechanisms).map_err(failed)?;
        Ok(())
    }

    fn tamper(&mut self, told: &Tampering) -> Result<(), TargetError> {
        let links = self.links(told.linked())?;
        let records = told.records.iter().map(|name| self.bytes(name));
        let records = records.collect::<Result<Vec<_>, _>>()?;
        let checkpoint = if let Some(name) = &told.checkpoint {
            self.checkpoints.get(name).cloned()
        } else {
            let covered = self.links(told.covered())?;
            let end = End {
                count: covered.len() as u64,
                link: covered.last().copied().unwrap_or(GENESIS),
            };
            let own = SigningKey::from_seed(self.stream.draw("mallory", "signing key", 0));
            Checkpoint::sign(&own, &end, self.now).map(|it| it.to_bytes())
        };
        let checkpoint = checkpoint.ok_or_else(|| failed("no such checkpoint was signed"))?;
        let rows = records.into_iter().zip(links);
        self.writer.file = MemoryFile {
            rows: rows.map(|(record, link)| Row { record, link }).collect(),
            checkpoints: vec![checkpoint],
        };
        self.synced = self.writer.file.rows.len();
        Ok(())
    }

    /// The links over these records, computed as the writer does: there is no secret in it.
    fn links(&self, names: &[String]) -> Result<Vec<Digest>, TargetError> {
        let mut before = GENESIS;
        let mut all = Vec::new();
        for name in names {
            before = self.mechanisms.link(&before, &self.bytes(name)?);
            all.push(before);
        }
        Ok(all)
    }

    /// The bytes of a record: as the attacker found them, or as it makes them up.
    fn bytes(&self, name: &str) -> Result<Vec<u8>, TargetError> {
        let Some(origin) = Messages::origin(name) else {
            return Ok(self.messages.forged().to_vec());
        };
        let found = self.written.get(origin).cloned();
        let found = found.ok_or_else(|| failed(format!("{origin} was never written")))?;
        if name == origin {
            return Ok(found);
        }
        let entry = self.mechanisms.read(&found);
        let entry = entry.ok_or_else(|| failed(format!("{origin} is no record")))?;
        Ok(Message::misread(&entry).to_bytes())
    }

    fn ask(
        &self,
        reader: &str,
        about: &str,
        message: &str,
    ) -> Result<Verdict<Rejection>, TargetError> {
        if !self.written.contains_key(message) {
            let why = "no such record of that agent's is written".to_owned();
            return Err(TargetError::Impossible(why));
        }
        let filter = Filter {
            agent: Some(self.messages.id(about)?.clone()),
            ..Filter::default()
        };
        let reader = self.messages.id(reader)?;
        let file = &self.writer.file;
        let answer = ask(file, &self.mechanisms, reader, &self.registry, &filter);
        Ok(answer.map_err(failed)?.map(drop).into())
    }

    fn guess(&mut self, guesser: &str, name: &str) -> Result<(), TargetError> {
        let record = self.written.get(name);
        let record = record
            .ok_or_else(|| TargetError::Impossible("the record is not written".to_owned()))?;
        let message = self.messages.message(name)?;
        let entry = self.mechanisms.read(record);
        let entry = entry.ok_or_else(|| failed(format!("{name} is no record")))?;
        let is_party = [&message.from, &message.to].iter().any(|it| *it == guesser);
        let read = FlawedLog::salt_of(record);
        if message.confirms(&entry, is_party, read.as_deref()) {
            self.confirmed.push(guessed(guesser, name));
        }
        Ok(())
    }

    /// What can be seen now.
    pub(super) fn state(&self) -> State {
        let file = &self.writer.file;
        let last = file.checkpoints.last();
        let mut checkpoints = self.checkpoints.iter();
        let checkpoint = checkpoints.rfind(|(_, bytes)| Some(*bytes) == last);
        let acted = self.order.iter().filter(|name| self.acted.contains(*name));
        State {
            log: file.rows.iter().map(|row| self.name(&row.record)).collect(),
            checkpoint: checkpoint.map(|(name, _)| name.clone()),
            remembered: self.verifier.remembered().count,
            acted: acted.cloned().collect(),
            lost: self.lost.clone(),
            confirmed: self.confirmed.clone(),
        }
    }

    /// The name of a record, by its bytes.
    fn name(&self, record: &[u8]) -> String {
        let names = self
            .order
            .iter()
            .flat_map(|name| [name.clone(), misread(name)]);
        let mut names = names.chain([FORGED.to_owned()]);
        let found = names.find(|name| self.bytes(name).is_ok_and(|bytes| bytes == record));
        found.unwrap_or_else(|| "unknown".to_owned())
    }
}

/// The log's key.
fn key(stream: &Stream) -> SigningKey {
    SigningKey::from_seed(stream.draw("bus", "signing key", 0))
}

fn registry(
    trace: &Trace<Rules>,
    messages: &Messages,
    stream: &Stream,
) -> Result<Registry, TargetError> {
    let mut registry = Registry::new();
    for name in &trace.cast.agents {
        let mut capabilities = BTreeSet::new();
        if *name == trace.setting.auditor {
            capabilities.insert(Label::parse(AUDITOR).map_err(failed)?);
        }
        let key = SigningKey::from_seed(stream.draw(name, "signing key", 0)).peer_key();
        let agent = Agent {
            id: messages.id(name)?.clone(),
            standing: Standing::Active,
            handle: None,
            trust: Trust::Message,
            capabilities,
            keys: vec![KeyRecord::new(key, 0)],
        };
        registry.enrol(agent).map_err(failed)?;
    }
    Ok(registry)
}

/// A refusal is a verdict, and a failure of the file is none.
fn judged<T>(answer: Result<T, RecordError>) -> Result<Result<T, Rejection>, TargetError> {
    match answer {
        Ok(done) => Ok(Ok(done)),
        Err(RecordError::Refused(rejection)) => Ok(Err(rejection)),
        Err(error) => Err(failed(error)),
    }
}

fn refused(rejection: Rejection) -> Performed {
    Performed {
        verdict: Some(Verdict::Refused(rejection)),
        bytes: None,
    }
}
