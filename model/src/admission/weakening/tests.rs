//! The tables of weakenings, profiles and invariants fit each other and the guard table.

use std::collections::BTreeSet;

use super::*;
use crate::admission::guard::Guard;
use crate::admission::invariant::Invariant;
use crate::domain::Concrete;

#[test]
fn names_are_unique_and_lead_back() {
    let names: BTreeSet<_> = Weakening::TABLE.iter().map(|row| row.name).collect();
    assert_eq!(names.len(), Weakening::TABLE.len());
    for row in Weakening::TABLE {
        assert_eq!(Weakening::of_name(row.name), Some(row));
    }
    assert_eq!(Weakening::of_name("no-such-weakening"), None);
    let profiles: BTreeSet<_> = Profile::TABLE.iter().map(|row| row.name).collect();
    assert_eq!(profiles.len(), Profile::TABLE.len());
    for row in Profile::TABLE {
        assert_eq!(Profile::of_name(row.name), Some(row));
    }
}

#[test]
fn every_guard_can_be_switched_off_and_protects_what_then_breaks() {
    let off = Weakening::TABLE.iter().filter_map(|row| match row.change {
        Change::Without(guard) => Some((guard, row)),
        Change::With(..) => None,
    });
    let rows: Vec<_> = off.collect();
    let guards: Vec<_> = rows.iter().map(|(guard, _)| *guard).collect();
    assert_eq!(guards, GuardId::ALL);
    for (guard, (_, row)) in Guard::<Concrete>::TABLE.iter().zip(rows) {
        assert_eq!(row.name, format!("without-{}", guard.id.name()));
        assert_eq!(row.breaks, guard.protects, "{}", row.name);
    }
}

#[test]
fn every_flawed_mechanism_has_one_row() {
    let mechanisms = Weakening::TABLE.iter().filter_map(|row| match row.change {
        Change::With(mechanism, _) => Some(mechanism),
        Change::Without(_) => None,
    });
    let mechanisms: Vec<_> = mechanisms.collect();
    let distinct: BTreeSet<_> = mechanisms.iter().collect();
    assert_eq!(mechanisms.len(), distinct.len());
    // The last mechanism of the enum: a new one without a row changes this number.
    assert_eq!(
        mechanisms.len(),
        Mechanism::LifetimeFromReceipt as usize + 1
    );
}

#[test]
fn a_weakening_changes_what_its_row_says_and_nothing_else() {
    for row in Weakening::TABLE {
        let rules = Ruleset::HARDENED.dangerously_with(row);
        let (flawed, dropped) = match &row.change {
            Change::Without(guard) => (None, std::slice::from_ref(guard)),
            Change::With(mechanism, guards) => (Some(*mechanism), *guards),
        };
        for guard in GuardId::ALL {
            assert_eq!(
                rules.enforces(*guard),
                !dropped.contains(guard),
                "{}",
                row.name
            );
        }
        for other in Weakening::TABLE {
            if let Change::With(mechanism, _) = other.change {
                assert_eq!(
                    rules.has(mechanism),
                    flawed == Some(mechanism),
                    "{}",
                    row.name
                );
            }
        }
    }
}

#[test]
fn every_profile_names_weakenings_that_exist_and_the_first_names_none() {
    for profile in Profile::TABLE {
        for name in profile.weakenings {
            assert!(
                Weakening::of_name(name).is_some(),
                "{}: {name}",
                profile.name
            );
        }
        let names: BTreeSet<_> = profile.weakenings.iter().collect();
        assert_eq!(names.len(), profile.weakenings.len(), "{}", profile.name);
    }
    let first = Profile::TABLE.first().expect("a default profile");
    assert_eq!((first.name, first.rules()), ("hardened", Ruleset::HARDENED));
}

#[test]
fn every_invariant_has_one_row_and_a_name_that_leads_back() {
    let ids: Vec<_> = Invariant::<Concrete>::TABLE
        .iter()
        .map(|row| row.id)
        .collect();
    assert_eq!(ids, InvariantId::ALL);
    let names: BTreeSet<_> = ids.iter().map(|id| id.name()).collect();
    assert_eq!(names.len(), ids.len());
    for id in ids {
        assert_eq!(Invariant::<Concrete>::of(id).id, id);
        assert_eq!(InvariantId::of_name(id.name()), Some(id));
    }
    assert_eq!(InvariantId::of_name("no-such-invariant"), None);
}

#[test]
fn every_weakening_fits_the_scope_it_needs() {
    for row in Weakening::TABLE {
        let scope = row.scope(Scope::default());
        assert_eq!(scope.checked(), Ok(scope), "{}", row.name);
    }
}
