//! The names of a trace as individuals of the model, and back.

use countersign_model::bus::attacker::LONG;
use countersign_model::bus::policies::{ALICE, ASK, BOB, DELEGATE, MALLORY, NOTIFY, REPLY};
use countersign_model::bus::step;
use countersign_model::bus::story::Story;
use countersign_model::bus::tiering::{self, Types};
use countersign_model::bus::{message, world};
use countersign_model::domain::Ledger;

use super::action::Action;
use super::cast::{Agent, EVERYBODY, Kind, Message, Names, Roll, Rule, Setting};
use crate::suggestion::NameError;
use crate::tell_error::TellError;
use crate::trace::Until;

/// The names of a story's agents.
const AGENTS: [(u8, &str); 3] = [(ALICE, "alice"), (BOB, "bob"), (MALLORY, "mallory")];

/// The kinds of a story's messages.
const KINDS: [(u8, Kind); 4] = [
    (ASK, Kind::Ask),
    (DELEGATE, Kind::Delegate),
    (NOTIFY, Kind::Notify),
    (REPLY, Kind::Reply),
];

/// What nobody ever sent.
const NO_MESSAGE: u32 = u32::MAX;
/// Who is not there.
const NOBODY: u32 = u32::MAX;

/// The limits. Agents can be counted, so that nobody asks how many there are.
pub(super) fn setting(told: &Setting) -> world::Setting<Ledger> {
    world::Setting {
        window: told.window,
        patience: told.approval,
        longest: told.request,
        rate: told.rate,
        audience: 0,
    }
}

/// A rule of the deployment.
pub(super) fn rule(told: &Rule, names: &Names) -> Result<tiering::Rule<u32>, NameError> {
    let end = |name: &str| match name {
        EVERYBODY => Ok(None),
        name => names.agent(name).map(Some),
    };
    let types = |kinds: &[Kind]| {
        let each = kinds.iter().map(|kind| Types::one(kind.place()));
        each.fold(Types::NONE, Types::with)
    };
    Ok(tiering::Rule {
        from: end(&told.from)?,
        to: end(&told.to)?,
        allows: types(&told.allow),
        holds: types(&told.require_approval),
        denies: types(&told.deny),
    })
}

/// What a message says, but for what depends on what came before it.
pub(super) fn message(
    told: &Message,
    roll: &Roll,
    names: &Names,
) -> Result<message::Message<Ledger>, NameError> {
    let to = if told.is_broadcast() {
        let mut others = roll.agents.iter().filter(|agent| agent.name != told.from);
        let first = others.next();
        first.map_or(Ok(NOBODY), |agent| names.agent(&agent.name))
    } else {
        names.agent(&told.to)
    };
    let answers = told.answers.as_ref();
    let answers = answers.map_or(Ok(NO_MESSAGE), |name| names.message(name));
    Ok(message::Message {
        signer: names.agent(told.signer())?,
        claimed: names.agent(&told.from)?,
        to: to?,
        to_all: told.is_broadcast(),
        respelled: told.respelled,
        kind: told.kind.place().into(),
        is_request: told.kind.is_request(),
        is_reply: told.kind.is_answer(),
        answers: answers?,
        acts: false,
        cause: NO_MESSAGE,
        id: names.message(told.id_of())?,
        two_faced: told.sealed,
        issued_at: told.issued_at,
        expires_at: told.expires_at.0,
        wanted: 0,
    })
}

/// The names of a story.
pub(super) struct Naming<'a> {
    story: &'a Story,
}

impl<'a> Naming<'a> {
    pub(super) const fn of(story: &'a Story) -> Self {
        Self { story }
    }

    pub(super) fn setting(&self) -> Result<Setting, TellError> {
        let setting = &self.story.setting;
        let rules = self.story.rules.iter().map(|rule| {
            let end = |end: Option<u32>| end.map_or(Ok(EVERYBODY.to_owned()), agent);
            Ok(Rule {
                from: end(rule.from)?,
                to: end(rule.to)?,
                allow: kinds(rule.allows),
                require_approval: kinds(rule.holds),
                deny: kinds(rule.denies),
            })
        });
        Ok(Setting {
            window: setting.window,
            approval: setting.patience,
            request: setting.longest,
            rate: setting.rate,
            period: 1,
            rules: rules.collect::<Result<_, TellError>>()?,
        })
    }

    pub(super) fn roll(&self) -> Result<Roll, TellError> {
        let numbered = (0u32..).zip(&self.story.hostile);
        let agents = numbered.map(|(number, hostile)| {
            Ok(Agent {
                name: agent(number)?,
                hostile: *hostile,
            })
        });
        let messages = (0u32..).zip(&self.story.messages);
        let messages = messages.map(|(number, content)| self.message(number, content));
        Ok(Roll {
            agents: agents.collect::<Result<_, TellError>>()?,
            messages: messages.collect::<Result<_, _>>()?,
        })
    }

    fn message(
        &self,
        number: u32,
        content: &message::Message<Ledger>,
    ) -> Result<Message, TellError> {
        let mut known = KINDS.iter();
        let kind = known.find(|(kind, _)| u32::from(*kind) == content.kind);
        let (_, kind) = kind.ok_or(TellError::Nobody {
            what: "kind",
            number: content.kind,
        })?;
        let other = |one: u32| (one != number).then(|| name(one));
        let other_agent = |one: u32, than: u32| (one != than).then(|| agent(one)).transpose();
        let answers = content.is_reply.then(|| other(content.answers)).flatten();
        let goes_on = [
            (content.acts, content.cause),
            (content.is_reply && answers.is_some(), content.answers),
        ];
        let goes_on = goes_on.into_iter().find(|(goes_on, _)| *goes_on);
        Ok(Message {
            name: name(number),
            kind: *kind,
            from: agent(content.claimed)?,
            to: if content.to_all {
                EVERYBODY.to_owned()
            } else {
                agent(content.to)?
            },
            signer: other_agent(content.signer, content.claimed)?,
            issued_at: content.issued_at,
            expires_at: if content.expires_at == u64::from(LONG) {
                Until::ENDLESS
            } else {
                Until(content.expires_at)
            },
            // What is sealed does not say it.
            answer_by: if content.is_request && !content.two_faced {
                Until(self.composed_at(number).saturating_add(content.wanted))
            } else {
                Until::ENDLESS
            },
            answers,
            conversation: goes_on.map(|(_, before)| self.first_of(before)),
            id_of: other(content.id),
            sealed: content.two_faced,
            respelled: content.respelled,
        })
    }

    /// The first message of the conversation that this one belongs to.
    fn first_of(&self, number: u32) -> String {
        let content = self.story.messages.get(number as usize);
        // INVARIANT: a message goes on with one that was there before it, so that this comes to an end.
        match content {
            Some(it) if it.acts && it.cause < number => self.first_of(it.cause),
            Some(it) if it.is_reply && it.answers < number => self.first_of(it.answers),
            Some(_) | None => name(number),
        }
    }

    /// When a message is first named.
    fn composed_at(&self, number: u32) -> u64 {
        let mut now = self.story.start;
        for action in &self.story.actions {
            match action {
                step::Action::Submit(it) | step::Action::Receive(it, _) if *it == number => break,
                step::Action::Advance(to) => now = *to,
                _ => {}
            }
        }
        now
    }
}

/// An action.
pub(super) fn told_action(action: &step::Action<Ledger>) -> Result<Action, TellError> {
    Ok(match action {
        step::Action::Submit(message) => Action::Submit {
            message: name(*message),
        },
        step::Action::Approve(message, saw) => Action::Approve {
            message: name(*message),
            saw: (saw != message).then(|| name(*saw)),
        },
        step::Action::Reject(message) => Action::Reject {
            message: name(*message),
        },
        step::Action::Release(message) => Action::Release {
            message: name(*message),
        },
        step::Action::Receive(message, by) => Action::Receive {
            message: name(*message),
            by: agent(*by)?,
        },
        step::Action::Advance(to) => Action::Advance { to: *to },
        step::Action::Deactivate(number) => Action::Deactivate {
            agent: agent(*number)?,
        },
        step::Action::Withdraw(number) => Action::Withdraw {
            agent: agent(*number)?,
        },
    })
}

fn kinds(types: Types) -> Vec<Kind> {
    let named = KINDS.iter().filter(|(place, _)| types.has(*place));
    named.map(|(_, kind)| *kind).collect()
}

fn name(number: u32) -> String {
    format!("m{}", number.saturating_add(1))
}

fn agent(number: u32) -> Result<String, TellError> {
    let mut agents = AGENTS.iter();
    let found = agents.find(|(agent, _)| u32::from(*agent) == number);
    let name = found.map(|(_, name)| (*name).to_owned());
    name.ok_or(TellError::Nobody {
        what: "agent",
        number,
    })
}
