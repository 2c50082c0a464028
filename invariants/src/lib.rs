//! The prover: reads the rule book as Z3 terms, proves it by induction and searches it for attacks.

pub mod admission;
mod bounded;
pub mod induction;
mod solver;
mod symbolic;
mod system;

pub use solver::Budget;
