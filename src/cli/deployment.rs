//! Reading the deployment file that a command names.

use std::path::Path;

use countersign::deployment::Deployment;

use super::input;
use super::misuse::Misuse;

/// Reads a deployment file.
pub(crate) fn read(path: &Path) -> Result<Deployment, Misuse> {
    let remedy = "say more with fewer rules: '*' stands for any agent";
    let bytes = input::file(path, Deployment::BYTES_MAX, remedy)?;
    let deployment = Deployment::read(&path.display().to_string(), &bytes);
    deployment.map_err(|error| Misuse::new(&error, &error.remedy))
}
