//! What is wrong with a log, and from which record on.

use std::fmt;

use countersign_model::audit::guard::Rejection;

/// What is wrong with a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The rejection.
    pub rejection: Rejection,
    /// The numbers between which the first bad record is, from 1; none where it is no record that is bad.
    pub records: Option<(u64, u64)>,
    /// What is the matter.
    pub what: What,
}

/// What is the matter with a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// A row is not the canonical text of a record.
    NotARecord,
    /// A link is not the hash of the link before it and its record.
    WrongLink,
    /// A record has another number than its place in the log.
    WrongNumber {
        /// The number that it has.
        found: u64,
    },
    /// There is no checkpoint.
    NoCheckpoint,
    /// The last checkpoint is not one.
    NotACheckpoint,
    /// There is no key to verify the last checkpoint with.
    NoKey,
    /// The last checkpoint has a signature that is not of the log's key.
    WrongSignature,
    /// The log ends before its checkpoint.
    Short {
        /// How many records it should have.
        expected: u64,
    },
    /// The link that the checkpoint vouches for is another.
    OtherHistory {
        /// How many records the checkpoint covers.
        covered: u64,
    },
    /// The log is not the one that was verified before, or an older copy of it.
    OtherPast {
        /// How many records it had then.
        remembered: u64,
    },
}

impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.records {
            Some((first, last)) if first == last => write!(formatter, "record {first}: ")?,
            Some((first, last)) => {
                write!(formatter, "one of the records {first} to {last} first: ")?;
            }
            None => {}
        }
        match self.what {
            What::NotARecord => formatter.write_str("it is not the canonical text of a record"),
            What::WrongLink => {
                formatter.write_str("its link is not the hash of the link before it and its record")
            }
            What::WrongNumber { found } => write!(formatter, "it has the number {found}"),
            What::NoCheckpoint => {
                formatter.write_str("the log has no checkpoint, so nothing vouches for any record")
            }
            What::NotACheckpoint => formatter.write_str("the last checkpoint is not one"),
            What::NoKey => formatter.write_str(
                "every link follows, and nobody knows who signed the checkpoint: name the log's key",
            ),
            What::WrongSignature => {
                formatter.write_str("the last checkpoint is not signed with the log's key")
            }
            What::Short { expected } => {
                write!(
                    formatter,
                    "it is not there; the checkpoint covers {expected} records"
                )
            }
            What::OtherHistory { covered } => write!(
                formatter,
                "the links were computed anew; the checkpoint covers {covered} records and names another link"
            ),
            What::OtherPast { remembered } => write!(
                formatter,
                "this is an older or another log than the one that verified with {remembered} records"
            ),
        }
    }
}
