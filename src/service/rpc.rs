//! JSON-RPC 2.0: requests from bytes, and answers to bytes. No HTTP here.
//!
//! A request is canonical JSON as a whole, and its `params` are the envelope, so that there is one way
//! to write it. Batches and notifications are refused: every request is answered by itself.

use super::answer::{number, object};
use super::owner::Unanswered;
use super::request::Method;
use crate::json::{self, Object, Value};

/// How much longer than its envelope a request can be, in bytes.
pub const REQUEST_BYTES_MORE: usize = 1024;
/// The longest name of a request, in bytes.
const ID_BYTES_MAX: usize = 128;

/// How many members a request has around its envelope. It is one level deep too, as a delivery is, so
/// that whatever gets in can be handed out.
const MEMBERS: usize = 4;

/// The text is not JSON as it should be.
const PARSE_ERROR: i64 = -32_700;
/// It is not a request.
const INVALID_REQUEST: i64 = -32_600;
/// There is no such method.
const METHOD_NOT_FOUND: i64 = -32_601;
/// It was refused.
const REFUSED: i64 = -32_000;
/// The bus cannot answer now.
const UNAVAILABLE: i64 = -32_001;

/// A request that could be read.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    /// What its answer is called.
    pub id: Value,
    /// What it asks.
    pub method: Method,
    /// The canonical text of the envelope that asks it.
    pub envelope: Vec<u8>,
}

/// Reads a request, or gives the answer to what is none.
///
/// # Errors
/// The text of the answer.
pub fn read(bytes: &[u8], envelope_bytes_max: usize) -> Result<Request, Vec<u8>> {
    let limits = json::Limits::default();
    let limits = json::Limits {
        bytes_max: envelope_bytes_max.saturating_add(REQUEST_BYTES_MORE),
        members_max: limits.members_max + MEMBERS,
        ..limits
    };
    let value = json::read_canonical(bytes, &limits).map_err(|error| {
        let remedy = "send one request in the form of RFC 8785";
        failure(&Value::Null, PARSE_ERROR, &error.to_string(), remedy)
    })?;
    let none = Object::new();
    let request = value.as_object().unwrap_or(&none);
    let id = match request.get("id") {
        Some(Value::String(text)) if text.len() <= ID_BYTES_MAX => Value::String(text.clone()),
        Some(Value::Integer(integer)) => Value::Integer(*integer),
        _ => Value::Null,
    };
    let members: Vec<&str> = request.iter().map(|(name, _)| name).collect();
    let is_request = members == ["id", "jsonrpc", "method", "params"]
        && id != Value::Null
        && request.get("jsonrpc").and_then(Value::as_str) == Some("2.0");
    if !is_request {
        let what = "not a request of JSON-RPC 2.0: an object of id, jsonrpc, method and params";
        let remedy = "send one request, with an id and the envelope as params";
        return Err(failure(&id, INVALID_REQUEST, what, remedy));
    }
    let method = request.get("method").and_then(Value::as_str);
    let named = method.and_then(Method::named);
    let (Some(method), Some(envelope)) = (named, request.get("params")) else {
        let known: Vec<&str> = Method::ALL.iter().map(|method| method.name()).collect();
        let remedy = format!("call one of {}", known.join(", "));
        return Err(failure(&id, METHOD_NOT_FOUND, "no such method", &remedy));
    };
    Ok(Request {
        id,
        method,
        envelope: json::write(envelope),
    })
}

/// The text of an answer.
pub fn write(id: &Value, answer: Result<Value, Unanswered>) -> Vec<u8> {
    match answer {
        Ok(result) => json::write(&object([
            ("id", id.clone()),
            ("jsonrpc", "2.0".into()),
            ("result", result),
        ])),
        Err(Unanswered::Refused(refused)) => {
            let mut data = Object::new();
            data.insert("code", refused.code);
            data.insert("remedy", refused.remedy);
            if let Some((system, guard)) = refused.guard {
                data.insert("guard", guard);
                data.insert("system", system);
            }
            if let Some(detail) = refused.detail {
                data.insert("detail", detail);
            }
            error(id, REFUSED, refused.code, data)
        }
        Err(Unanswered::Unavailable(what)) => {
            let remedy = "nothing came of it: send it again later";
            failure(id, UNAVAILABLE, &what, remedy)
        }
    }
}

/// The text of a request.
pub fn request(id: u64, method: Method, envelope: Value) -> Vec<u8> {
    json::write(&object([
        ("id", number(id)),
        ("jsonrpc", "2.0".into()),
        ("method", method.name().into()),
        ("params", envelope),
    ]))
}

fn failure(id: &Value, code: i64, message: &str, remedy: &str) -> Vec<u8> {
    let mut data = Object::new();
    data.insert("remedy", remedy);
    error(id, code, message, data)
}

fn error(id: &Value, code: i64, message: &str, data: Object) -> Vec<u8> {
    let error = object([
        ("code", Value::Integer(code)),
        ("data", data.into()),
        ("message", message.into()),
    ]);
    json::write(&object([
        ("error", error),
        ("id", id.clone()),
        ("jsonrpc", "2.0".into()),
    ]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> String {
        let answer = read(text.as_bytes(), 1024).unwrap_err();
        String::from_utf8(answer).unwrap()
    }

    #[test]
    fn a_request_is_read_as_it_was_written_and_in_no_other_form() {
        let envelope = object([("type", "notify".into())]);
        let text = request(7, Method::SendMessage, envelope);
        let read = read(&text, 1024).unwrap();
        assert_eq!((&read.id, read.method), (&number(7), Method::SendMessage));
        assert_eq!(read.envelope, br#"{"type":"notify"}"#);
        let text = String::from_utf8(text).unwrap();
        for (text, code) in [
            (text.replace("{\"id", "{ \"id"), PARSE_ERROR),
            (format!("[{text}]"), INVALID_REQUEST),
            (text.replace("\"id\":7,", ""), INVALID_REQUEST),
            (text.replace("\"2.0\"", "\"1.0\""), INVALID_REQUEST),
            (text.replace("sendMessage", "sendmessage"), METHOD_NOT_FOUND),
            ("x".repeat(5_000), PARSE_ERROR),
        ] {
            let answer = refused(&text);
            assert!(
                answer.contains(&format!("\"code\":{code}")),
                "{text}: {answer}"
            );
            assert!(answer.contains("remedy"), "{answer}");
        }
    }
}
