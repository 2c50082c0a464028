//! A trace as a Mermaid sequence diagram.

use crate::system::System;
use crate::telling::{remark_on, verdicts};
use crate::trace::Trace;

/// The diagram, each line ended by a newline.
pub fn mermaid<S: System>(trace: &Trace<S>) -> String {
    let names = S::names(trace);
    let mut lines = vec!["sequenceDiagram".to_owned()];
    lines.push(format!("    title {}", escaped(&trace.lesson)));
    // A participant's own name could be a word of Mermaid's; its place is not.
    let drawn = S::participants(trace);
    let last = drawn.len().saturating_sub(1);
    let place = |name: &str| {
        let place = drawn.iter().position(|other| other == name);
        format!("p{}", place.unwrap_or(last))
    };
    for name in &drawn {
        lines.push(format!(
            "    participant {} as {}",
            place(name),
            escaped(name)
        ));
    }
    let mut learnt = S::learnt(trace).into_iter();
    let mut note = || {
        let news = learnt.next().filter(|news| !news.is_empty())?;
        let words = escaped(&format!("learns {}", news.join(", ")));
        Some(format!("    Note over {}: {words}", place(S::ATTACKER)))
    };
    lines.extend(note());
    for (number, step) in (1..).zip(&trace.steps) {
        let event = S::event(trace, &names, step);
        let mut words = format!("{number} {} {}", event.verb, event.detail);
        let refused = step.expect.verdicts.iter().any(|verdict| !verdict.admits());
        if !step.expect.verdicts.is_empty() {
            words = format!("{words}: {}", verdicts(step));
        }
        if let Some(remark) = remark_on(trace, number) {
            words = format!("{words} ({remark})");
        }
        let words = escaped(words.trim_end());
        let known = |name: &str| drawn.iter().any(|other| other == name);
        let line = match (&event.to, event.delivers) {
            (Some(to), false) => {
                format!("{}--){}: {words}", place(&event.from), place(to))
            }
            (Some(to), true) => {
                let arrow = if refused { "-x" } else { "->>" };
                format!("{}{arrow}{}: {words}", place(&event.from), place(to))
            }
            (None, _) if known(&event.from) => {
                format!("Note over {}: {words}", place(&event.from))
            }
            (None, _) => {
                let all = format!("p0,p{last}");
                format!("Note over {all}: {} {words}", event.from)
            }
        };
        lines.push(format!("    {line}"));
        lines.extend(note());
    }
    lines.push(String::new());
    lines.join("\n")
}

/// Text that Mermaid takes for text.
fn escaped(text: &str) -> String {
    let mut safe = String::new();
    for character in text.chars() {
        match character {
            '#' => safe.push_str("#35;"),
            ';' => safe.push_str("#59;"),
            '<' => safe.push_str("#lt;"),
            '>' => safe.push_str("#gt;"),
            '"' => safe.push_str("#quot;"),
            control if control.is_control() => safe.push(' '),
            other => safe.push(other),
        }
    }
    safe
}
