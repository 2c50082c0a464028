//! What a bounded search came to.

/// The end of a search for the shortest run of some kind. Of the handshake, steps are deliveries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Search<Run> {
    /// The shortest run.
    Found(Run),
    /// No run of up to so many steps.
    NoneUpTo(usize),
    /// The solver gave no answer.
    Unknown {
        /// For runs of so many steps; there is no shorter one.
        at: usize,
        /// Why.
        reason: String,
    },
}

impl<Run> Search<Run> {
    /// The same, with the run told otherwise.
    #[must_use]
    pub fn told<Told>(self, tell: impl FnOnce(Run) -> Told) -> Search<Told> {
        match self {
            Self::Found(run) => Search::Found(tell(run)),
            Self::NoneUpTo(steps) => Search::NoneUpTo(steps),
            Self::Unknown { at, reason } => Search::Unknown { at, reason },
        }
    }
}
