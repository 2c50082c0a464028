//! `countersign rules`: the rule book, as it is enforced, in words.

use std::process::ExitCode;

use countersign_model::admission::Admission;
use countersign_model::audit::Audit;
use countersign_model::bus::Bus;
use countersign_model::domain::Prose;
use countersign_model::handshake::Handshake;
use countersign_model::rulebook::{Book, Promise as _, Refusal as _, Row as _};
use countersign_model::session::Session;
use serde::Serialize;

use crate::cli::args::{RulesFormat, RulesOptions, RulesSystem};
use crate::cli::misuse::Misuse;
use crate::cli::screen;

/// The rule book, or the parts of it that were asked for.
#[derive(Serialize)]
struct RuleBook {
    #[serde(skip_serializing_if = "Option::is_none")]
    guards: Option<Table<5>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    weakenings: Option<Table<5>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    invariants: Option<Table<2>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    profiles: Option<Table<3>>,
}

/// A table of the rule book.
struct Table<const N: usize> {
    title: &'static str,
    columns: [&'static str; N],
    rows: Vec<[String; N]>,
}

pub(crate) fn run(options: &RulesOptions) -> Result<ExitCode, Misuse> {
    let asked = [
        options.guards,
        options.weakenings,
        options.invariants,
        options.profiles,
    ];
    let all = !asked.contains(&true);
    let mut book = match options.system {
        RulesSystem::Admission => RuleBook::of::<Admission>(),
        RulesSystem::Handshake => RuleBook::of::<Handshake>(),
        RulesSystem::Session => RuleBook::of::<Session>(),
        RulesSystem::Audit => RuleBook::of::<Audit>(),
        RulesSystem::Bus => RuleBook::of::<Bus>(),
    };
    if options.profiles && book.profiles.is_none() {
        return Err(Misuse::new(
            "only envelope admission has profiles",
            "list them with: countersign rules --profiles",
        ));
    }
    book.guards.take_if(|_| !(all || options.guards));
    book.weakenings.take_if(|_| !(all || options.weakenings));
    book.invariants.take_if(|_| !(all || options.invariants));
    book.profiles.take_if(|_| !(all || options.profiles));
    let text = match options.format {
        RulesFormat::Json => {
            let mut text = serde_json::to_string_pretty(&book).unwrap_or_default();
            text.push('\n');
            text
        }
        RulesFormat::Text => book.print(Table::text, Table::text, Table::text, Table::text),
        RulesFormat::Markdown => book.print(
            Table::markdown,
            Table::markdown,
            Table::markdown,
            Table::markdown,
        ),
    };
    screen::print(&text);
    Ok(ExitCode::SUCCESS)
}

impl RuleBook {
    fn of<B: Book>() -> Self {
        let (facts, me) = B::in_words();
        let guards = B::guards::<Prose>().iter().map(|guard| {
            [
                guard.id.name().to_owned(),
                (guard.holds)(&facts, &me).as_str().to_owned(),
                format!("{:?}", guard.stage).to_lowercase(),
                guard.rejects.code().to_owned(),
                guard.protects.name().to_owned(),
            ]
        });
        let weakenings = B::WEAKENINGS.iter().map(|weakening| {
            let flaws: Vec<String> = weakening.flaws.iter().map(u8::to_string).collect();
            [
                weakening.name.to_owned(),
                weakening.breaks.name().to_owned(),
                B::secrets(&weakening.needs).join(", "),
                flaws.join(", "),
                weakening.lesson.to_owned(),
            ]
        });
        let invariants = B::Invariant::all().iter();
        let invariants = invariants.map(|id| [id.name().to_owned(), id.promise().to_owned()]);
        let profiles = B::PROFILES.iter().map(|profile| {
            [
                profile.name.to_owned(),
                profile.summary.to_owned(),
                profile.weakenings.join(", "),
            ]
        });
        Self {
            guards: Some(Table::of_guards(guards.collect())),
            weakenings: Some(Table::of_weakenings(weakenings.collect())),
            invariants: Some(Table::of_invariants(invariants.collect())),
            profiles: (!B::PROFILES.is_empty()).then(|| Table::of_profiles(profiles.collect())),
        }
    }

    fn print(
        &self,
        guards: fn(&Table<5>) -> String,
        weakenings: fn(&Table<5>) -> String,
        invariants: fn(&Table<2>) -> String,
        profiles: fn(&Table<3>) -> String,
    ) -> String {
        let parts = [
            self.guards.as_ref().map(guards),
            self.weakenings.as_ref().map(weakenings),
            self.invariants.as_ref().map(invariants),
            self.profiles.as_ref().map(profiles),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join("\n")
    }
}

impl Table<5> {
    fn of_guards(rows: Vec<[String; 5]>) -> Self {
        Self {
            title: "guards, in order of precedence: the first that fails names the rejection",
            columns: ["guard", "holds when", "stage", "rejection", "protects"],
            rows,
        }
    }

    fn of_weakenings(rows: Vec<[String; 5]>) -> Self {
        Self {
            title: "weakenings: each is broken by 'countersign check'",
            columns: ["weakening", "breaks", "needs lost", "flaws", "lesson"],
            rows,
        }
    }
}

impl Table<2> {
    fn of_invariants(rows: Vec<[String; 2]>) -> Self {
        Self {
            title: "invariants",
            columns: ["invariant", "promise"],
            rows,
        }
    }
}

impl Table<3> {
    fn of_profiles(rows: Vec<[String; 3]>) -> Self {
        Self {
            title: "profiles",
            columns: ["profile", "summary", "weakenings"],
            rows,
        }
    }
}

impl<const N: usize> Table<N> {
    /// The head and the rows, without the columns in which no row says anything.
    fn lines(&self) -> Vec<Vec<&str>> {
        let says = |column: usize| {
            let mut cells = self.rows.iter().filter_map(|row| row.get(column));
            cells.any(|cell| !cell.is_empty())
        };
        let said: Vec<usize> = (0..N).filter(|column| says(*column)).collect();
        let head: Vec<&str> = said
            .iter()
            .filter_map(|at| self.columns.get(*at).copied())
            .collect();
        let rows = self.rows.iter().map(|row| {
            let cells = said.iter().filter_map(|at| row.get(*at));
            cells.map(String::as_str).collect()
        });
        std::iter::once(head).chain(rows).collect()
    }

    fn text(&self) -> String {
        let lines = self.lines();
        let width = |column: usize| {
            let cells = lines.iter().filter_map(|line| line.get(column));
            cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..N).map(width).collect();
        let mut text = format!("{}\n\n", self.title);
        for line in &lines {
            let cells = line
                .iter()
                .zip(&widths)
                .map(|(cell, width)| format!("{cell:<width$}"));
            let line = cells.collect::<Vec<_>>().join("  ");
            text.push_str(line.trim_end());
            text.push('\n');
        }
        text
    }

    fn markdown(&self) -> String {
        let mut lines = self.lines().into_iter();
        let head = lines.next().unwrap_or_default();
        let rule = vec!["---"; head.len()];
        let line = |cells: Vec<&str>| {
            let cells: Vec<String> = cells.iter().map(|cell| cell.replace('|', "\\|")).collect();
            format!("| {} |\n", cells.join(" | "))
        };
        let all = [head, rule].into_iter().chain(lines);
        all.map(line).collect()
    }
}

impl<const N: usize> Serialize for Table<N> {
    /// A list of objects, a field for each column.
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.rows.iter().map(|row| {
            let fields = self
                .columns
                .iter()
                .map(|column| column.replace(' ', "_"))
                .zip(row);
            fields.collect::<std::collections::BTreeMap<_, _>>()
        }))
    }
}
