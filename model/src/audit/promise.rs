//! What each invariant promises, by name and in words. When one is kept, [`super::invariant`] decides
//! from ground truth; guards and weakenings need no more of an invariant than its name.

use crate::rulebook::promises;

promises! {
    /// Whatever had an effect has its record on the disk, when the writer comes back from a crash too.
    Complete, "complete", "whatever had an effect has its record, also after a crash";
    /// A log that verifies has, up to its checkpoint, the records that the writer wrote, in that order.
    Intact, "intact", "a log that verifies has, up to its checkpoint, what was written, in order";
    /// A log that verifies has everything that it had when it was verified before.
    Kept, "kept", "a log that verifies has all that an earlier one had that verified";
    /// Nobody is told of a message but its parties and auditors.
    Confidential, "confidential", "nobody is told of a message but its parties and auditors";
    /// No record lets anybody but its parties confirm a guess at what a message said.
    Hidden, "hidden", "a record confirms no guess at what a message said, but its parties'";
    /// A log that nobody touched takes records and verifies.
    Live, "live", "a log that nobody touched takes records, and verifies";
}
