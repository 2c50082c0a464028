//! The session as the engines read it: which terms its states, steps and parameters are.
//!
//! Nothing here says what a step does or demands; that is read from the rule book.

use countersign_model::domain::{Choice, Natural as _, Truth as _};
use countersign_model::rulebook::Ruleset;
use countersign_model::session::Session as Rules;
use countersign_model::session::facts::Limits;
use countersign_model::session::invariant::{Invariant, InvariantId};
use countersign_model::session::lemma::{Claim, Lemma, LemmaId};
use countersign_model::session::record::{Fate, Presented, Record};
use countersign_model::session::step::{Action, Event};
use countersign_model::session::traffic::Traffic;
use countersign_model::session::world::{Leak, Mark, Peer, Reach, Sender, Session, Setting, World};
use z3::ast::Ast;

use crate::symbolic::{
    Formula, Function, Individual, Number, Quantifier, Symbolic, Term, apply, forall, species,
};
use crate::system::{Hypothesis, Taken};

impl<Q: Quantifier> Traffic for Symbolic<Q> {
    type Session = Individual<species::Session>;
    type Record = Individual<species::Record>;
    type PerPeer<V: Choice<Formula> + 'static> = Function<Individual<species::Agent>, V>;
    type PerSession<V: Choice<Formula> + 'static> = Function<Individual<species::Session>, V>;
    type PerRecord<V: Choice<Formula> + 'static> = Function<Individual<species::Record>, V>;
    type PerNumber<V: Choice<Formula> + 'static> =
        Function<(Individual<species::Session>, Number), V>;

    fn every_record(holds: impl Fn(&Individual<species::Record>) -> Formula) -> Formula {
        Q::every("record", holds)
    }
}

/// Every action, with parameters whose names end in `at`.
pub(super) fn actions<Q: Quantifier>(at: &str) -> [Action<Symbolic<Q>>; 7] {
    let record = record(at);
    let session: Individual<species::Session> = parameter("session", at);
    [
        Action::Seal(record.clone()),
        Action::Deliver(record.clone(), presented(at)),
        Action::Read(record),
        Action::Advance(parameter("instant", at)),
        Action::Reconnect(session.clone()),
        Action::Withdraw(parameter("peer", at)),
        Action::Reveal(session),
    ]
}

/// The stable name of an action.
pub(super) fn name<Q: Quantifier>(action: &Action<Symbolic<Q>>) -> &'static str {
    match action {
        Action::Seal(_) => "seal",
        Action::Deliver(..) => "deliver",
        Action::Read(_) => "read",
        Action::Advance(_) => "advance",
        Action::Reconnect(_) => "reconnect",
        Action::Withdraw(_) => "withdraw",
        Action::Reveal(_) => "reveal",
    }
}

/// The parameter `name` of the step `at`.
pub(super) fn parameter<T: Term>(name: &str, at: &str) -> T {
    T::named(&format!("{name}{at}"))
}

/// The record that the step `at` is about.
pub(super) fn record(at: &str) -> Individual<species::Record> {
    parameter("record", at)
}

/// How the step `at` presents its record.
pub(super) fn presented<Q: Quantifier>(at: &str) -> Presented<Symbolic<Q>> {
    Presented {
        session: parameter("presented.session", at),
        epoch: parameter("presented.epoch", at),
        sequence: parameter("presented.sequence", at),
        altered: parameter("presented.altered", at),
    }
}

/// A setting of which nothing is known.
pub(super) fn any_setting<Q: Quantifier>() -> Setting<Symbolic<Q>> {
    Setting {
        limits: Limits {
            lifetime: Term::named("lifetime"),
            width: Term::named("width"),
            ahead: Term::named("ahead"),
        },
        share: Term::named("share"),
        period: Term::named("period"),
    }
}

/// A world of which nothing is known.
pub(super) fn any_world<Q: Quantifier>() -> World<Symbolic<Q>> {
    World {
        now: Term::named("now"),
        peers: Function::new(any_peer::<Q>),
        sessions: Function::new(any_session::<Q>),
        marks: Function::new(
            |(session, number): &(Individual<species::Session>, Number)| {
                let place = [session.term(), number.term()];
                Mark {
                    marked: apply("mark.marked", &place),
                    by: apply("mark.by", &place),
                }
            },
        ),
        records: Function::new(any_record::<Q>),
        fates: Function::new(|record: &Individual<species::Record>| Fate {
            sent: apply("fate.sent", &[record.term()]),
            accepted: apply("fate.accepted", &[record.term()]),
        }),
    }
}

/// Nothing was sealed, accepted or lost yet; of everything else nothing is known.
pub(super) fn any_first_world<Q: Quantifier>() -> World<Symbolic<Q>> {
    World {
        sessions: Function::new(|session| {
            let any = any_session::<Q>(session);
            let sender = |since: &Number| Sender {
                epoch: zero(),
                next: zero(),
                since: since.clone(),
                count: zero(),
                used_since: since.clone(),
                used: zero(),
            };
            let nothing = || Reach {
                epoch: zero(),
                top: zero(),
            };
            let kept = || Leak {
                lost: Formula::constant(false),
                since: zero(),
                from: zero(),
            };
            Session {
                sending: sender(&any.established_at),
                peer_sending: sender(&any.established_at),
                receiving: nothing(),
                heard: nothing(),
                leaked: kept(),
                peer_leaked: kept(),
                ..any
            }
        }),
        marks: Function::new(|_| Mark::none(Term::named("nobody's"))),
        fates: Function::new(|_| Fate {
            sent: Formula::constant(false),
            accepted: Formula::constant(false),
        }),
        ..any_world()
    }
}

fn zero() -> Number {
    Number::constant(0)
}

fn any_peer<Q: Quantifier>(peer: &Individual<species::Agent>) -> Peer<Symbolic<Q>> {
    Peer {
        hostile: apply("peer.hostile", &[peer.term()]),
        entitled: apply("peer.entitled", &[peer.term()]),
    }
}

fn any_session<Q: Quantifier>(session: &Individual<species::Session>) -> Session<Symbolic<Q>> {
    let of = [session.term()];
    let number = |name: &str| apply(name, &of);
    let sender = |who: &str| Sender {
        epoch: number(&format!("{who}.epoch")),
        next: number(&format!("{who}.next")),
        since: number(&format!("{who}.since")),
        count: number(&format!("{who}.count")),
        used_since: number(&format!("{who}.used_since")),
        used: number(&format!("{who}.used")),
    };
    let reach = |what: &str| Reach {
        epoch: number(&format!("{what}.epoch")),
        top: number(&format!("{what}.top")),
    };
    let leak = |whose: &str| Leak {
        lost: apply(&format!("{whose}.lost"), &of),
        since: number(&format!("{whose}.since")),
        from: number(&format!("{whose}.from")),
    };
    Session {
        peer: apply("session.peer", &of),
        established_at: number("session.established_at"),
        held: apply("session.held", &of),
        sending: sender("sending"),
        peer_sending: sender("peer_sending"),
        receiving: reach("receiving"),
        heard: reach("heard"),
        leaked: leak("leaked"),
        peer_leaked: leak("peer_leaked"),
    }
}

fn any_record<Q: Quantifier>(record: &Individual<species::Record>) -> Record<Symbolic<Q>> {
    let of = [record.term()];
    Record {
        composed: apply("record.composed", &of),
        session: apply("record.session", &of),
        mine: apply("record.mine", &of),
        epoch: apply("record.epoch", &of),
        sequence: apply("record.sequence", &of),
        sealed: apply("record.sealed", &of),
        schema_valid: apply("record.schema_valid", &of),
    }
}

/// One step of every action, judged by `invariant`.
pub(super) fn steps<Q: Quantifier>(
    rules: Ruleset<Rules>,
    invariant: InvariantId,
    setting: &Setting<Symbolic<Q>>,
    world: &World<Symbolic<Q>>,
    at: &str,
) -> Vec<Taken<World<Symbolic<Q>>>> {
    let invariant = Invariant::of(invariant);
    let take = |action: Action<Symbolic<Q>>| {
        let step = world.step(rules, setting, &action);
        let of = |holds: &dyn Fn(&Event<Symbolic<Q>>) -> Formula| {
            step.event
                .as_ref()
                .map_or_else(|| Formula::constant(false), holds)
        };
        Taken {
            action: name(&action),
            enabled: step.enabled.clone(),
            premise: of(&|event| (invariant.premise)(setting, event)),
            violated: of(&|event| invariant.violated(setting, event)),
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
    let session = Individual::<species::Session>::named("some-session");
    match &Lemma::of(id).claim {
        Claim::Session(claim) => close(&[session.term()], claim(setting, world, &session)),
        Claim::Record(claim) => {
            let record = Individual::<species::Record>::named("some-record");
            close(&[record.term()], claim(world, &record))
        }
        Claim::Records(claim) => {
            let one = Individual::<species::Record>::named("one-record");
            let other = Individual::<species::Record>::named("other-record");
            close(&[one.term(), other.term()], claim(world, &one, &other))
        }
        Claim::Number(claim) => {
            let number = Number::named("some-number");
            let bound: [&dyn Ast; 2] = [session.term(), number.term()];
            close(&bound, claim(world, &session, &number))
        }
    }
}

/// What induction takes for granted of the setting.
pub(super) fn assumptions<Q: Quantifier>(setting: &Setting<Symbolic<Q>>) -> Vec<Hypothesis> {
    let named = |name, formula| Hypothesis { name, formula };
    vec![
        named("share-is-not-zero", zero().below(&setting.share)),
        named("period-is-not-zero", zero().below(&setting.period)),
    ]
}

/// The world that is `then` where `condition` holds and `otherwise` elsewhere.
pub(super) fn choose_world<Q: Quantifier>(
    condition: &Formula,
    then: &World<Symbolic<Q>>,
    otherwise: &World<Symbolic<Q>>,
) -> World<Symbolic<Q>> {
    World {
        now: Number::choose(condition, &then.now, &otherwise.now),
        peers: Function::choose(condition, &then.peers, &otherwise.peers),
        sessions: Function::choose(condition, &then.sessions, &otherwise.sessions),
        marks: Function::choose(condition, &then.marks, &otherwise.marks),
        records: Function::choose(condition, &then.records, &otherwise.records),
        fates: Function::choose(condition, &then.fates, &otherwise.fates),
    }
}
