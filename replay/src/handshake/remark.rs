//! What is wrong with a step that breaks a promise of the handshake: what is so in that very run.

use countersign_model::handshake::Handshake;
use countersign_model::handshake::promise::InvariantId;
use countersign_model::handshake::script::{
    EVERY_CAPABILITY, EVERY_VERSION, NEWEST, REQUIRED_CAPABILITY, SUITE,
};

use super::cast::{Participant, Role};
use super::flight::Action;
use super::standing::{Awaited, Gain, Heard, Standing};
use super::vocabulary::{MALLORY_NAME, capabilities, is_honest, offers, suite, version};
use crate::trace::{Step, Trace};

/// One run: who plays it, and how it stands after the step.
struct View<'a> {
    run: &'a Participant,
    standing: &'a Standing,
}

/// What is wrong with `step`, which breaks `invariant`.
pub(super) fn remark(
    trace: &Trace<Handshake>,
    step: &Step<Handshake>,
    invariant: InvariantId,
) -> String {
    let Action::Deliver { to, .. } = &step.action;
    let runs = trace.cast.runs.iter().zip(&step.expect.state.runs);
    let views: Vec<View<'_>> = runs.map(|(run, standing)| View { run, standing }).collect();
    let told = views
        .iter()
        .find(|view| view.run.name == *to)
        .and_then(|own| of_run(&views, own, invariant))
        .filter(|told| !told.is_empty());
    told.unwrap_or_else(|| format!("'{}' is broken", invariant.promise()))
}

fn of_run(views: &[View<'_>], own: &View<'_>, invariant: InvariantId) -> Option<String> {
    let (me, name) = (own.run.me.as_str(), own.called());
    let peer = own.standing.peer.as_deref()?;
    let heard = own.standing.heard.as_ref()?;
    let others: Vec<&View<'_>> = views
        .iter()
        .filter(|it| it.run.me == peer && it.run.name != own.run.name)
        .collect();
    let nobody = || {
        let other = if peer == me { "other " } else { "" };
        format!("no {other}run of {peer} takes part")
    };
    let of_partners = matches!(
        invariant,
        InvariantId::Mutual | InvariantId::Agreed | InvariantId::Injective | InvariantId::Confirmed
    );
    if of_partners && others.is_empty() {
        return Some(nobody());
    }
    Some(match invariant {
        InvariantId::Alive => nobody(),
        InvariantId::Mutual => listed(&others, |it| it.means(me)),
        InvariantId::Agreed => listed(&others, |it| it.differs(own)),
        InvariantId::Injective => {
            let alike =
                |it: &&View<'_>| it.run.me == me && it.standing.peer.as_deref() == Some(peer);
            let relying = views.iter().filter(alike).count();
            let (one, other) = (runs(relying, me), runs(others.len(), peer));
            format!("{one} for {other}")
        }
        InvariantId::Confirmed => listed(&others, |it| Some(it.waits())),
        InvariantId::Secret => exposed(views, Gain::SessionKey, "session key", ""),
        InvariantId::Forward if has(views, Gain::SessionKey) => {
            exposed(views, Gain::SessionKey, "session key", "")
        }
        InvariantId::Forward => {
            let once = ", once the long-term keys are lost";
            exposed(views, Gain::SessionKeyLater, "session key", once)
        }
        InvariantId::Private => format!("the session key of {name} follows from the messages"),
        InvariantId::Possessed => format!("{peer} does not have the session key of {name}"),
        InvariantId::Concealed => exposed(views, Gain::Proof, "proof", ""),
        InvariantId::Negotiated => misheard(own, peer, heard),
        InvariantId::Current => format!("version {} is past its date", heard.version),
        InvariantId::Capable => {
            let required = capabilities(REQUIRED_CAPABILITY).join(" ");
            let able = heard.capabilities.join(" ");
            format!("{peer} can [{able}], and [{required}] is required")
        }
        InvariantId::Intended => {
            let meant = own.run.peer.as_deref().unwrap_or("anybody");
            format!("{name} means {meant}, and takes {peer}")
        }
        InvariantId::Entitled => format!("the key of {peer} was revoked"),
    })
}

fn runs(count: usize, principal: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} run{plural} of {principal}")
}

/// What is told of each run, in order.
fn listed(others: &[&View<'_>], told: impl Fn(&View<'_>) -> Option<String>) -> String {
    let told: Vec<String> = others.iter().filter_map(|it| told(it)).collect();
    told.join(", ")
}

fn has(views: &[View<'_>], gain: Gain) -> bool {
    let mut standings = views.iter().map(|it| it.standing);
    standings.any(|it| it.attacker.contains(&gain))
}

/// That the attacker has something of the runs with an honest peer.
fn exposed(views: &[View<'_>], gain: Gain, what: &str, once: &str) -> String {
    let of = views.iter().filter(|it| {
        let peer = it.standing.peer.as_deref();
        it.standing.attacker.contains(&gain) && peer.is_some_and(is_honest)
    });
    let names: Vec<String> = of.map(View::called).collect();
    format!(
        "{MALLORY_NAME} has the {what} of {}{once}",
        names.join(" and ")
    )
}

/// What is not as the best of both offers.
fn misheard(own: &View<'_>, peer: &str, heard: &Heard) -> String {
    let name = own.called();
    let (offered, able) = (offers(EVERY_VERSION), capabilities(EVERY_CAPABILITY));
    let (best, usual) = (version(NEWEST), suite(SUITE));
    if is_honest(peer) && heard.versions != offered {
        let heard = heard.versions.join(" ");
        format!(
            "{name} hears [{heard}], and {peer} offers [{}]",
            offered.join(" ")
        )
    } else if is_honest(peer) && heard.capabilities != able {
        let heard = heard.capabilities.join(" ");
        format!(
            "{name} hears that {peer} can [{heard}], who can [{}]",
            able.join(" ")
        )
    } else if heard.suite != usual {
        format!("{name} never offered {}", heard.suite)
    } else if is_honest(peer) {
        format!("version {}, and the best of both is {best}", heard.version)
    } else {
        let offered = heard.versions.join(" ");
        format!(
            "version {}, not the best of [{offered}] and its own",
            heard.version
        )
    }
}

impl View<'_> {
    fn called(&self) -> String {
        format!("{} {}", self.run.me, self.run.name)
    }

    /// Whom it means where that is not `me`, or that it does not know yet.
    fn means(&self, me: &str) -> Option<String> {
        let name = self.called();
        match (self.standing.peer.as_deref(), self.run.peer.as_deref()) {
            (Some(peer), _) | (None, Some(peer)) if peer != me => {
                Some(format!("{name} means {peer}"))
            }
            (Some(_), _) => None,
            (None, _) => Some(format!("{name} does not know its peer yet")),
        }
    }

    /// In what it differs from a run on the other side.
    fn differs(&self, own: &Self) -> Option<String> {
        let name = self.called();
        if self.run.role == own.run.role {
            let role = match self.run.role {
                Role::Initiator => "an initiator",
                Role::Responder => "a responder",
            };
            return Some(format!("{name} is {role} too"));
        }
        let (Some(one), Some(other)) = (&own.standing.heard, &self.standing.heard) else {
            return Some(format!("{name} has accepted nothing yet"));
        };
        // What each side was told of the other is what the other must have said.
        let said = capabilities(EVERY_CAPABILITY);
        let parts = [
            (one.version != other.version, "another version"),
            (
                one.capabilities != said || other.capabilities != said,
                "other capabilities",
            ),
            (one.shared != other.shared, "another shared secret"),
            (
                own.standing.session != self.standing.session,
                "another session key",
            ),
        ];
        let differing = parts.into_iter().find(|(differs, _)| *differs);
        differing.map(|(_, what)| format!("{name} has {what}"))
    }

    /// How far it has come.
    fn waits(&self) -> String {
        let name = self.called();
        match self.standing.awaits {
            None => format!("{name} is done, on other terms"),
            Some(Awaited::Hello) => format!("{name} has not begun"),
            Some(Awaited::Answer) => format!("{name} waits for an answer"),
            Some(Awaited::Finish) => format!("{name} waits for the finish"),
            Some(Awaited::Confirm) => format!("{name} waits for the confirmation"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_on_the_same_side_is_said_to_be() {
        let run = |name: &str, role| Participant {
            name: name.to_owned(),
            role,
            me: "bob".to_owned(),
            peer: None,
        };
        let standing = Standing {
            run: String::new(),
            awaits: None,
            heard: None,
            peer: None,
            session: None,
            attacker: Vec::new(),
        };
        let (one, other) = (run("r0", Role::Responder), run("r1", Role::Responder));
        let view = |run| View {
            run,
            standing: &standing,
        };
        let told = view(&one).differs(&view(&other));
        assert_eq!(told.as_deref(), Some("bob r0 is a responder too"));
    }
}
