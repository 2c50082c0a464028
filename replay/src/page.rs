//! A trace as one page of HTML that needs nothing else: no script, no font, no other file.

use crate::side;
use crate::system::System;
use crate::telling::{remark_on, verdicts};
use crate::trace::{Step, Trace};
use crate::writer;

/// How the page looks. It follows the reader's choice of light or dark.
const STYLE: &str = "\
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 64rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid #8884; vertical-align: top; }
td.number { text-align: right; opacity: .6; }
tr.admitted td.verdict { color: #2a8a3e; }
tr.refused td.verdict { color: #b58105; }
tr.violates { background: #d3303022; }
tr.violates td.verdict { color: #d33030; font-weight: bold; }
pre { margin: 0; white-space: pre-wrap; font-size: .8rem; }
";

/// The page.
pub fn page<S: System>(trace: &Trace<S>) -> String {
    let lesson = escaped(&trace.lesson);
    let rules = if trace.weakenings.is_empty() {
        "hardened".to_owned()
    } else {
        format!("hardened, but {}", trace.weakenings.join(", "))
    };
    let ends = trace.violates.as_ref().map_or_else(
        || "nothing is violated".to_owned(),
        |violation| {
            let (name, step) = (&violation.invariant, violation.step);
            format!("step {step} violates '{name}': {}", violation.conclusion)
        },
    );
    let mut facts = vec![("System", trace.system.clone()), ("Rules", rules)];
    facts.extend(S::facts(trace));
    facts.extend([("Ends", ends), ("Rule book", trace.rulebook.clone())]);
    let facts = facts
        .iter()
        .map(|(name, fact)| format!("<tr><th>{name}</th><td>{}</td></tr>\n", escaped(fact)))
        .collect::<Vec<_>>()
        .concat();
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>{lesson}</title>\n\
         <style>\n{STYLE}</style>\n</head>\n<body>\n<h1>{lesson}</h1>\n<table>\n{facts}</table>\n\
         {sides}<h2>What happens</h2>\n<table>\n\
         <tr><th></th><th>Who</th><th>Does</th><th>With</th><th>Verdict</th><th>State</th></tr>\n\
         {rows}</table>\n</body>\n</html>\n",
        sides = sides(trace),
        rows = rows(trace),
    )
}

/// Those who take part side by side, and what the attacker learns; nothing of a system without columns.
fn sides<S: System>(trace: &Trace<S>) -> String {
    let columns = S::columns(trace);
    if columns.is_empty() {
        return String::new();
    }
    let heads = columns.iter().map(|it| {
        let (name, head) = (escaped(&it.name), escaped(&it.head));
        format!("<th>{name}<br><small>{head}</small></th>")
    });
    let attacker = escaped(S::ATTACKER);
    let lines = |lines: &[String]| {
        let lines: Vec<String> = lines.iter().map(|line| escaped(line)).collect();
        lines.join("<br>")
    };
    let rows = side::rows(trace, &columns).into_iter().map(|row| {
        let number = match row.number {
            0 => String::new(),
            number => number.to_string(),
        };
        let place = row.column.unwrap_or(0);
        let cells = (0..columns.len()).map(|column| {
            let here = if column == place {
                lines(&row.lines)
            } else {
                String::new()
            };
            format!("<td>{here}</td>")
        });
        format!(
            "<tr><td class=\"number\">{number}</td>{}<td>{}</td></tr>\n",
            cells.collect::<String>(),
            lines(&row.learnt)
        )
    });
    format!(
        "<h2>Side by side</h2>\n<table>\n<tr><th></th>{}<th>{attacker} learns</th></tr>\n{}</table>\n",
        heads.collect::<String>(),
        rows.collect::<String>()
    )
}

fn rows<S: System>(trace: &Trace<S>) -> String {
    let names = S::names(trace);
    let row = |(number, step): (usize, &Step<S>)| {
        let event = S::event(trace, &names, step);
        let remark = remark_on(trace, number);
        let admits = step.expect.verdicts.iter().all(|verdict| verdict.admits());
        let class = match (&remark, admits) {
            (Some(_), _) => "violates",
            (None, true) => "admitted",
            (None, false) => "refused",
        };
        let remark = remark.map_or_else(String::new, |remark| format!(" ({remark})"));
        let state = writer::pretty(&writer::compact(&step.expect.state));
        let cells = [
            ("number", number.to_string()),
            ("who", event.parties()),
            ("does", event.verb.to_owned()),
            ("with", event.detail),
            ("verdict", verdicts(step) + &remark),
        ];
        let cells = cells
            .map(|(class, text)| format!("<td class=\"{class}\">{}</td>", escaped(&text)))
            .concat();
        let state = escaped(&state);
        format!(
            "<tr class=\"{class}\">{cells}<td><details><summary>state</summary>\
             <pre>{state}</pre></details></td></tr>\n"
        )
    };
    (1..).zip(&trace.steps).map(row).collect()
}

/// Text that HTML takes for text, in elements and in quoted attributes.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            other => safe.push(other),
        }
    }
    safe
}
