//! Questions about the handshake: proved for any number of runs, searched with two, exported.
//!
//! Every invariant of the table is proved at every point where it is promised, for any number of
//! principals, runs and sessions, whatever the attacker is given meanwhile: long-term secrets, what runs
//! drew, session keys, the keys that seal proofs. No guard is idle: without any one of them the proof of the invariant that it
//! protects fails. What a proof takes for granted, the [model](countersign_model::handshake::crowd) says.
//!
//! Each question is asked in a Z3 context of its own: answers do not depend on what was asked before,
//! and threads may ask side by side.
//!
//! Never here: what a step does or demands; that is read from the model.

use std::fmt::Write as _;

use countersign_model::dolev_yao::reveal::Reveals;
use countersign_model::domain::Truth as _;
use countersign_model::handshake::Handshake;
use countersign_model::handshake::crowd::assumption::AssumptionId;
use countersign_model::handshake::crowd::lemma::LemmaId;
use countersign_model::handshake::crowd::record::World;
use countersign_model::handshake::crowd::{Crowd, Scene};
use countersign_model::handshake::promise::{InvariantId, Point};
use countersign_model::handshake::story::Story;
use countersign_model::rulebook::{Row as _, Ruleset};

use crate::bounded::{self, Ending};
use crate::induction::{self, Proof};
use crate::search::Search;
use crate::smtlib::{self, SmtLib};
use crate::solver::{Budget, isolated};
use crate::symbolic::{Any, Formula, Individual, Symbolic, Term as _};
use crate::system::{Hypothesis, Inductive, System, Taken};

#[cfg(test)]
mod agreement;
mod cast;
mod casting;
mod encoding;
#[cfg(test)]
mod occasion;
mod within;

use within::Within;

pub use cast::RUNS;
pub use within::DELIVERIES_MAX;

/// The handshake with any number of runs.
struct Unbounded {
    rules: Ruleset<Handshake>,
    invariant: InvariantId,
    points: Vec<Point>,
}

impl Unbounded {
    /// The question about `invariant` at every point where it is promised.
    fn new(rules: Ruleset<Handshake>, invariant: InvariantId) -> Self {
        Self {
            rules,
            invariant,
            points: invariant.points().to_vec(),
        }
    }
}

type Reading = Symbolic<Any>;

impl System for Unbounded {
    type State = World<Reading>;

    fn property(&self) -> &'static str {
        self.invariant.name()
    }
    fn assumptions(&self) -> Vec<Hypothesis> {
        let world: World<Reading> = encoding::any_world();
        let scene = Scene {
            rules: self.rules,
            world: &world,
        };
        let assumed = |id: &AssumptionId| Hypothesis {
            name: id.name(),
            formula: Reading::every_run(|run| id.claim(&scene, run)),
        };
        AssumptionId::ALL.iter().map(assumed).collect()
    }
    fn first(&self) -> Self::State {
        encoding::first_world()
    }
    fn steps(&self, state: &Self::State, at: &str) -> Vec<Taken<Self::State>> {
        let watched = |_: &_| Formula::constant(true);
        let promise = (self.invariant, self.points.as_slice());
        encoding::actions(at)
            .iter()
            .map(|action| encoding::taken(self.rules, promise, state, action, watched))
            .collect()
    }
}

impl Inductive for Unbounded {
    type Lemma = LemmaId;
    const LEMMAS: &'static [LemmaId] = LemmaId::ALL;

    fn name(lemma: LemmaId) -> &'static str {
        lemma.name()
    }
    fn any(&self) -> Self::State {
        encoding::any_world()
    }
    fn lemma(&self, lemma: LemmaId, state: &Self::State) -> Formula {
        let scene = Scene {
            rules: self.rules,
            world: state,
        };
        Reading::every_run(|run| lemma.claim(&scene, run))
    }
    fn instance(&self, lemma: LemmaId, state: &Self::State) -> Formula {
        let scene = Scene {
            rules: self.rules,
            world: state,
        };
        lemma.claim(&scene, &Individual::named("some-run"))
    }
}

/// Proves `invariant` under `rules` by induction, at every point where it is promised.
pub fn prove(rules: Ruleset<Handshake>, invariant: InvariantId, budget: Budget) -> Proof {
    isolated(|| induction::prove(&Unbounded::new(rules, invariant), budget))
}

/// Proves `invariant` under `rules` by induction at one `point`, promised there or not.
pub fn prove_at(
    rules: Ruleset<Handshake>,
    invariant: InvariantId,
    point: Point,
    budget: Budget,
) -> Proof {
    let points = vec![point];
    let system = Unbounded {
        rules,
        invariant,
        points,
    };
    isolated(|| induction::prove(&system, budget))
}

/// Searches [`RUNS`] runs for the fewest deliveries that violate `invariant` under `rules`, up to
/// `deliveries_max` and never more than [`DELIVERIES_MAX`]: there are no more.
///
/// As in the explorer, the first of the runs alone is watched where there are `reveals`. What they take
/// away from whatever rules is not counted as a violation.
pub fn search(
    rules: Ruleset<Handshake>,
    reveals: Reveals,
    invariant: InvariantId,
    deliveries_max: usize,
    budget: Budget,
) -> Search<Box<Story>> {
    let system = Within {
        rules,
        invariant,
        reveals,
    };
    shortest(&system, Ending::Violation, deliveries_max, budget)
}

/// Searches [`RUNS`] runs for the fewest deliveries that satisfy the premise of `invariant`: without any,
/// the invariant would say nothing.
pub fn witness(
    rules: Ruleset<Handshake>,
    invariant: InvariantId,
    deliveries_max: usize,
    budget: Budget,
) -> Search<Box<Story>> {
    let system = Within {
        rules,
        invariant,
        reveals: Reveals::NONE,
    };
    shortest(&system, Ending::Premise, deliveries_max, budget)
}

fn shortest(
    system: &Within,
    ending: Ending,
    deliveries_max: usize,
    budget: Budget,
) -> Search<Box<Story>> {
    let deliveries_max = deliveries_max.min(DELIVERIES_MAX);
    isolated(|| {
        let found = bounded::search(system, ending, deliveries_max, budget);
        found.told(|(actions, model)| Box::new(casting::story(system, &actions, &model)))
    })
}

/// The obligations about `invariant` under `rules`, as SMT-LIB 2. They take every lemma for granted;
/// [`export_lemmas`] has the other half.
pub fn export(rules: Ruleset<Handshake>, invariant: InvariantId) -> Vec<SmtLib> {
    isolated(|| {
        let pending = induction::of_property(&Unbounded::new(rules, invariant));
        smtlib::scripts(&pending, rules)
    })
}

/// The obligations about the lemmas under `rules`, as SMT-LIB 2.
pub fn export_lemmas(rules: Ruleset<Handshake>) -> Vec<SmtLib> {
    isolated(|| {
        // Whichever invariant it is: lemmas are shown without.
        let pending = induction::of_lemmas(&Unbounded::new(rules, InvariantId::Alive));
        smtlib::scripts(&pending, rules)
    })
}

/// Premise and conclusion of `invariant` at each point where it is promised, as text that changes if
/// and only if they do. "Every" and "some" are spelt out for [`RUNS`] runs.
pub fn formula(invariant: InvariantId) -> String {
    isolated(|| {
        let world = encoding::any_world();
        let scene: Scene<'_, cast::Reading> = hardened(&world);
        let mut text = String::new();
        for point in invariant.points() {
            let commitment = (*point, encoding::actor(""));
            let watched = |_: &_| Formula::constant(true);
            let (premise, conclusion) =
                scene.judged(invariant, &[*point], Some(&commitment), watched);
            let (premise, conclusion) = (smtlib::line(&premise), smtlib::line(&conclusion));
            let _ = writeln!(
                text,
                "{point:?}\npremise {premise}\nconclusion {conclusion}"
            );
        }
        text
    })
}

/// What is taken for granted of a run, as text that changes if and only if it does.
pub fn assumption(id: AssumptionId) -> String {
    isolated(|| {
        let world = encoding::any_world();
        let scene: Scene<'_, Reading> = hardened(&world);
        smtlib::line(&id.claim(&scene, &encoding::actor("")))
    })
}

fn hardened<C: Crowd>(world: &World<C>) -> Scene<'_, C> {
    Scene {
        rules: Ruleset::HARDENED,
        world,
    }
}
