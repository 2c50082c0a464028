//! A trace as lines for a terminal: who does what to whom, and the verdict.

use crate::system::System;
use crate::telling::{remark_on, verdicts};
use crate::trace::Trace;

/// Columns before a line; the number of the step ends at the last of them.
const MARGIN: usize = 8;

/// One line for each step, aligned, each ended by a newline.
pub fn sequence<S: System>(trace: &Trace<S>) -> String {
    let names = S::names(trace);
    let rows = (1..).zip(&trace.steps).map(|(number, step)| {
        let event = S::event(trace, &names, step);
        let remark = remark_on(trace, number).map(|remark| format!("<- {remark}"));
        [
            event.parties(),
            event.verb.to_owned(),
            event.detail,
            verdicts(step),
            remark.unwrap_or_default(),
        ]
    });
    let rows: Vec<[String; 5]> = rows.collect();
    let widths: [usize; 5] = std::array::from_fn(|column| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    });
    let mut text = String::new();
    for (number, row) in (1..).zip(&rows) {
        let mut line = format!("{number:>MARGIN$}");
        for (cell, width) in row.iter().zip(widths) {
            line = format!("{line}  {cell:<width$}");
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}
