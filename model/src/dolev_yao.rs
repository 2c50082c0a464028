//! The symbolic attacker of Dolev and Yao, and protocols of short scripts that it attacks.
//!
//! A message is a [`term`]; cryptography is perfect: what no rule derives, nobody derives
//! (<https://doi.org/10.1109/TIT.1983.1056650>), unless it is given a [`weakness`]. A [`role`] is a script of what it receives, checks,
//! sends and claims. The attacker *is* the network: it hears everything that is sent and delivers
//! whatever it can [derive](knowledge). [`system`] searches every way in which it can do so with a given
//! number of runs.
//!
//! Never here: a particular protocol. Those are scripts elsewhere.

pub mod claim;
pub mod delivery;
pub mod expression;
mod judgement;
pub mod knowledge;
pub mod level;
pub mod protocol;
pub mod reveal;
pub mod role;
pub mod run;
mod scenario;
pub mod system;
pub mod term;
pub mod weakness;
