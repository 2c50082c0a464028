//! The handshake on the command line: its search, and the lattice of what it takes to break it.

pub(crate) mod attack;
pub(crate) mod exploration;
pub(crate) mod lattice;
pub(crate) mod selection;
