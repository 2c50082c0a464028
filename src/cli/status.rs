//! The status words: the first thing on every line of a result.

use std::fmt;

use anstyle::{AnsiColor, Style};
use serde::Serialize;

/// What is known, in one word. There is no word for "all is well".
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum Status {
    /// Shown for any number of individuals and steps.
    Proved,
    /// The search was exhausted within its bounds, and found no violation.
    Holds,
    /// A limit ended the search; up to there, no violation.
    Bounded,
    /// Violated, with a trace.
    Broken,
    /// Induction fails; whether an attack follows, nobody knows.
    Fails,
    /// The premise was never satisfied: nothing was said.
    Vacuous,
    /// No answer.
    Unknown,
    /// A violation that was told really happens in the code.
    Confirmed,
    /// The code does exactly what the trace expects.
    Matches,
    /// It does not.
    Diverges,
    /// A guard refused the message.
    Refused,
    /// Every guard held.
    Admitted,
    /// One agent can reach another.
    Reaches,
    /// A message is possible that was not.
    Widens,
    /// A message is no longer possible that was.
    Narrows,
    /// A rule takes what broader ones grant.
    Shadows,
}

impl Status {
    /// Columns of the widest word; every word ends in this one.
    pub(crate) const WIDTH: usize = 9;

    /// The word.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Proved => "PROVED",
            Self::Holds => "HOLDS",
            Self::Bounded => "BOUNDED",
            Self::Broken => "BROKEN",
            Self::Fails => "FAILS",
            Self::Vacuous => "VACUOUS",
            Self::Unknown => "UNKNOWN",
            Self::Confirmed => "CONFIRMED",
            Self::Matches => "MATCHES",
            Self::Diverges => "DIVERGES",
            Self::Refused => "REFUSED",
            Self::Admitted => "ADMITTED",
            Self::Reaches => "REACHES",
            Self::Widens => "WIDENS",
            Self::Narrows => "NARROWS",
            Self::Shadows => "SHADOWS",
        }
    }

    const fn colour(self) -> AnsiColor {
        match self {
            Self::Proved | Self::Holds | Self::Matches | Self::Admitted => AnsiColor::Green,
            Self::Broken | Self::Diverges | Self::Reaches | Self::Widens => AnsiColor::Red,
            Self::Confirmed => AnsiColor::Magenta,
            Self::Refused | Self::Narrows => AnsiColor::Cyan,
            Self::Bounded | Self::Fails | Self::Vacuous | Self::Unknown | Self::Shadows => {
                AnsiColor::Yellow
            }
        }
    }
}

impl fmt::Display for Status {
    /// Right-aligned and in colour; the screen takes the colour away where it is not wanted.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let style = Style::new().fg_color(Some(self.colour().into())).bold();
        let width = Self::WIDTH;
        write!(formatter, "{style}{:>width$}{style:#}", self.word())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every word.
    const ALL: &[Status] = &[
        Status::Proved,
        Status::Holds,
        Status::Bounded,
        Status::Broken,
        Status::Fails,
        Status::Vacuous,
        Status::Unknown,
        Status::Confirmed,
        Status::Matches,
        Status::Diverges,
        Status::Refused,
        Status::Admitted,
        Status::Reaches,
        Status::Widens,
        Status::Narrows,
        Status::Shadows,
    ];

    #[test]
    fn every_word_fits_its_column_and_is_what_json_says() -> Result<(), serde_json::Error> {
        for status in ALL {
            assert!(status.word().len() <= Status::WIDTH, "{status}");
            let json = serde_json::to_string(status)?;
            assert_eq!(json, format!("\"{}\"", status.word()));
        }
        Ok(())
    }

    #[test]
    fn a_screen_with_every_status_word() {
        let lines = ALL.iter().map(|status| format!("{status}  once"));
        let screen = lines.collect::<Vec<_>>().join("\n");
        insta::assert_snapshot!(anstream::adapter::strip_str(&screen));
    }
}
