//! The shortest attacks on the bus, as traces.

use std::num::NonZeroUsize;

use countersign::lab::BusLab;
use countersign_model::bus::Bus;
use countersign_model::bus::scope::Scope;
use countersign_model::bus::story::Story;
use countersign_model::bus::system::Office;
use countersign_model::explorer::{Cutoff, Ending, explore};
use countersign_model::rulebook::{Book as _, Weakening};
use countersign_replay::bus::teller::tell;
use countersign_replay::trace::Seed;
use countersign_replay::{Trace, replay};

const SEED: Seed = Seed([7; 16]);

/// The shortest attack on each weakening, as the weakened code performs it.
pub(crate) fn counterexamples() -> Vec<(&'static Weakening<Bus>, Trace<Bus>)> {
    let rows = Bus::WEAKENINGS.iter();
    rows.map(|row| {
        let scope = row.scope(Scope::default());
        let system = Office::new(row.rules(), scope, &[row.breaks]);
        let report = explore(&system, NonZeroUsize::MIN, &Cutoff::default());
        let Ending::Broken(path) = report.ending else {
            panic!("{} breaks nothing", row.name);
        };
        let story = Story::of_path(&system, &scope, &path);
        let trace = tell(&story, &[row.name], Some(row.breaks), row.lesson, SEED).unwrap();
        let report = replay(&trace, BusLab::new).unwrap();
        (row, trace.recording(&report))
    })
    .collect()
}
