//! Admission: the receiving end of an agent, whose only decisions are rows of the guard table.
//!
//! An [`Endpoint`] takes bytes and a clock reading and gives a [`Verdict`]; it opens no socket and
//! reads no clock. The private module `facts` is the only door between cryptography and rules: it establishes, stage by stage,
//! what the guards ask about. What is admitted leaves as an [`Admitted`] token that nothing else
//! can construct.
//!
//! An endpoint holds the sessions that its agent established. A sealed envelope passes the guards of
//! admission first, then those of its session ([`countersign_model::session::guard`]): only when all
//! of both held is its nonce remembered and its record marked. A [`Gateway`] stands for others: it
//! admits what is for them, and opens nothing.
//!
//! Never here: a condition on a message that is not a row of
//! [`countersign_model::admission::guard`], and no flawed mechanism; those live in
//! the private module `flawed`.

mod endpoint;
mod facts;
mod gateway;
mod judging;
mod limits;
mod mechanism;
mod receiving;
mod sessions;
mod verdict;

pub use endpoint::Endpoint;
pub(crate) use facts::{Reading, unknown};
pub use gateway::{Gate, Gateway, Passing};
pub use limits::Limits;
pub(crate) use mechanism::{Hardened, Mechanisms, Standing};
pub use receiving::Authentic;
pub(crate) use receiving::{Received, Receiving};
pub use sessions::SessionHeld;
pub use verdict::{Admitted, Detail, Refusal, Verdict};

#[cfg(test)]
mod tests;
