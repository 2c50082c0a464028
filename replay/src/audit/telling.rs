//! What happens in the audit trail, in words.

use countersign_model::audit::Audit as Rules;
use countersign_model::audit::promise::InvariantId;

use super::action::{Action, Tampering};
use crate::event::Event;
use crate::trace::{Step, Trace};

const WRITER: &str = "bus";
const VERIFIER: &str = "verifier";
const FILE: &str = "log";
const ATTACKER: &str = "mallory";

/// What happens at `step`.
pub(super) fn event(trace: &Trace<Rules>, step: &Step<Rules>) -> Event {
    let told = |from: &str, to: Option<&str>, verb, detail: String| Event {
        from: from.to_owned(),
        to: to.map(str::to_owned),
        verb,
        detail,
        delivers: step.action.is_judged(),
    };
    match &step.action {
        Action::Record { message } => told(WRITER, Some(FILE), "record", message.clone()),
        Action::Sign { checkpoint } => told(WRITER, Some(FILE), "sign", checkpoint.clone()),
        Action::Act { message } => {
            let mut messages = trace.cast.messages.iter();
            let found = messages.find(|it| it.name == *message);
            let to = found.map(|it| if it.denied { &it.from } else { &it.to });
            let denied = found.is_some_and(|it| it.denied);
            let verb = if denied { "deny" } else { "deliver" };
            told(WRITER, to.map(String::as_str), verb, message.clone())
        }
        Action::Crash {} => told(WRITER, None, "crash", String::new()),
        Action::Verify {} => told(VERIFIER, Some(FILE), "verify", String::new()),
        Action::Tamper(it) => told(ATTACKER, Some(FILE), "tamper", tampering(it)),
        Action::Ask {
            reader,
            about,
            message,
        } => told(
            reader,
            Some(FILE),
            "ask",
            format!("about {about}: {message}"),
        ),
        Action::Guess { guesser, message } => {
            told(guesser, None, "guess", format!("payload of {message}"))
        }
    }
}

fn tampering(it: &Tampering) -> String {
    let listed = |names: &[String]| format!("[{}]", names.join(" "));
    let mut words = listed(&it.records);
    if let Some(links) = &it.links {
        words.push_str(" links of ");
        words.push_str(&listed(links));
    }
    match &it.checkpoint {
        Some(name) => {
            words.push_str(" checkpoint ");
            words.push_str(name);
        }
        None => words.push_str(" checkpoint made up"),
    }
    words
}

/// The writer, the file, and everybody else, from left to right.
pub(super) fn participants(trace: &Trace<Rules>) -> Vec<String> {
    let mut all = vec![WRITER.to_owned(), FILE.to_owned(), VERIFIER.to_owned()];
    all.extend(trace.cast.agents.iter().cloned());
    if !all.iter().any(|name| name == ATTACKER) {
        all.push(ATTACKER.to_owned());
    }
    all
}

/// What is wrong with a step that breaks a promise.
pub(super) const fn remark(invariant: InvariantId) -> &'static str {
    match invariant {
        InvariantId::Complete => "an effect without a record",
        InvariantId::Intact => "not what was written",
        InvariantId::Kept => "it had more when it verified before",
        InvariantId::Confidential => "neither a party nor an auditor",
        InvariantId::Hidden => "confirmed, to no party",
        InvariantId::Live => "nobody touched it",
    }
}
