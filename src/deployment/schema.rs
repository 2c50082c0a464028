//! The published JSON Schema (draft 2020-12), made of the shapes that the reader demands.
//!
//! Beyond it is what contradicts: agents that are not listed, rules that disagree, keys that are not
//! what their id says.

use super::DEPLOYMENT;
use super::reading::Shape;
use crate::json::{INTEGER_MAX, Object, Value};

/// The name of the file that it is published in.
pub const FILE: &str = "deployment.json";

/// The schema of a deployment file.
pub fn schema() -> Value {
    let mut schema = of_shape(&DEPLOYMENT);
    schema.insert("$schema", "https://json-schema.org/draft/2020-12/schema");
    schema.insert("$id", "urn:countersign:v1:deployment");
    let whole = ["format", "trust_domain", "agents"];
    let together = whole.map(|name| {
        let others = whole.into_iter().filter(|other| *other != name);
        let others: Vec<Value> = others.map(Value::from).collect();
        (name.to_owned(), others.into())
    });
    let together: Object = together.into_iter().collect();
    schema.insert("dependentRequired", together);
    schema.into()
}

/// An object of this shape and no other.
pub(super) fn of_shape(shape: &Shape) -> Object {
    let properties = shape.fields.iter().map(|field| {
        let mut schema = (field.schema)();
        schema.insert("description", field.description);
        (field.name.to_owned(), schema.into())
    });
    let properties: Object = properties.collect();
    let required = shape.fields.iter().filter(|field| field.required);
    let required: Vec<Value> = required.map(|field| field.name.into()).collect();
    object([
        ("type", "object".into()),
        ("properties", properties.into()),
        ("required", required.into()),
        ("additionalProperties", false.into()),
    ])
}

pub(super) fn pattern(pattern: &str) -> Object {
    object([("type", "string".into()), ("pattern", pattern.into())])
}

pub(super) fn label() -> Object {
    pattern("^[a-z0-9._:/-]{1,64}$")
}

/// The name of an agent, or any agent.
pub(super) fn end() -> Object {
    pattern(r"^([a-z0-9._:/-]{1,64}|\*)$")
}

pub(super) fn spiffe_id() -> Object {
    let mut schema = pattern(r"^spiffe://[a-z0-9._-]{1,255}(/(?!\.{1,2}(/|$))[A-Za-z0-9._-]+)+$");
    schema.insert("maxLength", 2048_u32);
    schema
}

pub(super) fn trust_domain() -> Object {
    pattern("^[a-z0-9._-]{1,255}$")
}

pub(super) fn boolean() -> Object {
    object([("type", "boolean".into())])
}

pub(super) fn integer(least: u64, most: u64) -> Object {
    // INVARIANT: every bound of a shape is at most 2^53-1.
    let bound = |number: u64| Value::Integer(i64::try_from(number).unwrap_or(INTEGER_MAX));
    object([
        ("type", "integer".into()),
        ("minimum", bound(least)),
        ("maximum", bound(most)),
    ])
}

pub(super) fn one_of<'a>(words: impl Iterator<Item = &'a str>) -> Object {
    let words: Vec<Value> = words.map(Value::from).collect();
    object([("enum", words.into())])
}

pub(super) fn list_of(items: Object) -> Object {
    object([("type", "array".into()), ("items", items.into())])
}

pub(super) fn set_of(items: Object) -> Object {
    let mut list = list_of(items);
    list.insert("uniqueItems", true);
    list
}

/// `true`, or what else there may be.
pub(super) fn yes_or(other: Object) -> Object {
    let yes = object([("const", true.into())]);
    object([("anyOf", vec![Value::from(yes), other.into()].into())])
}

fn object<const N: usize>(members: [(&str, Value); N]) -> Object {
    members
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}
