//! The handshake as the engines read it: which terms its states, steps and parameters are.
//!
//! Nothing here says what a step does or demands; that is read from the model.

use countersign_model::domain::{Choice, Truth as _};
use countersign_model::handshake::Handshake;
use countersign_model::handshake::crowd::record::{Agent, Proof, Run, Words, World};
use countersign_model::handshake::crowd::step::{Action, Evidence};
use countersign_model::handshake::crowd::{Crowd, Scene};
use countersign_model::handshake::promise::{InvariantId, Point};
use countersign_model::rulebook::Ruleset;

use crate::symbolic::{
    Any, AtMost, Formula, Function, Individual, Number, Quantifier, Symbolic, Term, apply, forall,
    species,
};
use crate::system::Taken;

/// How "every run" and "some run" are read.
pub(crate) trait Runs: Quantifier {
    /// Whether `holds` is true of every run.
    fn every_run(holds: impl Fn(&Individual<species::Run>) -> Formula) -> Formula;
    /// Whether `holds` is true of some run, of which `candidate` is one.
    fn some_run(
        candidate: &Individual<species::Run>,
        holds: impl Fn(&Individual<species::Run>) -> Formula,
    ) -> Formula;
}

impl Runs for Any {
    fn every_run(holds: impl Fn(&Individual<species::Run>) -> Formula) -> Formula {
        let run = Individual::named("every-run");
        forall(&[run.term()], &holds(&run))
    }
    fn some_run(
        candidate: &Individual<species::Run>,
        holds: impl Fn(&Individual<species::Run>) -> Formula,
    ) -> Formula {
        holds(candidate)
    }
}

impl<const RUNS: usize> Runs for AtMost<RUNS> {
    fn every_run(holds: impl Fn(&Individual<species::Run>) -> Formula) -> Formula {
        Formula::all((0..RUNS).map(|number| holds(&run(number))))
    }
    fn some_run(
        _candidate: &Individual<species::Run>,
        holds: impl Fn(&Individual<species::Run>) -> Formula,
    ) -> Formula {
        Self::every_run(|run| holds(run).not()).not()
    }
}

/// The run with this number, where there is a given number of them.
pub(crate) fn run(number: usize) -> Individual<species::Run> {
    Individual::named(&format!("run#{number}"))
}

impl<Q: Runs> Crowd for Symbolic<Q> {
    type Run = Individual<species::Run>;
    type Share = Individual<species::Share>;
    type Key = Individual<species::Key>;
    type Offer = Individual<species::Offer>;
    type Capabilities = Individual<species::Capabilities>;
    type Suite = Individual<species::Suite>;
    type Bytes = Individual<species::Bytes>;
    type PerAgent<V: Choice<Formula> + 'static> = Function<Individual<species::Agent>, V>;
    type PerRun<V: Choice<Formula> + 'static> = Function<Individual<species::Run>, V>;

    fn drawer(share: &Self::Share) -> Self::Run {
        apply("drawer", &[share.term()])
    }
    fn low_order(share: &Self::Share) -> Formula {
        apply("low_order", &[share.term()])
    }
    fn owner(key: &Self::Key) -> Self::Agent {
        apply("owner", &[key.term()])
    }
    fn common(initiator: &Self::Offer, responder: &Self::Offer) -> Formula {
        apply("common", &[initiator.term(), responder.term()])
    }
    fn best(initiator: &Self::Offer, responder: &Self::Offer) -> Number {
        apply("best", &[initiator.term(), responder.term()])
    }
    fn newest(offer: &Self::Offer) -> Number {
        apply("newest", &[offer.term()])
    }
    fn offers(agent: &Self::Agent, suite: &Self::Suite) -> Formula {
        apply("offers", &[agent.term(), suite.term()])
    }
    fn suffices(capabilities: &Self::Capabilities, agent: &Self::Agent) -> Formula {
        apply("suffices", &[capabilities.term(), agent.term()])
    }
    fn every_run(holds: impl Fn(&Self::Run) -> Formula) -> Formula {
        Q::every_run(holds)
    }
    fn some_run(candidate: &Self::Run, holds: impl Fn(&Self::Run) -> Formula) -> Formula {
        Q::some_run(candidate, holds)
    }
}

/// Every action, with parameters whose names end in `at`.
pub(crate) fn actions<Q: Runs>(at: &str) -> [Action<Symbolic<Q>>; 9] {
    let run: Individual<species::Run> = parameter("run", at);
    let (words, evidence) = (words::<Q>(at), evidence::<Q>(at));
    [
        Action::Begin(run.clone()),
        Action::Hello(run.clone(), words.clone()),
        Action::Answer(run.clone(), words, version(at), suite(at), evidence.clone()),
        Action::Finish(run.clone(), evidence),
        Action::Confirm(run.clone(), parameter("valid", at), source(at)),
        Action::LoseLongTerm(parameter("agent", at)),
        Action::LoseEphemeral(run.clone()),
        Action::LoseSession(run.clone()),
        Action::LoseSealing(run),
    ]
}

/// The parameter `name` of the step `at`.
pub(crate) fn parameter<T: Term>(name: &str, at: &str) -> T {
    T::named(&format!("{name}{at}"))
}

/// The run that the step `at` is about.
pub(crate) fn actor(at: &str) -> Individual<species::Run> {
    parameter("run", at)
}

/// The run that helps the attacker in the step `at`.
pub(crate) fn source(at: &str) -> Individual<species::Run> {
    parameter("source", at)
}

/// The version that the step `at` delivers.
pub(crate) fn version(at: &str) -> Number {
    parameter("version", at)
}

/// The suite that the step `at` delivers.
pub(crate) fn suite(at: &str) -> Individual<species::Suite> {
    parameter("suite", at)
}

/// The plain words that the step `at` delivers.
pub(crate) fn words<Q: Runs>(at: &str) -> Words<Symbolic<Q>> {
    Words {
        offers: parameter("words.offers", at),
        capabilities: parameter("words.capabilities", at),
        share: parameter("words.share", at),
    }
}

/// The proof that the step `at` delivers.
pub(crate) fn evidence<Q: Runs>(at: &str) -> Evidence<Symbolic<Q>> {
    Evidence {
        peer: parameter("evidence.peer", at),
        key: parameter("evidence.key", at),
        sealed: parameter("evidence.sealed", at),
        bound: parameter("evidence.bound", at),
        signed: parameter("evidence.signed", at),
        bytes: parameter("evidence.bytes", at),
        source: source(at),
    }
}

/// A world of which nothing is known.
pub(crate) fn any_world<Q: Runs>() -> World<Symbolic<Q>> {
    World {
        agents: Function::new(any_agent::<Q>),
        runs: Function::new(any_run::<Q>),
        version_floor: Term::named("version_floor"),
    }
}

/// Nothing was sent and nothing was lost yet; of everything else nothing is known.
pub(crate) fn first_world<Q: Runs>() -> World<Symbolic<Q>> {
    let no = || Formula::constant(false);
    World {
        agents: Function::new(move |agent| Agent {
            lost: no(),
            ..any_agent::<Q>(agent)
        }),
        runs: Function::new(move |run| Run {
            begun: no(),
            accepted: no(),
            confirmed: no(),
            ephemeral_lost: no(),
            session_lost: no(),
            sealing_lost: no(),
            ..any_run::<Q>(run)
        }),
        ..any_world()
    }
}

fn any_agent<Q: Runs>(agent: &Individual<species::Agent>) -> Agent<Symbolic<Q>> {
    let of = [agent.term()];
    Agent {
        hostile: apply("agent.hostile", &of),
        entitled: apply("agent.entitled", &of),
        offers: apply("agent.offers", &of),
        capabilities: apply("agent.capabilities", &of),
        lost: apply("agent.lost", &of),
    }
}

fn any_run<Q: Runs>(run: &Individual<species::Run>) -> Run<Symbolic<Q>> {
    let of = [run.term()];
    Run {
        begins: apply("run.begins", &of),
        me: apply("run.me", &of),
        meant: apply("run.meant", &of),
        key: apply("run.key", &of),
        share: apply("run.share", &of),
        begun: apply("run.begun", &of),
        accepted: apply("run.accepted", &of),
        confirmed: apply("run.confirmed", &of),
        heard: Words {
            offers: apply("run.heard.offers", &of),
            capabilities: apply("run.heard.capabilities", &of),
            share: apply("run.heard.share", &of),
        },
        version: apply("run.version", &of),
        suite: apply("run.suite", &of),
        proof: Proof {
            peer: apply("run.proof.peer", &of),
            key: apply("run.proof.key", &of),
            sound: apply("run.proof.sound", &of),
            bytes: apply("run.proof.bytes", &of),
        },
        trusted: apply("run.trusted", &of),
        ephemeral_lost: apply("run.ephemeral_lost", &of),
        session_lost: apply("run.session_lost", &of),
        sealing_lost: apply("run.sealing_lost", &of),
    }
}

/// What `action` leads to, judged by `invariant` at these points for the runs that are `watched`.
pub(crate) fn taken<Q: Runs>(
    rules: Ruleset<Handshake>,
    (invariant, points): (InvariantId, &[Point]),
    world: &World<Symbolic<Q>>,
    action: &Action<Symbolic<Q>>,
    watched: impl Fn(&Individual<species::Run>) -> Formula,
) -> Taken<World<Symbolic<Q>>> {
    let step = world.step(rules, action);
    let scene = Scene {
        rules,
        world: &step.after,
    };
    let (premise, conclusion) = scene.judged(invariant, points, step.commitment.as_ref(), watched);
    Taken {
        action: name(action),
        enabled: step.enabled,
        violated: premise.and(&conclusion.not()),
        premise,
        after: step.after,
    }
}

/// The stable name of an action.
pub(crate) fn name<Q: Runs>(action: &Action<Symbolic<Q>>) -> &'static str {
    match action {
        Action::Begin(_) => "begin",
        Action::Hello(..) => "hello",
        Action::Answer(..) => "answer",
        Action::Finish(..) => "finish",
        Action::Confirm(..) => "confirm",
        Action::LoseLongTerm(_) => "lose-long-term",
        Action::LoseEphemeral(_) => "lose-ephemeral",
        Action::LoseSession(_) => "lose-session",
        Action::LoseSealing(_) => "lose-sealing",
    }
}
