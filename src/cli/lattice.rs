//! The lattice of reveals as a table, as JSON, and as a Mermaid flowchart.

use std::fmt::Write as _;

use countersign_model::dolev_yao::reveal::{Reveal, Reveals};
use countersign_model::handshake::lattice::{Cell, Lattice};
use countersign_model::handshake::promise::{InvariantId, Point};
use countersign_model::rulebook::Row as _;
use serde::Serialize;

use crate::cli::words::counted;

/// Columns of a point's cells.
const COLUMN: usize = 22;
/// What is said where a search was cut short before it said anything.
const UNKNOWN: &str = "?";
/// Columns of a promise's name.
const NAME: usize = 12;

/// The letter that a kind of secret has in the table.
const fn letter(reveal: Reveal) -> char {
    match reveal {
        Reveal::OwnLongTerm => 'L',
        Reveal::PeerLongTerm => 'P',
        Reveal::OwnEphemeral => 'E',
        Reveal::OtherEphemeral => 'F',
        Reveal::OtherSession => 'S',
        Reveal::SealingKeys => 'K',
    }
}

const fn meaning(reveal: Reveal) -> &'static str {
    match reveal {
        Reveal::OwnLongTerm => "the long-term key of the one whose promise it is",
        Reveal::PeerLongTerm => "the long-term key of its peer, before the run",
        Reveal::OwnEphemeral => "the ephemeral key of the run",
        Reveal::OtherEphemeral => "the ephemeral keys of all other runs",
        Reveal::OtherSession => "the session keys of all other runs",
        Reveal::SealingKeys => "the keys that seal the proofs, of every run",
    }
}

/// The side that reaches a point.
const fn side(point: Point) -> &'static str {
    match point {
        Point::Answered | Point::Confirmed => "initiator",
        Point::Finished => "responder",
    }
}

/// The table.
pub(crate) fn text(lattice: &Lattice, rules: &str) -> String {
    let mut text = String::new();
    let sets = Reveals::every().len();
    // Writing to a string cannot fail.
    let _ = writeln!(
        text,
        "lattice: which secrets must be lost before a promise of the handshake is; {rules} rules, every \
         choice of {} at once, {sets} sets of secrets, {}{}\n",
        counted(lattice.runs as u64, "run"),
        counted(lattice.states, "state"),
        limits(lattice),
    );
    for heading in [
        |point| side(point).to_owned(),
        |point: Point| point.name().to_owned(),
    ] {
        row(&mut text, "", Point::ALL.into_iter().map(heading));
    }
    for invariant in InvariantId::ALL {
        let cells = Point::ALL.into_iter().map(|point| {
            lattice
                .cell(point, *invariant)
                .map_or_else(String::new, |cell| short(cell, lattice.exhausted))
        });
        row(&mut text, invariant.name(), cells);
    }
    let strongest = |point| match lattice.strongest(point) {
        Some(level) => level.name().to_owned(),
        None if lattice.exhausted => "none".to_owned(),
        None => UNKNOWN.to_owned(),
    };
    text.push('\n');
    row(
        &mut text,
        "strongest",
        Point::ALL.into_iter().map(strongest),
    );
    text.push('\n');
    for reveal in Reveal::ALL {
        let _ = writeln!(
            text,
            "{}  {:<16} {}",
            letter(reveal),
            reveal.name(),
            meaning(reveal)
        );
    }
    text.push_str(
        "always   whatever of these is lost\n\
         not yet  nothing needs to be lost: it does not hold at this point\n\
         -        with nothing lost, no run comes where it is promised\n\
         P, E+F   lost with P alone, or with E and F together; smallest sets only\n\
         forward  is secrecy where all long-term keys are lost afterwards\n",
    );
    if !lattice.exhausted {
        text.push_str(
            "?        not lost as far as the searches went; there may be smaller sets too\n",
        );
    }
    text
}

/// Whether there may be more than the searches found.
const fn limits(lattice: &Lattice) -> &'static str {
    if lattice.exhausted {
        ""
    } else {
        ", NOT exhausted"
    }
}

fn row(text: &mut String, name: &str, cells: impl Iterator<Item = String>) {
    let mut line = format!("{name:<NAME$}");
    for cell in cells {
        // Writing to a string cannot fail.
        let _ = write!(line, "{cell:<COLUMN$}");
    }
    text.push_str(line.trim_end());
    text.push('\n');
}

fn short(cell: &Cell, exhausted: bool) -> String {
    if !cell.reached && exhausted {
        return "-".to_owned();
    }
    match cell.broken_by.as_slice() {
        [] if !exhausted => UNKNOWN.to_owned(),
        [] => "always".to_owned(),
        [set] if *set == Reveals::NONE => "not yet".to_owned(),
        sets => {
            let sets = sets.iter().map(|set| {
                let letters: Vec<String> = set.iter().map(|it| letter(it).to_string()).collect();
                letters.join("+")
            });
            sets.collect::<Vec<_>>().join(", ")
        }
    }
}

/// The table as one document.
#[derive(Serialize)]
struct Document<'a> {
    format: &'static str,
    rules: &'a str,
    runs: usize,
    states: u64,
    exhausted: bool,
    promises: Vec<Promise>,
}

/// What it takes to break one promise at one point.
#[derive(Serialize)]
struct Promise {
    invariant: &'static str,
    point: &'static str,
    side: &'static str,
    /// There is a run in which it is promised, with nothing lost.
    reached: bool,
    /// The smallest sets of secrets without which it is lost; an empty one where it does not hold.
    broken_by: Vec<Vec<&'static str>>,
}

/// The table as JSON.
pub(crate) fn json(lattice: &Lattice, rules: &str) -> String {
    let promises = lattice.cells.iter().map(|cell| Promise {
        invariant: cell.invariant.name(),
        point: cell.point.name(),
        side: side(cell.point),
        reached: cell.reached,
        broken_by: cell
            .broken_by
            .iter()
            .map(|set| set.iter().map(Reveal::name).collect())
            .collect(),
    });
    let document = Document {
        format: "countersign-lattice/1",
        rules,
        runs: lattice.runs,
        states: lattice.states,
        exhausted: lattice.exhausted,
        promises: promises.collect(),
    };
    let mut text = serde_json::to_string_pretty(&document).unwrap_or_default();
    text.push('\n');
    text
}

/// From each smallest set of lost secrets to the promises that go with it, as a flowchart.
pub(crate) fn mermaid(lattice: &Lattice, rules: &str) -> String {
    let mut text = format!(
        "flowchart LR\n  %% {rules} rules, {} at once, {}{}\n",
        counted(lattice.runs as u64, "run"),
        counted(lattice.states, "state"),
        limits(lattice),
    );
    for (number, set) in (1..).zip(Reveals::every()) {
        let mut lost = Vec::new();
        for cell in lattice
            .cells
            .iter()
            .filter(|it| it.reached && it.broken_by.contains(&set))
        {
            lost.push(format!("{} {}", cell.point.name(), cell.invariant.name()));
        }
        if lost.is_empty() {
            continue;
        }
        let names: Vec<&str> = set.iter().map(Reveal::name).collect();
        let names = if names.is_empty() {
            "nothing lost".to_owned()
        } else {
            names.join(" + ")
        };
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "  s{number}[\"{names}\"] --> p{number}[\"{}\"]",
            lost.join("<br>")
        );
    }
    text
}
