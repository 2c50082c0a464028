//! What a protocol is: its scripts, who plays them, and what the attacker has to work with.

use super::expression::Expression;
use super::role::Role;
use super::run::Participant;
use super::weakness::Weaknesses;

/// A protocol, with everybody who takes part.
#[derive(Clone)]
pub struct Protocol {
    /// The scripts.
    pub roles: Vec<Role>,
    /// Who may play which role, for whom.
    pub participants: Vec<Participant>,
    /// How many principals are honest: those with the first numbers. If the first two of them can
    /// change places, searches make use of it.
    pub honest: u8,
    /// Whether the first two principals can change places.
    pub interchangeable: bool,
    /// What everybody knows.
    pub public: Vec<Expression>,
    /// What only the attacker knows besides.
    pub hostile: Vec<Expression>,
    /// What is wrong with its primitives.
    pub weaknesses: Weaknesses,
}
