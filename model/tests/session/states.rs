//! How many states there are, exactly, and what is true of each step.
//!
//! A changed number is a changed protocol; the commit that changes it says why.

use std::num::NonZeroUsize;

use countersign_model::explorer::{Cutoff, Ending, explore};
use countersign_model::rulebook::Ruleset;
use countersign_model::session::invariant::InvariantId;
use countersign_model::session::scope::Scope;
use countersign_model::session::step::{Action, Event};
use countersign_model::session::system::Exchange;

use crate::scopes::{SMALL, TINY};
use crate::walk::{Walk, moves};

fn hardened(scope: Scope) -> Exchange {
    Exchange::new(Ruleset::HARDENED, scope, InvariantId::ALL)
}

#[test]
fn the_states_of_each_depth_are_these() {
    let pinned: [(Scope, &[usize]); 2] = [
        (TINY, &[1, 8, 28, 46, 21, 4]),
        (SMALL, &[1, 16, 115, 475, 943, 501, 141, 14]),
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
    assert_eq!(totals, (300_197, 942_270, 9_946_013, 10));
    assert_eq!(report.reached, (1 << InvariantId::ALL.len()) - 1);
    assert!(report.omission_probability() < 1e-6);
}

#[test]
fn what_is_refused_changes_nothing_and_what_is_impossible_is_not_offered() {
    let exchange = hardened(SMALL);
    for state in Walk::of(&exchange).states() {
        for next in moves(&exchange, state) {
            let step = exchange.step(&state.world, &next);
            assert!(step.enabled, "{next:?} in {state:?}");
            let changed = match &step.event {
                Some(Event::Opening(it)) => it.changed(),
                Some(Event::Sealing(it)) => it.sealed,
                Some(Event::Reading(_)) => false,
                None => true,
            };
            if !changed {
                let mut after = step.after;
                // The record itself is new to the network, not to the end.
                after.records = state.world.records;
                assert_eq!(after, state.world, "{next:?}");
            }
        }
    }
}

#[test]
fn records_may_come_in_any_order_and_each_is_accepted_with_its_number() {
    let exchange = hardened(Scope {
        numbers: 3,
        ..SMALL
    });
    let mut both_ways = [false; 2];
    for state in Walk::of(&exchange).states() {
        for next in moves(&exchange, state) {
            let step = exchange.step(&state.world, &next);
            if let (Some(Event::Opening(it)), Action::Deliver(..)) = (&step.event, next.action)
                && it.accepted
                && it.sent_before
            {
                assert_eq!(it.presented.sequence, it.record.sequence);
                let late = it.presented.sequence < it.session.receiving.top;
                both_ways[usize::from(late)] = true;
            }
        }
    }
    assert_eq!(both_ways, [true, true]);
}
