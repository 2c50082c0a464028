//! The prover: reads the rule book as Z3 terms, proves it by induction and searches it for attacks.
//!
//! [`admission`], [`handshake`], [`session`], [`audit`] and [`bus`] are where callers begin. The engines, `induction`
//! and `bounded`, know no particular system; a system's folder says which terms its states and steps are, and takes
//! everything else from the rule book. [`policy`] answers questions about the rules of one deployment.
//!
//! Never here: a second copy of any rule.

pub mod admission;
pub mod audit;
mod bounded;
pub mod bus;
pub mod handshake;
pub mod induction;
pub mod policy;
mod search;
pub mod session;
pub mod smtlib;
mod solver;
mod symbolic;
mod system;
mod version;

pub use search::Search;
pub use solver::Budget;
pub use version::{VersionError, z3_version};
