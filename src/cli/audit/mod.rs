//! The audit trail on the command line: its search, its proofs, and attacks on its weakenings.

pub(crate) mod attack;
pub(crate) mod exploration;
pub(crate) mod proof;
