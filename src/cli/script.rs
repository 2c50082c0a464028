//! How a run of the bus is told: what is sent, what happens, and between whom.

use countersign_model::bus::Bus;
use countersign_replay::bus::action::Action;
use countersign_replay::bus::cast::{Agent, EVERYBODY, Kind, Message, Roll, Setting};
use countersign_replay::form::Form as _;
use countersign_replay::tell_error::TellError;
use countersign_replay::teller::START_MS;
use countersign_replay::trace::{Clock, Expect, FORMAT, Step, Until};
use countersign_replay::{Trace, rulebook};

use super::performing::SEED;

/// When everything begins.
pub(crate) const START: u64 = 1;

/// What is sent, and what happens.
#[derive(Default)]
pub(crate) struct Script {
    messages: Vec<Message>,
    actions: Vec<Action>,
}

impl Script {
    /// Somebody composes a message.
    pub(crate) fn compose(mut self, message: Message) -> Self {
        self.messages.push(message);
        self
    }

    /// Somebody composes a message, and sends it.
    pub(crate) fn send(self, message: Message) -> Self {
        let submit = Action::Submit {
            message: message.name.clone(),
        };
        self.compose(message).then(submit)
    }

    pub(crate) fn then(mut self, action: Action) -> Self {
        self.actions.push(action);
        self
    }

    pub(crate) fn receive(self, message: &str, by: &str) -> Self {
        let (message, by) = (message.to_owned(), by.to_owned());
        self.then(Action::Receive { message, by })
    }

    pub(crate) fn approve(self, message: &str, saw: Option<&str>) -> Self {
        let (message, saw) = (message.to_owned(), saw.map(str::to_owned));
        self.then(Action::Approve { message, saw })
    }

    pub(crate) fn reject(self, message: &str) -> Self {
        let message = message.to_owned();
        self.then(Action::Reject { message })
    }

    pub(crate) fn release(self, message: &str) -> Self {
        let message = message.to_owned();
        self.then(Action::Release { message })
    }

    pub(crate) fn advance(self, to: u64) -> Self {
        self.then(Action::Advance { to })
    }
}

pub(crate) fn message(name: &str, kind: Kind, from: &str, to: &str) -> Message {
    Message {
        name: name.to_owned(),
        kind,
        from: from.to_owned(),
        to: to.to_owned(),
        signer: None,
        issued_at: START,
        expires_at: Until::ENDLESS,
        answer_by: Until::ENDLESS,
        answers: None,
        conversation: None,
        id_of: None,
        sealed: false,
        respelled: false,
    }
}

pub(crate) fn ask(name: &str, from: &str, to: &str) -> Message {
    message(name, Kind::Ask, from, to)
}

pub(crate) fn delegate(name: &str, from: &str, to: &str) -> Message {
    message(name, Kind::Delegate, from, to)
}

pub(crate) fn notice(name: &str, from: &str) -> Message {
    message(name, Kind::Notify, from, EVERYBODY)
}

pub(crate) fn reply(
    name: &str,
    from: &str,
    to: &str,
    answers: Option<&str>,
    issued_at: u64,
) -> Message {
    Message {
        issued_at,
        answers: answers.map(str::to_owned),
        conversation: answers.map(str::to_owned),
        ..message(name, Kind::Reply, from, to)
    }
}

/// Between whom, and within which limits and rules.
pub(crate) struct Stage {
    pub(crate) agents: Vec<Agent>,
    pub(crate) setting: Setting,
    /// A tick, in milliseconds.
    pub(crate) tick_ms: u64,
}

impl Stage {
    /// What happens there as a trace, hardened: what the model foretells.
    pub(crate) fn told(self, script: Script, lesson: &str) -> Result<Trace<Bus>, TellError> {
        let steps = script.actions.into_iter().map(|action| Step {
            action,
            expect: Expect::default(),
            bytes: Vec::new(),
        });
        let trace = Trace {
            format: FORMAT.to_owned(),
            system: Bus::NAME.to_owned(),
            rulebook: rulebook::digest::<Bus>(),
            lesson: lesson.to_owned(),
            weakenings: Vec::new(),
            setting: self.setting,
            clock: Clock {
                start_ms: START_MS,
                tick_ms: self.tick_ms,
                start: START,
            },
            seed: SEED,
            cast: Roll {
                agents: self.agents,
                messages: script.messages,
            },
            steps: steps.collect(),
            violates: None,
            transcript: None,
        };
        trace.foretell(None)
    }
}
