//! What each invariant promises, by name and in words.
//!
//! Never here: when a promise is kept. That is [`super::invariant`], which looks at transitions;
//! guards and weakenings need no more of an invariant than its name.

use crate::rulebook::promises;

promises! {
    /// No message changes any state unless a key holder signed exactly what is acted upon.
    Authentic, "authentic", "nothing changes state unless a key holder signed exactly that";
    /// Whoever a message is attributed to composed it, or lost its key, and was entitled to speak.
    Bound, "bound", "a message is attributed to the one who composed it, while entitled";
    /// A message is admitted at most once.
    Once, "once", "a message is admitted at most once";
    /// A message is acted upon by nobody but the recipient its author named, never by its author, and in
    /// no session but the one named.
    Audience, "audience", "only the recipient that the author named acts on a message, where it was meant";
    /// What is acted upon is of a known version and satisfies its schema.
    Schema, "schema", "what is acted upon has a known version and satisfies its schema";
    /// What is acted upon has one text, and that text one meaning.
    Canonical, "canonical", "what is acted upon has one text, and the text one meaning";
    /// A message is acted upon no later than its sender wanted.
    Timely, "timely", "nothing is acted upon later than its sender wanted";
    /// An honest, timely message is admitted, whatever others send.
    Live, "live", "an honest, timely message is admitted, whatever others send";
    /// Text parsed, entries held, their lifetime and the rate of admissions stay bounded.
    Bounded, "bounded", "text parsed, entries held and admissions per period stay bounded";
}
