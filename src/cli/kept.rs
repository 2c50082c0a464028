//! Small files in which a command keeps what its next run needs.

use std::io::{ErrorKind, Write as _};
use std::path::Path;

use super::input;
use super::misuse::Misuse;

/// The most bytes of one: a word, a number, and an id of at most 2,048 bytes.
const BYTES_MAX: usize = 4_096;

/// What was kept; nothing where there is no file yet.
pub(crate) fn read(path: &Path) -> Result<Option<String>, Misuse> {
    if path
        .symlink_metadata()
        .is_err_and(|it| it.kind() == ErrorKind::NotFound)
    {
        return Ok(None);
    }
    let bytes = input::file(path, BYTES_MAX, "name the file that an earlier run wrote")?;
    // What is no text is not what was written, as its reader will find.
    Ok(Some(String::from_utf8_lossy(&bytes).into_owned()))
}

/// Keeps `text` in place of what was kept before. Whatever happens meanwhile, one of the two is there.
pub(crate) fn write(path: &Path, text: &str) -> Result<(), Misuse> {
    let folder = path.parent().filter(|it| !it.as_os_str().is_empty());
    let beside = tempfile::NamedTempFile::new_in(folder.unwrap_or(Path::new(".")));
    let written = beside.and_then(|mut beside| {
        beside.write_all(text.as_bytes())?;
        beside.as_file().sync_all()?;
        beside.persist(path).map_err(|failure| failure.error)
    });
    written
        .map(drop)
        .map_err(|error| Misuse::file("write", path, &error))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{BYTES_MAX, read, write};

    #[test]
    fn what_is_kept_is_read_and_what_was_never_kept_is_not_there() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("seen");
        assert_eq!(read(&path), Ok(None));
        for text in ["one", "another\n"] {
            write(&path, text).unwrap();
            assert_eq!(read(&path).unwrap().as_deref(), Some(text));
        }
        fs::write(&path, "x".repeat(BYTES_MAX + 1)).unwrap();
        let error = read(&path).unwrap_err();
        assert!(error.error.contains("is longer than"), "{}", error.error);
    }

    #[test]
    fn a_write_that_fails_leaves_what_was_there_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("taken");
        fs::create_dir_all(path.join("already")).unwrap();
        let error = write(&path, "text").unwrap_err();
        assert!(error.error.contains("failed to write"), "{}", error.error);
        let left: Vec<_> = fs::read_dir(folder.path()).unwrap().collect();
        assert_eq!(left.len(), 1);
        assert!(path.join("already").is_dir());
    }
}
