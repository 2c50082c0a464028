//! Admission as the explorer sees it: its states, its weakenings, and the stories they tell.

#[path = "../common/breaking.rs"]
mod breaking;
mod lemmas;
mod necessity;
mod scopes;
mod states;
mod stories;
#[path = "../common/walk.rs"]
mod walk;
