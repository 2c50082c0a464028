//! The audit trail: a record of every message, denials included, before it has any effect (protocol
//! section 8).
//!
//! A [`Trail`] records messages and signs checkpoints; it reads no clock and draws no entropy. Its only
//! decisions are rows of [`countersign_model::audit::guard`]; the private module `facts` is the only door
//! between the file and the rules. Recording gives a [`Recorded`] token that nothing else can construct:
//! whatever has an effect asks for it by value, so that an effect without a record does not type-check.
//!
//! ```
//! use countersign::audit::{Draft, MemoryFile, Recorded, Salt, Trail, Verifier};
//! # use countersign::audit::Policy;
//! # use countersign::envelope::{Header, Kind, MessageId, Nonce, Timestamp, Version};
//! # use countersign::identity::{SigningKey, SpiffeId};
//! # fn header(key: &SigningKey) -> Header { Header {
//! #   version: Version::CURRENT, kind: Kind::Ask, id: MessageId::from_bytes([1; 16]),
//! #   nonce: Nonce::from_bytes([2; 16]), from: SpiffeId::parse("spiffe://example.org/alice").unwrap(),
//! #   to: SpiffeId::parse("spiffe://example.org/bob").unwrap(), issued_at: Timestamp::from_ms(1).unwrap(),
//! #   expires_at: Timestamp::from_ms(2).unwrap(), key_id: key.key_id(), correlation_id: None,
//! #   in_reply_to: None, session: None, capability: None } }
//! # let key = SigningKey::from_seed([7; 32]);
//! # let header = header(&key);
//! # let at = Timestamp::from_ms(1).unwrap();
//! fn deliver(recorded: Recorded, bytes: &[u8]) { /* the effect */ }
//!
//! let mut verifier = Verifier::new(key.peer_key());
//! let mut trail = Trail::open(MemoryFile::default(), key)?;
//! let salt = Salt::generate()?; // goes to the parties, never into the log
//! let (payload, policy, approval) = (b"{}".as_slice(), Policy::Allowed, None);
//! let draft = Draft { at, header: &header, payload, salt: &salt, policy, approval };
//! for recorded in trail.append(&[draft])? {
//!     deliver(recorded, payload);
//! }
//! trail.sign(at)?;
//! let verified = verifier.verify(trail.file())?.expect("nobody touched it");
//! assert_eq!((verified.count, verified.covered), (1, 1));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! What does not show: records after the last checkpoint that a verifier has seen, if somebody rewrites them,
//! links and all, while no writer is up. Sign often; [`Verified::covered`] says how far a log is vouched for.
//!
//! Never here: a condition that is not a row of the guard table, and no flawed mechanism.

mod chain;
mod checkpoint;
mod entry;
mod error;
mod facts;
mod fault;
mod file;
mod filter;
mod mechanism;
mod query;
mod reach;
mod selection;
mod sqlite;
mod trail;
mod verify;

pub use chain::{End, Row};
pub use checkpoint::Checkpoint;
pub use entry::{Approval, Draft, Entry, Policy, Salt};
pub use error::{FileError, RecordError};
pub use fault::{Fault, What};
pub use file::{Item, LogFile, MemoryFile, Written};
pub use filter::Filter;
pub use query::{AUDITOR, Found};
pub use sqlite::SqliteFile;
pub(crate) use sqlite::TABLES;
pub use trail::{Leave, Recorded, Trail};
pub use verify::{Verified, Verifier};
pub(crate) use {
    chain::{GENESIS, hashed},
    mechanism::{Hardened, Mechanisms},
    query::ask,
    reach::Reach,
    trail::{Writer, permit},
};

#[cfg(test)]
mod tests;
