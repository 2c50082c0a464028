//! Every refusal with its place.

use super::sample::{envelope, value};
use crate::{
    envelope::{Envelope, Kind, SchemaErrorKind as Fault},
    json::{Object, Value},
};

/// The object with the member at the path replaced, or without it.
fn changed(object: &Object, path: &[&str], text: Option<&str>) -> Object {
    let mut object = object.clone();
    match (path, text) {
        ([name], Some(text)) => {
            object.insert(*name, value(text));
        }
        ([name], None) => {
            object.remove(name);
        }
        ([name, rest @ ..], _) => {
            let inner = object.get(name).and_then(Value::as_object).unwrap().clone();
            object.insert(*name, changed(&inner, rest, text));
        }
        ([], _) => {}
    }
    object
}

#[rustfmt::skip]
#[expect(clippy::type_complexity, reason = "one aligned table")]
#[test]
fn each_fault_is_named_with_its_place() {
    let wrong    = |expected, found| Fault::WrongType { expected, found };
    let bad      = |expected, found: &str| Fault::Malformed { expected, found: found.to_owned() };
    let length   = |unit, minimum, maximum, found| Fault::Length { unit, minimum, maximum, found };
    let hex32    = |found| bad("32 lower-case hexadecimal digits", found);
    let agent    = |found| bad("the SPIFFE ID of an agent", found);
    let base64   = |found| bad("base64url of a fixed length", found);
    let kind     = |found| bad("a message type such as task", found);
    let name     = |found| bad("a name such as report.daily", found);
    let opaque   = |found| bad("base64url without padding", found);
    let upper    = format!("\"{}\"", "0A".repeat(16));
    let long     = format!("\"{}\"", "x".repeat(80));
    let rows: &[(Kind, &[&str], Option<&str>, Fault, &str)] = &[
        // The header.
        (Kind::Task, &["version"],              None,               Fault::Missing,                    "/version"),
        (Kind::Task, &["version"],              Some("1"),          wrong("string", "integer"),        "/version"),
        (Kind::Task, &["version"],              Some("\"1\""),      bad("a version such as 1.0", "1"), "/version"),
        (Kind::Task, &["type"],                 None,               Fault::Missing,                    "/type"),
        (Kind::Task, &["type"],                 Some("\"Task\""),   kind("Task"),                      "/type"),
        (Kind::Task, &["type"],                 Some(&long),        kind(&"x".repeat(64)),             "/type"),
        (Kind::Task, &["id"],                   Some("null"),       wrong("string", "null"),           "/id"),
        (Kind::Task, &["nonce"],                Some(&upper),       hex32(&"0A".repeat(16)),           "/nonce"),
        (Kind::Task, &["nonce"],                Some("\"00\""),     hex32("00"),                       "/nonce"),
        (Kind::Task, &["from"],                 Some("\"spiffe://example.org\""), agent("spiffe://example.org"), "/from"),
        (Kind::Task, &["to"],                   Some("\"bob\""),    agent("bob"),                      "/to"),
        (Kind::Task, &["issued_at"],            Some("-1"),         Fault::OutOfRange { found: -1 },    "/issued_at"),
        (Kind::Task, &["issued_at"],            Some("1.5"),        wrong("integer", "number"),        "/issued_at"),
        (Kind::Task, &["expires_at"],           Some("\"1\""),      wrong("integer", "string"),        "/expires_at"),
        (Kind::Task, &["expires_at"],           None,               Fault::Missing,                    "/expires_at"),
        (Kind::Task, &["key_id"],               Some("\"AA\""),     bad("43 characters of base64url", "AA"), "/key_id"),
        (Kind::Task, &["correlation_id"],       Some("\"\""),       hex32(""),                         "/correlation_id"),
        (Kind::Task, &["correlation_id"],       Some("null"),       wrong("string", "null"),           "/correlation_id"),
        (Kind::Task, &["session"],              Some("\"0\""),      hex32("0"),                        "/session"),
        (Kind::Task, &["capability"],           Some("\"A\""),      opaque("A"),                       "/capability"),
        (Kind::Task, &["capability"],           Some("\"\""),       length("characters", 1, 16384, 0), "/capability"),
        (Kind::Task, &["signature"],            None,               Fault::Missing,                    "/signature"),
        (Kind::Task, &["signature"],            Some("\"AA==\""),   base64("AA=="),                    "/signature"),
        (Kind::Task, &["surplus"],              Some("null"),       Fault::Unknown,                    "/surplus"),
        (Kind::Task, &["a/b~c"],                Some("null"),       Fault::Unknown,                    "/a~1b~0c"),
        // The rules of the kinds.
        (Kind::Task,   &["in_reply_to"],        Some(&format!("\"{}\"", "0".repeat(64))), Fault::ForbiddenFor(Kind::Task), "/in_reply_to"),
        (Kind::Result, &["in_reply_to"],        None,               Fault::RequiredFor(Kind::Result),  "/in_reply_to"),
        (Kind::Error,  &["in_reply_to"],        None,               Fault::RequiredFor(Kind::Error),   "/in_reply_to"),
        (Kind::Reply,  &["in_reply_to"],        None,               Fault::RequiredFor(Kind::Reply),   "/in_reply_to"),
        (Kind::Reply,  &["capability"],         Some("\"AA\""),     Fault::ForbiddenFor(Kind::Reply),  "/capability"),
        (Kind::HandshakeHello, &["session"],    Some(&format!("\"{}\"", "0".repeat(32))), Fault::ForbiddenFor(Kind::HandshakeHello), "/session"),
        // The body.
        (Kind::Task, &["payload"],              None,               Fault::NoBody,                     ""),
        (Kind::Task, &["sealed"],               Some("\"AA\""),     Fault::TwoBodies,                  ""),
        (Kind::Task, &["sealed"],               Some("{}"),         wrong("string", "object"),         "/sealed"),
        (Kind::Task, &["payload"],              Some("[]"),         wrong("object", "array"),          "/payload"),
        (Kind::Task, &["payload", "task"],      None,               Fault::Missing,                    "/payload/task"),
        (Kind::Task, &["payload", "task"],      Some("\"A b\""),    name("A b"),                       "/payload/task"),
        (Kind::Task, &["payload", "input"],     None,               Fault::Missing,                    "/payload/input"),
        (Kind::Task, &["payload", "surplus"],   Some("1"),          Fault::Unknown,                    "/payload/surplus"),
        (Kind::Ask,  &["payload", "question"],  Some("\"\""),       length("characters", 1, 65536, 0), "/payload/question"),
        (Kind::Ask,  &["payload", "deadline_at"], None,             Fault::Missing,                    "/payload/deadline_at"),
        (Kind::Error, &["payload", "retryable"], Some("0"),         wrong("boolean", "integer"),       "/payload/retryable"),
        (Kind::CapabilityRequest, &["payload", "versions"], Some("{}"),                 wrong("array", "object"),        "/payload/versions"),
        (Kind::CapabilityRequest, &["payload", "versions"], Some("[]"),                 length("elements", 1, 16, 0),    "/payload/versions"),
        (Kind::CapabilityRequest, &["payload", "versions"], Some("[\"1.0\",7]"),        wrong("string", "integer"),      "/payload/versions/1"),
        (Kind::CapabilityRequest, &["payload", "versions"], Some("[\"1.0\",\"1.0\"]"),  Fault::Repeated,                 "/payload/versions/1"),
        (Kind::HandshakeHello, &["payload", "random"], Some("\"AAAA\""), base64("AAAA"),              "/payload/random"),
        (Kind::HandshakeFinish, &["payload", "proof"], Some("\"AB\""),   opaque("AB"),                "/payload/proof"),
        (Kind::HandshakeFinish, &["payload", "proof"], Some("\"AA+A\""), opaque("AA+A"),              "/payload/proof"),
    ];
    for (kind, path, text, fault, place) in rows {
        let object = envelope(*kind).to_value().as_object().unwrap().clone();
        let error = Envelope::from_value(&changed(&object, path, *text).into()).unwrap_err();
        assert_eq!((&error.kind, error.path.as_str()), (fault, *place), "{kind} {path:?} {text:?}");
    }
}

#[test]
fn what_is_no_object_is_no_envelope() {
    let error = Envelope::from_value(&value("[]")).unwrap_err();
    assert_eq!(
        error.to_string(),
        "expected object, found array at the root"
    );
}

#[test]
fn an_error_names_both_values_and_the_place() {
    let object = envelope(Kind::Task).to_value().as_object().unwrap().clone();
    let message = |path: &[&str], text| {
        let value = changed(&object, path, text).into();
        Envelope::from_value(&value).unwrap_err().to_string()
    };
    assert_eq!(
        message(&["issued_at"], Some("-1")),
        "expected an integer from 0 to 9007199254740991, found -1 at /issued_at"
    );
    assert_eq!(
        message(&["payload", "task"], Some("\"Report\"")),
        "expected a name such as report.daily, found \"Report\" at /payload/task"
    );
    assert_eq!(
        message(&["type"], Some("\"ack\"")),
        "missing field at /payload/acknowledges"
    );
}
