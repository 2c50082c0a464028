//! Admission: the receiving end of an agent, whose only decisions are rows of the guard table.
//!
//! An [`Endpoint`] takes bytes and a clock reading and gives a [`Verdict`]; it opens no socket and
//! reads no clock. The private module `facts` is the only door between cryptography and rules: it establishes, stage by stage,
//! what the guards ask about. What is admitted leaves as an [`Admitted`] token that nothing else
//! can construct.
//!
//! Never here: a condition on a message that is not a row of
//! [`countersign_model::admission::guard`], and no flawed mechanism; those live in
//! the private module `flawed`.

mod endpoint;
mod facts;
mod limits;
mod mechanism;
mod verdict;

pub use endpoint::Endpoint;
pub(crate) use endpoint::{Opened, Receiving};
pub(crate) use facts::{Reading, unknown};
pub use limits::Limits;
pub(crate) use mechanism::{Hardened, Mechanisms};
pub use verdict::{Admitted, Detail, Refusal, Verdict};

#[cfg(test)]
mod tests;
