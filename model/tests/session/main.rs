//! The session as the explorer sees it: its states, and its weakenings.

mod lemmas;
mod necessity;
mod states;
mod walk;
