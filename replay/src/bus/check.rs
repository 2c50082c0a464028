//! What a trace of the bus must be besides well-shaped: every name known, every count within bounds.

use std::collections::BTreeSet;

use countersign_model::bus::Bus as Rules;
use countersign_model::bus::promise::InvariantId;
use countersign_model::rulebook::{Book as _, Row as _};

use super::action::Action;
use super::cast::{EVERYBODY, Kind, Message, Names};
use crate::demand::{Demand, TICK_MAX};
use crate::read_error::ReadError;
use crate::trace::{Step, Trace, Until};

/// Agents, and rules, of one deployment.
const CAST_MAX: u64 = 1 << 14;
/// Messages, and things that happen, in one trace.
const STEPS_MAX: u64 = 1 << 16;

/// Checks all of `trace` but its rule book.
pub(super) fn check(file: &str, trace: &Trace<Rules>) -> Result<(), ReadError> {
    let check = Check {
        demand: Demand(file),
        names: Names::of(&trace.cast),
        trace,
    };
    let steps = trace.steps.len() as u64;
    check.demand.within("/steps", steps, 0, STEPS_MAX)?;
    let weakenings: Vec<&str> = Rules::WEAKENINGS.iter().map(|row| row.name).collect();
    check.demand.head(trace, &weakenings)?;
    check.roll()?;
    check.setting()?;
    for (number, step) in trace.steps.iter().enumerate() {
        check.step(&format!("/steps/{number}"), step)?;
    }
    let invariants = InvariantId::ALL.iter().map(|id| id.name());
    check.demand.end(trace, invariants)
}

/// A trace in the course of being checked.
struct Check<'a> {
    demand: Demand<'a>,
    names: Names,
    trace: &'a Trace<Rules>,
}

impl Check<'_> {
    fn setting(&self) -> Result<(), ReadError> {
        let setting = &self.trace.setting;
        for (place, value, least) in [
            ("window", setting.window, 0),
            ("approval", setting.approval, 0),
            ("request", setting.request, 0),
            ("rate", setting.rate, 0),
            ("period", setting.period, 1),
        ] {
            let place = format!("/setting/{place}");
            self.demand.within(&place, value, least, TICK_MAX)?;
        }
        let rules = setting.rules.len() as u64;
        self.demand.within("/setting/rules", rules, 0, CAST_MAX)?;
        for (number, rule) in setting.rules.iter().enumerate() {
            let place = format!("/setting/rules/{number}");
            for (end, name) in [("from", &rule.from), ("to", &rule.to)] {
                if name != EVERYBODY {
                    self.agent(&format!("{place}/{end}"), name)?;
                }
            }
            for (list, kinds) in [
                ("allow", &rule.allow),
                ("requireApproval", &rule.require_approval),
                ("deny", &rule.deny),
            ] {
                for (number, kind) in kinds.iter().enumerate() {
                    let place = format!("{place}/{list}/{number}");
                    self.only(
                        &place,
                        kind.is_ruled(),
                        kind.as_str(),
                        "a type that needs a rule",
                    )?;
                }
            }
        }
        Ok(())
    }

    fn roll(&self) -> Result<(), ReadError> {
        let roll = &self.trace.cast;
        let (agents, messages) = (roll.agents.len() as u64, roll.messages.len() as u64);
        self.demand.within("/cast/agents", agents, 1, CAST_MAX)?;
        self.demand
            .within("/cast/messages", messages, 0, STEPS_MAX)?;
        let mut seen = BTreeSet::new();
        for (number, agent) in roll.agents.iter().enumerate() {
            let place = format!("/cast/agents/{number}/name");
            self.demand.name(&place, &agent.name)?;
            self.demand
                .once(&place, "agent", &agent.name, seen.insert(&agent.name))?;
        }
        let mut seen = BTreeSet::new();
        for (number, message) in roll.messages.iter().enumerate() {
            let place = format!("/cast/messages/{number}");
            let at = format!("{place}/name");
            self.demand.name(&at, &message.name)?;
            let new = seen.insert(&message.name);
            self.demand.once(&at, "message", &message.name, new)?;
            self.message(&place, message)?;
        }
        Ok(())
    }

    fn message(&self, place: &str, message: &Message) -> Result<(), ReadError> {
        let at = |field: &str| format!("{place}/{field}");
        let kind = message.kind;
        self.agent(&at("from"), &message.from)?;
        if message.is_broadcast() {
            let of_its_kind = kind == Kind::Notify;
            self.only(
                &at("to"),
                of_its_kind,
                EVERYBODY,
                "an agent, but of a notice",
            )?;
            self.only(
                &at("respelled"),
                !message.respelled,
                "true",
                "false, to everybody",
            )?;
        } else {
            self.agent(&at("to"), &message.to)?;
        }
        if let Some(signer) = &message.signer {
            self.agent(&at("signer"), signer)?;
        }
        self.demand
            .within(&at("issued_at"), message.issued_at, 0, TICK_MAX)?;
        self.demand.until(&at("expires_at"), message.expires_at)?;
        self.demand.until(&at("answer_by"), message.answer_by)?;
        let says_when = message.answer_by != Until::ENDLESS;
        let can = kind.is_request() && !message.sealed;
        self.only(
            &at("answer_by"),
            can || !says_when,
            "a tick",
            "null, but of a request in the clear",
        )?;
        let can = kind.is_answer() || message.answers.is_none();
        self.only(
            &at("answers"),
            can,
            "a message",
            "nothing, but of an answer",
        )?;
        let can = !matches!(kind, Kind::CapabilityRequest | Kind::CapabilityResponse);
        self.only(
            &at("sealed"),
            can || !message.sealed,
            "true",
            "false, of this kind",
        )?;
        for (field, name) in [
            ("answers", &message.answers),
            ("conversation", &message.conversation),
            ("id_of", &message.id_of),
        ] {
            if let Some(name) = name {
                self.known(&at(field), name)?;
                let other = *name != message.name;
                self.only(&at(field), other, name, "another message")?;
            }
        }
        Ok(())
    }

    fn step(&self, place: &str, step: &Step<Rules>) -> Result<(), ReadError> {
        let at = format!("{place}/action/{}", step.action.name());
        match &step.action {
            Action::Submit { message }
            | Action::Reject { message }
            | Action::Release { message } => {
                self.known(&format!("{at}/message"), message)?;
            }
            Action::Approve { message, saw } => {
                self.known(&format!("{at}/message"), message)?;
                if let Some(saw) = saw {
                    self.known(&format!("{at}/saw"), saw)?;
                }
            }
            Action::Receive { message, by } => {
                self.known(&format!("{at}/message"), message)?;
                self.agent(&format!("{at}/by"), by)?;
            }
            Action::Advance { to } => {
                self.demand.within(&format!("{at}/to"), *to, 0, TICK_MAX)?;
            }
            Action::Deactivate { agent } | Action::Withdraw { agent } => {
                self.agent(&format!("{at}/agent"), agent)?;
            }
        }
        let asked = u64::from(step.action.is_judged());
        let verdicts = step.expect.verdicts.len() as u64;
        let place_of_verdicts = format!("{place}/expect/verdicts");
        self.demand
            .within(&place_of_verdicts, verdicts, asked, asked)?;
        let expected = u64::from(step.action.delivers());
        self.demand
            .records(&format!("{place}/bytes"), &step.bytes, expected)
    }

    fn only(&self, place: &str, holds: bool, found: &str, expected: &str) -> Result<(), ReadError> {
        if holds {
            return Ok(());
        }
        let found = found.to_owned();
        Err(self.demand.value(place, found, expected.to_owned()))
    }

    fn agent(&self, place: &str, name: &str) -> Result<(), ReadError> {
        let found = self.names.agent(name).map(drop);
        self.demand.named(place, found, self.names.agents())
    }

    fn known(&self, place: &str, name: &str) -> Result<(), ReadError> {
        let found = self.names.message(name).map(drop);
        self.demand.named(place, found, self.names.messages())
    }
}
