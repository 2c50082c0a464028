//! The prover: reads the rule book as Z3 terms, proves it by induction and searches it for attacks.

pub mod admission;
mod bounded;
pub mod induction;
pub mod smtlib;
mod solver;
mod symbolic;
mod system;
mod version;

pub use solver::Budget;
pub use version::{VersionError, z3_version};
