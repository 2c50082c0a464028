//! How a scenario of the bus is told: what is sent, what happens, and between whom.

use countersign_model::bus::Bus;
use countersign_replay::bus::action::Action;
use countersign_replay::bus::cast::{Agent, EVERYBODY, Kind, Message, Roll, Rule, Setting};
use countersign_replay::system::System as _;
use countersign_replay::teller::{START_MS, TICK_MS, TellError};
use countersign_replay::trace::{Clock, Expect, FORMAT, Step, Until};
use countersign_replay::{Trace, rulebook};

use crate::cli::performing::SEED;

/// When every scenario begins.
pub(super) const START: u64 = 1;

/// What is sent, and what happens.
#[derive(Default)]
pub(in crate::cli::scenario) struct Script {
    messages: Vec<Message>,
    actions: Vec<Action>,
}

impl Script {
    /// Somebody composes a message.
    pub(super) fn compose(mut self, message: Message) -> Self {
        self.messages.push(message);
        self
    }

    /// Somebody composes a message, and sends it.
    pub(super) fn send(self, message: Message) -> Self {
        let submit = Action::Submit {
            message: message.name.clone(),
        };
        self.compose(message).then(submit)
    }

    pub(super) fn then(mut self, action: Action) -> Self {
        self.actions.push(action);
        self
    }

    pub(super) fn receive(self, message: &str, by: &str) -> Self {
        let (message, by) = (message.to_owned(), by.to_owned());
        self.then(Action::Receive { message, by })
    }

    pub(super) fn approve(self, message: &str, saw: Option<&str>) -> Self {
        let (message, saw) = (message.to_owned(), saw.map(str::to_owned));
        self.then(Action::Approve { message, saw })
    }

    pub(super) fn reject(self, message: &str) -> Self {
        let message = message.to_owned();
        self.then(Action::Reject { message })
    }

    pub(super) fn release(self, message: &str) -> Self {
        let message = message.to_owned();
        self.then(Action::Release { message })
    }

    pub(super) fn advance(self, to: u64) -> Self {
        self.then(Action::Advance { to })
    }
}

fn message(name: &str, kind: Kind, from: &str, to: &str) -> Message {
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

pub(super) fn ask(name: &str, from: &str, to: &str) -> Message {
    message(name, Kind::Ask, from, to)
}

pub(super) fn delegate(name: &str, from: &str, to: &str) -> Message {
    message(name, Kind::Delegate, from, to)
}

pub(super) fn notice(name: &str, from: &str) -> Message {
    message(name, Kind::Notify, from, EVERYBODY)
}

pub(super) fn reply(
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

/// Four agents and what they may do, hardened: what the model foretells.
pub(in crate::cli::scenario) fn told(
    script: Script,
    lesson: &str,
) -> Result<Trace<Bus>, TellError> {
    let steps = script.actions.into_iter().map(|action| Step {
        action,
        expect: Expect::default(),
        bytes: Vec::new(),
    });
    let agent = |name: &str| Agent {
        name: name.to_owned(),
        hostile: name == Bus::ATTACKER,
    };
    let trace = Trace {
        format: FORMAT.to_owned(),
        system: Bus::NAME.to_owned(),
        rulebook: rulebook::digest::<Bus>(),
        lesson: lesson.to_owned(),
        weakenings: Vec::new(),
        setting: Setting {
            window: 2,
            approval: 3,
            request: 4,
            rate: 4,
            period: 1,
            rules: rules(),
        },
        clock: Clock {
            start_ms: START_MS,
            tick_ms: TICK_MS,
            start: START,
        },
        seed: SEED,
        cast: Roll {
            agents: ["alice", "bob", "carol", Bus::ATTACKER].map(agent).into(),
            messages: script.messages,
        },
        steps: steps.collect(),
        violates: None,
        transcript: None,
    };
    trace.foretell(None)
}

fn rules() -> Vec<Rule> {
    let rule = |from: &str, to: &str, allow: &[Kind], require_approval: &[Kind]| Rule {
        from: from.to_owned(),
        to: to.to_owned(),
        allow: allow.to_vec(),
        require_approval: require_approval.to_vec(),
        deny: Vec::new(),
    };
    vec![
        rule(
            "alice",
            "bob",
            &[Kind::Ask, Kind::Notify],
            &[Kind::Delegate],
        ),
        rule("alice", EVERYBODY, &[Kind::Notify], &[Kind::Delegate]),
        rule("bob", "carol", &[Kind::Ask, Kind::Delegate], &[]),
        rule("carol", "bob", &[Kind::Ask, Kind::Delegate], &[]),
        Rule {
            deny: vec![Kind::Delegate],
            ..rule("carol", EVERYBODY, &[], &[])
        },
        rule("mallory", "bob", &[Kind::Ask], &[]),
        rule("mallory", "carol", &[], &[Kind::Delegate]),
    ]
}
