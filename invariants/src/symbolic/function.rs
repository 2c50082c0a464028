//! A total table as a function from terms to terms.
//!
//! A write is an if-then-else around the older table, so that the solver meets uninterpreted
//! functions only and never the theory of arrays. Reads are remembered: a run of many steps stays a
//! graph in which equal parts are shared, where it would otherwise be an exponential tree.

use std::cell::RefCell;
use std::fmt;
use std::rc::Rc;

use countersign_model::domain::{Choice, Identity as _, Table, Truth as _};

use super::{Formula, Individual, Number, Species};

/// What a table can be indexed by.
pub(crate) trait Argument: Clone + Eq + 'static {
    /// Whether it is `other`.
    fn is(&self, other: &Self) -> Formula;
}

impl<S: Species> Argument for Individual<S> {
    fn is(&self, other: &Self) -> Formula {
        self.same(other)
    }
}

impl Argument for Number {
    fn is(&self, other: &Self) -> Formula {
        self.same(other)
    }
}

impl<S: Species, T: Species> Argument for (Individual<S>, Individual<T>) {
    fn is(&self, other: &Self) -> Formula {
        self.0.same(&other.0).and(&self.1.same(&other.1))
    }
}

impl<S: Species> Argument for (Individual<S>, Number) {
    fn is(&self, other: &Self) -> Formula {
        self.0.same(&other.0).and(&self.1.same(&other.1))
    }
}

/// A table over terms.
pub(crate) struct Function<K, V> {
    read: Rc<dyn Fn(&K) -> V>,
    /// A list, so that terms are made and freed in the same order in every run: what Z3 prints and
    /// which run it finds first depend on that order.
    known: Rc<RefCell<Vec<(K, V)>>>,
}

impl<K, V> Clone for Function<K, V> {
    fn clone(&self) -> Self {
        Self {
            read: Rc::clone(&self.read),
            known: Rc::clone(&self.known),
        }
    }
}

/// Only a table that is read in the very same way is known to be the same.
impl<K, V> PartialEq for Function<K, V> {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.read, &other.read)
    }
}

impl<K, V> fmt::Debug for Function<K, V> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Function")
    }
}

impl<K: Argument, V: Clone + 'static> Function<K, V> {
    /// The table whose entry of `key` is `read(key)`.
    pub(crate) fn new(read: impl Fn(&K) -> V + 'static) -> Self {
        Self {
            read: Rc::new(read),
            known: Rc::default(),
        }
    }
}

impl<K: Argument, V: Choice<Formula> + 'static> Table<Formula, K, V> for Function<K, V> {
    fn at(&self, key: &K) -> V {
        if let Some((_, value)) = self.known.borrow().iter().find(|(known, _)| known == key) {
            return value.clone();
        }
        let value = (self.read)(key);
        self.known.borrow_mut().push((key.clone(), value.clone()));
        value
    }
    fn set(&mut self, key: &K, value: V) {
        let (older, place) = (self.clone(), key.clone());
        *self = Self::new(move |key| V::choose(&place.is(key), &value, &older.at(key)));
    }
    fn change_all(&mut self, change: impl Fn(&V) -> V + 'static) {
        let older = self.clone();
        *self = Self::new(move |key| change(&older.at(key)));
    }
}

impl<K: Argument, V: Choice<Formula> + 'static> Choice<Formula> for Function<K, V> {
    fn choose(condition: &Formula, then: &Self, otherwise: &Self) -> Self {
        if Rc::ptr_eq(&then.read, &otherwise.read) {
            return then.clone();
        }
        let (condition, then, otherwise) = (condition.clone(), then.clone(), otherwise.clone());
        Self::new(move |key| V::choose(&condition, &then.at(key), &otherwise.at(key)))
    }
}
