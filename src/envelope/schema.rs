//! The published JSON Schemas (draft 2020-12), made of the declarations that validate.
//!
//! One rule is beyond them: the length of a payload's canonical text.

use super::{
    delivery::Delivery,
    field::schema,
    header::{Header, ruled_members},
    kind::{Kind, Presence},
    payload::Payload,
    record::{MemberSchema, Record},
    signed::BODY_MEMBERS,
};
use crate::json::{Object, Value};

/// A schema and the name of the file that it is published in.
#[derive(Debug, Clone, PartialEq)]
pub struct Schema {
    /// The name of the file, such as `envelope.json`.
    pub file: String,
    /// The schema.
    pub value: Value,
}

/// The schema of the envelope, which contains those of the payloads, each of these by itself,
/// and that of a delivery.
pub fn schemas() -> Vec<Schema> {
    let envelope = Schema {
        file: "envelope.json".to_owned(),
        value: document("envelope", envelope_schema()),
    };
    let payloads = Kind::ALL.iter().map(|&kind| Schema {
        file: format!("payload_{kind}.json"),
        value: document(&format!("payload:{kind}"), payload_schema(kind)),
    });
    let delivery = Schema {
        file: "delivery.json".to_owned(),
        value: document(
            "delivery",
            record_schema(Delivery::DESCRIPTION, &[Delivery::MEMBERS]),
        ),
    };
    [envelope, delivery].into_iter().chain(payloads).collect()
}

/// A schema that stands by itself.
fn document(name: &str, mut schema: Object) -> Value {
    schema.insert("$schema", "https://json-schema.org/draft/2020-12/schema");
    schema.insert("$id", format!("urn:countersign:v1:{name}"));
    schema.into()
}

fn envelope_schema() -> Object {
    let mut envelope = record_schema(Header::DESCRIPTION, &[Header::MEMBERS, BODY_MEMBERS]);
    let one_body =
        ["payload", "sealed"].map(|name| Value::from(schema([("required", list([name]))])));
    envelope.insert("oneOf", one_body.to_vec());
    // Of a record of a session the envelope says which.
    let names_session = schema([("sealed", list(["session"]))]);
    envelope.insert("dependentRequired", names_session);
    let rules: Vec<Value> = Kind::ALL
        .iter()
        .map(|&kind| rule_schema(kind).into())
        .collect();
    envelope.insert("allOf", rules);
    let payloads = Kind::ALL
        .iter()
        .map(|&kind| (kind.to_string(), payload_schema(kind).into()));
    envelope.insert("$defs", payloads.collect::<Object>());
    envelope
}

/// What holds for an envelope if it is of this kind.
fn rule_schema(kind: Kind) -> Object {
    let is_kind = schema([("const", kind.as_str().into())]);
    let condition = schema([
        ("properties", schema([("type", is_kind.into())]).into()),
        ("required", list(["type"])),
    ]);
    let reference = schema([("$ref", format!("#/$defs/{kind}").into())]);
    let mut properties = schema([("payload", reference.into())]);
    let mut required = Vec::new();
    for (name, presence) in ruled_members(kind.rule()) {
        match presence {
            Presence::Required => required.push(name),
            Presence::Optional => {}
            Presence::Forbidden => {
                properties.insert(name, false);
            }
        }
    }
    let rule = schema([
        ("properties", properties.into()),
        ("required", list(required)),
    ]);
    schema([("if", condition.into()), ("then", rule.into())])
}

fn payload_schema(kind: Kind) -> Object {
    let (description, members) = Payload::members(kind);
    record_schema(description, &[members])
}

/// The schema of an object with these members and no others.
pub(crate) fn record_schema(description: &str, members: &[&[MemberSchema]]) -> Object {
    let members = || members.iter().copied().flatten();
    let properties: Object = members()
        .map(|member| {
            let mut schema = (member.schema)();
            schema.insert("description", member.description.trim());
            (member.name.to_owned(), schema.into())
        })
        .collect();
    let required = members()
        .filter(|member| member.required)
        .map(|member| member.name);
    schema([
        ("description", description.trim().into()),
        ("type", "object".into()),
        ("properties", properties.into()),
        ("required", list(required)),
        ("additionalProperties", false.into()),
    ])
}

fn list<'text>(texts: impl IntoIterator<Item = &'text str>) -> Value {
    Value::Array(texts.into_iter().map(Value::from).collect())
}
