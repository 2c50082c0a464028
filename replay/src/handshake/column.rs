//! The runs of a handshake side by side: what happens to each, what it relies on, and what the attacker
//! has learnt.

use std::collections::BTreeSet;

use countersign_model::handshake::Handshake;
use countersign_model::handshake::known::Calling;

use super::cast::{Names, Role};
use super::flight::Action;
use super::reference::Run;
use super::standing::{Gain, Standing};
use super::translation::run_name;
use super::vocabulary::{MALLORY_NAME, principal};
use crate::event::Column;
use crate::system::System as _;
use crate::trace::{Step, Trace};

/// A column for each run.
pub(super) fn columns(trace: &Trace<Handshake>) -> Vec<Column> {
    let runs = trace.cast.runs.iter().map(|run| Column {
        name: format!("{} {}", run.me, run.name),
        head: match (run.role, &run.peer) {
            (Role::Initiator, Some(peer)) => format!("initiator, means {peer}"),
            (Role::Initiator, None) => "initiator".to_owned(),
            (Role::Responder, _) => "responder".to_owned(),
        },
    });
    runs.collect()
}

/// What arrives, in a line or two: a flight that a run made is told by its name, one of the attacker's with
/// all that is in it.
pub(super) fn arrival(
    trace: &Trace<Handshake>,
    names: &Names,
    step: &Step<Handshake>,
) -> Vec<String> {
    let event = Handshake::event(trace, names, step);
    let from = format!("{} from {}", event.verb, event.from);
    if event.from == MALLORY_NAME {
        vec![from, event.detail]
    } else {
        vec![from]
    }
}

/// What the run that a step is delivered to relies on by it.
pub(super) fn claims(trace: &Trace<Handshake>, number: usize) -> Vec<String> {
    let Some(step) = number.checked_sub(1).and_then(|at| trace.steps.get(at)) else {
        return Vec::new();
    };
    let Action::Deliver { to, .. } = &step.action;
    let first = Handshake::first_state(trace);
    let before = match number.checked_sub(2).and_then(|at| trace.steps.get(at)) {
        Some(step) => &step.expect.state,
        None => &first,
    };
    let of = |runs: &[Standing]| runs.iter().find(|run| run.run == *to).cloned();
    let (Some(before), Some(after)) = (of(&before.runs), of(&step.expect.state.runs)) else {
        return Vec::new();
    };
    let mut claims = Vec::new();
    if before.peer != after.peer
        && let Some(peer) = &after.peer
    {
        claims.push(format!("takes {peer} for its peer"));
    }
    if before.session != after.session
        && let Some(session) = &after.session
    {
        claims.push(format!("has session key {session}"));
    }
    if before.awaits.is_some() && after.awaits.is_none() {
        claims.push("is done".to_owned());
    }
    claims
}

/// What the attacker has newly learnt: before anything is delivered, and by each delivery.
pub(super) fn learnt(trace: &Trace<Handshake>) -> Vec<Vec<String>> {
    // INVARIANT: whatever its weakenings are called, a trace that was read has runs that begin.
    let Ok(mut run) = Run::of(trace) else {
        return Vec::new();
    };
    let (mut known, mut gained) = (BTreeSet::new(), BTreeSet::new());
    let mut news = |run: &mut Run| {
        let calling = Calling {
            principal,
            run: run_name,
        };
        let terms = run.learnt(calling).into_iter();
        let new = terms.filter_map(|(term, words)| known.insert(term).then_some(words));
        let mut news: Vec<String> = new.collect();
        for standing in run.state().runs {
            for gain in &standing.attacker {
                if gained.insert((standing.run.clone(), *gain)) {
                    news.push(gain_of(*gain, &standing.run));
                }
            }
        }
        news
    };
    let mut all = vec![news(&mut run)];
    for step in &trace.steps {
        // A step that the model does not take teaches nobody anything.
        let taken = run.take(&step.action);
        all.push(taken.map_or_else(|_| Vec::new(), |_| news(&mut run)));
    }
    all
}

fn gain_of(gain: Gain, run: &str) -> String {
    match gain {
        Gain::SessionKey => format!("session key of {run}"),
        Gain::SessionKeyLater => format!("session key of {run}, once long-term keys are lost"),
        Gain::SessionKeyOverheard => format!("session key of {run}, from the messages alone"),
        Gain::Proof => format!("proof of {run}, opened"),
    }
}
