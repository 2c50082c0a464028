//! What each invariant promises, by name and in words.
//!
//! Never here: when a promise is kept. That is [`super::invariant`], which looks at transitions;
//! guards and weakenings need no more of an invariant than its name.

/// A row of the invariant table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum InvariantId {
    /// No message changes any state unless a key holder signed exactly what is acted upon.
    Authentic,
    /// Whoever a message is attributed to composed it, or lost its key, and was entitled to speak.
    Bound,
    /// A message is admitted at most once.
    Once,
    /// A message is acted upon by nobody but the recipient its author named, never by its author, and in
    /// no session but the one named.
    Audience,
    /// What is acted upon is of a known version and satisfies its schema.
    Schema,
    /// What is acted upon has one text, and that text one meaning.
    Canonical,
    /// A message is acted upon no later than its sender wanted.
    Timely,
    /// An honest, timely message is admitted, whatever others send.
    Live,
    /// Text parsed, entries held, their lifetime and the rate of admissions stay bounded.
    Bounded,
}

impl InvariantId {
    /// Every invariant, in the order of the table.
    pub const ALL: &[Self] = &[
        Self::Authentic,
        Self::Bound,
        Self::Once,
        Self::Audience,
        Self::Schema,
        Self::Canonical,
        Self::Timely,
        Self::Live,
        Self::Bounded,
    ];

    /// The stable name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Authentic => "authentic",
            Self::Bound => "bound",
            Self::Once => "once",
            Self::Audience => "audience",
            Self::Schema => "schema",
            Self::Canonical => "canonical",
            Self::Timely => "timely",
            Self::Live => "live",
            Self::Bounded => "bounded",
        }
    }

    /// The invariant with this name.
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|id| id.name() == name)
    }

    /// What it promises, as a sentence.
    pub const fn promise(self) -> &'static str {
        match self {
            Self::Authentic => "nothing changes state unless a key holder signed exactly that",
            Self::Bound => "a message is attributed to the one who composed it, while entitled",
            Self::Once => "a message is admitted at most once",
            Self::Audience => {
                "only the recipient that the author named acts on a message, where it was meant"
            }
            Self::Schema => "what is acted upon has a known version and satisfies its schema",
            Self::Canonical => "what is acted upon has one text, and the text one meaning",
            Self::Timely => "nothing is acted upon later than its sender wanted",
            Self::Live => "an honest, timely message is admitted, whatever others send",
            Self::Bounded => "text parsed, entries held and admissions per period stay bounded",
        }
    }
}
