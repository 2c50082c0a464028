//! Admission as the explorer sees it: its states, its weakenings, and the stories they tell.

mod lemmas;
mod necessity;
mod states;
mod stories;
mod walk;
