//! The prover and the explorer agree: under all rules, with two runs, both find the same promises broken
//! in the same number of deliveries, and what the prover tells can be performed.
//!
//! The explorer knows terms and what can be derived from them; the prover knows records of runs and what
//! the attacker can know. That they agree is why either can be believed.

use std::num::NonZeroUsize;

use countersign_invariants::Budget;
use countersign_invariants::Search;
use countersign_invariants::handshake::{DELIVERIES_MAX, RUNS, search};
use countersign_model::dolev_yao::reveal::{Reveal, Reveals};
use countersign_model::explorer::{Cutoff, Ending, explore};
use countersign_model::handshake::Handshake;
use countersign_model::handshake::attack::{attacked, promised};
use countersign_model::handshake::performance::{Delivered, Performance};
use countersign_model::handshake::promise::InvariantId;
use countersign_model::handshake::story::Story;
use countersign_model::rulebook::{Book as _, Row as _, Ruleset};

use super::every_ruleset;

/// The marks that are violated somewhere.
fn violated(rules: Ruleset<Handshake>, reveals: Reveals) -> u64 {
    let system = attacked(rules, RUNS, reveals, 0);
    explore(&system, NonZeroUsize::MIN, &Cutoff::default()).violated
}

/// How many deliveries the explorer needs to violate one of the `watched` marks.
fn explored(rules: Ruleset<Handshake>, reveals: Reveals, watched: u64) -> Option<usize> {
    let system = attacked(rules, RUNS, reveals, watched);
    match explore(&system, NonZeroUsize::MIN, &Cutoff::default()).ending {
        Ending::Broken(path) => Some(path.len() - 1),
        Ending::Exhausted => None,
        other => panic!("{other:?}"),
    }
}

fn searched(rules: Ruleset<Handshake>, reveals: Reveals, invariant: InvariantId) -> Option<Story> {
    let budget = Budget::default();
    match search(rules, reveals, invariant, DELIVERIES_MAX, budget) {
        Search::Found(story) => Some(*story),
        Search::NoneUpTo(DELIVERIES_MAX) => None,
        other => panic!("{other:?}"),
    }
}

/// Whether every delivery of `story` is accepted, and the last violates `marks` as none before does.
fn ends_in(story: &Story, rules: Ruleset<Handshake>, marks: u64) -> bool {
    let mut runs = Performance::new(rules, story.participants.clone(), story.reveals);
    let mut last = false;
    story.deliveries.iter().all(|(slot, message)| {
        let before = last;
        match runs.deliver(*slot, message) {
            Delivered::Accepted { violated, .. } => {
                last = violated & marks != 0;
                !before
            }
            Delivered::Refused(_) | Delivered::Impossible => false,
        }
    }) && last
}

/// Compares both on every promise that the hardened rules keep with these `reveals`.
fn compare(name: &str, rules: Ruleset<Handshake>, reveals: Reveals) {
    let off = violated(Ruleset::HARDENED, reveals);
    let broken = violated(rules, reveals);
    for invariant in InvariantId::ALL {
        let marks = promised(*invariant) & !off;
        if marks == 0 {
            continue;
        }
        let story = searched(rules, reveals, *invariant);
        let found = story.as_ref().map(|story| story.deliveries.len());
        let expected = if broken & marks == 0 {
            None
        } else {
            explored(rules, reveals, marks)
        };
        let id = invariant.name();
        assert_eq!(found, expected, "{id} under {name}, given {reveals:?}");
        if let Some(story) = story {
            assert!(
                ends_in(&story, rules, marks),
                "{id} under {name}: {story:?}"
            );
        }
    }
}

/// Compares both under all rules.
fn compare_all(reveals: Reveals) {
    let all = every_ruleset();
    assert_eq!(all.len(), 21);
    let (one, other) = all.split_at(all.len() / 2);
    std::thread::scope(|scope| {
        for half in [one, other] {
            scope.spawn(move || {
                for (name, rules) in half {
                    compare(name, *rules, reveals);
                }
            });
        }
    });
}

#[test]
fn under_all_rules_both_find_the_same_promises_broken_in_as_few_deliveries() {
    compare_all(Reveals::NONE);
}

#[test]
fn under_all_rules_both_still_agree_once_the_keys_that_seal_are_lost() {
    compare_all(Reveals::NONE.with(Reveal::SealingKeys));
}

#[test]
fn with_secrets_revealed_both_still_agree() {
    for weakening in Handshake::WEAKENINGS {
        if weakening.needs != Reveals::NONE {
            compare(weakening.name, weakening.rules(), weakening.needs);
        }
    }
    // With the peer's long-term secret lost nothing is promised that could be compared.
    let known = [
        Reveal::OwnLongTerm,
        Reveal::OwnEphemeral,
        Reveal::OtherEphemeral,
        Reveal::OtherSession,
    ];
    for reveal in known {
        compare("hardened", Ruleset::HARDENED, Reveals::NONE.with(reveal));
    }
}
