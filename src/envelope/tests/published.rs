//! The published schemas: committed as generated, and of one mind with the code.

use std::{fs, path::Path};

use proptest::prelude::*;

use super::sample::{envelope, envelopes};
use crate::{
    envelope::{Envelope, Kind, schemas},
    json::{INTEGER_MAX, Object, Value, write},
};

/// Set, it makes the test write the files instead of comparing them.
const REGENERATE: &str = "COUNTERSIGN_REGENERATE";

#[test]
fn the_committed_schemas_are_the_generated_ones() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/schema");
    let schemas = schemas();
    for schema in &schemas {
        let path = folder.join(&schema.file);
        let text = serde_json::to_string_pretty(&foreign(&schema.value)).unwrap() + "\n";
        if std::env::var_os(REGENERATE).is_some() {
            fs::write(&path, &text).unwrap();
        }
        let committed = fs::read_to_string(&path).unwrap_or_default();
        assert_eq!(
            committed, text,
            "{} is stale; set {REGENERATE}=1",
            schema.file
        );
    }
    // Besides the payloads: the envelope and the delivery.
    assert_eq!(schemas.len(), 2 + Kind::ALL.len());
    // Three more lie there: of a trace, which the replay package publishes, of a deployment, and of
    // what is asked of a bus.
    assert_eq!(
        fs::read_dir(folder).unwrap().count(),
        schemas.len() + 3,
        "a file without a schema"
    );
}

#[test]
fn schema_and_code_agree_on_every_envelope_with_one_change() {
    let envelope_schema = validator("envelope.json");
    let (mut accepted, mut refused) = (0, 0);
    for envelope in envelopes() {
        let value = envelope.to_value();
        let mut corpus = changes(&value);
        corpus.push(value.clone());
        let object = value.as_object().unwrap();
        for kind in Kind::ALL {
            let mut other = object.clone();
            other.insert("type", kind.as_str());
            corpus.push(other.into());
        }
        for changed in corpus {
            let by_code = Envelope::from_value(&changed);
            let by_schema = envelope_schema.is_valid(&foreign(&changed));
            let text = String::from_utf8_lossy(&write(&changed)).into_owned();
            assert_eq!(by_code.is_ok(), by_schema, "{by_code:?}\n{text}");
            match by_code {
                Ok(envelope) => {
                    assert_eq!(
                        envelope.to_value(),
                        changed,
                        "a reading that loses something"
                    );
                    accepted += 1;
                }
                Err(_) => refused += 1,
            }
        }
    }
    // Exact, so that a corpus that shrinks or a schema that hollows is seen.
    assert_eq!((accepted, refused), (1009, 6228));
}

#[test]
fn the_schema_of_a_payload_is_that_within_the_schema_of_the_envelope() {
    for kind in Kind::ALL {
        let validator = validator(&format!("payload_{kind}.json"));
        let value = envelope(*kind).to_value();
        let payload = value.as_object().unwrap().get("payload").unwrap();
        assert!(validator.is_valid(&foreign(payload)), "{kind}");
        assert!(!validator.is_valid(&foreign(&value)), "{kind}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4096))]

    #[test]
    fn schema_and_code_agree_on_texts(
        name in prop::sample::select(vec![
            "version", "type", "id", "from", "key_id", "capability", "in_reply_to", "signature",
        ]),
        text in prop_oneof![
            "[01]{0,2}\\.[0-9]{0,5}",
            "[0-9a-fA-F]{31,33}",
            "spiffe://[a-z.A]{0,3}(/[a-z.]{0,3}){0,3}",
            "[A-D]{0,8}",
            "[A-Za-z0-9_-]{43}",
            "[A-Za-z0-9_-]{86}",
            "[0-9a-f]{64}\n?",
        ],
    ) {
        let kind = if name == "in_reply_to" { Kind::Reply } else { Kind::Task };
        let mut object = envelope(kind).to_value().as_object().unwrap().clone();
        object.insert(name, text.as_str());
        let value = Value::from(object);
        let by_code = Envelope::from_value(&value).is_ok();
        prop_assert_eq!(by_code, VALIDATOR.with(|it| it.is_valid(&foreign(&value))), "{:?}", text);
    }
}

thread_local! {
    static VALIDATOR: jsonschema::Validator = validator("envelope.json");
}

fn validator(file: &str) -> jsonschema::Validator {
    let schema = schemas()
        .into_iter()
        .find(|schema| schema.file == file)
        .unwrap();
    let schema = foreign(&schema.value);
    assert!(
        jsonschema::meta::is_valid(&schema),
        "{file} is not a schema"
    );
    jsonschema::draft202012::new(&schema).unwrap()
}

/// The value as other JSON libraries see it.
fn foreign(value: &Value) -> serde_json::Value {
    serde_json::from_slice(&write(value)).unwrap()
}

/// The value with one thing changed, in every place and in every way of the list.
fn changes(value: &Value) -> Vec<Value> {
    let mut changed_values = vec![
        Value::Null,
        Value::Bool(true),
        Value::Integer(-1),
        Value::Integer(0),
        Value::Integer(INTEGER_MAX),
        Value::Float(0.5),
        Value::from(""),
        Value::from("x"),
        Value::from(Vec::new()),
        Value::from(Object::new()),
    ];
    match value {
        Value::String(text) => {
            let (first, last) = (text.chars().next(), text.chars().last());
            changed_values.extend([
                Value::from(format!("{text}A")),
                Value::from(format!("{text}\n")),
                Value::from(format!(" {text}")),
                Value::from(text.to_uppercase()),
                Value::from(text.repeat(64)),
                Value::from(text.strip_prefix(|c| Some(c) == first).unwrap_or("")),
                Value::from(text.strip_suffix(|c| Some(c) == last).unwrap_or("")),
                Value::from(text.replacen(|c| Some(c) == last, "\u{e9}", 1)),
            ]);
        }
        Value::Array(elements) => {
            for (place, element) in elements.iter().enumerate() {
                for changed in changes(element) {
                    let mut elements = elements.clone();
                    elements[place] = changed;
                    changed_values.push(Value::Array(elements));
                }
                let twice = elements.iter().chain([element]).cloned().collect();
                changed_values.push(Value::Array(twice));
            }
        }
        Value::Object(object) => {
            for name in [
                "surplus",
                "in_reply_to",
                "session",
                "capability",
                "payload",
                "sealed",
            ] {
                let mut more = object.clone();
                more.insert(name, "AA");
                changed_values.push(more.into());
            }
            for (name, member) in object.iter() {
                let mut less = object.clone();
                less.remove(name);
                changed_values.push(less.into());
                for changed in changes(member) {
                    let mut object = object.clone();
                    object.insert(name, changed);
                    changed_values.push(object.into());
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Integer(_) | Value::Float(_) => {}
    }
    changed_values
}
