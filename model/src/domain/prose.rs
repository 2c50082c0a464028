//! The reader's domain: a guard read in it is the sentence that documents it.

use super::{Choice, Domain, Identity, Natural, Truth};

/// Sentences.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Prose;

/// A fragment of a sentence, with how tightly it binds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phrase {
    text: String,
    binding: Binding,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Binding {
    Or,
    And,
    Comparison,
    Word,
}

impl Phrase {
    /// A name that needs no brackets anywhere.
    pub fn name(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            binding: Binding::Word,
        }
    }

    /// The fragment as text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    fn joined(&self, operator: &str, other: &Self, binding: Binding) -> Self {
        let text = format!(
            "{} {operator} {}",
            self.bracketed(binding),
            other.bracketed(binding)
        );
        Self { text, binding }
    }

    fn bracketed(&self, within: Binding) -> String {
        if self.binding < within {
            format!("({})", self.text)
        } else {
            self.text.clone()
        }
    }
}

impl Truth for Phrase {
    fn constant(value: bool) -> Self {
        Self::name(if value { "true" } else { "false" })
    }
    fn not(&self) -> Self {
        // A comparison reads better turned round than negated.
        let turned = [(" = ", " ≠ "), (" ≤ ", " > "), (" < ", " ≥ ")]
            .iter()
            .find_map(|(from, to)| {
                (self.binding == Binding::Comparison && self.text.contains(from))
                    .then(|| self.text.replacen(from, to, 1))
            });
        match turned {
            Some(text) => Self {
                text,
                binding: Binding::Comparison,
            },
            None => Self {
                text: format!("not {}", self.bracketed(Binding::Word)),
                binding: Binding::Comparison,
            },
        }
    }
    fn and(&self, other: &Self) -> Self {
        self.joined("and", other, Binding::And)
    }
    fn or(&self, other: &Self) -> Self {
        self.joined("or", other, Binding::Or)
    }
}

impl Choice<Self> for Phrase {
    fn choose(condition: &Self, then: &Self, otherwise: &Self) -> Self {
        let text = format!(
            "if {} then {} else {}",
            condition.text, then.text, otherwise.text
        );
        Self {
            text,
            binding: Binding::Or,
        }
    }
}

impl Identity<Self> for Phrase {
    fn same(&self, other: &Self) -> Self {
        self.joined("=", other, Binding::Comparison)
    }
}

impl Natural<Self> for Phrase {
    fn constant(value: u64) -> Self {
        Self::name(&value.to_string())
    }
    fn plus(&self, other: &Self) -> Self {
        Self {
            text: format!("{} + {}", self.text, other.text),
            binding: Binding::Word,
        }
    }
    fn predecessor(&self) -> Self {
        Self {
            text: format!("{} - 1", self.text),
            binding: Binding::Word,
        }
    }
    fn at_most(&self, other: &Self) -> Self {
        self.joined("≤", other, Binding::Comparison)
    }
    fn below(&self, other: &Self) -> Self {
        self.joined("<", other, Binding::Comparison)
    }
}

impl Domain for Prose {
    type Bool = Phrase;
    type Nat = Phrase;
    type Agent = Phrase;
}
