//! Roles: short scripts of what a participant receives, checks, sends and claims.

use std::sync::Arc;

use super::expression::{Bindings, Expression, VARIABLES_MAX, Variable};
use super::term::{Arena, Sort, Symbol, Term};

/// The variable that holds the principal who plays a role.
pub const ME: Variable = Variable(0);
/// The variable that holds the principal whom a role was started for; unbound where it waits for
/// anybody.
pub const PEER: Variable = Variable(1);

/// What a variable may be bound to, where the attacker chooses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// An atom of a sort.
    Name(Sort),
    /// A share.
    Share,
    /// A public key.
    Public,
    /// A ciphertext under a symmetric key.
    Sealed,
    /// Whatever the attacker has, of any form.
    Anything,
}

impl Wanted {
    /// Whether `term` is such a one.
    pub fn is(self, arena: &Arena, term: Term) -> bool {
        match (self, arena.symbol(term)) {
            (Self::Name(wanted), Symbol::Name(sort, _)) => wanted == sort,
            (Self::Share, Symbol::Share | Symbol::LowOrderShare)
            | (Self::Public, Symbol::Public)
            | (Self::Name(Sort::LongTerm), Symbol::NoSecret)
            | (Self::Sealed, Symbol::Sealed | Symbol::SealedTwice)
            | (Self::Anything, _) => true,
            (Self::Name(_) | Self::Share | Self::Public | Self::Sealed, _) => false,
        }
    }
}

/// A condition on what was received.
#[derive(Clone)]
pub struct Check(Arc<Condition>);

type Condition = dyn Fn(&mut Arena, &Bindings) -> bool + Send + Sync;

impl Check {
    /// The condition that `holds` decides.
    pub fn new(holds: impl Fn(&mut Arena, &Bindings) -> bool + Send + Sync + 'static) -> Self {
        Self(Arc::new(holds))
    }

    /// Whether it holds.
    pub fn holds(&self, arena: &mut Arena, bindings: &Bindings) -> bool {
        (self.0)(arena, bindings)
    }
}

/// A part of what is received, in the order in which the receiver looks at it.
#[derive(Clone)]
pub enum Demand {
    /// A term of this form is delivered. Free variables are bound to whatever the attacker chooses.
    Part(Expression),
    /// A ciphertext is delivered, which the variable is bound to, and opens under a key to a plaintext of a
    /// form. For whoever goes on to use the sealed bytes themselves: [`Demand::Part`] takes them for what
    /// they say to it, and what they say to others does not matter then.
    Opened(Variable, [Expression; 2]),
    /// A term of this form was sent by somebody, alone or as a part. It is not delivered by that.
    Overheard(Expression),
    /// The attacker has or can put together this very term. It is not delivered by that.
    Derived(Expression),
    /// What the receiver computes from what it has.
    Let(Variable, Expression),
    /// What the receiver checks.
    Check(Check),
    /// One of several ways to go on, each of which the attacker may choose.
    Either(Vec<Vec<Self>>),
}

/// Something that a run says of itself; no other participant sees it.
#[derive(Clone)]
pub enum Event {
    /// It takes part: with `peer`, where it knows one, and this data.
    Running {
        /// The other side.
        peer: Option<Expression>,
        /// What both sides should agree on.
        data: Expression,
    },
    /// It relies on the other side from now on.
    Commit {
        /// Which of the protocol's points of commitment this is, from 0.
        point: u8,
        /// The other side.
        peer: Expression,
        /// What both sides should agree on.
        data: Expression,
        /// What nobody else should know, if there is such a thing yet.
        secret: Option<Expression>,
    },
    /// It relies on something staying between it and its peer.
    Hidden {
        /// At which point of commitment.
        point: u8,
        /// The other side.
        peer: Expression,
        /// What should stay between the two.
        term: Expression,
    },
    /// It relies on something of the protocol's own.
    Claim {
        /// At which point of commitment.
        point: u8,
        /// Which level it is, from [`Level::OWN`](super::level::Level::OWN) on.
        level: u32,
        /// Where it is claimed.
        premise: Check,
        /// Whether it is so.
        holds: Check,
    },
}

/// One step of a script.
#[derive(Clone)]
pub enum Step {
    /// Draws a fresh value.
    Fresh(Variable, Sort),
    /// Computes a value.
    Let(Variable, Expression),
    /// Waits for one message.
    Receive(Vec<Demand>),
    /// Sends a message, which everybody hears.
    Send(Expression),
    /// Has a key from now on that it seals or opens with.
    Key(Expression),
    /// Says something of itself.
    Say(Event),
}

/// A script.
#[derive(Clone)]
pub struct Role {
    /// Its name.
    pub name: &'static str,
    /// What each variable may be bound to, by number.
    pub variables: Vec<Wanted>,
    /// What it does, in order.
    pub steps: Vec<Step>,
}

impl Role {
    /// A role that does nothing yet.
    pub fn new(name: &'static str) -> Self {
        Self {
            name,
            variables: vec![Wanted::Name(Sort::Agent); 2],
            steps: Vec::new(),
        }
    }

    /// A variable that the attacker may bind, in a part of what is received. There are at most
    /// [`VARIABLES_MAX`], those of [`ME`] and [`PEER`] included.
    pub fn any(&mut self, wanted: Wanted) -> Variable {
        let number = u8::try_from(self.variables.len()).unwrap_or(u8::MAX);
        debug_assert!(
            self.variables.len() < VARIABLES_MAX,
            "{}: too many",
            self.name
        );
        self.variables.push(wanted);
        Variable(number)
    }

    /// Draws a fresh value of a sort. A run draws at most [`DRAWN_MAX`](super::run::DRAWN_MAX).
    pub fn fresh(&mut self, sort: Sort) -> Variable {
        let variable = self.any(Wanted::Name(sort));
        self.steps.push(Step::Fresh(variable, sort));
        variable
    }

    /// Computes a value.
    pub fn compute(&mut self, value: Expression) -> Variable {
        let variable = self.any(Wanted::Anything);
        self.steps.push(Step::Let(variable, value));
        variable
    }

    /// Waits for a message of this form.
    pub fn receive(&mut self, message: Expression) -> &mut Self {
        self.receive_all(vec![Demand::Part(message)])
    }

    /// Waits for a message that satisfies all of these demands.
    pub fn receive_all(&mut self, demands: Vec<Demand>) -> &mut Self {
        self.steps.push(Step::Receive(demands));
        self
    }

    /// Sends a message.
    pub fn send(&mut self, message: Expression) -> &mut Self {
        self.steps.push(Step::Send(message));
        self
    }

    /// Has a `key` from now on that it seals or opens with: what [`Reveal::SealingKeys`] gives away.
    ///
    /// [`Reveal::SealingKeys`]: super::reveal::Reveal::SealingKeys
    pub fn seals_with(&mut self, key: Expression) -> &mut Self {
        self.steps.push(Step::Key(key));
        self
    }

    /// Says that it takes part with `peer`.
    pub fn running(&mut self, peer: Expression, data: Expression) -> &mut Self {
        let peer = Some(peer);
        self.steps.push(Step::Say(Event::Running { peer, data }));
        self
    }

    /// Says that it relies on `peer` from now on, and on nobody else knowing `secret`.
    pub fn commit(
        &mut self,
        point: u8,
        peer: Expression,
        data: Expression,
        secret: Option<Expression>,
    ) -> &mut Self {
        self.steps.push(Step::Say(Event::Commit {
            point,
            peer,
            data,
            secret,
        }));
        self
    }

    /// Says that it relies on `term` staying between it and `peer`.
    pub fn conceal(&mut self, point: u8, peer: Expression, term: Expression) -> &mut Self {
        self.steps
            .push(Step::Say(Event::Hidden { point, peer, term }));
        self
    }
}

impl From<Variable> for Expression {
    fn from(variable: Variable) -> Self {
        Self::Variable(variable)
    }
}

/// `variable` as an expression.
pub fn var(variable: Variable) -> Expression {
    Expression::Variable(variable)
}

/// A tuple.
pub fn tuple(parts: impl IntoIterator<Item = Expression>) -> Expression {
    Expression::Apply(Symbol::Tuple, parts.into_iter().collect())
}

/// The public key of `agent`.
pub fn public_key(agent: Expression) -> Expression {
    Expression::Apply(Symbol::Public, vec![secret_key(agent)])
}

/// The long-term secret of `agent`.
pub fn secret_key(agent: Expression) -> Expression {
    Expression::SecretOf(Box::new(agent))
}

/// The share of `exponent`.
pub fn share(exponent: Expression) -> Expression {
    Expression::Apply(Symbol::Share, vec![exponent])
}

/// What `exponent` and whoever made `share` have in common.
pub fn agreed(exponent: Expression, share: Expression) -> Expression {
    Expression::Agreed(Box::new(exponent), Box::new(share))
}

/// `plain` under the symmetric `key`.
pub fn sealed(key: Expression, plain: Expression) -> Expression {
    Expression::Apply(Symbol::Sealed, vec![key, plain])
}

/// A ciphertext, for `variable`, that opens under `key` to something of the form of `plain`.
pub fn opened(variable: Variable, key: Expression, plain: Expression) -> Demand {
    Demand::Opened(variable, [key, plain])
}

/// `plain` under the public key of `agent`.
pub fn encrypted(agent: Expression, plain: Expression) -> Expression {
    Expression::Apply(Symbol::Encrypted, vec![public_key(agent), plain])
}

/// The signature of `agent` over `message`.
pub fn signature(agent: Expression, message: Expression) -> Expression {
    Expression::Apply(Symbol::Signature, vec![secret_key(agent), message])
}

/// The authentication code of `message` under `key`.
pub fn mac(key: Expression, message: Expression) -> Expression {
    Expression::Apply(Symbol::Mac, vec![key, message])
}

/// The digest of `message`.
pub fn hash(message: Expression) -> Expression {
    Expression::Apply(Symbol::Hash, vec![message])
}

/// The key that `secret` and `context` give for the `purpose`-th purpose.
pub fn derived(purpose: u8, secret: Expression, context: Expression) -> Expression {
    Expression::Apply(Symbol::Derived(purpose), vec![secret, context])
}

/// The `number`-th public constant.
pub fn constant(number: u8) -> Expression {
    Expression::Name(Sort::Constant, number)
}
