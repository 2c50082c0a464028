//! `countersign keygen`: a new signing key.

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;

use countersign::identity::SigningKey;

use crate::cli::args::KeygenOptions;
use crate::cli::misuse::Misuse;
use crate::cli::screen;

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
    let text = fs::read_to_string(path).map_err(|error| Misuse::file("read", path, &error))?;
    let text = zeroize::Zeroizing::new(text);
    SigningKey::import(&text).map_err(|error| {
        Misuse::new(
            format!("{}: {error}", path.display()),
            "make one with: countersign keygen",
        )
    })
}
