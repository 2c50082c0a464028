//! Admission as the explorer sees it: its states, its weakenings, and the stories they tell.

mod necessity;
mod states;
mod stories;
mod walk;
