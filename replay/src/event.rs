//! What a picture of a trace is drawn from: who takes part, and what happens in words.

/// One of those who take part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// The name, as steps have it.
    pub name: String,
    /// What else is to be said of it.
    pub head: String,
}

/// A step in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Who acts.
    pub from: String,
    /// Towards whom, where that is somebody else.
    pub to: Option<String>,
    /// What it does.
    pub verb: &'static str,
    /// With what.
    pub detail: String,
    /// Something arrives by it.
    pub delivers: bool,
}

impl Event {
    /// Who acts, and towards whom.
    pub(crate) fn parties(&self) -> String {
        match &self.to {
            Some(to) => format!("{} -> {to}", self.from),
            None => self.from.clone(),
        }
    }
}
