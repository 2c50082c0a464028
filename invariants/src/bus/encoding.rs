//! The bus as the engines read it: which terms its states, steps and parameters are.
//!
//! Nothing here says what a step does or demands; that is read from the rule book.

use countersign_model::bus::Bus;
use countersign_model::bus::invariant::{Invariant, InvariantId, Transition};
use countersign_model::bus::lemma::{Claim, Lemma, LemmaId};
use countersign_model::bus::mail::Mail;
use countersign_model::bus::message::{Fate, Hold, Message, Request};
use countersign_model::bus::policies::AGENTS;
use countersign_model::bus::policy::{Tier, Tiers};
use countersign_model::bus::step::{Action, Event};
use countersign_model::bus::world::{Agent, Setting, World};
use countersign_model::domain::{Choice, Natural as _, Truth as _};
use countersign_model::rulebook::Ruleset;
use z3::ast::Ast;

use crate::symbolic::{
    Formula, Function, Individual, Number, Quantifier, Symbolic, Term, apply, forall, species,
};
use crate::system::Taken;

impl<Q: Quantifier> Mail for Symbolic<Q> {
    type Kind = Individual<species::Kind>;
    type Message = Individual<species::Message>;
    /// Whatever anybody may have written: uninterpreted functions of pair and type.
    type Rights = ();
    type PerAgent<V: Choice<Formula> + 'static> = Function<Individual<species::Agent>, V>;
    type PerMessage<V: Choice<Formula> + 'static> = Function<Individual<species::Message>, V>;

    fn every_agent((): &(), holds: impl Fn(&Individual<species::Agent>) -> Formula) -> Formula {
        Q::every_of("agent", AGENTS, holds)
    }
    fn every_message((): &(), holds: impl Fn(&Individual<species::Message>) -> Formula) -> Formula {
        Q::every_message(holds)
    }
    fn count_agents(
        (): &(),
        unknown: &Number,
        _: impl Fn(&Individual<species::Agent>) -> Formula,
    ) -> Number {
        unknown.clone()
    }
    fn tiers(
        (): &(),
        from: &Individual<species::Agent>,
        to: &Individual<species::Agent>,
        kind: &Individual<species::Kind>,
    ) -> Tiers<Formula> {
        let (from, to) = (from.term(), to.term());
        Tiers {
            tiers: [
                tier("pair", &[from, to], kind),
                tier("from-one", &[from], kind),
                tier("to-one", &[to], kind),
                tier("any", &[], kind),
            ],
            recipient_first: Term::named("recipient-first"),
        }
    }
}

/// A tier that some list of rules could be: what is named stands in a rule, and what comes first is
/// there at all.
fn tier(name: &str, pair: &[&dyn Ast], kind: &Individual<species::Kind>) -> Tier<Formula> {
    let mut typed = pair.to_vec();
    typed.push(kind.term());
    let says = |what: &str| -> Formula { apply(&format!("{name}.{what}"), &typed) };
    let listed: Formula = apply(&format!("{name}.listed"), pair);
    let names_some = listed.and(&apply(&format!("{name}.names-some"), pair));
    let allows = names_some.and(&says("allows"));
    Tier {
        holds: names_some.and(&says("holds")),
        denies: names_some.and(&says("denies")),
        allows_first: allows.and(&says("allows-first")),
        listed,
        names_some,
        allows,
    }
}

/// Every action, with parameters whose names end in `at`.
pub(super) fn actions<Q: Quantifier>(at: &str) -> [Action<Symbolic<Q>>; 8] {
    let (message, agent) = (message(at), agent(at));
    [
        Action::Submit(message.clone()),
        Action::Approve(message.clone(), parameter("saw", at)),
        Action::Reject(message.clone()),
        Action::Release(message.clone()),
        Action::Receive(message, agent.clone()),
        Action::Advance(parameter("instant", at)),
        Action::Deactivate(agent.clone()),
        Action::Withdraw(agent),
    ]
}

/// The stable name of an action.
pub(super) fn name<Q: Quantifier>(action: &Action<Symbolic<Q>>) -> &'static str {
    match action {
        Action::Submit(_) => "submit",
        Action::Approve(..) => "approve",
        Action::Reject(_) => "reject",
        Action::Release(_) => "release",
        Action::Receive(..) => "receive",
        Action::Advance(_) => "advance",
        Action::Deactivate(_) => "deactivate",
        Action::Withdraw(_) => "withdraw",
    }
}

/// The parameter `name` of the step `at`.
pub(super) fn parameter<T: Term>(name: &str, at: &str) -> T {
    T::named(&format!("{name}{at}"))
}

/// The message that the step `at` is about.
pub(super) fn message(at: &str) -> Individual<species::Message> {
    parameter("message", at)
}

/// The agent that the step `at` is about.
pub(super) fn agent(at: &str) -> Individual<species::Agent> {
    parameter("agent", at)
}

/// A setting of which nothing is known.
pub(super) fn any_setting<Q: Quantifier>() -> Setting<Symbolic<Q>> {
    Setting {
        window: Term::named("window"),
        patience: Term::named("patience"),
        longest: Term::named("longest"),
        rate: Term::named("rate"),
        audience: Term::named("audience"),
    }
}

/// A world of which nothing is known.
pub(super) fn any_world<Q: Quantifier>() -> World<Symbolic<Q>> {
    let set = |name: &'static str| {
        Function::new(move |message: &Individual<species::Message>| {
            let message = message.clone();
            Function::new(move |agent: &Individual<species::Agent>| {
                apply(name, &[message.term(), agent.term()])
            })
        })
    };
    World {
        now: Term::named("now"),
        version: Term::named("version"),
        rights: (),
        agents: Function::new(|agent: &Individual<species::Agent>| {
            let of = [agent.term()];
            Agent {
                hostile: apply("agent.hostile", &of),
                active: apply("agent.active", &of),
                withdrawn: apply("agent.withdrawn", &of),
                charged: apply("agent.charged", &of),
                caused: apply("agent.caused", &of),
            }
        }),
        messages: Function::new(any_message::<Q>),
        fates: Function::new(any_fate::<Q>),
        parties: set("party"),
        wanters: set("wanter"),
    }
}

/// One event of each kind, of which nothing is known.
pub(super) fn any_events<Q: Quantifier>() -> [Event<Symbolic<Q>>; 4] {
    let judged = |released| Event::Judged {
        message: message(""),
        released,
        delivered: parameter("delivered", ""),
        queued: parameter("queued", ""),
    };
    let received = Event::Received {
        message: message(""),
        by: agent(""),
        acted: parameter("acted", ""),
    };
    [judged(false), judged(true), received, Event::Passed]
}

/// Nothing was sent yet; everybody has all its rights. Of everything else nothing is known.
pub(super) fn any_first_world<Q: Quantifier>() -> World<Symbolic<Q>> {
    let nobody = || Function::new(|_: &Individual<species::Message>| Function::new(|_| no()));
    World {
        agents: Function::new(|agent: &Individual<species::Agent>| {
            let of = [agent.term()];
            Agent {
                hostile: apply("agent.hostile", &of),
                active: apply("agent.active", &of),
                withdrawn: no(),
                charged: zero(),
                caused: zero(),
            }
        }),
        fates: Function::new(|message: &Individual<species::Message>| Fate {
            delivered: no(),
            request: Request {
                open: no(),
                answer_by: zero(),
                waiting: no(),
                asked_at: zero(),
            },
            hold: Hold {
                held: no(),
                left: no(),
                approved: no(),
                shown: no(),
                under: zero(),
                until: zero(),
                used: no(),
                saw: message.clone(),
                approved_at: zero(),
                outdated: no(),
            },
        }),
        parties: nobody(),
        wanters: nobody(),
        ..any_world()
    }
}

fn zero() -> Number {
    Number::constant(0)
}

fn no() -> Formula {
    Formula::constant(false)
}

fn any_message<Q: Quantifier>(message: &Individual<species::Message>) -> Message<Symbolic<Q>> {
    let of = [message.term()];
    Message {
        signer: apply("message.signer", &of),
        claimed: apply("message.claimed", &of),
        to: apply("message.to", &of),
        to_all: apply("message.to_all", &of),
        respelled: apply("message.respelled", &of),
        kind: apply("message.kind", &of),
        is_request: apply("message.is_request", &of),
        is_reply: apply("message.is_reply", &of),
        answers: apply("message.answers", &of),
        acts: apply("message.acts", &of),
        cause: apply("message.cause", &of),
        id: apply("message.id", &of),
        two_faced: apply("message.two_faced", &of),
        issued_at: apply("message.issued_at", &of),
        expires_at: apply("message.expires_at", &of),
        wanted: apply("message.wanted", &of),
    }
}

fn any_fate<Q: Quantifier>(message: &Individual<species::Message>) -> Fate<Symbolic<Q>> {
    let of = [message.term()];
    Fate {
        delivered: apply("fate.delivered", &of),
        request: Request {
            open: apply("request.open", &of),
            answer_by: apply("request.answer_by", &of),
            waiting: apply("request.waiting", &of),
            asked_at: apply("request.asked_at", &of),
        },
        hold: Hold {
            held: apply("hold.held", &of),
            left: apply("hold.left", &of),
            approved: apply("hold.approved", &of),
            shown: apply("hold.shown", &of),
            under: apply("hold.under", &of),
            until: apply("hold.until", &of),
            used: apply("hold.used", &of),
            saw: apply("hold.saw", &of),
            approved_at: apply("hold.approved_at", &of),
            outdated: apply("hold.outdated", &of),
        },
    }
}

/// One step of every action, judged by `invariant`.
pub(super) fn steps<Q: Quantifier>(
    rules: Ruleset<Bus>,
    invariant: InvariantId,
    setting: &Setting<Symbolic<Q>>,
    world: &World<Symbolic<Q>>,
    at: &str,
) -> Vec<Taken<World<Symbolic<Q>>>> {
    let invariant = Invariant::of(invariant);
    let take = |action: Action<Symbolic<Q>>| {
        let step = world.step(rules, setting, &action);
        let of = |holds: &dyn Fn(&Transition<'_, Symbolic<Q>>) -> Formula| {
            step.event.as_ref().map_or_else(no, |event| {
                holds(&Transition {
                    setting,
                    before: world,
                    event,
                    after: &step.after,
                })
            })
        };
        let premise = of(&|transition| (invariant.premise)(transition));
        let violated = of(&|transition| invariant.violated(transition));
        Taken {
            action: name(&action),
            premise,
            violated,
            enabled: step.enabled,
            after: step.after,
        }
    };
    actions(at).into_iter().map(take).collect()
}

/// The lemma, quantified over all individuals or of nameless ones.
pub(super) fn lemma<Q: Quantifier>(
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
    let agent = Individual::<species::Agent>::named("some-agent");
    let message = Individual::<species::Message>::named("some-message");
    match &Lemma::of(id).claim {
        Claim::Agent(claim) => close(&[agent.term()], claim(world, &agent)),
        Claim::Message(claim) => close(&[message.term()], claim(setting, world, &message)),
        Claim::Party(claim) => {
            let bound: [&dyn Ast; 2] = [message.term(), agent.term()];
            close(&bound, claim(world, &message, &agent))
        }
    }
}

/// The world that is `then` where `condition` holds and `otherwise` elsewhere.
pub(super) fn choose_world<Q: Quantifier>(
    condition: &Formula,
    then: &World<Symbolic<Q>>,
    otherwise: &World<Symbolic<Q>>,
) -> World<Symbolic<Q>> {
    World {
        now: Number::choose(condition, &then.now, &otherwise.now),
        version: Number::choose(condition, &then.version, &otherwise.version),
        rights: (),
        agents: Function::choose(condition, &then.agents, &otherwise.agents),
        messages: Function::choose(condition, &then.messages, &otherwise.messages),
        fates: Function::choose(condition, &then.fates, &otherwise.fates),
        parties: Function::choose(condition, &then.parties, &otherwise.parties),
        wanters: Function::choose(condition, &then.wanters, &otherwise.wanters),
    }
}
