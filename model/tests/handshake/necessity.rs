//! Every row of the guard table and every mechanism is needed: without it a promise is broken.

use countersign_model::explorer::Ending;
use countersign_model::handshake::Handshake;
use countersign_model::handshake::attack::{attacked, promised};
use countersign_model::handshake::performance::{Delivered, Performance};
use countersign_model::handshake::story::Story;
use countersign_model::rulebook::{Book as _, Row as _, Ruleset, Weakening};

use super::searched;

/// A shortest run to a broken promise under `weakening`.
fn attack(weakening: &Weakening<Handshake>) -> (Story, u64) {
    let hardened = attacked(Ruleset::HARDENED, 2, weakening.needs, 0);
    // Some promises are off with secrets revealed, whatever the rules.
    let off = searched(&hardened).violated;
    let watched = promised(weakening.breaks) & !off;
    let system = attacked(weakening.rules(), 2, weakening.needs, watched);
    let report = searched(&system);
    let Ending::Broken(path) = report.ending else {
        panic!("{} breaks nothing", weakening.name);
    };
    (Story::of_path(&system, weakening.rules(), &path), watched)
}

#[test]
fn every_weakening_is_broken_and_the_hardened_rules_refuse_its_attack() {
    for weakening in Handshake::WEAKENINGS {
        let (story, watched) = attack(weakening);
        let cast = || (story.participants.clone(), story.reveals);
        let (participants, reveals) = cast();
        let mut weakened = Performance::new(weakening.rules(), participants, reveals);
        let mut broken = 0;
        for (slot, message) in &story.deliveries {
            match weakened.deliver(*slot, message) {
                Delivered::Accepted { violated, .. } => broken |= violated,
                other => panic!("{}: {message:?} is {other:?}", weakening.name),
            }
        }
        assert_ne!(broken & watched, 0, "{} is not broken", weakening.name);

        let (participants, reveals) = cast();
        let mut hardened = Performance::new(Ruleset::HARDENED, participants, reveals);
        let verdicts: Vec<Delivered> = story
            .deliveries
            .iter()
            .map(|(slot, message)| hardened.deliver(*slot, message))
            .collect();
        println!(
            "{:32} {:12} {:?}",
            weakening.name,
            weakening.breaks.name(),
            story
                .participants
                .iter()
                .map(|p| (p.role, p.me, p.peer))
                .collect::<Vec<_>>()
        );
        for ((slot, m), v) in story.deliveries.iter().zip(&verdicts) {
            println!("    r{slot} {m:?}\n        -> {v:?}");
        }
    }
}
