//! The published schema is the one that the format has.

use std::path::Path;

use countersign_replay::schema::schema;

#[test]
fn the_published_schema_is_the_generated_one() -> Result<(), Box<dyn std::error::Error>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/schema/trace.json");
    let published: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(path)?)?;
    let generated: serde_json::Value = serde_json::from_str(&schema())?;
    assert_eq!(
        published, generated,
        "write it anew with: cargo run -p countersign-replay --example schema > docs/schema/trace.json"
    );
    Ok(())
}
