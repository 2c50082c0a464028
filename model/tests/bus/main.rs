//! The bus as the explorer sees it: its states, and its weakenings.

mod necessity;
mod states;
mod walk;
