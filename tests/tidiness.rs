//! The repository itself is tested: its layout, its arrows and what its files may say.
//!
//! Nothing here may look at a file that git does not track. Needles are written in two halves, so
//! that this file does not find itself.

use std::collections::BTreeSet;
use std::error::Error;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use serde_json::Value;

/// Every entry that the top level may hold.
const TOP_LEVEL: &[&str] = &[
    ".cargo",
    ".ci",
    ".gitignore",
    "CONTRIBUTING.md",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "Makefile",
    "README.md",
    "benches",
    "build.rs",
    "clippy.toml",
    "deny.toml",
    "docs",
    "invariants",
    "model",
    "replay",
    "rustfmt.toml",
    "src",
    "tests",
    "traces",
];

/// The only sources that may ask the machine for the time or for entropy, and why.
const AMBIENT: &[(&str, &str)] = &[
    (
        "src/identity/key.rs",
        "a new key is drawn from the entropy of the system",
    ),
    (
        "src/cli/ambient.rs",
        "the program times what it does, and dates and salts what it signs",
    ),
    (
        "invariants/src/solver.rs",
        "each proof says how long the solver took",
    ),
];

/// Each package, and the packages of this workspace that it may know.
const ARROWS: &[(&str, &[&str])] = &[
    ("countersign-model", &[]),
    ("countersign-invariants", &["countersign-model"]),
    ("countersign-replay", &["countersign-model"]),
    (
        "countersign",
        &[
            "countersign-invariants",
            "countersign-model",
            "countersign-replay",
        ],
    ),
];

/// What only the root package may know: keys, files, entropy; and what only the prover may.
const CLOSED: &[(&str, &[&str])] = &[
    ("z3", &["countersign-invariants"]),
    ("chacha20poly1305", &["countersign"]),
    ("chacha20", &["countersign"]),
    ("ed25519-dalek", &["countersign"]),
    ("getrandom", &["countersign"]),
    ("hkdf", &["countersign"]),
    ("hmac", &["countersign"]),
    ("rusqlite", &["countersign"]),
    ("x25519-dalek", &["countersign"]),
    ("zeroize", &["countersign"]),
    ("chacha20poly1305", &["countersign"]),
    ("hkdf", &["countersign"]),
];

const LINES_MAX: usize = 400;
const TRACE_SIZE_MAX: usize = 64 * 1024;

#[test]
fn the_top_level_holds_only_what_is_listed() -> Result<(), Box<dyn Error>> {
    let allowed: BTreeSet<&OsStr> = TOP_LEVEL.iter().map(OsStr::new).collect();
    let surprising = tracked()?.into_iter().filter(|path| {
        path.iter()
            .next()
            .is_some_and(|entry| !allowed.contains(entry))
    });
    assert_none(surprising.map(|path| path.display().to_string()));
    Ok(())
}

#[test]
fn no_file_names_a_machine_or_a_registry() -> Result<(), Box<dyn Error>> {
    let paths = [
        concat!("/ro", "ot/"),
        concat!("/ho", "me/"),
        concat!("/Us", "ers/"),
        concat!("/wo", "rk/"),
        concat!("/t", "mp/"),
    ];
    let others = [
        concat!("../sha", "red"),
        concat!("crates", ".io"),
        concat!("pypi", ".org"),
        concat!("python", "hosted"),
    ];
    let mut offences = Vec::new();
    // Cargo itself writes the registry into its lock file.
    for (path, text) in texts(|path| path != Path::new("Cargo.lock"))? {
        let found = paths.iter().filter(|needle| starts_a_path(&text, needle));
        let found = found.chain(others.iter().filter(|needle| text.contains(**needle)));
        offences.extend(found.map(|needle| format!("{} names {needle}", path.display())));
    }
    assert_none(offences);
    Ok(())
}

#[test]
fn every_source_says_what_it_is_for_and_stays_short() -> Result<(), Box<dyn Error>> {
    let mut offences = Vec::new();
    for (path, text) in texts(is_rust)? {
        if !text.starts_with("//! ") {
            offences.push(format!("{} does not begin with //!", path.display()));
        }
        let lines = text.lines().count();
        if lines > LINES_MAX {
            offences.push(format!(
                "{} has {lines} lines, {LINES_MAX} are allowed",
                path.display()
            ));
        }
    }
    assert_none(offences);
    Ok(())
}

#[test]
fn nothing_is_left_unfinished() -> Result<(), Box<dyn Error>> {
    let needles = [
        concat!("to", "do!"),
        concat!("unimple", "mented!"),
        concat!("#[ig", "nore"),
        concat!("db", "g!("),
        concat!("TO", "DO"),
        concat!("FIX", "ME"),
    ];
    // Recorded bytes may spell anything.
    let written_by_hand = |path: &Path| {
        !["json", "lock"]
            .iter()
            .any(|end| path.extension() == Some(OsStr::new(end)))
    };
    let mut offences = Vec::new();
    for (path, text) in texts(written_by_hand)? {
        let found = needles.iter().filter(|needle| text.contains(**needle));
        offences.extend(found.map(|needle| format!("{} says {needle}", path.display())));
    }
    assert_none(offences);
    Ok(())
}

#[test]
fn every_trace_is_small_and_valid_json() -> Result<(), Box<dyn Error>> {
    let mut offences = Vec::new();
    for (path, text) in texts(|path| path.starts_with("traces"))? {
        if text.len() >= TRACE_SIZE_MAX {
            offences.push(format!("{} has {} bytes", path.display(), text.len()));
        }
        if let Err(error) = serde_json::from_str::<Value>(&text) {
            offences.push(format!("{}: {error}", path.display()));
        }
    }
    assert_none(offences);
    Ok(())
}

#[test]
fn only_named_sources_ask_for_the_time_or_for_entropy() -> Result<(), Box<dyn Error>> {
    let needles = ["SystemTime::now", "Instant::now", "getrandom::", "OsRng"];
    let closed = |path: &Path| {
        let is_source = path.iter().any(|folder| folder == "src");
        is_source
            && is_rust(path)
            && AMBIENT
                .iter()
                .all(|(allowed, _)| path != Path::new(allowed))
    };
    let mut offences = Vec::new();
    for (path, text) in texts(closed)? {
        let found = needles.iter().filter(|needle| text.contains(**needle));
        offences.extend(found.map(|needle| format!("{} uses {needle}", path.display())));
    }
    assert_none(offences);
    Ok(())
}

#[test]
fn the_arrows_between_the_packages_point_one_way() -> Result<(), Box<dyn Error>> {
    let members = packages()?;
    let known: BTreeSet<&str> = ARROWS.iter().map(|(name, _)| *name).collect();
    let found: BTreeSet<&str> = members.iter().map(|member| member.name.as_str()).collect();
    assert_eq!(found, known, "the packages of this workspace");

    let mut offences = Vec::new();
    for Package { name, needed } in &members {
        let may_know = |other: &str| {
            ARROWS
                .iter()
                .any(|(from, to)| from == name && to.contains(&other))
        };
        let is_closed = |other: &str| {
            CLOSED
                .iter()
                .any(|(what, to)| *what == other && !to.contains(&name.as_str()))
        };
        let wrong = needed.iter().filter(|other| {
            (known.contains(other.as_str()) && !may_know(other)) || is_closed(other)
        });
        offences.extend(wrong.map(|other| format!("{name} knows {other}")));
    }
    assert_none(offences);
    Ok(())
}

/// Panics with one line for each offence.
fn assert_none(offences: impl IntoIterator<Item = String>) {
    let offences: Vec<String> = offences.into_iter().collect();
    assert!(offences.is_empty(), "\n{}", offences.join("\n"));
}

/// Returns the paths that git tracks, relative to the root; never an empty list.
fn tracked() -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let listed = Command::new("git")
        .args(["ls-files", "-z"])
        .current_dir(root())
        .output()?;
    if !listed.status.success() {
        return Err(format!("git ls-files: {}", String::from_utf8_lossy(&listed.stderr)).into());
    }
    let paths = String::from_utf8(listed.stdout)?;
    let paths = paths.split_terminator('\0').map(PathBuf::from);
    // A file deleted but not yet committed is still listed.
    let paths: Vec<PathBuf> = paths.filter(|path| root().join(path).exists()).collect();
    if paths.is_empty() {
        Err("git tracks no file".into())
    } else {
        Ok(paths)
    }
}

/// Reads the tracked text files that `wanted` picks; a file that is not UTF-8 is an error.
fn texts(wanted: impl Fn(&Path) -> bool) -> Result<Vec<(PathBuf, String)>, Box<dyn Error>> {
    let paths = tracked()?.into_iter().filter(|path| wanted(path));
    paths
        .map(|path| match fs::read_to_string(root().join(&path)) {
            Ok(text) => Ok((path, text)),
            Err(error) => Err(format!("{}: {error}", path.display()).into()),
        })
        .collect()
}

/// A package of the workspace, and the names of all that it depends on, for its tests included.
struct Package {
    name: String,
    needed: Vec<String>,
}

/// Asks cargo for the packages of the workspace.
fn packages() -> Result<Vec<Package>, Box<dyn Error>> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args([
            "metadata",
            "--no-deps",
            "--offline",
            "--locked",
            "--format-version=1",
        ])
        .current_dir(root())
        .output()?;
    if !output.status.success() {
        return Err(format!(
            "cargo metadata: {}",
            String::from_utf8_lossy(&output.stderr)
        )
        .into());
    }
    let metadata: Value = serde_json::from_slice(&output.stdout)?;
    let packages = list(&metadata, "packages")?.iter().map(|package| {
        let needed = list(package, "dependencies")?.iter().map(name);
        Ok(Package {
            name: name(package)?,
            needed: needed.collect::<Result<_, _>>()?,
        })
    });
    packages.collect()
}

fn list<'a>(of: &'a Value, key: &str) -> Result<&'a Vec<Value>, Box<dyn Error>> {
    let values = of.get(key).and_then(Value::as_array);
    values.ok_or_else(|| format!("cargo metadata has no list {key}").into())
}

fn name(of: &Value) -> Result<String, Box<dyn Error>> {
    let name = of.get("name").and_then(Value::as_str).map(str::to_owned);
    name.ok_or_else(|| "cargo metadata leaves a package unnamed".into())
}

/// True when `needle` begins an absolute path, and is not the middle of a longer one or of a URI.
fn starts_a_path(text: &str, needle: &str) -> bool {
    text.match_indices(needle).any(|(at, _)| {
        let before = text.get(..at).and_then(|head| head.chars().next_back());
        before.is_none_or(|character| !character.is_alphanumeric() && !"._-/})".contains(character))
    })
}

fn is_rust(path: &Path) -> bool {
    path.extension() == Some(OsStr::new("rs"))
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}
