//! A step of admission in words: who sends what to whom, and what the network makes of it.

use super::action::{Action, Message, Presented};
use super::cast::Cast;
use crate::event::Event;
use crate::trace::{Step, Trace, Until};

/// Who acts where no principal does.
const REGISTRY: &str = "registry";
const CLOCK: &str = "clock";

/// What happens at `step` of `trace`.
pub(super) fn event(trace: &Trace, cast: &Cast, step: &Step) -> Event {
    let me = trace.setting.me.clone();
    let principals = &trace.cast.principals;
    let attacker = principals.iter().find(|one| one.hostile);
    let network = attacker.map_or("network", |one| &one.name);
    let told = |from: &str, to: Option<&str>, verb, detail: String| Event {
        from: from.to_owned(),
        to: to.map(str::to_owned),
        verb,
        detail,
        delivers: !matches!(step.action, Action::Send { .. }),
    };
    match &step.action {
        Action::Send { message } => {
            let detail = described(message, trace, cast);
            told(&message.from, Some(&message.to), "send", detail)
        }
        Action::Inject {
            message,
            presented,
            copies,
            times,
        } => {
            let mut detail = described(message, trace, cast);
            if *times > 1 {
                detail = format!("{detail} x{times}, a fresh nonce each");
            }
            detail.push_str(&shown(presented, *copies));
            told(&message.author, Some(&me), "inject", detail)
        }
        Action::Deliver {
            message,
            presented,
            copies,
        } => {
            let nonce = cast.message(message).map(|found| found.nonce.clone());
            let nonce = presented.nonce.clone().or(nonce.ok());
            let mut detail = format!("{message} nonce={}", nonce.unwrap_or_default());
            detail.push_str(&shown(presented, *copies));
            told(network, Some(&me), "deliver", detail)
        }
        Action::Advance { to } => told(CLOCK, None, "advance", format!("to {to}")),
        Action::SetBack { to } => told(CLOCK, None, "set back", format!("to {to}")),
        Action::Forget { sender, nonce } => {
            told(&me, None, "forget", format!("{nonce} of {sender}"))
        }
        Action::Restart => told(&me, None, "restart", String::new()),
        Action::FailOver => told(&me, None, "fail over", String::new()),
        Action::Compromise { key } => told(network, None, "compromise", key.clone()),
        Action::Rotate { old, new } => told(REGISTRY, None, "rotate", format!("{old} to {new}")),
        Action::Revoke { key } => told(REGISTRY, None, "revoke", key.clone()),
        Action::Retire { agent } => told(REGISTRY, None, "retire", agent.clone()),
    }
}

/// A message: its handle, its nonce, and whatever is not as an honest author would have it.
fn described(message: &Message, trace: &Trace, cast: &Cast) -> String {
    let mut words = vec![message.handle.clone(), format!("nonce={}", message.nonce)];
    let owner = cast.key(&message.key).ok().and_then(|number| {
        let key = trace.cast.keys.get(number as usize)?;
        Some(key.owner.as_str())
    });
    let mut remark = |remarkable: bool, words_of_it: String| {
        if remarkable {
            words.push(words_of_it);
        }
    };
    remark(
        message.from != message.author,
        format!("from={}", message.from),
    );
    remark(
        message.inner_from != message.from,
        format!("inner={}", message.inner_from),
    );
    remark(message.to != trace.setting.me, format!("to={}", message.to));
    remark(
        message.issued_at != trace.clock.start,
        format!("issued={}", message.issued_at),
    );
    remark(!message.timed, "issued=NaN".to_owned());
    if message.expires_at != Until::ENDLESS {
        remark(true, format!("expires={}", message.expires_at.0));
    }
    let foreign = owner != Some(message.from.as_str()) || message.author != message.from;
    remark(foreign, format!("key={}", message.key));
    remark(!message.signed, "unsigned".to_owned());
    remark(message.intricate, "intricate".to_owned());
    for defect in &message.defects {
        remark(true, defect.word().to_owned());
    }
    words.join(" ")
}

/// What the network changes, in words, each with a space before it.
fn shown(presented: &Presented, copies: u32) -> String {
    let mut words = String::new();
    let changed = [
        ("to", &presented.to),
        ("nonce", &presented.nonce),
        ("kind", &presented.kind),
    ];
    for (field, value) in changed {
        if let Some(value) = value {
            words.extend([" ", field, ":=", value]);
        }
    }
    for (flag, word) in [
        (presented.respelled, " respelled"),
        (presented.altered, " altered"),
        (copies > 1, " twice at once"),
    ] {
        if flag {
            words.push_str(word);
        }
    }
    words
}
