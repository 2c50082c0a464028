//! Errors on stderr, always in the same two lines: what is wrong, and what to do.

use std::process::ExitCode;

use anstyle::{AnsiColor, Style};
use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::misuse::Misuse;
use super::screen;

/// The exit code of a question that could not be asked.
const MISUSE: u8 = 2;

/// Prints a misuse.
pub(crate) fn report(misuse: &Misuse) -> ExitCode {
    print("error", AnsiColor::Red, &misuse.error);
    if let Some(help) = &misuse.help {
        print("help", AnsiColor::Cyan, help);
    }
    ExitCode::from(MISUSE)
}

/// Prints what clap has to say: help and version as asked for, or what is wrong with the words.
pub(crate) fn usage(error: &clap::Error) -> ExitCode {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            screen::print(&error.render().ansi().to_string());
            ExitCode::SUCCESS
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            anstream::eprint!("{}", error.render().ansi());
            ExitCode::from(MISUSE)
        }
        _ => report(&Misuse {
            error: problem(error),
            help: Some(remedy(error)),
        }),
    }
}

/// The first paragraph of clap's message on one line, without its label.
fn problem(error: &clap::Error) -> String {
    let text = error.render().to_string();
    let text = text.strip_prefix("error: ").unwrap_or(&text);
    let lines = text.lines().take_while(|line| !line.is_empty());
    lines.map(str::trim).collect::<Vec<_>>().join(" ")
}

fn remedy(error: &clap::Error) -> String {
    let suggested = [
        ContextKind::SuggestedArg,
        ContextKind::SuggestedValue,
        ContextKind::SuggestedSubcommand,
    ];
    let found = suggested.iter().find_map(|kind| error.get(*kind));
    let words = match found {
        Some(ContextValue::String(word)) => Some(word.clone()),
        Some(ContextValue::Strings(words)) => words.first().cloned(),
        _ => None,
    };
    match words {
        Some(word) => format!("did you mean '{word}'?"),
        None => "see what there is with: countersign help".to_owned(),
    }
}

fn print(label: &str, colour: AnsiColor, text: &str) {
    let style = Style::new().fg_color(Some(colour.into())).bold();
    // What is told of may be named by others.
    let lines: Vec<String> = text.lines().map(screen::legible).collect();
    anstream::eprintln!("{style}{label}:{style:#} {}", lines.join("\n"));
}
