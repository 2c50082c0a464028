//! The handshake: proved for any number of runs, searched with two, in agreement with the explorer.
#![expect(clippy::panic, reason = "a test fails loudly")]

mod agreement;
mod export;
mod induction;
mod search;

use countersign_model::handshake::Handshake;
use countersign_model::rulebook::{Book as _, Ruleset};

/// The hardened rules and those with each weakening alone, by name.
fn every_ruleset() -> Vec<(&'static str, Ruleset<Handshake>)> {
    let weakened = Handshake::WEAKENINGS.iter();
    let weakened = weakened.map(|weakening| (weakening.name, weakening.rules()));
    [("hardened", Ruleset::HARDENED)]
        .into_iter()
        .chain(weakened)
        .collect()
}
