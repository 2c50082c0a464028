//! The recorder: what a bus does, step by step, as a trace of the model's system `bus`.
//!
//! It writes down what was observed, never what should have been: whether a record is a behaviour of the
//! model, `countersign validate` says. Nothing is taken for granted of agents: to the model, each of them
//! may be the attacker. A message counts as issued when it is submitted; how old it was, and what never
//! got this far, is admission's.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use countersign_model::bus::Bus;
use countersign_model::bus::guard::Rejection;
use countersign_replay::bus::action::Action;
use countersign_replay::bus::cast::{Agent, EVERYBODY, Kind, Message, Roll};
use countersign_replay::bus::standing::State;
use countersign_replay::trace::{Clock, Expect, FORMAT, Seed, Step, Until};
use countersign_replay::verdict::Verdict;
use countersign_replay::{Trace, rulebook, writer};

use crate::bus::{Ending, Orchestrator, Outcome, Ruling, is_request, wanted_answer_by_ms};
use crate::deployment::Deployment;
use crate::envelope::{self, Body, Digest, Envelope, MessageId};
use crate::identity::SpiffeId;
use crate::lab::{Ticks, View, setting};

/// The tick at which a record begins.
const START: u64 = 1;
/// The most that is recorded, in bytes of its steps and messages without white space: laid out, a trace
/// must still be one that can be read again.
const SIZE_MAX: usize = 512 * 1024;

/// A record that is being made.
pub(super) struct Recorder {
    path: PathBuf,
    trace: Trace<Bus>,
    me: SpiffeId,
    /// The version of the policy in force when it began.
    first_version: u64,
    /// The agents, in the order of the cast.
    agents: Vec<(String, SpiffeId)>,
    /// The names of messages, in the order of the cast.
    messages: Vec<(String, Digest)>,
    names: BTreeMap<Digest, String>,
    /// The first message of each id.
    ids: BTreeMap<MessageId, String>,
    /// The requests whose sender got neither an answer nor an error.
    waiting: BTreeSet<String>,
    size: usize,
    left_out: u64,
    /// Why it ended before the bus did.
    ended: Option<&'static str>,
    kept: Mark,
}

/// How much of a record is durable. The last step may grow.
#[derive(Default)]
struct Mark {
    steps: usize,
    messages: usize,
    left_out: u64,
    last: Option<Step<Bus>>,
}

impl Recorder {
    /// A record that begins now, of a bus on which nothing waits.
    pub(super) fn new(path: &Path, me: SpiffeId, deployment: &Deployment, now_ms: u64) -> Self {
        let names = setting::names(deployment);
        let listed = deployment.registry().agents();
        let mut agents: Vec<(String, SpiffeId)> = listed
            .filter_map(|agent| {
                let number = deployment.number(agent.handle.as_ref()?.as_str())?;
                let name = names.get(usize::try_from(number).ok()?)?;
                Some((name.clone(), agent.id.clone()))
            })
            .collect();
        agents.sort();
        let hostile = |(name, _): &(String, SpiffeId)| Agent {
            name: name.clone(),
            hostile: true,
        };
        let trace = Trace {
            format: FORMAT.to_owned(),
            system: "bus".to_owned(),
            rulebook: rulebook::digest::<Bus>(),
            lesson: format!("what happened on the bus of {}", deployment.file()),
            weakenings: Vec::new(),
            setting: setting::setting(deployment),
            clock: Clock {
                start_ms: now_ms,
                tick_ms: setting::TICK_MS,
                start: START,
            },
            seed: Seed([0; 16]),
            cast: Roll {
                agents: agents.iter().map(hostile).collect(),
                messages: Vec::new(),
            },
            steps: Vec::new(),
            violates: None,
            transcript: None,
        };
        Self {
            path: path.to_owned(),
            trace,
            me,
            first_version: 0,
            agents,
            messages: Vec::new(),
            names: BTreeMap::new(),
            ids: BTreeMap::new(),
            waiting: BTreeSet::new(),
            size: 0,
            left_out: 0,
            ended: None,
            kept: Mark::default(),
        }
    }

    /// Notes who is not active from the beginning.
    pub(super) fn begin(&mut self, bus: &Orchestrator<Deployment>) {
        let now_ms = self.trace.clock.start_ms;
        self.first_version = bus.version();
        let all = self.state(now_ms, bus);
        for (agent, place) in all.inactive.clone().into_iter().zip(1..) {
            let mut state = all.clone();
            state.inactive.truncate(place);
            self.step(Action::Deactivate { agent }, None, state);
        }
        self.keep();
    }

    /// A message was ruled on when it was submitted.
    pub(super) fn submitted(
        &mut self,
        ruling: &Ruling,
        envelope: &Envelope,
        bus: &Orchestrator<Deployment>,
    ) {
        if self.ended.is_some() {
            return;
        }
        let refused = ruling.rejection().is_some();
        let Some(message) = self.name(ruling, envelope) else {
            // What is refused leaves nothing behind.
            if refused {
                self.left_out += 1;
            } else {
                self.end("a message passed that a trace has no words for");
            }
            return;
        };
        if !refused && is_request(ruling.kind) {
            self.waiting.insert(message.clone());
        }
        self.settle(ruling);
        let verdict = Some(verdict(ruling));
        self.note(Action::Submit { message }, verdict, ruling.at_ms, bus);
    }

    /// An operator's word was noted with the message `digest`; the operator had seen `shown`.
    pub(super) fn approved(
        &mut self,
        digest: &Digest,
        shown: &Digest,
        now_ms: u64,
        bus: &Orchestrator<Deployment>,
    ) {
        let Some(saw) = self.names.get(shown).cloned() else {
            self.end("an operator approved what never was");
            return;
        };
        let action = |message| Action::Approve {
            saw: (saw != message).then_some(saw),
            message,
        };
        self.noted(digest, action, now_ms, bus);
    }

    /// A message that waited was ruled on again.
    pub(super) fn released(&mut self, ruling: &Ruling, bus: &Orchestrator<Deployment>) {
        let Some(message) = self.names.get(&ruling.digest).cloned() else {
            return;
        };
        self.settle(ruling);
        let verdict = Some(verdict(ruling));
        self.note(Action::Release { message }, verdict, ruling.at_ms, bus);
    }

    /// A message is gone, and its sender is told.
    pub(super) fn rejected(
        &mut self,
        digest: &Digest,
        now_ms: u64,
        bus: &Orchestrator<Deployment>,
    ) {
        self.answered(digest);
        self.noted(digest, |message| Action::Reject { message }, now_ms, bus);
    }

    /// An instant is over, these requests with it, and it is `to_ms`.
    pub(super) fn advanced(
        &mut self,
        ended: &[Ending],
        to_ms: u64,
        bus: &Orchestrator<Deployment>,
    ) {
        for ending in ended {
            self.answered(&ending.request);
        }
        // Where nothing happens between two instants and nothing ends, the first need not be told of.
        let last = self.trace.steps.last();
        let idle = last.is_some_and(|step| matches!(step.action, Action::Advance { .. }));
        if idle && ended.is_empty() && self.ended.is_none() {
            self.trace.steps.pop();
        }
        let to = self.ticks().tick(to_ms);
        self.note(Action::Advance { to }, None, to_ms, bus);
    }

    /// All of it is durable so far.
    pub(super) fn keep(&mut self) {
        self.kept = Mark {
            steps: self.trace.steps.len(),
            messages: self.trace.cast.messages.len(),
            left_out: self.left_out,
            last: self.trace.steps.last().cloned(),
        };
    }

    /// What is not durable never happened. What came after it is another story.
    pub(super) fn take_back(&mut self) {
        let Mark {
            steps,
            messages,
            left_out,
            last,
        } = std::mem::take(&mut self.kept);
        self.trace.steps.truncate(steps.saturating_sub(1));
        self.trace.steps.extend(last);
        self.trace.cast.messages.truncate(messages);
        self.left_out = left_out;
        self.end("the bus took a step back");
        self.keep();
    }

    /// Writes the record, in the place of what was written before.
    ///
    /// # Errors
    /// Whatever the file system says.
    pub(super) fn write(&self) -> io::Result<()> {
        let mut trace = self.trace.clone();
        if let Some(why) = self.ended {
            trace.lesson = format!("{}, until {why}", trace.lesson);
        }
        if self.left_out > 0 {
            let left_out = self.left_out;
            trace.lesson = format!(
                "{}; left out: {left_out} refused, of kinds or to agents that it does not have",
                trace.lesson
            );
        }
        let mut beside = self.path.clone().into_os_string();
        beside.push(".part");
        fs::write(&beside, writer::write(&trace))?;
        fs::rename(beside, &self.path)
    }

    /// Where it is written to.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// The name of a message, which is put into the cast when it first comes up.
    fn name(&mut self, ruling: &Ruling, envelope: &Envelope) -> Option<String> {
        if let Some(name) = self.names.get(&ruling.digest) {
            return Some(name.clone());
        }
        let header = envelope.header();
        let mut kinds = Kind::ALL.into_iter();
        let kind = kinds.find(|kind| kind.as_str() == header.kind.as_str())?;
        let is_broadcast = header.to == self.me && header.kind == envelope::Kind::Notify;
        let to = if is_broadcast {
            EVERYBODY.to_owned()
        } else {
            self.agent(&header.to)?
        };
        let from = self.agent(&header.from)?;
        let goes_on = header.correlation_id;
        let conversation = goes_on.map(|id| self.conversation(id, &from, ruling.at_ms));
        let until = |end_ms: u64| self.until(end_ms, ruling.at_ms);
        let message = Message {
            name: self.next_name(),
            kind,
            from,
            to,
            signer: None,
            issued_at: self.ticks().tick(ruling.at_ms),
            expires_at: until(header.expires_at.as_ms()),
            answer_by: until(wanted_answer_by_ms(envelope)),
            answers: header
                .in_reply_to
                .and_then(|answered| self.names.get(&answered).cloned()),
            conversation,
            id_of: self.ids.get(&header.id).cloned(),
            sealed: matches!(envelope.body(), Body::Sealed(_)),
            respelled: false,
        };
        let name = self.cast(header.id, message);
        self.names.insert(ruling.digest, name.clone());
        self.messages.push((name.clone(), ruling.digest));
        Some(name)
    }

    /// The first message of the conversation of this name: one with this id. Where none came up, one that
    /// never does.
    fn conversation(&mut self, id: MessageId, from: &str, now_ms: u64) -> String {
        if let Some(name) = self.ids.get(&id) {
            return name.clone();
        }
        let never = Message {
            name: self.next_name(),
            kind: Kind::Notify,
            from: from.to_owned(),
            to: EVERYBODY.to_owned(),
            signer: None,
            issued_at: self.ticks().tick(now_ms),
            expires_at: Until::ENDLESS,
            answer_by: Until::ENDLESS,
            answers: None,
            conversation: None,
            id_of: None,
            sealed: false,
            respelled: false,
        };
        self.cast(id, never)
    }

    fn next_name(&self) -> String {
        format!("m{}", self.trace.cast.messages.len() + 1)
    }

    fn cast(&mut self, id: MessageId, message: Message) -> String {
        let name = message.name.clone();
        self.size += size(&message);
        self.trace.cast.messages.push(message);
        self.ids.entry(id).or_insert_with(|| name.clone());
        name
    }

    fn agent(&self, id: &SpiffeId) -> Option<String> {
        let mut agents = self.agents.iter();
        let found = agents.find(|(_, listed)| listed == id);
        found.map(|(name, _)| name.clone())
    }

    /// The end of something at `end_ms`, which is not before `now_ms`; none, where no record lasts so long.
    fn until(&self, end_ms: u64, now_ms: u64) -> Until {
        let tick = self.ticks().tick(end_ms.max(now_ms));
        if tick > u64::from(u32::MAX) {
            Until::ENDLESS
        } else {
            Until(tick)
        }
    }

    /// Notes what a ruling means to whoever waits for an answer.
    fn settle(&mut self, ruling: &Ruling) {
        if let Outcome::Delivered { envelope, .. } = &ruling.outcome
            && let Some(request) = &envelope.header().in_reply_to
        {
            self.answered(request);
        }
    }

    /// The sender of this request waits no longer.
    fn answered(&mut self, request: &Digest) {
        if let Some(name) = self.names.get(request) {
            self.waiting.remove(name);
        }
    }

    fn noted(
        &mut self,
        digest: &Digest,
        action: impl FnOnce(String) -> Action,
        now_ms: u64,
        bus: &Orchestrator<Deployment>,
    ) {
        if let Some(message) = self.names.get(digest).cloned() {
            self.note(action(message), None, now_ms, bus);
        }
    }

    fn note(
        &mut self,
        action: Action,
        verdict: Option<Verdict<Rejection>>,
        now_ms: u64,
        bus: &Orchestrator<Deployment>,
    ) {
        if self.ended.is_none() {
            let state = self.state(now_ms, bus);
            self.step(action, verdict, state);
        }
    }

    fn step(&mut self, action: Action, verdict: Option<Verdict<Rejection>>, state: State) {
        let step = Step {
            action,
            expect: Expect {
                verdicts: verdict.into_iter().collect(),
                state,
            },
            bytes: Vec::new(),
        };
        let size = size(&step);
        if self.size + size > SIZE_MAX {
            self.end("it was as long as a trace may be");
            return;
        }
        self.size += size;
        self.trace.steps.push(step);
    }

    fn end(&mut self, why: &'static str) {
        if self.ended.is_none() {
            tracing::warn!(why, "the record ends here; the bus goes on");
            self.ended = Some(why);
        }
    }

    fn state(&self, now_ms: u64, bus: &Orchestrator<Deployment>) -> State {
        let view = View {
            desk: &bus.desk,
            first_version: self.first_version,
            now_ms,
            ticks: self.ticks(),
            waiting: &self.waiting,
        };
        let messages = self.messages.iter().map(|(name, digest)| (name, digest));
        let agents = self.agents.iter().map(|(name, id)| (name, id));
        view.state(messages, agents)
    }

    fn ticks(&self) -> Ticks {
        Ticks::new(self.trace.clock)
    }
}

fn verdict(ruling: &Ruling) -> Verdict<Rejection> {
    match ruling.outcome {
        Outcome::Delivered { .. } => Verdict::Admitted,
        Outcome::Held => Verdict::Refused(Rejection::AwaitingApproval),
        Outcome::Refused(rejection) => Verdict::Refused(rejection),
    }
}

/// How long something is in JSON, in bytes.
fn size(value: &impl serde::Serialize) -> usize {
    serde_json::to_vec(value).map_or(0, |text| text.len())
}
