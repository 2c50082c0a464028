//! How many states there are, exactly, and what is true of each.
//!
//! A changed number is a changed protocol; the commit that changes it says why.

use std::num::NonZeroUsize;

use countersign_model::audit::invariant::InvariantId;
use countersign_model::audit::lemma::{Claim, Lemma};
use countersign_model::audit::scope::{FORGED, Scope};
use countersign_model::audit::sequence::Sequence;
use countersign_model::audit::step::{Action, Event, Tampering};
use countersign_model::audit::system::{State, Trail};
use countersign_model::audit::world::World;
use countersign_model::domain::Concrete;
use countersign_model::explorer::{Cutoff, Ending, System as _, explore};
use countersign_model::rulebook::Ruleset;

use crate::scopes::{SMALL, TINY};
use crate::walk::{Walk, moves};

fn hardened(scope: Scope) -> Trail {
    Trail::new(Ruleset::HARDENED, scope, InvariantId::ALL)
}

#[test]
fn the_states_of_each_depth_are_these() {
    let pinned: [(Scope, &[usize]); 2] = [
        (TINY, &[1, 6, 23, 51, 50, 16]),
        (SMALL, &[1, 7, 43, 186, 490, 714, 520, 146]),
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
    for scope in [TINY, SMALL] {
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
    assert_eq!(totals, (75_475, 390_784, 2_113_308, 9));
    assert_eq!(report.reached, (1 << InvariantId::ALL.len()) - 1);
    assert!(report.omission_probability() < 1e-6);
}

#[test]
fn what_is_refused_changes_nothing_and_what_is_impossible_is_not_offered() {
    let trail = hardened(SMALL);
    for state in Walk::of(&trail).states() {
        for next in moves(&trail, state) {
            let judged = state
                .world
                .judged(Ruleset::HARDENED, trail.setting(), &next);
            let step = trail.step(&state.world, &next);
            assert!(step.enabled, "{next:?} in {state:?}");
            let done = match &step.event {
                Some(Event::Writing(it)) => Some(it.written),
                Some(Event::Acting(acted)) => Some(*acted),
                Some(Event::Telling(it)) => Some(it.told),
                Some(Event::Verifying(it)) => Some(it.accepted),
                Some(Event::Restarting(_) | Event::Guessing(_)) | None => None,
            };
            assert_eq!(judged.map(|it| it.is_ok()), done, "{next:?}");
            if done == Some(false) {
                assert_eq!(step.after, state.world, "{next:?}");
            }
        }
    }
}

/// Whether a lemma is true of every individual of a world.
fn holds(lemma: &Lemma<Concrete>, world: &World<Concrete>) -> bool {
    match lemma.claim {
        Claim::World(claim) => claim(world),
        Claim::Record(claim) => (0u8..7).all(|it| claim(world, &it)),
        Claim::Checkpoint(claim) => (0u8..3).all(|it| claim(world, &it)),
    }
}

#[test]
fn every_lemma_holds_in_every_state() {
    let trail = hardened(Scope {
        checkpoints: 2,
        ..SMALL
    });
    for State { world, .. } in Walk::of(&trail).states() {
        for lemma in Lemma::<Concrete>::TABLE {
            assert!(holds(lemma, world), "{:?} in {world:?}", lemma.id);
        }
    }
}

/// Takes each of these in turn, and says whether the log verified at the end.
fn verifies(actions: impl IntoIterator<Item = Action<Concrete>>) -> bool {
    let trail = hardened(Scope::default());
    let mut world = trail.first().swap_remove(0).world;
    let mut accepted = false;
    for action in actions {
        let step = trail.step(&world, &action);
        assert!(step.enabled, "{action:?}");
        if let Some(Event::Verifying(it)) = &step.event {
            accepted = it.accepted;
        }
        world = step.after;
    }
    accepted
}

/// What no log of this kind can show: the module says so, and here is the run.
#[test]
fn a_tail_that_is_rewritten_while_the_writer_is_down_does_not_show() {
    let first = hardened(TINY).first().swap_remove(0).world;
    let one: Sequence<Concrete> = first.head.followed(&0);
    let rewritten = one.followed(&FORGED);
    let tamper = Action::Tamper(Tampering {
        records: rewritten,
        links: rewritten,
        checkpoint: 0,
        head: rewritten,
    });
    let begun = [Action::Record(0), Action::Sign(0), Action::Verify];
    let rewriting = [Action::Record(1), tamper];
    let (signed, verified) = (Action::Sign(1), Action::Verify);
    let down = begun
        .into_iter()
        .chain(rewriting)
        .chain([Action::Crash, signed, verified]);
    assert!(verifies(down));
    // A writer that is up notices, and does not sign; the log verifies as far as it was signed.
    let up = begun.into_iter().chain(rewriting).chain([signed, verified]);
    let mut refused = false;
    let trail = hardened(Scope::default());
    let mut world = first;
    for action in up {
        let step = trail.step(&world, &action);
        refused |= matches!(&step.event, Some(Event::Writing(it)) if !it.written);
        world = step.after;
    }
    assert!(refused);
}
