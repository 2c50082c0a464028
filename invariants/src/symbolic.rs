//! The prover's domain: every value is a Z3 term, so that one reading of a rule covers all inputs.
//!
//! Principals, keys, nonces, kinds and messages are elements of uninterpreted sorts: there may be
//! any number of them. Numbers are mathematical integers; who needs them natural says so. Terms
//! belong to the thread's current Z3 context.
//!
//! Never here: anything that knows a particular system. Start reading at [`Symbolic`].

use std::fmt;
use std::marker::PhantomData;

use countersign_model::domain::{Choice, Domain, Identity, Natural, Truth, Universe};
use z3::ast::{Ast, Bool, Dynamic, Int};
use z3::{FuncDecl, Sort, Symbol};

mod function;
mod quantifier;

pub(crate) use function::Function;
pub(crate) use quantifier::{Any, AtMost, Quantifier, forall};

/// Z3 terms; `Q` says how many individuals there may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Symbolic<Q>(PhantomData<Q>);

/// A truth value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Formula(pub(crate) Bool);

/// An integer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Number(pub(crate) Int);

/// An element of the uninterpreted sort that `S` names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Individual<S>(pub(crate) Dynamic, PhantomData<S>);

/// The name of an uninterpreted sort.
pub(crate) trait Species: Clone + fmt::Debug + Eq + 'static {
    const NAME: &'static str;
}

macro_rules! declare {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) struct $name;
        impl Species for $name {
            const NAME: &'static str = stringify!($name);
        }
    )+};
}
pub(crate) mod species {
    use super::Species;
    declare! {
        /// Principals.
        Agent,
        /// Signing keys.
        Key,
        /// Nonces.
        Nonce,
        /// Message types.
        Kind,
        /// Messages.
        Message,
        /// Sessions.
        Session,
        /// Records.
        Record,
        /// Checkpoints of a log.
        Checkpoint,
        /// Runs of a protocol.
        Run,
        /// Public Diffie-Hellman shares.
        Share,
        /// Sets of versions.
        Offer,
        /// Sets of capabilities.
        Capabilities,
        /// Cipher suites.
        Suite,
        /// Bytes that mean nothing.
        Bytes,
    }
}

/// A value that is one term.
pub(crate) trait Term: Sized {
    /// Its sort.
    fn sort() -> Sort;
    /// The value that is this term, which must be of [`Term::sort`].
    fn of(term: Dynamic) -> Self;
    /// The term.
    fn term(&self) -> &dyn Ast;

    /// The constant `name`.
    fn named(name: &str) -> Self {
        apply(name, &[])
    }
}

/// The uninterpreted function `name` of `arguments`.
pub(crate) fn apply<T: Term>(name: &str, arguments: &[&dyn Ast]) -> T {
    let sorts: Vec<Sort> = arguments.iter().map(|term| term.get_sort()).collect();
    let sorts: Vec<&Sort> = sorts.iter().collect();
    T::of(FuncDecl::new(name, &sorts, &T::sort()).apply(arguments))
}

#[expect(clippy::expect_used, reason = "a term of another sort is a bug here")]
impl Term for Formula {
    fn sort() -> Sort {
        Sort::bool()
    }
    fn of(term: Dynamic) -> Self {
        Self(term.as_bool().expect("a term of sort Bool"))
    }
    fn term(&self) -> &dyn Ast {
        &self.0
    }
}

#[expect(clippy::expect_used, reason = "a term of another sort is a bug here")]
impl Term for Number {
    fn sort() -> Sort {
        Sort::int()
    }
    fn of(term: Dynamic) -> Self {
        Self(term.as_int().expect("a term of sort Int"))
    }
    fn term(&self) -> &dyn Ast {
        &self.0
    }
}

impl<S: Species> Term for Individual<S> {
    fn sort() -> Sort {
        Sort::uninterpreted(Symbol::String(S::NAME.to_owned()))
    }
    fn of(term: Dynamic) -> Self {
        Self(term, PhantomData)
    }
    fn term(&self) -> &dyn Ast {
        &self.0
    }
}

impl Formula {
    /// Which constant it is, if it is one.
    fn constant(&self) -> Option<bool> {
        self.0.as_bool()
    }

    /// Whether it is one of the two constants.
    pub(crate) fn is_constant(&self) -> bool {
        self.constant().is_some()
    }
}

// What is constant is folded at once: transitions are full of it.
impl Truth for Formula {
    fn constant(value: bool) -> Self {
        Self(Bool::from_bool(value))
    }
    fn not(&self) -> Self {
        match self.constant() {
            Some(value) => Truth::constant(!value),
            None => Self(self.0.not()),
        }
    }
    fn and(&self, other: &Self) -> Self {
        match (self.constant(), other.constant()) {
            (Some(true), _) | (_, Some(false)) => other.clone(),
            (_, Some(true)) | (Some(false), _) => self.clone(),
            (None, None) => Self(Bool::and(&[&self.0, &other.0])),
        }
    }
    fn or(&self, other: &Self) -> Self {
        match (self.constant(), other.constant()) {
            (Some(false), _) | (_, Some(true)) => other.clone(),
            (_, Some(false)) | (Some(true), _) => self.clone(),
            (None, None) => Self(Bool::or(&[&self.0, &other.0])),
        }
    }
}

macro_rules! choose_by_term {
    ([$($parameters:tt)*] $name:ty) => {
        impl<$($parameters)*> Choice<Formula> for $name {
            fn choose(condition: &Formula, then: &Self, otherwise: &Self) -> Self {
                match condition.constant() {
                    Some(true) => then.clone(),
                    Some(false) => otherwise.clone(),
                    None if then == otherwise => then.clone(),
                    None => Self::of(Dynamic::from_ast(&condition.0.ite(
                        &Dynamic::from_ast(then.term()),
                        &Dynamic::from_ast(otherwise.term()),
                    ))),
                }
            }
        }
        impl<$($parameters)*> Identity<Formula> for $name {
            fn same(&self, other: &Self) -> Formula {
                if self == other {
                    Truth::constant(true)
                } else {
                    Formula(self.0.eq(&other.0))
                }
            }
        }
    };
}
choose_by_term!([] Formula);
choose_by_term!([] Number);
choose_by_term!([S: Species] Individual<S>);

impl Natural<Formula> for Number {
    fn constant(value: u64) -> Self {
        Self(Int::from_u64(value))
    }
    /// Integers have no largest: the sum never saturates.
    fn plus(&self, other: &Self) -> Self {
        Self(Int::add(&[&self.0, &other.0]))
    }
    fn predecessor(&self) -> Self {
        let zero = Int::from_u64(0);
        let less = Int::sub(&[&self.0, &Int::from_u64(1)]);
        Self(self.0.gt(&zero).ite(&less, &zero))
    }
    fn at_most(&self, other: &Self) -> Formula {
        Formula(self.0.le(&other.0))
    }
    fn below(&self, other: &Self) -> Formula {
        Formula(self.0.lt(&other.0))
    }
}

impl<Q: Quantifier> Domain for Symbolic<Q> {
    type Bool = Formula;
    type Nat = Number;
    type Agent = Individual<species::Agent>;
}

impl<Q: Quantifier> Universe for Symbolic<Q> {
    type Key = Individual<species::Key>;
    type Nonce = Individual<species::Nonce>;
    type Kind = Individual<species::Kind>;
    type Message = Individual<species::Message>;
    type PerAgent<V: Choice<Formula> + 'static> = Function<Individual<species::Agent>, V>;
    type PerKey<V: Choice<Formula> + 'static> = Function<Individual<species::Key>, V>;
    type PerMessage<V: Choice<Formula> + 'static> = Function<Individual<species::Message>, V>;
    type PerEntry<V: Choice<Formula> + 'static> =
        Function<(Individual<species::Agent>, Individual<species::Nonce>), V>;

    fn every_message(holds: impl Fn(&Individual<species::Message>) -> Formula) -> Formula {
        Q::every_message(holds)
    }
    fn nonce_of_clock(instant: &Number) -> Individual<species::Nonce> {
        apply("nonce_of_clock", &[instant.term()])
    }
    fn anyone() -> Individual<species::Agent> {
        Term::named("anyone")
    }
}
