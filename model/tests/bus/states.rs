//! How many states there are, exactly, and what is true of each.
//!
//! A changed number is a changed protocol; the commit that changes it says why.

use std::num::NonZeroUsize;

use countersign_model::bus::invariant::InvariantId;
use countersign_model::bus::lemma::{Claim, Lemma};
use countersign_model::bus::scope::Scope;
use countersign_model::bus::step::Event;
use countersign_model::bus::system::{Office, State};
use countersign_model::bus::world::World;
use countersign_model::domain::Concrete;
use countersign_model::explorer::{Cutoff, Ending, explore};
use countersign_model::rulebook::Ruleset;

use crate::scopes::{small, tiny};
use crate::walk::{Walk, moves};

fn hardened(scope: Scope) -> Office {
    Office::new(Ruleset::HARDENED, scope, InvariantId::ALL)
}

#[test]
fn the_states_of_each_depth_are_these() {
    let pinned: [(Scope, &[usize]); 2] = [
        (tiny(), &[4, 51, 260, 696, 956, 1017, 316]),
        (small(), &[4, 27, 201, 1009, 2300, 4811, 7119, 5323, 1486]),
    ];
    let mut found = Vec::new();
    for (scope, _) in pinned {
        let walk = Walk::of(&hardened(scope));
        found.push((scope, walk.levels.iter().map(Vec::len).collect::<Vec<_>>()));
    }
    let pinned = pinned.map(|(scope, counts)| (scope, counts.to_vec()));
    assert_eq!(found, pinned);
}

#[test]
fn stateright_agrees_with_a_plain_search() {
    for scope in [tiny(), small()] {
        let walk = Walk::of(&hardened(scope));
        for threads in [1, 2].into_iter().filter_map(NonZeroUsize::new) {
            let report = explore(&hardened(scope), threads, &Cutoff::default());
            assert_eq!(report.ending, Ending::Exhausted);
            assert_eq!(report.distinct, walk.states().count() as u64);
            assert_eq!(report.generated, walk.generated);
            assert_eq!(report.attempted, walk.attempted);
        }
    }
}

#[test]
fn the_default_scope_has_these_totals_and_every_premise_is_reached() {
    let report = explore(
        &hardened(Scope::default()),
        NonZeroUsize::MIN,
        &Cutoff::default(),
    );
    assert_eq!(report.ending, Ending::Exhausted);
    let totals = (
        report.distinct,
        report.generated,
        report.attempted,
        report.depth,
    );
    assert_eq!(totals, (335_936, 881_534, 3_760_294, 9));
    assert_eq!(report.reached, (1 << InvariantId::ALL.len()) - 1);
    assert!(report.omission_probability() < 1e-6);
}

#[test]
fn what_is_refused_changes_nothing_and_what_is_impossible_is_not_offered() {
    let office = hardened(small());
    for state in Walk::of(&office).states() {
        for next in moves(&office, state) {
            let step = office.step(&state.world, &next);
            assert!(step.enabled, "{next:?} in {state:?}");
            let changed = match &step.event {
                Some(Event::Judged {
                    delivered, queued, ..
                }) => *delivered || *queued,
                Some(Event::Received { .. }) => false,
                Some(Event::Passed) | None => true,
            };
            if !changed {
                let mut after = step.after;
                // The message itself is new to the world, not to the orchestrator.
                after.messages = state.world.messages;
                assert_eq!(after, state.world, "{next:?}");
            }
        }
    }
}

/// Whether a lemma is true of every individual of a world.
fn holds(office: &Office, lemma: &Lemma<Concrete>, world: &World<Concrete>) -> bool {
    let (setting, numbers) = (office.setting(), 0u8..3);
    match lemma.claim {
        Claim::Agent(claim) => numbers.into_iter().all(|it| claim(world, &it)),
        Claim::Message(claim) => numbers.into_iter().all(|it| claim(setting, world, &it)),
        Claim::Party(claim) => numbers
            .clone()
            .all(|message| numbers.clone().all(|agent| claim(world, &message, &agent))),
    }
}

#[test]
fn every_lemma_holds_in_every_state() {
    let office = hardened(small());
    for State { world, .. } in Walk::of(&office).states() {
        for lemma in Lemma::<Concrete>::TABLE {
            assert!(holds(&office, lemma, world), "{:?} in {world:?}", lemma.id);
        }
    }
}
