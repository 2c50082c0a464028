//! The audit trail as the engines read it: which terms its states, steps and parameters are.
//!
//! Nothing here says what a step does or demands; that is read from the rule book.

use std::fmt::Debug;

use countersign_model::audit::Audit as Rules;
use countersign_model::audit::chronicle::Chronicle;
use countersign_model::audit::invariant::{Invariant, InvariantId};
use countersign_model::audit::lemma::{Claim, Lemma, LemmaId};
use countersign_model::audit::record::{Content, Fate};
use countersign_model::audit::sequence::Sequence;
use countersign_model::audit::step::{Action, Event, Guess, Question, Tampering};
use countersign_model::audit::world::{Checkpoint, File, Setting, World};
use countersign_model::domain::{Choice, Natural as _, Truth as _};
use countersign_model::rulebook::Ruleset;

use crate::symbolic::{
    Formula, Function, Individual, Number, Quantifier, Symbolic, Term, apply, forall, species,
};
use crate::system::Taken;

impl<Q: Quantifier> Chronicle for Symbolic<Q> {
    type Record = Individual<species::Record>;
    type Checkpoint = Individual<species::Checkpoint>;
    type Text = Individual<species::Bytes>;
    type PerRecord<V: Choice<Formula> + 'static> = Function<Individual<species::Record>, V>;
    type PerCheckpoint<V: Choice<Formula> + 'static> = Function<Individual<species::Checkpoint>, V>;
    type PerPlace<V: Choice<Formula> + Debug + PartialEq + 'static> = Function<Number, V>;

    fn every_record(holds: impl Fn(&Individual<species::Record>) -> Formula) -> Formula {
        Q::every("record", holds)
    }
    fn every_place(holds: impl Fn(&Number) -> Formula) -> Formula {
        Q::every_place(holds)
    }
}

/// Every action, with parameters whose names end in `at`.
pub(super) fn actions<Q: Quantifier>(at: &str) -> [Action<Symbolic<Q>>; 8] {
    let record: Individual<species::Record> = parameter("record", at);
    let checkpoint: Individual<species::Checkpoint> = parameter("checkpoint", at);
    [
        Action::Record(record.clone()),
        Action::Sign(checkpoint.clone()),
        Action::Act(record.clone()),
        Action::Crash,
        Action::Tamper(Tampering {
            records: written("records", at),
            links: written("links", at),
            checkpoint,
            head: written("head", at),
        }),
        Action::Verify,
        Action::Ask(Question {
            reader: parameter("reader", at),
            subject: parameter("subject", at),
            record: record.clone(),
        }),
        Action::Guess(Guess {
            guesser: parameter("reader", at),
            record,
        }),
    ]
}

/// The stable name of an action.
pub(super) fn name<Q: Quantifier>(action: &Action<Symbolic<Q>>) -> &'static str {
    match action {
        Action::Record(_) => "record",
        Action::Sign(_) => "sign",
        Action::Act(_) => "act",
        Action::Crash => "crash",
        Action::Tamper(_) => "tamper",
        Action::Verify => "verify",
        Action::Ask(_) => "ask",
        Action::Guess(_) => "guess",
    }
}

/// The parameter `name` of the step `at`.
pub(super) fn parameter<T: Term>(name: &str, at: &str) -> T {
    T::named(&format!("{name}{at}"))
}

/// A sequence that the attacker writes in the step `at`.
pub(super) fn written<Q: Quantifier>(name: &str, at: &str) -> Sequence<Symbolic<Q>> {
    any_sequence(format!("tampering.{name}{at}"))
}

/// A sequence of which nothing is known.
fn any_sequence<Q: Quantifier>(name: String) -> Sequence<Symbolic<Q>> {
    Sequence {
        count: Term::named(&format!("{name}.count")),
        records: Function::new(move |place: &Number| {
            apply(&format!("{name}.record"), &[place.term()])
        }),
    }
}

/// The sequence without records.
fn empty<Q: Quantifier>() -> Sequence<Symbolic<Q>> {
    Sequence {
        count: Number::constant(0),
        ..any_sequence("nothing".to_owned())
    }
}

/// A sequence that a checkpoint has, of which nothing is known.
fn of_checkpoint<Q: Quantifier>(
    name: &'static str,
    checkpoint: &Individual<species::Checkpoint>,
) -> Sequence<Symbolic<Q>> {
    let owner = checkpoint.clone();
    Sequence {
        count: apply(&format!("{name}.count"), &[checkpoint.term()]),
        records: Function::new(move |place: &Number| {
            apply(&format!("{name}.record"), &[owner.term(), place.term()])
        }),
    }
}

/// A setting of which nothing is known.
pub(super) fn any_setting<Q: Quantifier>() -> Setting<Symbolic<Q>> {
    Setting {
        auditor: Term::named("auditor"),
    }
}

/// A world of which nothing is known.
pub(super) fn any_world<Q: Quantifier>() -> World<Symbolic<Q>> {
    let sequence = |name: &str| any_sequence(name.to_owned());
    World {
        contents: Function::new(any_content::<Q>),
        fates: Function::new(|record: &Individual<species::Record>| Fate {
            recorded: apply("fate.recorded", &[record.term()]),
            durable: apply("fate.durable", &[record.term()]),
            acted: apply("fate.acted", &[record.term()]),
        }),
        file: File {
            records: sequence("file.records"),
            links: sequence("file.links"),
            synced: Term::named("file.synced"),
            checkpoint: Term::named("file.checkpoint"),
        },
        checkpoints: Function::new(|checkpoint: &Individual<species::Checkpoint>| Checkpoint {
            signed: apply("checkpoint.signed", &[checkpoint.term()]),
            head: of_checkpoint("checkpoint.head", checkpoint),
            truth: of_checkpoint("checkpoint.truth", checkpoint),
        }),
        head: sequence("head"),
        written: sequence("written"),
        remembered: sequence("remembered"),
        verified: sequence("verified"),
        untouched: Term::named("untouched"),
    }
}

/// Nothing was written, signed or verified yet; of what records say nothing is known.
pub(super) fn first_world<Q: Quantifier>() -> World<Symbolic<Q>> {
    World {
        fates: Function::new(|_| Fate {
            recorded: Formula::constant(false),
            durable: Formula::constant(false),
            acted: Formula::constant(false),
        }),
        file: File {
            records: empty(),
            links: empty(),
            synced: Number::constant(0),
            checkpoint: Term::named("no-checkpoint"),
        },
        checkpoints: Function::new(|_| Checkpoint {
            signed: Formula::constant(false),
            head: empty(),
            truth: empty(),
        }),
        head: empty(),
        written: empty(),
        remembered: empty(),
        verified: empty(),
        untouched: Formula::constant(true),
        ..any_world()
    }
}

fn any_content<Q: Quantifier>(record: &Individual<species::Record>) -> Content<Symbolic<Q>> {
    let of = [record.term()];
    Content {
        composed: apply("content.composed", &of),
        from: apply("content.from", &of),
        to: apply("content.to", &of),
        denied: apply("content.denied", &of),
        text: apply("content.text", &of),
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
            premise: of(&|event| (invariant.premise)(event)),
            violated: of(&|event| invariant.violated(event)),
            after: step.after,
        }
    };
    actions(at).into_iter().map(take).collect()
}

/// The lemma, quantified over all individuals or of nameless ones.
pub(super) fn lemma<Q: Quantifier>(
    id: LemmaId,
    world: &World<Symbolic<Q>>,
    quantified: bool,
) -> Formula {
    match &Lemma::of(id).claim {
        Claim::World(claim) => claim(world),
        Claim::Record(claim) => {
            let record = Individual::<species::Record>::named("some-record");
            let body = claim(world, &record);
            if quantified {
                forall(&[record.term()], &body)
            } else {
                body
            }
        }
        Claim::Checkpoint(claim) => {
            let checkpoint = Individual::<species::Checkpoint>::named("some-checkpoint");
            let body = claim(world, &checkpoint);
            if quantified {
                forall(&[checkpoint.term()], &body)
            } else {
                body
            }
        }
    }
}

/// The world that is `then` where `condition` holds and `otherwise` elsewhere.
pub(super) fn choose_world<Q: Quantifier>(
    condition: &Formula,
    then: &World<Symbolic<Q>>,
    otherwise: &World<Symbolic<Q>>,
) -> World<Symbolic<Q>> {
    let sequence = |one: &Sequence<Symbolic<Q>>, other: &Sequence<Symbolic<Q>>| {
        Sequence::choose(condition, one, other)
    };
    let (file, other) = (&then.file, &otherwise.file);
    World {
        contents: Function::choose(condition, &then.contents, &otherwise.contents),
        fates: Function::choose(condition, &then.fates, &otherwise.fates),
        file: File {
            records: sequence(&file.records, &other.records),
            links: sequence(&file.links, &other.links),
            synced: Number::choose(condition, &file.synced, &other.synced),
            checkpoint: Choice::choose(condition, &file.checkpoint, &other.checkpoint),
        },
        checkpoints: Function::choose(condition, &then.checkpoints, &otherwise.checkpoints),
        head: sequence(&then.head, &otherwise.head),
        written: sequence(&then.written, &otherwise.written),
        remembered: sequence(&then.remembered, &otherwise.remembered),
        verified: sequence(&then.verified, &otherwise.verified),
        untouched: Formula::choose(condition, &then.untouched, &otherwise.untouched),
    }
}
