//! The versions of the protocol that a deployment speaks, and until when.

use super::error::{Breach, DeploymentError};
use super::reading::{FieldShape, Shape, Source};
use super::schema;
use crate::envelope::Version;
use crate::json::{INTEGER_MAX, Spanned};

/// A version that is spoken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spoken {
    /// The version.
    pub version: Version,
    /// The last moment at which it is accepted, in milliseconds since the Unix epoch; none if nobody
    /// has set one.
    pub accepted_until_ms: Option<u64>,
}

const TIME_MAX: u64 = INTEGER_MAX.unsigned_abs();

pub(super) const VERSION: Shape = Shape {
    what: "a version",
    fields: &[
        FieldShape {
            name: "version",
            required: true,
            description: "the version, such as 1.0",
            schema: || schema::pattern(r"^(0|[1-9][0-9]{0,3})\.(0|[1-9][0-9]{0,3})$"),
        },
        FieldShape {
            name: "accepted_until_ms",
            required: false,
            description: "the last millisecond at which it is accepted, Unix epoch",
            schema: || schema::integer(0, TIME_MAX),
        },
    ],
};

/// Reads the versions.
pub(super) fn read(source: &Source<'_>, list: &Spanned) -> Result<Vec<Spoken>, DeploymentError> {
    let mut versions: Vec<Spoken> = Vec::new();
    for value in source.list(list, "the versions")? {
        let members = source.members(value, &VERSION)?;
        let Some(field) = members.field("version") else {
            continue;
        };
        let text = source.text(field, "a version")?;
        let version = Version::parse(text).map_err(|error| {
            let remedy = "write it as MAJOR.MINOR, such as 1.0";
            source.error(field.at, Breach::Form, error.to_string(), remedy)
        })?;
        if versions.iter().any(|other| other.version == version) {
            let what = format!("version {version} is listed already");
            let remedy = "list each version once";
            return Err(source.error(field.at, Breach::Meaning, what, remedy));
        }
        let until = members.field("accepted_until_ms");
        let until = until.map(|value| source.integer(value, (0, TIME_MAX)));
        versions.push(Spoken {
            version,
            accepted_until_ms: until.transpose()?,
        });
    }
    if versions.is_empty() {
        let what = "no version, expected at least one";
        let remedy = format!("list {}, or leave 'versions' out", Version::CURRENT);
        return Err(source.error(list.at, Breach::Form, what, remedy));
    }
    Ok(versions)
}
