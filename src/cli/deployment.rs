//! Reading the deployment file that a command names.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use countersign::deployment::Deployment;

use super::misuse::Misuse;

/// Reads a deployment file, and no more of it than one may have.
pub(crate) fn read(path: &Path) -> Result<Deployment, Misuse> {
    let failed = |error| Misuse::file("read", path, &error);
    let file = File::open(path).map_err(failed)?;
    let mut bytes = Vec::new();
    let most = Deployment::BYTES_MAX as u64;
    file.take(most + 1)
        .read_to_end(&mut bytes)
        .map_err(failed)?;
    if bytes.len() > Deployment::BYTES_MAX {
        return Err(Misuse::new(
            format!(
                "{} is longer than the {most} bytes that are read",
                path.display()
            ),
            "say more with fewer rules: '*' stands for any agent",
        ));
    }
    let deployment = Deployment::read(&path.display().to_string(), &bytes);
    deployment.map_err(|error| Misuse::new(&error, &error.remedy))
}
