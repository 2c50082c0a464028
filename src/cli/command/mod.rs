//! The commands, one file each.

pub(crate) mod check;
pub(crate) mod completions;
pub(crate) mod explore;
pub(crate) mod keygen;
pub(crate) mod lattice;
pub(crate) mod log;
pub(crate) mod policy;
pub(crate) mod prove;
pub(crate) mod queue;
pub(crate) mod receive;
pub(crate) mod record;
pub(crate) mod replay;
pub(crate) mod rules;
pub(crate) mod send;
pub(crate) mod serve;
pub(crate) mod show;
pub(crate) mod sign;
pub(crate) mod validate;
pub(crate) mod verify;
