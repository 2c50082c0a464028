//! The published JSON Schema of a trace.

use schemars::generate::SchemaSettings;

use crate::any_trace::AnyTrace;
use crate::writer;

/// The schema (JSON Schema 2020-12), ended by a newline.
pub fn schema() -> String {
    let generator = SchemaSettings::draft2020_12().into_generator();
    let mut text = writer::pretty(&writer::compact(
        &generator.into_root_schema_for::<AnyTrace>(),
    ));
    text.push('\n');
    text
}
