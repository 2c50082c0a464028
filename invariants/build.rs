//! Refuses to build against a missing or too old Z3, and lets what is built find it again.
//!
//! `make z3` decides which Z3 this clone links and records its version; here the record is
//! checked, before anything is linked. Nothing may be searched for or fetched here.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::{env, fs};

/// The oldest Z3 that the `z3` crate supports; `z3/set_up.py` demands the same.
const OLDEST: [u32; 3] = [4, 13, 3];

/// The library, as `make z3` names it on each system.
const LIBRARY: &str = if cfg!(target_os = "macos") {
    "libz3.dylib"
} else {
    "libz3.so"
};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed=Z3_LIBRARY_PATH_OVERRIDE");
    if env::var_os("CARGO_FEATURE_VENDORED_Z3").is_some() {
        // Z3 is then part of the program; there is no library to find.
        return Ok(());
    }
    let folder = usable_library_folder().map_err(|reason| {
        format!("{reason}\nhelp: set up a Z3 for this clone with `make z3` or `make verify`")
    })?;
    println!("cargo::rustc-link-arg=-Wl,-rpath,{}", folder.display());
    // Link arguments reach only this package; the root package's build.rs repeats this one.
    println!("cargo::metadata=library_folder={}", folder.display());
    Ok(())
}

/// Returns the absolute folder of the library, its links followed.
///
/// Fails when none is set up, when its record is missing, or when it is too old.
fn usable_library_folder() -> Result<PathBuf, Box<dyn Error>> {
    let lib = env::var_os("Z3_LIBRARY_PATH_OVERRIDE")
        .map(PathBuf::from)
        .ok_or("cargo was started outside the repository, so .cargo/config.toml was not read")?;
    let record = lib.with_file_name("version");
    println!("cargo::rerun-if-changed={}", record.display());
    let text = fs::read_to_string(&record)
        .map_err(|error| format!("no Z3 at {}: {error}", lib.display()))?;
    let version = text.lines().next().unwrap_or_default();
    if parse(version).is_none_or(|parts| parts < OLDEST) {
        let [major, minor, patch] = OLDEST;
        return Err(format!("Z3 '{version}' is too old, {major}.{minor}.{patch} is needed").into());
    }
    let library = lib.join(LIBRARY);
    let library = library
        .canonicalize()
        .map_err(|error| format!("{}: {error}", library.display()))?;
    Ok(library.parent().map(Path::to_path_buf).unwrap_or_default())
}

/// Parses `major.minor.patch`.
fn parse(version: &str) -> Option<[u32; 3]> {
    let parts: Vec<u32> = version
        .split('.')
        .map(|part| part.parse().ok())
        .collect::<Option<_>>()?;
    parts.try_into().ok()
}
