//! Deliveries: every message that the attacker can make a waiting run accept.
//!
//! Where a script leaves open what stands in a place, the attacker puts there what it has learnt, as a
//! whole or a part: what it would have to put together first, its initial knowledge must contain. That
//! goes for what a ciphertext of its own making says to others, too.

use super::expression::{Bindings, Expression, Variable};
use super::knowledge::Knowledge;
use super::role::{Demand, Wanted};
use super::term::{Arena, Sort, Symbol, Term};
use super::weakness::Weakness;

/// What is still demanded, the next first.
#[derive(Clone, Copy)]
enum Pending<'a> {
    Nothing,
    Demands(&'a [Demand], &'a Self),
    Parts(&'a [Expression], &'a Self),
    /// A ciphertext for the variable, made under a key and of a plaintext that are there by now.
    Made(Variable, &'a [Expression; 2], &'a Self),
}

/// A search for everything that satisfies a run's demands.
pub(super) struct Deliveries<'a> {
    pub(super) arena: &'a mut Arena,
    pub(super) knowledge: &'a mut Knowledge,
    pub(super) variables: &'a [Wanted],
    /// What the run's variables are bound to, once for each way to satisfy it.
    pub(super) found: Vec<Bindings>,
}

impl Deliveries<'_> {
    /// Finds every way to satisfy `demands`.
    pub(super) fn find(&mut self, demands: &[Demand], bindings: Bindings) {
        self.satisfy(Pending::Demands(demands, &Pending::Nothing), bindings);
    }

    fn satisfy(&mut self, pending: Pending<'_>, mut bindings: Bindings) {
        match pending {
            Pending::Nothing => {
                if !self.found.contains(&bindings) {
                    self.found.push(bindings);
                }
            }
            Pending::Parts([], rest) | Pending::Demands([], rest) => self.satisfy(*rest, bindings),
            Pending::Parts([part, others @ ..], rest) => {
                self.compose(part, Pending::Parts(others, rest), bindings);
            }
            Pending::Made(sealed, [key, plain], rest) => {
                self.seal(sealed, key, plain, *rest, bindings);
            }
            Pending::Demands([demand, others @ ..], rest) => {
                let rest = Pending::Demands(others, rest);
                match demand {
                    Demand::Part(part) => self.compose(part, rest, bindings),
                    Demand::Opened(sealed, face) => self.open(*sealed, face, rest, bindings),
                    Demand::Overheard(form) => self.overhear(form, rest, bindings),
                    Demand::Derived(form) => {
                        let term = form.evaluate(self.arena, &bindings);
                        if term.is_some_and(|term| self.knowledge.derives(self.arena, term)) {
                            self.satisfy(rest, bindings);
                        }
                    }
                    Demand::Let(variable, value) => {
                        if let Some(value) = value.evaluate(self.arena, &bindings) {
                            bindings.bind(*variable, value);
                            self.satisfy(rest, bindings);
                        }
                    }
                    Demand::Check(check) => {
                        if check.holds(self.arena, &bindings) {
                            self.satisfy(rest, bindings);
                        }
                    }
                    Demand::Either(ways) => {
                        for way in ways {
                            self.satisfy(Pending::Demands(way, &rest), bindings);
                        }
                    }
                }
            }
        }
    }

    /// Goes on with every term of the form of `part` that the attacker has or can put together.
    fn compose(&mut self, part: &Expression, rest: Pending<'_>, bindings: Bindings) {
        if let Some(term) = part.evaluate(self.arena, &bindings) {
            if self.knowledge.derives(self.arena, term) {
                self.satisfy(rest, bindings);
            }
            return;
        }
        match part {
            Expression::Variable(variable) => self.choose(*variable, rest, bindings),
            Expression::Apply(Symbol::Tuple, parts) => {
                self.satisfy(Pending::Parts(parts, &rest), bindings);
            }
            Expression::Apply(_, parts) => {
                self.overhear(part, rest, bindings);
                self.satisfy(Pending::Parts(parts, &rest), bindings);
            }
            Expression::SecretOf(_) => self.overhear(part, rest, bindings),
            // A value that has to be computed from what is not there cannot be received.
            Expression::Name(..) | Expression::Agreed(..) | Expression::Computed(..) => {}
        }
    }

    /// Goes on with every term of this form that the attacker has learnt.
    fn overhear(&mut self, form: &Expression, rest: Pending<'_>, bindings: Bindings) {
        for place in 0..self.knowledge.terms().len() {
            let term = self.knowledge.terms().get(place).copied();
            let Some(term) = term.filter(|term| form.may_be(self.arena, *term)) else {
                continue;
            };
            let mut bound = bindings;
            if form.matches(self.arena, term, &mut bound) && self.are_wanted(&bindings, &bound) {
                self.satisfy(rest, bound);
            }
        }
    }

    /// Goes on with every ciphertext for `sealed` that the attacker has or can make and that opens under the
    /// key, the first of `face`, to something of the form of the second.
    fn open(
        &mut self,
        sealed: Variable,
        face: &[Expression; 2],
        rest: Pending<'_>,
        bindings: Bindings,
    ) {
        for place in 0..self.knowledge.terms().len() {
            let term = self.knowledge.terms().get(place).copied();
            for said in term.map_or(Vec::new(), |term| self.arena.faces(term)) {
                let mut bound = bindings;
                let form = [Expression::Variable(sealed)]
                    .into_iter()
                    .chain(face.clone());
                let met = term.into_iter().chain(said);
                if form
                    .zip(met)
                    .all(|(it, met)| it.matches(self.arena, met, &mut bound))
                    && self.are_wanted(&bindings, &bound)
                {
                    self.satisfy(rest, bound);
                }
            }
        }
        let made = Pending::Made(sealed, face, &rest);
        self.satisfy(Pending::Parts(face, &made), bindings);
    }

    /// Goes on with every ciphertext for `sealed` that the attacker makes of this plaintext under this key,
    /// alone and so that another key opens it to something else.
    fn seal(
        &mut self,
        sealed: Variable,
        key: &Expression,
        plain: &Expression,
        rest: Pending<'_>,
        bindings: Bindings,
    ) {
        let parts = [key, plain].map(|part| part.evaluate(self.arena, &bindings));
        let [Some(key), Some(plain)] = parts else {
            return;
        };
        let mut all = vec![self.arena.term(Symbol::Sealed, &[key, plain])];
        if self.knowledge.weaknesses().has(Weakness::UncommittedSeal) {
            let learnt = self.knowledge.terms();
            for other in learnt {
                if is_key(self.arena.symbol(*other)) {
                    let twice = |it: &Term| self.arena.sealed_twice([key, plain], [*other, *it]);
                    all.extend(learnt.iter().filter_map(twice));
                }
            }
        }
        for term in all {
            let mut bound = bindings;
            if Expression::Variable(sealed).matches(self.arena, term, &mut bound)
                && self.are_wanted(&bindings, &bound)
                && self.knowledge.derives(self.arena, term)
            {
                self.satisfy(rest, bound);
            }
        }
    }

    /// Whether every variable that is bound in `after`, but not in `before`, is bound to what it may be.
    fn are_wanted(&self, before: &Bindings, after: &Bindings) -> bool {
        let variables = (0..).map(Variable).zip(self.variables);
        let mut bound = variables.filter(|(it, _)| before.at(*it) != after.at(*it));
        bound.all(|(it, wanted)| wanted.is(self.arena, after.at(it)))
    }

    /// Goes on with everything that the attacker has and `variable` may be bound to.
    fn choose(&mut self, variable: Variable, rest: Pending<'_>, bindings: Bindings) {
        let wanted = self.variables.get(usize::from(variable.0)).copied();
        let wanted = wanted.unwrap_or(Wanted::Anything);
        for place in 0..self.knowledge.terms().len() {
            let term: Option<Term> = self.knowledge.terms().get(place).copied();
            if let Some(term) = term.filter(|term| wanted.is(self.arena, *term)) {
                let mut bound = bindings;
                bound.bind(variable, term);
                self.satisfy(rest, bound);
            }
        }
    }
}

/// Whether a term with this outermost symbol is what something is sealed under.
fn is_key(symbol: Symbol) -> bool {
    matches!(
        symbol,
        Symbol::Name(Sort::Key, _) | Symbol::Derived(_) | Symbol::Shared | Symbol::Zero
    )
}

#[cfg(test)]
mod tests;
