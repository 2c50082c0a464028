//! Each part of what the crowd says counts: one change at a time, in a few runs that are made of machine words.
//!
//! The proofs say that the whole is right; here it is that nothing of it is idle. Tests of one file of the
//! crowd are in the file of that name.

use few::Few;

use super::Scene;
use super::record::World;
use crate::handshake::Handshake;
use crate::rulebook::{Ruleset, Weakening};

mod change;
mod demand;
mod exchange;
mod few;
mod invariant;
mod knowledge;
mod lemma;
mod making;
mod step;

/// The rules with the weakening of this name.
fn weakened(name: &str) -> Ruleset<Handshake> {
    let weakening = Weakening::<Handshake>::of_name(name);
    weakening.map(Weakening::rules).expect("a row of the table")
}

fn scene(rules: Ruleset<Handshake>, world: &World<Few>) -> Scene<'_, Few> {
    Scene { rules, world }
}
