//! What the attacker knows, and what follows from it.

use super::term::{Arena, Symbol, Term};
use super::weakness::{Weakness, Weaknesses};

/// A set of terms, closed under taking apart; what can be put together from it is asked for.
#[derive(Clone, Default)]
pub struct Knowledge {
    /// Of the primitives, which allow so much more.
    weaknesses: Weaknesses,
    /// Everything learnt, parts included, in order.
    learnt: Vec<Term>,
    /// Ciphertexts among it, opened or not.
    locked: Vec<Term>,
    /// For each term by number: whether it is among what was learnt.
    known: Vec<bool>,
    /// For each term by number: the question at which it was last derived, or last not derived.
    answers: Vec<(u64, bool)>,
    /// The number of the current question: answers to earlier ones may be out of date.
    question: u64,
}

/// A state of knowledge to return to.
#[derive(Clone, Copy, Debug)]
pub struct Mark {
    learnt: usize,
    locked: usize,
}

impl Knowledge {
    /// Nothing known, of messages whose primitives have these `weaknesses`.
    pub fn under(weaknesses: Weaknesses) -> Self {
        Self {
            weaknesses,
            ..Self::default()
        }
    }

    /// What the primitives allow.
    pub fn weaknesses(&self) -> Weaknesses {
        self.weaknesses
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        self.return_to(Mark {
            learnt: 0,
            locked: 0,
        });
    }

    /// What is known now, to return to.
    pub fn mark(&self) -> Mark {
        Mark {
            learnt: self.learnt.len(),
            locked: self.locked.len(),
        }
    }

    /// Forgets what was learnt since `mark`.
    pub fn return_to(&mut self, mark: Mark) {
        for term in self.learnt.drain(mark.learnt..) {
            if let Some(known) = self.known.get_mut(term.number()) {
                *known = false;
            }
        }
        self.locked.truncate(mark.locked);
        self.question += 1;
    }

    /// Everything learnt, parts included.
    pub fn terms(&self) -> &[Term] {
        &self.learnt
    }

    /// Learns `term`, and all that it and what was locked before now give away.
    pub fn learn(&mut self, arena: &mut Arena, term: Term) {
        self.take_apart(arena, term);
        // What was learnt may open what was locked, and so on.
        let mut opened = true;
        while opened {
            opened = false;
            for place in 0..self.locked.len() {
                let locked = self.locked.get(place).copied();
                opened |= locked.is_some_and(|locked| self.opens(arena, locked));
            }
        }
    }

    /// Takes apart what `locked` says to whoever knows what is known; whether any of it is new.
    fn opens(&mut self, arena: &mut Arena, locked: Term) -> bool {
        let mut opened = false;
        // Keys and plaintexts take turns.
        for face in (0..arena.arguments(locked).len()).step_by(2) {
            let (key, plain) = (
                arena.argument(locked, face),
                arena.argument(locked, face + 1),
            );
            if self.knows(plain) {
                continue;
            }
            let key = match arena.symbol(locked) {
                // Decrypting takes the secret of the public key.
                Symbol::Encrypted => arena.argument(key, 0),
                _ => key,
            };
            if self.derives(arena, key) {
                self.take_apart(arena, plain);
                opened = true;
            }
        }
        opened
    }

    fn take_apart(&mut self, arena: &Arena, term: Term) {
        if self.knows(term) {
            return;
        }
        if self.known.len() <= term.number() {
            self.known.resize(arena.len() + 1, false);
        }
        if let Some(known) = self.known.get_mut(term.number()) {
            *known = true;
        }
        self.learnt.push(term);
        self.question += 1;
        match arena.symbol(term) {
            Symbol::Tuple => {
                for part in arena.arguments(term) {
                    self.take_apart(arena, *part);
                }
            }
            Symbol::Sealed | Symbol::SealedTwice | Symbol::Encrypted => self.locked.push(term),
            Symbol::Name(..)
            | Symbol::Public
            | Symbol::NoSecret
            | Symbol::Share
            | Symbol::LowOrderShare
            | Symbol::Shared
            | Symbol::Zero
            | Symbol::Signature
            | Symbol::Mac
            | Symbol::Hash
            | Symbol::Derived(_) => {}
        }
    }

    /// Whether `term` itself was learnt.
    #[inline]
    pub fn knows(&self, term: Term) -> bool {
        self.known.get(term.number()).copied().unwrap_or(false)
    }

    /// Whether `term` can be put together from what is known.
    pub fn derives(&mut self, arena: &mut Arena, term: Term) -> bool {
        if self.knows(term) {
            return true;
        }
        if let Some((question, answer)) = self.answers.get(term.number())
            && *question == self.question
        {
            return *answer;
        }
        let answer = match arena.symbol(term) {
            // No term at all: the secret of what is no public key, say.
            _ if term == Term::NONE => false,
            Symbol::Name(..) => false,
            // Everybody can write these down.
            Symbol::LowOrderShare | Symbol::Zero => true,
            Symbol::Public if arena.symbol(arena.argument(term, 0)) == Symbol::NoSecret => true,
            // And sign with the last of them, where that is taken for a signature.
            Symbol::NoSecret => self.weaknesses.has(Weakness::LooseSignature),
            Symbol::SealedTwice if !self.weaknesses.has(Weakness::UncommittedSeal) => false,
            Symbol::Shared => {
                let (one, other) = (arena.argument(term, 0), arena.argument(term, 1));
                self.agrees(arena, one, other) || self.agrees(arena, other, one)
            }
            Symbol::Tuple
            | Symbol::Public
            | Symbol::Share
            | Symbol::Sealed
            | Symbol::SealedTwice
            | Symbol::Encrypted
            | Symbol::Signature
            | Symbol::Mac
            | Symbol::Hash
            | Symbol::Derived(_) => {
                let mut place = 0;
                loop {
                    let argument = arena.argument(term, place);
                    if argument == Term::NONE {
                        break true;
                    }
                    if !self.derives(arena, argument) {
                        break false;
                    }
                    place += 1;
                }
            }
        };
        if self.answers.len() <= term.number() {
            // No question has this number, so that what was never asked has no answer.
            self.answers.resize(arena.len() + 1, (u64::MAX, false));
        }
        if let Some(kept) = self.answers.get_mut(term.number()) {
            *kept = (self.question, answer);
        }
        answer
    }

    /// Whether one side of a Diffie-Hellman agreement can be played: its exponent, the other's share.
    fn agrees(&mut self, arena: &mut Arena, exponent: Term, other: Term) -> bool {
        self.derives(arena, exponent) && {
            let share = arena.term(Symbol::Share, &[other]);
            self.derives(arena, share)
        }
    }
}

#[cfg(test)]
mod tests;
