//! Expressions: terms with variables, as scripts write them.

use super::term::{ARITY_MAX, Arena, Sort, Symbol, Term};

/// The most variables that a script has.
pub const VARIABLES_MAX: usize = 32;

/// A variable of a script, by number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Variable(pub(super) u8);

/// What the variables of a run are bound to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Bindings([Term; VARIABLES_MAX]);

impl Bindings {
    /// Nothing bound.
    pub const EMPTY: Self = Self([Term::NONE; VARIABLES_MAX]);

    /// What `variable` is bound to; [`Term::NONE`] where it is not.
    #[inline]
    pub fn at(&self, variable: Variable) -> Term {
        self.0
            .get(usize::from(variable.0))
            .copied()
            .unwrap_or_default()
    }

    /// Binds `variable` to `term`.
    #[inline]
    pub fn bind(&mut self, variable: Variable, term: Term) {
        debug_assert!(usize::from(variable.0) < VARIABLES_MAX, "{variable:?}");
        if let Some(place) = self.0.get_mut(usize::from(variable.0)) {
            *place = term;
        }
    }
}

/// A term with variables.
#[derive(Clone, Debug)]
pub enum Expression {
    /// A variable.
    Variable(Variable),
    /// The n-th atom of a sort.
    Name(Sort, u8),
    /// A symbol and its arguments.
    Apply(Symbol, Vec<Self>),
    /// What an exponent and a share have in common.
    Agreed(Box<Self>, Box<Self>),
    /// The long-term secret of a principal.
    SecretOf(Box<Self>),
    /// What a function makes of the arguments: for what no attacker has to invert.
    Computed(fn(&mut Arena, &[Term]) -> Term, Vec<Self>),
}

impl Expression {
    /// The term that it stands for; none where a variable is not bound, or a value is not as it must be.
    pub fn evaluate(&self, arena: &mut Arena, bindings: &Bindings) -> Option<Term> {
        match self {
            Self::Variable(variable) => {
                let term = bindings.at(*variable);
                (term != Term::NONE).then_some(term)
            }
            Self::Name(sort, number) => Some(arena.name(*sort, *number)),
            Self::Apply(symbol, parts) => {
                let (terms, count) = evaluate_all(parts, arena, bindings)?;
                Some(arena.term(*symbol, terms.get(..count)?))
            }
            Self::Agreed(exponent, share) => {
                let exponent = exponent.evaluate(arena, bindings)?;
                let share = share.evaluate(arena, bindings)?;
                arena.shared(exponent, share)
            }
            Self::SecretOf(agent) => {
                let agent = agent.evaluate(arena, bindings)?;
                match arena.symbol(agent) {
                    Symbol::Name(Sort::Agent, number) => Some(arena.name(Sort::LongTerm, number)),
                    _ => None,
                }
            }
            Self::Computed(function, parts) => {
                let (terms, count) = evaluate_all(parts, arena, bindings)?;
                Some(function(arena, terms.get(..count)?))
            }
        }
    }

    /// Whether a term with the outermost symbol of `term` can be of this form at all: quickly told.
    #[inline]
    pub fn may_be(&self, arena: &Arena, term: Term) -> bool {
        match self {
            Self::Apply(symbol, _) => arena.symbol(term) == *symbol,
            Self::SecretOf(_) => matches!(arena.symbol(term), Symbol::Name(Sort::LongTerm, _)),
            Self::Variable(_) | Self::Name(..) | Self::Agreed(..) | Self::Computed(..) => true,
        }
    }

    /// Binds what is free so that the expression stands for `term`; says whether that is possible.
    /// Where it is not, some variables may be bound all the same.
    pub fn matches(&self, arena: &mut Arena, term: Term, bindings: &mut Bindings) -> bool {
        match self {
            Self::Variable(variable) => match bindings.at(*variable) {
                Term::NONE => {
                    bindings.bind(*variable, term);
                    true
                }
                bound => bound == term,
            },
            Self::Apply(symbol, parts) => {
                let count = arena.arguments(term).len();
                arena.symbol(term) == *symbol
                    && (0..count).zip(parts).all(|(place, part)| {
                        let argument = arena.argument(term, place);
                        part.matches(arena, argument, bindings)
                    })
                    // A signature over no message in particular does not say which one it is for.
                    && (count == parts.len() || self.evaluate(arena, bindings) == Some(term))
            }
            Self::SecretOf(agent) if self.evaluate(arena, bindings).is_none() => {
                match arena.symbol(term) {
                    Symbol::Name(Sort::LongTerm, number) => {
                        let owner = arena.name(Sort::Agent, number);
                        agent.matches(arena, owner, bindings)
                    }
                    _ => false,
                }
            }
            Self::Name(..) | Self::Agreed(..) | Self::SecretOf(..) | Self::Computed(..) => {
                self.evaluate(arena, bindings) == Some(term)
            }
        }
    }
}

/// The terms that `parts` stand for, and how many.
fn evaluate_all(
    parts: &[Expression],
    arena: &mut Arena,
    bindings: &Bindings,
) -> Option<([Term; ARITY_MAX], usize)> {
    debug_assert!(parts.len() <= ARITY_MAX, "{parts:?}: too many");
    let mut terms = [Term::NONE; ARITY_MAX];
    for (place, part) in terms.iter_mut().zip(parts) {
        *place = part.evaluate(arena, bindings)?;
    }
    Some((terms, parts.len()))
}

#[cfg(test)]
mod tests;
