//! Reading the deployment file that a command names.

use std::fs;
use std::path::Path;

use countersign::deployment::Deployment;

use super::misuse::Misuse;

/// Reads a deployment file.
pub(crate) fn read(path: &Path) -> Result<Deployment, Misuse> {
    let bytes = fs::read(path).map_err(|error| Misuse::file("read", path, &error))?;
    let deployment = Deployment::read(&path.display().to_string(), &bytes);
    deployment.map_err(|error| Misuse::new(&error, &error.remedy))
}
