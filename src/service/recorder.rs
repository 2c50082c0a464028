//! The recorder: what a bus does, step by step, as a trace of the model's system `bus`.
//!
//! It writes down what was observed, never what should have been: whether a record is a behaviour of the
//! model, `countersign validate` says. Nothing is taken for granted of agents: to the model, each of them
//! may be the attacker. A message counts as issued when it is submitted; how old it was, and what never
//! got this far, is admission's.

mod roster;

use std::collections::BTreeSet;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use countersign_model::bus::Bus;
use countersign_model::bus::guard::Rejection;
use countersign_replay::bus::action::Action;
use countersign_replay::bus::standing::State;
use countersign_replay::trace::{Clock, Expect, FORMAT, Seed, Step};
use countersign_replay::verdict::Verdict;
use countersign_replay::{Trace, rulebook, writer};
use tempfile::NamedTempFile;

use self::roster::Roster;
use crate::bus::{Ending, Orchestrator, Outcome, Ruling, is_request};
use crate::deployment::Deployment;
use crate::envelope::{Digest, Envelope};
use crate::identity::SpiffeId;
use crate::lab::{Ticks, View, setting};

/// The tick at which a record begins.
const START: u64 = 1;
/// The most that is recorded, in bytes of JSON without white space: laid out, a trace must still be one
/// that can be read again.
const SIZE_MAX: usize = 512 * 1024;
/// The last tick that a trace can tell of: seven weeks after the first.
pub(super) const TICK_MAX: u64 = u32::MAX as u64;

/// A record that is being made.
pub(super) struct Recorder {
    path: PathBuf,
    trace: Trace<Bus>,
    /// The version of the policy in force when it began.
    first_version: u64,
    roster: Roster,
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
        let clock = Clock {
            start_ms: now_ms,
            tick_ms: setting::TICK_MS,
            start: START,
        };
        let roster = Roster::new(me, deployment, Ticks::new(clock));
        let trace = Trace {
            format: FORMAT.to_owned(),
            system: "bus".to_owned(),
            rulebook: rulebook::digest::<Bus>(),
            lesson: format!("what happened on the bus of {}", deployment.file()),
            weakenings: Vec::new(),
            setting: setting::setting(deployment),
            clock,
            seed: Seed([0; 16]),
            cast: roster.roll().clone(),
            steps: Vec::new(),
            violates: None,
            transcript: None,
        };
        Self {
            path: path.to_owned(),
            size: size(&trace),
            trace,
            first_version: 0,
            roster,
            waiting: BTreeSet::new(),
            left_out: 0,
            ended: None,
            kept: Mark::default(),
        }
    }

    /// Whether there is no room for anything that happens.
    pub(super) fn is_full(&self) -> bool {
        self.size + self.roster.size() > SIZE_MAX / 2
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
        let Some(message) = self.roster.name(ruling, envelope) else {
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
        let Some(saw) = self.roster.known(shown).cloned() else {
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
        let Some(message) = self.roster.known(&ruling.digest).cloned() else {
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
        if idle
            && ended.is_empty()
            && self.ended.is_none()
            && let Some(idle) = self.trace.steps.pop()
        {
            self.size = self.size.saturating_sub(size(&idle));
        }
        let to = self.ticks().tick(to_ms);
        if to > TICK_MAX {
            self.end("time went on for longer than a trace can tell");
        }
        self.note(Action::Advance { to }, None, to_ms, bus);
    }

    /// All of it is durable so far.
    pub(super) fn keep(&mut self) {
        self.kept = Mark {
            steps: self.trace.steps.len(),
            messages: self.roster.roll().messages.len(),
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
        self.roster.truncate(messages);
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
        trace.cast = self.roster.roll().clone();
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
        // Under a name that nobody can foretell; whatever happens meanwhile, one of the two is there whole.
        let folder = self.path.parent().filter(|it| !it.as_os_str().is_empty());
        let mut beside = NamedTempFile::new_in(folder.unwrap_or(Path::new(".")))?;
        beside.write_all(writer::write(&trace).as_bytes())?;
        beside.as_file().sync_all()?;
        beside.persist(&self.path)?;
        Ok(())
    }

    /// Where it is written to.
    pub(super) fn path(&self) -> &Path {
        &self.path
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
        if let Some(name) = self.roster.known(request) {
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
        if let Some(message) = self.roster.known(digest).cloned() {
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
        if self.size + self.roster.size() + size > SIZE_MAX {
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
        view.state(self.roster.messages(), self.roster.agents())
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
