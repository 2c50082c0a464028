//! `countersign keygen`: a new signing key.

use std::fs::{File, Metadata, OpenOptions};
use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;

use countersign::identity::SigningKey;
use zeroize::Zeroizing;

use crate::cli::args::KeygenOptions;
use crate::cli::input;
use crate::cli::misuse::Misuse;
use crate::cli::screen;

/// The most bytes that are read of a secret key file; one has 114.
const SECRET_BYTES_MAX: usize = 1_024;

pub(crate) fn run(options: &KeygenOptions) -> Result<ExitCode, Misuse> {
    let key = SigningKey::generate().map_err(Misuse::failed)?;
    create_secret(&options.output, key.dangerously_export().as_bytes())?;
    let (key_id, public_key) = (key.key_id(), key.peer_key());
    screen::print(&format!(
        "key_id      {key_id}\npublic_key  {public_key}\nregistry    {{\"key_id\": \"{key_id}\", \
         \"public_key\": \"{public_key}\", \"not_before_ms\": 0, \"revoked\": false}}\n"
    ));
    Ok(ExitCode::SUCCESS)
}

/// Writes a file that only its owner may read, and overwrites none.
fn create_secret(path: &Path, bytes: &[u8]) -> Result<(), Misuse> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let created = options.open(path);
    let written = created.and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()));
    written.map_err(|error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => Misuse::new(
            format!("{} exists, and may hold a key", path.display()),
            "choose another file with -o, or move that one away",
        ),
        _ => Misuse::file("write", path, &error),
    })
}

/// Reads a secret key file.
pub(crate) fn read_secret(path: &Path) -> Result<SigningKey, Misuse> {
    let failed = |error| Misuse::file("read", path, &error);
    let file = File::open(path).map_err(failed)?;
    check_private(&file.metadata().map_err(failed)?, path)?;
    // Of the full size at once: growing would leave a copy of the secret behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(2 * SECRET_BYTES_MAX));
    input::fill(&mut bytes, file, SECRET_BYTES_MAX).map_err(failed)?;
    let text = std::str::from_utf8(&bytes).unwrap_or_default();
    SigningKey::import(text).map_err(|error| {
        Misuse::new(
            format!("{}: {error}", path.display()),
            "make one with: countersign keygen",
        )
    })
}

/// Whoever can read a secret key can sign with it.
#[cfg(unix)]
fn check_private(metadata: &Metadata, path: &Path) -> Result<(), Misuse> {
    let mode = std::os::unix::fs::PermissionsExt::mode(&metadata.permissions()) & 0o777;
    if mode.trailing_zeros() >= 6 {
        return Ok(());
    }
    let path = path.display();
    Err(Misuse::new(
        format!("{path} is open to others than its owner: mode {mode:04o}, expected 0600"),
        format!("chmod 600 {path}; if somebody may have read it, revoke the key and make another"),
    ))
}

#[cfg(not(unix))]
fn check_private(_: &Metadata, _: &Path) -> Result<(), Misuse> {
    Ok(())
}
