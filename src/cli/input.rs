//! What a command is given to read, and no more of it than there may be.

use std::fs::File;
use std::io::{self, Read, stdin};
use std::path::Path;

use super::misuse::Misuse;

/// Reads a file of at most so many bytes; `remedy` is for one that is longer.
pub(crate) fn file(path: &Path, most: usize, remedy: &str) -> Result<Vec<u8>, Misuse> {
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| fill(&mut bytes, file, most));
    read.map_err(|error| Misuse::file("read", path, &error))?;
    if bytes.len() > most {
        let path = path.display();
        return Err(Misuse::new(
            format!("{path} is longer than the {most} bytes that are read"),
            remedy,
        ));
    }
    Ok(bytes)
}

/// Reads stdin; one byte more than `most`, where there is more.
pub(crate) fn from_stdin(most: usize) -> Result<Vec<u8>, Misuse> {
    let mut bytes = Vec::new();
    let read = fill(&mut bytes, stdin().lock(), most);
    read.map_err(|error| Misuse::failed(format!("failed to read stdin: {error}")))?;
    Ok(bytes)
}

/// Adds what `source` has; one byte more than `most`, where there is more.
pub(crate) fn fill(bytes: &mut Vec<u8>, source: impl Read, most: usize) -> io::Result<()> {
    let most = u64::try_from(most).unwrap_or(u64::MAX).saturating_add(1);
    source.take(most).read_to_end(bytes).map(drop)
}
