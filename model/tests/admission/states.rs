//! How many states there are, exactly, and what is true of each.
//!
//! A changed number is a changed protocol; the commit that changes it says why.

use std::collections::HashSet;
use std::num::NonZeroUsize;

use countersign_model::admission::invariant::InvariantId;
use countersign_model::admission::scope::Scope;
use countersign_model::admission::state::State;
use countersign_model::admission::step::Action;
use countersign_model::admission::system::Reception;
use countersign_model::domain::NONCES;
use countersign_model::explorer::{Cutoff, Ending, System as _, explore};
use countersign_model::rulebook::Ruleset;

use crate::scopes::{SMALL, TINY};
use crate::walk::{Walk, moves};

fn hardened(scope: Scope) -> Reception {
    Reception::new(Ruleset::HARDENED, scope, InvariantId::ALL)
}

#[test]
fn the_states_of_each_depth_are_these() {
    let pinned: [(Scope, &[usize]); 2] = [
        (TINY, &[1, 20, 152, 520, 360, 103]),
        (SMALL, &[1, 25, 332, 3080, 16557, 27618, 19642, 5591, 597]),
    ];
    for (scope, counts) in pinned {
        let walk = Walk::of(&hardened(scope));
        let found: Vec<usize> = walk.levels.iter().map(Vec::len).collect();
        assert_eq!(found, counts, "{scope}");
    }
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
            // Several threads may first reach a state by a longer way.
            if threads == NonZeroUsize::MIN {
                assert_eq!(report.depth + 1, walk.levels.len() as u64);
            }
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
    assert_eq!(totals, (1_679_489, 3_988_449, 36_333_110, 11));
    assert_eq!(report.reached, (1 << InvariantId::ALL.len()) - 1);
    assert!(report.omission_probability() < 1e-6);
}

#[test]
fn a_premise_out_of_reach_is_visible() {
    // Nothing that deserves to be admitted can be sent and delivered in one step.
    let cutoff = Cutoff {
        depth: NonZeroUsize::new(1),
        ..Cutoff::default()
    };
    let live = Reception::new(Ruleset::HARDENED, SMALL, &[InvariantId::Live]);
    let reached = |cutoff| explore(&live, NonZeroUsize::MIN, cutoff).reached;
    assert_eq!(reached(&cutoff), 0);
    assert_eq!(reached(&Cutoff::default()), 1);
}

#[test]
fn states_with_equal_words_are_equal() {
    let walk = Walk::of(&hardened(SMALL));
    let words: HashSet<_> = walk.states().map(State::words).collect();
    assert_eq!(words.len(), walk.states().count());
}

#[test]
fn messages_that_arrive_in_either_order_leave_one_state() {
    let admission = hardened(Scope {
        nonces: 4,
        messages: 4,
        ..SMALL
    });
    let first = admission.first();
    let sole = first.first().expect("one first state");
    // Two messages of the attacker's own, admitted one after the other.
    let after = |state: &State, nonce: u8| {
        let own = moves(&admission, state).into_iter().find(|next| {
            matches!(next.action, Action::Deliver(_, shown) if shown.nonce == nonce)
                && next
                    .introduces
                    .is_some_and(|message| message.issued_at == state.world.now)
                && admission
                    .take(state, next)
                    .is_some_and(|outcome| outcome.state.is_some())
        });
        let outcome = admission.take(state, &own.expect("an admissible message"));
        outcome.and_then(|outcome| outcome.state).expect("admitted")
    };
    assert_eq!(after(&after(sole, 0), 1), after(&after(sole, 1), 0));
    assert_eq!(after(&after(sole, 3), 2), after(&after(sole, 2), 3));
    assert_ne!(after(&after(sole, 3), 2), after(&after(sole, 2), 1));
}

#[test]
fn what_an_agent_holds_is_what_the_store_remembers_of_it() {
    for state in Walk::of(&hardened(SMALL)).states() {
        let shares = state.world.store.0.chunks(NONCES);
        for (agent, share) in state.world.agents.0.iter().zip(shares) {
            let stored = share.iter().filter(|entry| entry.stored).count();
            assert_eq!(usize::from(agent.held), stored, "{state:?}");
        }
    }
}

#[test]
fn what_is_refused_changes_nothing_and_what_is_impossible_is_not_offered() {
    let admission = hardened(TINY);
    for state in Walk::of(&admission).states() {
        for next in moves(&admission, state) {
            let step = admission.step(&state.world, &next);
            assert!(step.enabled, "{next:?} in {state:?}");
            let changed = step.deliveries.iter().flatten().any(|event| event.changed);
            if let (Action::Deliver(..) | Action::DeliverTwice(..), false) = (next.action, changed)
            {
                let mut after = step.after;
                // The message itself is new to the network, not to the receiver.
                after.messages = state.world.messages;
                assert_eq!(after, state.world, "{next:?}");
            }
        }
    }
}
