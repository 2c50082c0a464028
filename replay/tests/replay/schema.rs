//! The published schema is the one that the format has, and every trace satisfies it.

use std::path::Path;

use countersign_replay::schema::schema;
use countersign_replay::writer;
use serde_json::{Value, json};

use crate::flush::flush;
use crate::sample::counterexample;

#[test]
fn the_published_schema_is_the_generated_one() -> Result<(), Box<dyn std::error::Error>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/schema/trace.json");
    let published: Value = serde_json::from_str(&std::fs::read_to_string(path)?)?;
    let generated: Value = serde_json::from_str(&schema())?;
    assert_eq!(
        published, generated,
        "write it anew with: cargo run -p countersign-replay --example schema > docs/schema/trace.json"
    );
    Ok(())
}

#[test]
fn what_is_written_satisfies_the_schema_and_an_unknown_field_does_not() {
    let schema: Value = serde_json::from_str(&schema()).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let told = [
        "without-key-current",
        "forgets-on-restart",
        "checks-then-inserts",
    ];
    for trace in told.map(counterexample).into_iter().chain([flush()]) {
        let mut value: Value = serde_json::from_str(&writer::write(&trace)).expect("JSON");
        let problem = validator
            .iter_errors(&value)
            .next()
            .map(|error| error.to_string());
        assert_eq!(problem, None, "{}", trace.lesson);
        value["steps"][0]["action"]["surprise"] = json!(1);
        assert!(!validator.is_valid(&value), "{}", trace.lesson);
    }
}
