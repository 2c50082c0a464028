//! Deliveries of a handshake in words.

use countersign_model::handshake::Handshake;
use countersign_model::handshake::script::{EVERY_CAPABILITY, EVERY_VERSION};

use super::cast::{Names, Participant, Setting};
use super::flight::{Action, Confirmation, Flight, Proof, Share, Signature};
use super::vocabulary::{MALLORY_NAME, capabilities, offers};
use crate::event::Event;
use crate::trace::{Step, Trace};

/// What happens at `step`: a flight that a run made as it is comes from that run, any other from the
/// attacker.
pub(super) fn event(trace: &Trace<Handshake>, names: &Names, step: &Step<Handshake>) -> Event {
    let Action::Deliver { to, flight } = &step.action;
    let of = |run: &str| {
        let place = names.place(run).map(usize::from).ok();
        let found = place.and_then(|place| trace.cast.runs.get(place));
        found.map_or_else(|| run.to_owned(), called)
    };
    let (verb, origin, detail) = told(flight);
    Event {
        from: origin.map_or_else(|| MALLORY_NAME.to_owned(), of),
        to: Some(of(to)),
        verb,
        detail,
        delivers: true,
    }
}

/// Every run, and the attacker between the first and the others.
pub(super) fn participants(trace: &Trace<Handshake>) -> Vec<String> {
    let mut all: Vec<String> = trace.cast.runs.iter().map(called).collect();
    all.insert(all.len().min(1), MALLORY_NAME.to_owned());
    all
}

/// What the attacker is given.
pub(super) fn given(setting: &Setting) -> String {
    if setting.reveals.is_empty() {
        return "nothing".to_owned();
    }
    setting.reveals.join(", ")
}

fn called(run: &Participant) -> String {
    format!("{} {}", run.me, run.name)
}

/// A flight: its name, the run that made all of it if one did, and what is in it.
fn told(flight: &Flight) -> (&'static str, Option<&str>, String) {
    match flight {
        Flight::Hello {
            versions,
            capabilities,
            share,
        } => {
            let detail = words(versions, capabilities, share);
            ("hello", made(versions, capabilities, share), detail)
        }
        Flight::Answer {
            versions,
            capabilities,
            share,
            version,
            suite,
            proof,
        } => {
            let maker = made(versions, capabilities, share);
            let maker = maker.filter(|run| matches!(proof, Proof::Run(other) if other == run));
            let words = words(versions, capabilities, share);
            let detail = format!("{version} of {words} suite={suite} proof={}", proven(proof));
            ("answer", maker, detail)
        }
        Flight::Finish { proof } => {
            let maker = match proof {
                Proof::Run(run) => Some(run.as_str()),
                Proof::Forged(_) => None,
            };
            ("finish", maker, format!("proof={}", proven(proof)))
        }
        Flight::Confirm { confirmation } => match confirmation {
            Confirmation::Run(run) => ("confirm", Some(run), format!("confirmation={run}")),
            Confirmation::Made => ("confirm", None, "confirmation=made".to_owned()),
            Confirmation::Junk => ("confirm", None, "confirmation=junk".to_owned()),
        },
    }
}

/// The run that says these words, if it is honest about them.
fn made<'a>(versions: &[String], able: &[String], share: &'a Share) -> Option<&'a str> {
    match share {
        Share::Run(run)
            if *versions == offers(EVERY_VERSION) && *able == capabilities(EVERY_CAPABILITY) =>
        {
            Some(run)
        }
        Share::Run(_) | Share::Own | Share::LowOrder => None,
    }
}

fn words(versions: &[String], capabilities: &[String], share: &Share) -> String {
    let share = match share {
        Share::Run(run) => run,
        Share::Own => "own",
        Share::LowOrder => "low-order",
    };
    let (versions, capabilities) = (versions.join(" "), capabilities.join(" "));
    format!("[{versions}] can [{capabilities}] share={share}")
}

fn proven(proof: &Proof) -> String {
    match proof {
        Proof::Run(run) => run.clone(),
        Proof::Forged(forged) => {
            let signature = match &forged.signature {
                Signature::Made => "made",
                Signature::Run(run) => run,
                Signature::Junk => "junk",
            };
            let bare = if forged.bare { " bare" } else { "" };
            let unbound = if forged.unbound { " unbound" } else { "" };
            let (id, key) = (&forged.id, &forged.key);
            format!("forged id={id} key={key} signature={signature}{bare}{unbound}")
        }
    }
}
