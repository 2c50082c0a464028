//! The tables of every book fit each other.

use std::collections::BTreeSet;
use std::hash::BuildHasher as _;

use rustc_hash::FxBuildHasher;

use super::*;
use crate::admission::Admission;
use crate::audit::Audit;
use crate::bus::Bus;
use crate::domain::Concrete;
use crate::handshake::Handshake;
use crate::handshake::promise::InvariantId;
use crate::session::Session;

/// Tests each law on every book.
macro_rules! laws {
    ($($law:ident)+) => { $(
        #[test]
        fn $law() {
            law::$law::<Admission>();
            law::$law::<Audit>();
            law::$law::<Bus>();
            law::$law::<Handshake>();
            law::$law::<Session>();
        }
    )+ };
}

laws! {
    guards_stand_in_the_order_of_their_rows_and_stages
    every_guard_and_every_mechanism_has_its_weakening_in_order
    a_guard_off_breaks_what_the_guard_protects
    names_are_unique_and_lead_back
    a_weakening_changes_what_its_row_says_and_nothing_else
    rules_are_the_same_if_their_weakenings_are_and_only_then
    every_profile_names_weakenings_that_exist_each_once
}

#[test]
fn every_invariant_but_two_is_said_to_be_broken_by_some_weakening() {
    assert_eq!(unbroken::<Admission>(), []);
    assert_eq!(unbroken::<Audit>(), []);
    assert_eq!(unbroken::<Bus>(), []);
    // These are explored and proved like the others, but no row of the handshake says that it breaks them.
    let named_by_none = [InvariantId::Injective, InvariantId::Secret];
    assert_eq!(unbroken::<Handshake>(), named_by_none);
    assert_eq!(unbroken::<Session>(), []);
}

/// The invariants that no weakening is said to break.
fn unbroken<B: Book>() -> Vec<B::Invariant> {
    let all = B::Invariant::all().iter().copied();
    all.filter(|id| B::WEAKENINGS.iter().all(|row| row.breaks != *id))
        .collect()
}

mod law {
    use super::*;

    pub(super) fn guards_stand_in_the_order_of_their_rows_and_stages<B: Book>() {
        let table = B::guards::<Concrete>();
        let ids: Vec<B::Guard> = table.iter().map(|guard| guard.id).collect();
        assert_eq!(ids, B::Guard::all());
        assert!(table.is_sorted_by_key(|guard| guard.stage));
        let places = B::Guard::all().iter().map(|guard| guard.place());
        assert!(places.eq((0..).take(ids.len())));
    }

    pub(super) fn every_guard_and_every_mechanism_has_its_weakening_in_order<B: Book>() {
        let guards = B::Guard::all().iter();
        let guards = guards.map(|guard| format!("without-{}", guard.name()));
        let mechanisms = B::Mechanism::all().iter();
        let mechanisms = mechanisms.map(|mechanism| mechanism.name().to_owned());
        let expected: Vec<String> = guards.chain(mechanisms).collect();
        let names: Vec<&str> = B::WEAKENINGS.iter().map(|row| row.name).collect();
        assert_eq!(names, expected);
    }

    pub(super) fn a_guard_off_breaks_what_the_guard_protects<B: Book>() {
        for (guard, row) in B::guards::<Concrete>().iter().zip(B::WEAKENINGS) {
            assert_eq!(row.breaks, guard.protects, "{}", row.name);
            let off = matches!(row.change, Change::Without(off) if off == guard.id);
            assert!(off, "{}", row.name);
        }
    }

    pub(super) fn names_are_unique_and_lead_back<B: Book>() {
        let names: BTreeSet<&str> = B::WEAKENINGS.iter().map(|row| row.name).collect();
        assert_eq!(names.len(), B::WEAKENINGS.len());
        for row in B::WEAKENINGS {
            let found = Weakening::<B>::of_name(row.name).map(Weakening::rules);
            assert_eq!(found, Some(row.rules()), "{}", row.name);
        }
        assert!(Weakening::<B>::of_name("no-such-weakening").is_none());
        let names: BTreeSet<&str> = B::Invariant::all().iter().map(|id| id.name()).collect();
        assert_eq!(names.len(), B::Invariant::all().len());
    }

    pub(super) fn a_weakening_changes_what_its_row_says_and_nothing_else<B: Book>() {
        for row in B::WEAKENINGS {
            let rules = row.rules();
            let (flawed, dropped) = match &row.change {
                Change::Without(guard) => (None, std::slice::from_ref(guard)),
                Change::With(mechanism, guards) => (Some(*mechanism), *guards),
            };
            for guard in B::Guard::all() {
                let dropped = dropped.contains(guard);
                assert_eq!(rules.enforces(*guard), !dropped, "{}", row.name);
            }
            for mechanism in B::Mechanism::all() {
                let flawed = flawed == Some(*mechanism);
                assert_eq!(rules.has(*mechanism), flawed, "{}", row.name);
            }
        }
    }

    pub(super) fn rules_are_the_same_if_their_weakenings_are_and_only_then<B: Book>() {
        let hash = |rules: Ruleset<B>| FxBuildHasher.hash_one(rules);
        for row in B::WEAKENINGS {
            let rules = row.rules();
            assert_eq!(rules.dangerously_with(row), rules, "{}", row.name);
            assert_ne!(rules, Ruleset::HARDENED, "{}", row.name);
            for other in B::WEAKENINGS {
                let same = other.name == row.name;
                assert_eq!(other.rules() == rules, same, "{}", row.name);
                assert_eq!(hash(other.rules()) == hash(rules), same, "{}", row.name);
            }
        }
    }

    pub(super) fn every_profile_names_weakenings_that_exist_each_once<B: Book>() {
        let profiles: BTreeSet<&str> = B::PROFILES.iter().map(|row| row.name).collect();
        assert_eq!(profiles.len(), B::PROFILES.len());
        for profile in B::PROFILES {
            let found = Profile::<B>::of_name(profile.name).map(Profile::rules);
            assert_eq!(found, Some(profile.rules()), "{}", profile.name);
            assert_eq!(
                profile.rows().count(),
                profile.weakenings.len(),
                "{}",
                profile.name
            );
            let names: BTreeSet<_> = profile.weakenings.iter().collect();
            assert_eq!(names.len(), profile.weakenings.len(), "{}", profile.name);
        }
        if let Some(first) = B::PROFILES.first() {
            assert_eq!((first.name, first.rules()), ("hardened", Ruleset::HARDENED));
        }
    }
}
