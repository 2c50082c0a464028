//! The bus as the explorer sees it: its states, and its weakenings.

#[path = "../shared/breaking.rs"]
mod breaking;
mod necessity;
mod scopes;
mod states;
#[path = "../shared/walk.rs"]
mod walk;
