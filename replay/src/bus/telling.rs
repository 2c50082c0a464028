//! What happens on the bus, in words.

use countersign_model::bus::Bus as Rules;
use countersign_model::bus::promise::InvariantId;

use super::action::Action;
use super::cast::{Kind, Message, Rule, Setting};
use crate::event::Event;
use crate::trace::{Step, Trace};

const ORCHESTRATOR: &str = "bus";
const OPERATOR: &str = "operator";
const CLOCK: &str = "clock";
const REGISTRY: &str = "registry";

/// What happens at `step`.
pub(super) fn event(trace: &Trace<Rules>, step: &Step<Rules>) -> Event {
    let told = |from: &str, to: Option<&str>, verb, detail: String| Event {
        from: from.to_owned(),
        to: to.map(str::to_owned),
        verb,
        detail,
        delivers: step.action.is_judged(),
    };
    let found = |name: &str| {
        let mut messages = trace.cast.messages.iter();
        messages.find(|message| message.name == name)
    };
    match &step.action {
        Action::Submit { message } => {
            let signer = found(message).map_or(ORCHESTRATOR, Message::signer);
            let detail = found(message).map_or_else(String::new, described);
            told(signer, Some(ORCHESTRATOR), "submit", detail)
        }
        Action::Approve { message, saw } => {
            let saw = saw.as_ref();
            let saw = saw.map_or_else(String::new, |saw| format!(", having seen {saw}"));
            let detail = format!("{message}{saw}");
            told(OPERATOR, Some(ORCHESTRATOR), "approve", detail)
        }
        Action::Reject { message } => told(OPERATOR, Some(ORCHESTRATOR), "reject", message.clone()),
        Action::Release { message } => told(ORCHESTRATOR, None, "release", message.clone()),
        Action::Receive { message, by } => told(ORCHESTRATOR, Some(by), "receive", message.clone()),
        Action::Advance { to } => told(CLOCK, None, "advance", format!("to {to}")),
        Action::Deactivate { agent } => told(REGISTRY, None, "deactivate", agent.clone()),
        Action::Withdraw { agent } => told(REGISTRY, None, "withdraw", agent.clone()),
    }
}

/// A message in words: what it is, and in what it is unlike others.
fn described(message: &Message) -> String {
    let Message {
        name,
        kind,
        to,
        from,
        ..
    } = message;
    let mut words = format!("{name}: {} to {to}", kind.as_str());
    if message.signer.is_some() {
        words.extend([" from=", from]);
    }
    for (word, value) in [
        (" answers ", &message.answers),
        (" in ", &message.conversation),
        (" id of ", &message.id_of),
    ] {
        if let Some(value) = value {
            words.extend([word, value]);
        }
    }
    for (flag, word) in [
        (message.sealed, " sealed"),
        (message.respelled, " respelled"),
    ] {
        if flag {
            words.push_str(word);
        }
    }
    words
}

/// The agents, the orchestrator, and whoever decides for it, from left to right.
pub(super) fn participants(trace: &Trace<Rules>) -> Vec<String> {
    let agents = trace.cast.agents.iter().map(|agent| agent.name.clone());
    agents
        .chain([ORCHESTRATOR, OPERATOR].map(str::to_owned))
        .collect()
}

/// The limits, in words.
pub(super) fn limits(trace: &Trace<Rules>) -> String {
    let Setting {
        window,
        approval,
        request,
        rate,
        period,
        rules: _,
    } = &trace.setting;
    format!(
        "window {window}, approval {approval}, request {request}, {rate} deliveries in {period}; a tick \
         is {} ms",
        trace.clock.tick_ms
    )
}

/// The rules, in words.
pub(super) fn rules(trace: &Trace<Rules>) -> String {
    let all: Vec<String> = trace.setting.rules.iter().map(rule).collect();
    if all.is_empty() {
        "none".to_owned()
    } else {
        all.join("; ")
    }
}

fn rule(rule: &Rule) -> String {
    let mut words = Vec::new();
    for (effect, kinds) in [
        ("allows", &rule.allow),
        ("holds", &rule.require_approval),
        ("denies", &rule.deny),
    ] {
        if !kinds.is_empty() {
            let kinds: Vec<&str> = kinds.iter().map(|kind| Kind::as_str(*kind)).collect();
            words.push(format!("{effect} {}", kinds.join(", ")));
        }
    }
    if words.is_empty() {
        words.push("allows nothing".to_owned());
    }
    format!("{} -> {}: {}", rule.from, rule.to, words.join(" and "))
}

/// What is wrong with a step that breaks a promise.
pub(super) const fn remark(invariant: InvariantId) -> &'static str {
    match invariant {
        InvariantId::Attributed => "its sender did not sign it",
        InvariantId::Mediated => "the orchestrator let nothing like it pass",
        InvariantId::Entitled => "not active any more",
        InvariantId::Permitted => "no rule permits it",
        InvariantId::Approved => "no human approved this",
        InvariantId::Once => "second time",
        InvariantId::Timely => "too late",
        InvariantId::Solicited => "nobody asked, or it was answered",
        InvariantId::Bounded => "more than its share",
        InvariantId::Live => "honest, and refused",
        InvariantId::Answered => "somebody still waits",
    }
}
