//! A trace as columns: those who take part side by side, and beside them what the attacker learns.

use crate::event::Column;
use crate::system::System;
use crate::telling::{remark_on, verdicts};
use crate::trace::Trace;

/// Columns of text in a cell, at most.
const WIDTH: usize = 36;

/// What happens at one moment.
pub(crate) struct Row {
    /// The number of the step; zero before the first.
    pub(crate) number: usize,
    /// To whom, by the place of the column; nobody before the first step.
    pub(crate) column: Option<usize>,
    /// What, and what came of it.
    pub(crate) lines: Vec<String>,
    /// What the attacker learns by it.
    pub(crate) learnt: Vec<String>,
}

/// The rows of the drawing.
pub(crate) fn rows<S: System>(trace: &Trace<S>, columns: &[Column]) -> Vec<Row> {
    let names = S::names(trace);
    let mut learnt = S::learnt(trace).into_iter();
    let mut rows = vec![Row {
        number: 0,
        column: None,
        lines: Vec::new(),
        learnt: learnt.next().unwrap_or_default(),
    }];
    for (number, step) in (1..).zip(&trace.steps) {
        let event = S::event(trace, &names, step);
        let whose = |name: &str| columns.iter().position(|column| column.name == *name);
        let column = match &event.to {
            Some(to) if event.delivers => whose(to),
            Some(_) | None => whose(&event.from),
        };
        let mut lines = S::arrival(trace, &names, step);
        if column.is_none() {
            let first = lines.first().cloned().unwrap_or_default();
            let told = format!("{}: {first}", event.from);
            lines.splice(..1.min(lines.len()), [told]);
        }
        if !step.expect.verdicts.is_empty() {
            lines.push(verdicts(step));
        }
        lines.extend(S::claims(trace, number));
        lines.extend(remark_on(trace, number).map(|remark| format!("<- {remark}")));
        rows.push(Row {
            number,
            column,
            lines,
            learnt: learnt.next().unwrap_or_default(),
        });
    }
    rows
}

/// The drawing, each line ended by a newline; nothing of a system that has no columns.
pub fn side_by_side<S: System>(trace: &Trace<S>) -> Option<String> {
    let columns = S::columns(trace);
    if columns.is_empty() {
        return None;
    }
    let head = |line: fn(&Column) -> &str| columns.iter().map(move |it| line(it).to_owned());
    let attacker = format!("{} learns", S::ATTACKER);
    let mut lines = vec![
        line_of("", head(|it| &it.name).chain([attacker])),
        line_of("", head(|it| &it.head).chain([String::new()])),
    ];
    for row in rows(trace, &columns) {
        let number = match row.number {
            0 => String::new(),
            number => number.to_string(),
        };
        // What concerns nobody's column in particular stands in the first.
        let place = row.column.unwrap_or(0);
        let (cell, learnt) = (wrapped(&row.lines), wrapped(&row.learnt));
        for at in 0..cell.len().max(learnt.len()) {
            let of = |lines: &[String]| lines.get(at).cloned().unwrap_or_default();
            let cells = (0..columns.len()).map(|column| {
                if column == place {
                    of(&cell)
                } else {
                    String::new()
                }
            });
            let number = if at == 0 { number.as_str() } else { "" };
            lines.push(line_of(number, cells.chain([of(&learnt)])));
        }
    }
    let widths: Vec<usize> = (0..=columns.len() + 1)
        .map(|column| {
            let cells = lines.iter().filter_map(|line| line.get(column));
            cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
        })
        .collect();
    let mut text = String::new();
    for line in &lines {
        let cells = line.iter().zip(&widths).enumerate();
        let cells = cells.map(|(column, (cell, width))| match column {
            0 => format!("{cell:>width$}"),
            _ => format!("{cell:<width$}"),
        });
        text.push_str(cells.collect::<Vec<_>>().join("  ").trim_end());
        text.push('\n');
    }
    Some(text)
}

fn line_of(number: &str, cells: impl Iterator<Item = String>) -> Vec<String> {
    [number.to_owned()].into_iter().chain(cells).collect()
}

/// The lines, each broken between words where it is too long; what goes on is indented.
fn wrapped(lines: &[String]) -> Vec<String> {
    let mut all = Vec::new();
    for line in lines {
        let mut current = String::new();
        for word in line.split(' ') {
            let length = current.chars().count() + 1 + word.chars().count();
            if !current.trim().is_empty() && length > WIDTH {
                all.push(current);
                current = format!("  {word}");
            } else if current.is_empty() {
                word.clone_into(&mut current);
            } else {
                current.push(' ');
                current.push_str(word);
            }
        }
        all.push(current);
    }
    all
}

#[cfg(test)]
mod tests {
    use super::wrapped;

    #[test]
    fn a_long_line_is_broken_between_words_and_loses_none() {
        let line = "one two three four five six seven eight nine ten".to_owned();
        let lines = wrapped(std::slice::from_ref(&line));
        assert_eq!(lines.len(), 2);
        assert!(
            lines
                .iter()
                .all(|line| line.chars().count() <= super::WIDTH)
        );
        let words: Vec<&str> = lines.iter().flat_map(|it| it.split_whitespace()).collect();
        assert_eq!(words.join(" "), line);
    }
}
