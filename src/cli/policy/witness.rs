//! The chain that answers a question about deputies, performed on the real bus and written down.
//!
//! Never here: whether there is a chain, or what happens in it.

use std::collections::BTreeMap;
use std::fs::OpenOptions;
use std::io::{ErrorKind, Write as _};
use std::path::Path;

use countersign::deployment::Deployment;
use countersign::policy::{Hop, Question};
use countersign_replay::{reader, writer};
use serde_json::{Value, json};

use super::performance::Performance;
use crate::cli::misuse::Misuse;
use crate::cli::performing::recorded;
use crate::cli::words::counted;

/// A chain that was written down.
pub(super) struct Written {
    file: String,
    steps: usize,
    /// Who does not say for whom it acts.
    silence: Option<String>,
    /// The agents that a trace cannot call by their names, and what they are called there.
    renamed: Vec<(String, String)>,
}

impl Written {
    /// In words.
    pub(super) fn words(&self) -> Vec<String> {
        let steps = counted(self.steps as u64, "step");
        let file = &self.file;
        let performed = format!("{steps} on the real bus, again with: countersign replay {file}");
        let mut lines = vec![performed];
        let renamed = self.renamed.iter();
        lines.extend(renamed.map(|(name, called)| format!("there {name} is called {called}")));
        let silence = self.silence.iter();
        lines.extend(silence.map(|words| {
            format!("{words}: the bus then decides on the rights of the sender alone")
        }));
        lines
    }

    /// For machines.
    pub(super) fn value(&self) -> Value {
        let renamed = self.renamed.iter().cloned();
        json!({
            "file": self.file,
            "steps": self.steps,
            "called": renamed.collect::<BTreeMap<_, _>>(),
        })
    }
}

/// Performs a chain on the real bus, and writes it into a file that there is not yet.
pub(super) fn write(
    path: &Path,
    deployment: &Deployment,
    question: &Question,
    chain: &[Hop],
) -> Result<Written, Misuse> {
    let performance = Performance::new(deployment, question, chain);
    let file = path.display().to_string();
    let failed = |why: String| {
        let what = "this chain could not be performed, which is a mistake of this program";
        Misuse::failed(format!("{what}: {why}"))
    };
    let trace = performance.trace().and_then(recorded).map_err(failed)?;
    let text = writer::write(&trace);
    reader::read_any(&file, text.as_bytes())?;
    create(path, &text)?;
    Ok(Written {
        file,
        steps: trace.steps.len(),
        silence: performance.silence(),
        renamed: performance.renamed(),
    })
}

/// Writes a file that there is not yet.
fn create(path: &Path, text: &str) -> Result<(), Misuse> {
    let created = OpenOptions::new().write(true).create_new(true).open(path);
    let written = created.and_then(|mut file| file.write_all(text.as_bytes()));
    written.map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => Misuse::new(
            format!("{} exists", path.display()),
            "choose another file with --write, or move that one away",
        ),
        _ => Misuse::file("write", path, &error),
    })
}
