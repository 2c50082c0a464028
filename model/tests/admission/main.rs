//! Admission as the explorer sees it: its states, its weakenings, and the stories they tell.

#[path = "../shared/breaking.rs"]
mod breaking;
mod lemmas;
mod necessity;
mod scopes;
mod states;
mod stories;
#[path = "../shared/walk.rs"]
mod walk;
