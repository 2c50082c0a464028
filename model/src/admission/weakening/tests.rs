//! What the rows of admission say beyond the shared tables.

use super::*;
use crate::admission::invariant::Invariant;
use crate::admission::scope::Scope;
use crate::domain::Concrete;
use crate::rulebook::Row as _;

#[test]
fn every_invariant_has_one_row_and_a_name_that_leads_back() {
    let rows = Invariant::<Concrete>::TABLE.iter();
    let ids: Vec<_> = rows.map(|row| row.id).collect();
    assert_eq!(ids, I::ALL);
    for id in ids {
        assert_eq!(Invariant::<Concrete>::of(id).id, id);
        assert_eq!(I::of_name(id.name()), Some(id));
    }
    assert_eq!(I::of_name("no-such-invariant"), None);
}

#[test]
fn every_weakening_fits_the_scope_it_needs() {
    for row in ROWS {
        let scope = row.scope(Scope::default());
        assert_eq!(scope.checked(), Ok(scope), "{}", row.name);
    }
}
