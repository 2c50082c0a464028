//! Terms: what messages are made of, when cryptography is perfect.

use std::fmt;

use indexmap::IndexSet;
use rustc_hash::FxBuildHasher;

/// The most arguments that a term has.
pub const ARITY_MAX: usize = 6;

/// A term, by its number in an [`Arena`]. Terms of one arena are equal exactly if their numbers are.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Term(u32);

impl Term {
    /// No term at all: the value of a variable that nothing is bound to.
    pub const NONE: Self = Self(0);

    /// Its number.
    #[inline]
    pub(super) fn number(self) -> usize {
        self.0 as usize
    }
}

impl fmt::Debug for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "t{}", self.0)
    }
}

/// What an atomic term stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sort {
    /// A principal.
    Agent,
    /// A long-term secret: of a signing key, or of a key for decryption.
    LongTerm,
    /// A symmetric key.
    Key,
    /// The secret of a Diffie-Hellman share.
    Exponent,
    /// A random value.
    Nonce,
    /// A public constant: a version, an offer, a label.
    Constant,
}

/// How a term is built.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Symbol {
    /// An atom: the n-th of its sort.
    Name(Sort, u8),
    /// A tuple of its arguments.
    Tuple,
    /// The public key of a long-term secret.
    Public,
    /// What a public key of small order has in the place of a secret. Everybody can write the key down.
    NoSecret,
    /// The Diffie-Hellman share of an exponent.
    Share,
    /// A share of low order (RFC 7748 section 6.1).
    LowOrderShare,
    /// What two exponents have in common. Commutative.
    Shared,
    /// What any exponent has in common with a share of low order: all zero.
    Zero,
    /// A plaintext under a symmetric key, authenticated.
    Sealed,
    /// One ciphertext that two keys open, to a plaintext each: key, plaintext, key, plaintext.
    SealedTwice,
    /// A plaintext under a public key.
    Encrypted,
    /// A signature with a long-term secret, over a message that it does not contain. Where
    /// [`Symbol::NoSecret`] takes the secret's place, it is over no message in particular.
    Signature,
    /// A message authentication code with a key.
    Mac,
    /// A digest.
    Hash,
    /// A key derived from a secret and a context, for the n-th purpose.
    Derived(u8),
}

/// A term with its arguments.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Node {
    symbol: Symbol,
    arguments: [Term; ARITY_MAX],
}

/// The terms of one search, each stored once.
#[derive(Clone, Default)]
pub struct Arena {
    nodes: IndexSet<Node, FxBuildHasher>,
}

impl Arena {
    /// The term that `symbol` makes of `arguments`, of which there are at most [`ARITY_MAX`].
    pub fn term(&mut self, symbol: Symbol, arguments: &[Term]) -> Term {
        debug_assert!(arguments.len() <= ARITY_MAX, "{symbol:?}: too many");
        let arguments = match (symbol, arguments) {
            (Symbol::Signature, [secret, _]) if self.symbol(*secret) == Symbol::NoSecret => {
                std::slice::from_ref(secret)
            }
            _ => arguments,
        };
        let mut node = Node {
            symbol,
            arguments: [Term::NONE; ARITY_MAX],
        };
        for (place, argument) in node.arguments.iter_mut().zip(arguments) {
            *place = *argument;
        }
        let (number, _) = self.nodes.insert_full(node);
        Term(u32::try_from(number + 1).unwrap_or(u32::MAX))
    }

    /// The `number`-th atom of a sort.
    pub fn name(&mut self, sort: Sort, number: u8) -> Term {
        self.term(Symbol::Name(sort, number), &[])
    }

    /// What `exponent` and whoever made `share` have in common; none where `share` is not a share.
    pub fn shared(&mut self, exponent: Term, share: Term) -> Option<Term> {
        match self.symbol(share) {
            Symbol::LowOrderShare => Some(self.term(Symbol::Zero, &[])),
            Symbol::Share => {
                let other = self.argument(share, 0);
                let (least, greatest) = (exponent.min(other), exponent.max(other));
                Some(self.term(Symbol::Shared, &[least, greatest]))
            }
            _ => None,
        }
    }

    /// The ciphertext that opens to one plaintext under one key and to another under another, each given
    /// as key and plaintext; none where the keys are the same.
    pub fn sealed_twice(&mut self, one: [Term; 2], other: [Term; 2]) -> Option<Term> {
        let ([least, first], [greatest, second]) = (one.min(other), one.max(other));
        (least != greatest).then(|| {
            let arguments = [least, first, greatest, second];
            self.term(Symbol::SealedTwice, &arguments)
        })
    }

    /// The keys that `term` opens under, each with what it opens to: none unless it is sealed.
    pub fn faces(&self, term: Term) -> Vec<[Term; 2]> {
        match self.symbol(term) {
            Symbol::Sealed | Symbol::SealedTwice => {
                let (faces, _) = self.arguments(term).as_chunks();
                faces.to_vec()
            }
            _ => Vec::new(),
        }
    }

    /// How `term` is built.
    #[inline]
    pub fn symbol(&self, term: Term) -> Symbol {
        self.node(term).map_or(Symbol::Zero, |node| node.symbol)
    }

    /// The arguments of `term`.
    #[inline]
    pub fn arguments(&self, term: Term) -> &[Term] {
        let arguments = self.node(term).map_or(&[][..], |node| &node.arguments);
        let length = arguments
            .iter()
            .position(|argument| *argument == Term::NONE);
        arguments
            .get(..length.unwrap_or(ARITY_MAX))
            .unwrap_or_default()
    }

    /// The argument of `term` at `place`; [`Term::NONE`] where it has none.
    #[inline]
    pub fn argument(&self, term: Term, place: usize) -> Term {
        self.arguments(term).get(place).copied().unwrap_or_default()
    }

    /// How many terms there are.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    #[inline]
    fn node(&self, term: Term) -> Option<&Node> {
        self.nodes.get_index(term.number().wrapping_sub(1))
    }
}
