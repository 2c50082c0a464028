//! The ends of sessions side by side, and what the attacker learns of their records.

use countersign_model::session::Session;

use super::action::Action;
use super::cast::ATTACKER;
use super::telling::participants;
use crate::event::Column;
use crate::trace::{Step, Trace};

/// A column for each honest end.
pub(super) fn columns(trace: &Trace<Session>) -> Vec<Column> {
    let honest = participants(trace)
        .into_iter()
        .filter(|name| name != ATTACKER);
    let columns = honest.map(|name| {
        let held = trace.cast.sessions.iter();
        let with = held.filter(|it| name == trace.cast.me || it.peer == name);
        let names: Vec<&str> = with.map(|it| it.name.as_str()).collect();
        Column {
            head: format!("has {}", names.join(", ")),
            name,
        }
    });
    columns.collect()
}

/// What the attacker newly learns: before the first step, and by each.
pub(super) fn learnt(trace: &Trace<Session>) -> Vec<Vec<String>> {
    let mut all = vec![Vec::new()];
    let mut before: &[String] = &[];
    for step in &trace.steps {
        let mut news: Vec<String> = gained(step).into_iter().collect();
        let repeated = &step.expect.state.repeated;
        let new = repeated.iter().filter(|record| !before.contains(record));
        news.extend(new.map(|record| format!("what {record} says, by a nonce used twice")));
        before = repeated;
        all.push(news);
    }
    all
}

/// What a step itself gives away.
fn gained(step: &Step<Session>) -> Option<String> {
    let done = step.expect.verdicts.iter().all(|verdict| verdict.admits());
    match &step.action {
        Action::Seal { record, .. } if done => Some(format!("{record}, sealed")),
        Action::Reveal { session } => Some(format!("the keys of {session}")),
        Action::Read { record } => Some(format!("what {record} says")),
        Action::Seal { .. }
        | Action::Deliver { .. }
        | Action::Inject { .. }
        | Action::Advance { .. }
        | Action::Reconnect { .. }
        | Action::Withdraw { .. } => None,
    }
}
