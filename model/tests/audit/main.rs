//! The audit trail as the explorer sees it: its states, and its weakenings.

#[path = "../common/breaking.rs"]
mod breaking;
mod necessity;
mod scopes;
mod states;
#[path = "../common/walk.rs"]
mod walk;
