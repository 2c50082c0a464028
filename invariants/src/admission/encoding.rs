//! Admission as the engines read it: which terms its states, steps and parameters are.
//!
//! Nothing here says what a step does or demands; that is read from the rule book.

use countersign_model::admission::Admission;
use countersign_model::admission::facts::Limits;
use countersign_model::admission::invariant::{Invariant, InvariantId};
use countersign_model::admission::lemma::{Claim, Lemma, LemmaId};
use countersign_model::admission::message::{Fate, Message, Presented};
use countersign_model::admission::step::{Action, Delivery};
use countersign_model::admission::world::{Agent, Entry, Key, Setting, World};
use countersign_model::domain::{Choice as _, Identity as _, Natural as _, Truth as _};
use countersign_model::rulebook::Ruleset;
use z3::ast::Ast;

use crate::symbolic::{
    Formula, Function, Individual, Number, Quantifier, Symbolic, Term, apply, forall, species,
};
use crate::system::{Hypothesis, Taken};

/// Every action, with parameters whose names end in `at`.
pub(crate) fn actions<Q: Quantifier>(at: &str) -> [Action<Symbolic<Q>>; 12] {
    let presented = presented::<Q>(at);
    let (message, instant) = (message(at), instant(at));
    let key: Individual<species::Key> = parameter("key", at);
    let agent: Individual<species::Agent> = parameter("agent", at);
    [
        Action::Send(message.clone()),
        Action::Deliver(message.clone(), presented.clone()),
        Action::DeliverTwice(message, presented),
        Action::Advance(instant.clone()),
        Action::SetBack(instant),
        Action::Forget(agent.clone(), parameter("nonce", at)),
        Action::Restart,
        Action::FailOver,
        Action::Compromise(key.clone()),
        Action::Rotate(key.clone(), parameter("successor", at)),
        Action::Revoke(key),
        Action::Retire(agent),
    ]
}

/// The parameter `name` of the step `at`.
pub(crate) fn parameter<T: Term>(name: &str, at: &str) -> T {
    T::named(&format!("{name}{at}"))
}

/// The message that the step `at` is about.
pub(crate) fn message(at: &str) -> Individual<species::Message> {
    parameter("message", at)
}

/// The instant that the step `at` moves a clock to.
pub(crate) fn instant(at: &str) -> Number {
    parameter("instant", at)
}

/// The receiver.
pub(crate) fn me() -> Individual<species::Agent> {
    Term::named("me")
}

/// How the step `at` presents its message.
pub(crate) fn presented<Q: Quantifier>(at: &str) -> Presented<Symbolic<Q>> {
    Presented {
        to: parameter("presented.to", at),
        nonce: parameter("presented.nonce", at),
        kind: parameter("presented.kind", at),
        respelled: parameter("presented.respelled", at),
        altered: parameter("presented.altered", at),
    }
}

/// A setting of which nothing is known.
pub(crate) fn any_setting<Q: Quantifier>() -> Setting<Symbolic<Q>> {
    Setting {
        me: me(),
        limits: Limits {
            window: Term::named("window"),
            skew: Term::named("skew"),
            share: Term::named("share"),
            rate: Term::named("rate"),
        },
        overlap: Term::named("overlap"),
        capacity: Term::named("capacity"),
    }
}

/// A world of which nothing is known.
pub(crate) fn any_world<Q: Quantifier>() -> World<Symbolic<Q>> {
    World {
        now: Term::named("now"),
        agents: Function::new(any_agent::<Q>),
        keys: Function::new(any_key::<Q>),
        messages: Function::new(any_message::<Q>),
        fates: Function::new(|message: &Individual<species::Message>| Fate {
            sent: apply("fate.sent", &[message.term()]),
            admitted: apply("fate.admitted", &[message.term()]),
        }),
        store: Function::new(
            |(agent, nonce): &(Individual<species::Agent>, Individual<species::Nonce>)| {
                let place = [agent.term(), nonce.term()];
                Entry {
                    stored: apply("entry.stored", &place),
                    keep_until: apply("entry.keep_until", &place),
                    serial: apply("entry.serial", &place),
                    by: apply("entry.by", &place),
                }
            },
        ),
        insertions: Term::named("insertions"),
    }
}

/// Nothing was sent, admitted, stored or lost yet; of everything else nothing is known.
pub(crate) fn any_first_world<Q: Quantifier>() -> World<Symbolic<Q>> {
    World {
        agents: Function::new(|agent| Agent {
            held: Number::constant(0),
            period: Number::constant(0),
            recent: Number::constant(0),
            admitted: Number::constant(0),
            compromised: Formula::constant(false),
            ..any_agent::<Q>(agent)
        }),
        keys: Function::new(|key| Key {
            compromised: Formula::constant(false),
            ..any_key::<Q>(key)
        }),
        fates: Function::new(|_| Fate {
            sent: Formula::constant(false),
            admitted: Formula::constant(false),
        }),
        store: Function::new(|_| Entry {
            stored: Formula::constant(false),
            keep_until: Number::constant(0),
            serial: Number::constant(0),
            by: Term::named("nobody's"),
        }),
        insertions: Number::constant(0),
        ..any_world()
    }
}

fn any_agent<Q: Quantifier>(agent: &Individual<species::Agent>) -> Agent<Symbolic<Q>> {
    let of = [agent.term()];
    Agent {
        hostile: apply("agent.hostile", &of),
        active: apply("agent.active", &of),
        held: apply("agent.held", &of),
        period: apply("agent.period", &of),
        recent: apply("agent.recent", &of),
        admitted: apply("agent.admitted", &of),
        compromised: apply("agent.compromised", &of),
    }
}

fn any_key<Q: Quantifier>(key: &Individual<species::Key>) -> Key<Symbolic<Q>> {
    let of = [key.term()];
    Key {
        owner: apply("key.owner", &of),
        listed: apply("key.listed", &of),
        not_before: apply("key.not_before", &of),
        not_after: apply("key.not_after", &of),
        revoked: apply("key.revoked", &of),
        compromised: apply("key.compromised", &of),
    }
}

fn any_message<Q: Quantifier>(message: &Individual<species::Message>) -> Message<Symbolic<Q>> {
    let of = [message.term()];
    Message {
        author: apply("message.author", &of),
        from: apply("message.from", &of),
        inner_from: apply("message.inner_from", &of),
        to: apply("message.to", &of),
        nonce: apply("message.nonce", &of),
        kind: apply("message.kind", &of),
        issued_at: apply("message.issued_at", &of),
        timed: apply("message.timed", &of),
        expires_at: apply("message.expires_at", &of),
        key: apply("message.key", &of),
        signed: apply("message.signed", &of),
        size_bounded: apply("message.size_bounded", &of),
        well_formed: apply("message.well_formed", &of),
        canonical: apply("message.canonical", &of),
        version_supported: apply("message.version_supported", &of),
        schema_valid: apply("message.schema_valid", &of),
        session_known: apply("message.session_known", &of),
        intricate: apply("message.intricate", &of),
    }
}

/// A delivery of which nothing is known.
pub(crate) fn any_delivery<Q: Quantifier>() -> Delivery<Symbolic<Q>> {
    let agent = |name: &str| any_agent(&Individual::named(name));
    Delivery {
        message: any_message(&message("")),
        presented: presented(""),
        acting: Term::named("acting"),
        parsed: Term::named("parsed"),
        admitted: Term::named("admitted"),
        sent_before: Term::named("sent_before"),
        admitted_before: Term::named("admitted_before"),
        remembered: Term::named("remembered"),
        keep_until: Term::named("keep_until"),
        changed: Term::named("changed"),
        now: Term::named("now"),
        key: any_key(&Individual::named("key")),
        attributed: agent("attributed"),
        sender: agent("sender"),
        sender_after: agent("sender_after"),
    }
}

/// One step of every action, judged by `invariant`.
pub(crate) fn steps<Q: Quantifier>(
    rules: Ruleset<Admission>,
    invariant: InvariantId,
    setting: &Setting<Symbolic<Q>>,
    world: &World<Symbolic<Q>>,
    at: &str,
) -> Vec<Taken<World<Symbolic<Q>>>> {
    let invariant = Invariant::of(invariant);
    let take = |action: Action<Symbolic<Q>>| {
        let step = world.step(rules, setting, &action);
        let some = |holds: &dyn Fn(&Delivery<Symbolic<Q>>) -> Formula| {
            let events = step.deliveries.iter().flatten();
            events.fold(Formula::constant(false), |some, event| {
                some.or(&holds(event))
            })
        };
        Taken {
            action: name(&action),
            enabled: step.enabled.clone(),
            premise: some(&|event| (invariant.premise)(setting, event)),
            violated: some(&|event| invariant.violated(setting, event)),
            after: step.after,
        }
    };
    actions(at).into_iter().map(take).collect()
}

/// The stable name of an action.
pub(crate) fn name<Q: Quantifier>(action: &Action<Symbolic<Q>>) -> &'static str {
    match action {
        Action::Send(_) => "send",
        Action::Deliver(..) => "deliver",
        Action::DeliverTwice(..) => "deliver-twice",
        Action::Advance(_) => "advance",
        Action::SetBack(_) => "set-back",
        Action::Forget(..) => "forget",
        Action::Restart => "restart",
        Action::FailOver => "fail-over",
        Action::Compromise(_) => "compromise",
        Action::Rotate(..) => "rotate",
        Action::Revoke(_) => "revoke",
        Action::Retire(_) => "retire",
    }
}

/// The lemma, quantified over all individuals or of nameless ones.
pub(crate) fn lemma<Q: Quantifier>(
    id: LemmaId,
    setting: &Setting<Symbolic<Q>>,
    world: &World<Symbolic<Q>>,
    quantified: bool,
) -> Formula {
    let close = |bound: &[&dyn Ast], body: Formula| {
        if quantified {
            forall(bound, &body)
        } else {
            body
        }
    };
    match &Lemma::of(id).claim {
        Claim::Agent(claim) => {
            let agent = Individual::<species::Agent>::named("some-agent");
            close(&[agent.term()], claim(setting, world, &agent))
        }
        Claim::Key(claim) => {
            let key = Individual::<species::Key>::named("some-key");
            close(&[key.term()], claim(world, &key))
        }
        Claim::Message(claim) => {
            let message = Individual::<species::Message>::named("some-message");
            close(&[message.term()], claim(setting, world, &message))
        }
        Claim::Messages(claim) => {
            let one = Individual::<species::Message>::named("one-message");
            let other = Individual::<species::Message>::named("other-message");
            close(&[one.term(), other.term()], claim(world, &one, &other))
        }
        Claim::Place(claim) => {
            let agent = Individual::<species::Agent>::named("some-agent");
            let nonce = Individual::<species::Nonce>::named("some-nonce");
            close(&[agent.term(), nonce.term()], claim(world, &agent, &nonce))
        }
    }
}

/// What induction takes for granted of the setting and of who is who.
///
/// Attackers who cooperate count as one: with two of them, one could compose what the other is listed
/// for, and the rule book would call that a false attribution.
pub(crate) fn assumptions<Q: Quantifier>(setting: &Setting<Symbolic<Q>>) -> Vec<Hypothesis> {
    let zero = Number::constant(0);
    let limits = &setting.limits;
    let named = |name, formula| Hypothesis { name, formula };
    let (one, other): (Individual<species::Agent>, Individual<species::Agent>) =
        (Term::named("one-agent"), Term::named("other-agent"));
    let [hostile, too] = [&one, &other].map(|agent| any_agent::<Q>(agent).hostile);
    let alone = hostile.and(&too).implies(&one.same(&other));
    vec![
        named("skew-is-natural", zero.at_most(&limits.skew)),
        named("share-is-natural", zero.at_most(&limits.share)),
        named("rate-is-natural", zero.at_most(&limits.rate)),
        named("rate-is-not-zero", limits.rate.same(&zero).not()),
        named(
            "attacker-is-one",
            forall(&[one.term(), other.term()], &alone),
        ),
    ]
}

/// The world that is `then` where `condition` holds and `otherwise` elsewhere.
pub(crate) fn choose_world<Q: Quantifier>(
    condition: &Formula,
    then: &World<Symbolic<Q>>,
    otherwise: &World<Symbolic<Q>>,
) -> World<Symbolic<Q>> {
    World {
        now: Number::choose(condition, &then.now, &otherwise.now),
        agents: Function::choose(condition, &then.agents, &otherwise.agents),
        keys: Function::choose(condition, &then.keys, &otherwise.keys),
        messages: Function::choose(condition, &then.messages, &otherwise.messages),
        fates: Function::choose(condition, &then.fates, &otherwise.fates),
        store: Function::choose(condition, &then.store, &otherwise.store),
        insertions: Number::choose(condition, &then.insertions, &otherwise.insertions),
    }
}
