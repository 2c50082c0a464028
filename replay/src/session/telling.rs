//! What happens in sessions, in words.

use countersign_model::session::Session as Rules;
use countersign_model::session::promise::InvariantId;

use super::action::{Action, Presented};
use super::cast::{ATTACKER, Setting};
use crate::event::Event;
use crate::trace::{Step, Trace};

const REGISTRY: &str = "registry";
const CLOCK: &str = "clock";

/// What happens at `step`.
pub(super) fn event(trace: &Trace<Rules>, step: &Step<Rules>) -> Event {
    let me = trace.cast.me.as_str();
    let told = |from: &str, to: Option<&str>, verb, detail: String| Event {
        from: from.to_owned(),
        to: to.map(str::to_owned),
        verb,
        detail,
        delivers: matches!(step.action, Action::Deliver { .. } | Action::Inject { .. }),
    };
    match &step.action {
        Action::Seal {
            record,
            by,
            session,
            epoch,
            number,
        } => {
            let held = trace.cast.sessions.iter().find(|it| it.name == *session);
            let peer = held.map_or(ATTACKER, |held| &held.peer);
            let to = if by == me { peer } else { me };
            let detail = placed(record, session, *epoch, *number);
            told(by, Some(to), "seal", detail)
        }
        Action::Deliver { record, presented } => {
            let detail = format!("{record}{}", changed(presented));
            told(ATTACKER, Some(me), "deliver", detail)
        }
        Action::Inject {
            record,
            session,
            epoch,
            number,
            junk,
            malformed,
        } => {
            let mut detail = placed(record, session, *epoch, *number);
            for (flag, word) in [(junk, " junk"), (malformed, " malformed")] {
                if *flag {
                    detail.push_str(word);
                }
            }
            told(ATTACKER, Some(me), "inject", detail)
        }
        Action::Read { record } => told(ATTACKER, None, "read", record.clone()),
        Action::Advance { to } => told(CLOCK, None, "advance", format!("to {to}")),
        Action::Reconnect { session } => told(me, None, "reconnect", session.clone()),
        Action::Withdraw { peer } => told(REGISTRY, None, "withdraw", peer.clone()),
        Action::Reveal { session } => told(me, Some(ATTACKER), "reveal", session.clone()),
    }
}

/// The honest peers, the attacker, and the end that is looked at, so that arrows run from left to right.
pub(super) fn participants(trace: &Trace<Rules>) -> Vec<String> {
    let honest = trace.cast.peers.iter().filter(|peer| !peer.hostile);
    let hostile = trace.cast.peers.iter().filter(|peer| peer.hostile);
    let mut all: Vec<String> = honest.map(|peer| peer.name.clone()).collect();
    all.extend(hostile.map(|peer| peer.name.clone()));
    if !all.iter().any(|name| name == ATTACKER) {
        all.push(ATTACKER.to_owned());
    }
    all.push(trace.cast.me.clone());
    all
}

/// The limits, in words.
pub(super) fn limits(trace: &Trace<Rules>) -> String {
    let Setting {
        lifetime,
        width,
        ahead,
        share,
        period,
    } = trace.setting;
    format!(
        "lifetime {lifetime}, {share} records or {period} ticks a key, {ahead} epochs ahead, \
         a window of {width}; a tick is {} ms",
        trace.clock.tick_ms
    )
}

/// What is wrong with a step that breaks a promise.
pub(super) const fn remark(invariant: InvariantId) -> &'static str {
    match invariant {
        InvariantId::Authentic => "not what the peer sealed",
        InvariantId::Once => "second time",
        InvariantId::Unique => "the same key and nonce again",
        InvariantId::Timely => "the session is over",
        InvariantId::Entitled => "the peer has lost its standing",
        InvariantId::Schema => "not of a known shape",
        InvariantId::Live => "honest, and refused",
        InvariantId::Bounded => "anybody can ask for that many keys",
        InvariantId::Renewed => "the key has had its share",
        InvariantId::Forward => "that epoch was over",
    }
}

fn placed(record: &str, session: &str, epoch: u64, number: u64) -> String {
    format!("{record} in {session} epoch={epoch} number={number}")
}

/// What the network changes, in words, each with a space before it.
fn changed(presented: &Presented) -> String {
    let Presented {
        session,
        epoch,
        number,
        altered,
    } = presented;
    let [epoch, number] = [epoch, number].map(|value| value.map(|value| value.to_string()));
    let mut words = String::new();
    for (field, value) in [("session", session), ("epoch", &epoch), ("number", &number)] {
        if let Some(value) = value {
            words.extend([" ", field, ":=", value]);
        }
    }
    if *altered {
        words.push_str(" altered");
    }
    words
}
