//! Refuses to build against a missing or too old Z3, and lets what is built find it again.
//!
//! `make z3` decides which Z3 this clone links and records its version; here the record is
//! checked, before anything is linked. Nothing may be searched for or fetched here.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, fs};

/// The oldest Z3 that the `z3` crate supports; `z3/set_up.py` demands the same.
const OLDEST: [u32; 3] = [4, 13, 3];

fn main() -> ExitCode {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed=Z3_LIBRARY_PATH_OVERRIDE");
    match link_argument() {
        Ok(argument) => {
            println!("cargo::rustc-link-arg={argument}");
            // Link arguments reach only this package; the root package's build.rs repeats this one.
            println!("cargo::metadata=link_argument={argument}");
            ExitCode::SUCCESS
        }
        Err(reason) => {
            eprintln!("error: {reason}");
            eprintln!("help: choose a Z3 for this clone with `make z3`, or with `make verify`");
            ExitCode::FAILURE
        }
    }
}

/// Returns the one argument that a program needs beyond what z3-sys passes to the linker.
fn link_argument() -> Result<String, Box<dyn Error>> {
    let macos = env::var("CARGO_CFG_TARGET_OS").as_deref() == Ok("macos");
    if env::var_os("CARGO_FEATURE_VENDORED_Z3").is_some() {
        // Z3 becomes part of the program, which then needs the C++ library that .cargo/config.toml
        // leaves out.
        return Ok(if macos { "-lc++" } else { "-lstdc++" }.into());
    }
    let folder = usable_library_folder(if macos { "libz3.dylib" } else { "libz3.so" })?;
    Ok(format!("-Wl,-rpath,{}", folder.display()))
}

/// Returns the absolute folder of the library, its links followed.
///
/// Fails when none is set up, when its record is missing, or when it is too old.
fn usable_library_folder(name: &str) -> Result<PathBuf, Box<dyn Error>> {
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
    let library = lib.join(name);
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
