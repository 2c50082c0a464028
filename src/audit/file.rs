//! Where a log is kept: rows in order, and checkpoints.
//!
//! A file knows no rule. It writes all of what it is given, or nothing, and says after the disk has it that
//! it has; what it holds may have been changed by others.

use super::chain::{End, Row};
use super::error::FileError;
use super::filter::Filter;

/// What is written at once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// Rows, after all that are there.
    pub rows: Vec<Row>,
    /// A checkpoint.
    pub checkpoint: Option<Vec<u8>>,
}

/// What is found in a log, checkpoints before rows and both in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item {
    /// A checkpoint.
    Checkpoint(Vec<u8>),
    /// A row and the number that it has; where nobody changed that, its place, from 1.
    Row(u64, Row),
}

/// A place where a log is kept.
pub trait LogFile {
    /// Where the log ends.
    ///
    /// # Errors
    /// [`FileError`], as for everything else that a file is asked for.
    fn end(&self) -> Result<End, FileError>;

    /// Writes what `decide` says once it knows where the log ends: one atomic and durable step.
    fn write(&mut self, decide: &mut dyn FnMut(&End) -> Written) -> Result<(), FileError>;

    /// Hands over everything that the log holds, as it was at one moment.
    fn scan(&self, each: &mut dyn FnMut(Item)) -> Result<(), FileError>;

    /// Hands over rows in order, from the newest back, with all that the filter asks for and perhaps
    /// others, until `each` says that it has enough.
    fn select(
        &self,
        filter: &Filter,
        each: &mut dyn FnMut(u64, Row) -> bool,
    ) -> Result<(), FileError>;
}

/// A log in memory, for tests and replays. It is as durable as its owner.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MemoryFile {
    /// The rows, open to whoever plays the attacker.
    pub rows: Vec<Row>,
    /// The checkpoints, the same.
    pub checkpoints: Vec<Vec<u8>>,
}

impl LogFile for MemoryFile {
    fn end(&self) -> Result<End, FileError> {
        let last = self.rows.last();
        Ok(last.map_or(End::GENESIS, |row| End {
            count: self.rows.len() as u64,
            link: row.link,
        }))
    }

    fn write(&mut self, decide: &mut dyn FnMut(&End) -> Written) -> Result<(), FileError> {
        let written = decide(&self.end()?);
        self.rows.extend(written.rows);
        self.checkpoints.extend(written.checkpoint);
        Ok(())
    }

    fn scan(&self, each: &mut dyn FnMut(Item)) -> Result<(), FileError> {
        let checkpoints = self.checkpoints.iter().cloned();
        checkpoints.map(Item::Checkpoint).for_each(&mut *each);
        let rows = (1..).zip(self.rows.iter().cloned());
        rows.map(|(number, row)| Item::Row(number, row))
            .for_each(each);
        Ok(())
    }

    fn select(
        &self,
        _filter: &Filter,
        each: &mut dyn FnMut(u64, Row) -> bool,
    ) -> Result<(), FileError> {
        let numbered = (1..).zip(&self.rows).collect::<Vec<_>>();
        for (number, row) in numbered.into_iter().rev() {
            if !each(number, row.clone()) {
                break;
            }
        }
        Ok(())
    }
}
