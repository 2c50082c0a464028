//! The program as its user runs it: words in, lines and an exit code out.

mod checking;
mod corpus;
mod help;
mod messages;
mod misuse;
mod program;
