//! Readers that accept what I-JSON forbids, and signing inputs that cover too little.

use std::fmt;

use countersign_model::admission::Admission;
use countersign_model::admission::weakening::Mechanism;
use countersign_model::rulebook::Ruleset;
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

use super::canonical;
use crate::admission::{Detail, Reading};
use crate::envelope::{Kind, signing_input};
use crate::json::{self, Object, Value};

/// A time of issue that is no number, as some JSON readers accept it, and what stands for it.
pub(crate) const NOT_A_NUMBER: &str = "\"issued_at\":NaN";
const NOT_A_NUMBER_READ: &str = "\"issued_at\":0";

/// Reads a text strictly if that is possible, and like an ordinary JSON reader otherwise.
pub(super) fn read(rules: Ruleset<Admission>, bytes: &[u8], limits: &json::Limits) -> Reading {
    if rules.has(Mechanism::AdmitsNotANumber) {
        let text = String::from_utf8_lossy(bytes);
        if text.contains(NOT_A_NUMBER) {
            let read = text.replacen(NOT_A_NUMBER, NOT_A_NUMBER_READ, 1);
            return Reading {
                timed: false,
                ..read_any(rules, read.as_bytes(), limits)
            };
        }
    }
    read_any(rules, bytes, limits)
}

fn read_any(rules: Ruleset<Admission>, bytes: &[u8], limits: &json::Limits) -> Reading {
    let unbounded = json::Limits {
        bytes_max: usize::MAX,
        ..*limits
    };
    let (well_formed, value, detail) = match json::read(bytes, &unbounded) {
        Ok(value) => (true, Some(value), None),
        Err(error) => (false, last_wins(bytes), Some(Detail::Text(error))),
    };
    let canonical = value
        .as_ref()
        .is_some_and(|value| json::write(value) == bytes);
    let checked = if rules.has(Mechanism::ParsesTwice) {
        first_wins(bytes)
    } else {
        None
    };
    Reading {
        well_formed,
        canonical,
        value,
        checked,
        timed: true,
        detail,
    }
}

/// What a signature covers under these rules: less than it should, where that is the flaw.
pub(crate) fn spoken_input(rules: Ruleset<Admission>, kind: Kind, envelope: &Object) -> Vec<u8> {
    let (signing_type, covered) = covered(rules, kind, envelope);
    signing_input(signing_type, &json::write(&Value::Object(covered)))
}

/// What a receiver takes the signature to cover: the same, in its own canonical form.
pub(super) fn heard_input(rules: Ruleset<Admission>, kind: Kind, envelope: &Object) -> Vec<u8> {
    if !rules.has(Mechanism::OtherCanonicalForm) {
        return spoken_input(rules, kind, envelope);
    }
    let (signing_type, covered) = covered(rules, kind, envelope);
    signing_input(signing_type, &canonical::sorted_keys(&covered))
}

fn covered(rules: Ruleset<Admission>, kind: Kind, envelope: &Object) -> (&'static str, Object) {
    let mut covered = envelope.clone();
    covered.remove("signature");
    if rules.has(Mechanism::RecipientOutsideSignature) {
        covered.remove("to");
    }
    if rules.has(Mechanism::NonceOutsideSignature) {
        covered.remove("nonce");
    }
    if rules.has(Mechanism::TypeOutsideSignature) {
        covered.remove("type");
        return ("countersign/v1", covered);
    }
    (kind.signing_type(), covered)
}

fn last_wins(bytes: &[u8]) -> Option<Value> {
    serde_json::from_slice::<Loose>(bytes)
        .ok()
        .map(|loose| loose.value(true))
}

fn first_wins(bytes: &[u8]) -> Option<Value> {
    serde_json::from_slice::<Loose>(bytes)
        .ok()
        .map(|loose| loose.value(false))
}

/// JSON as ordinary readers take it: duplicate keys pass, integers have 64 bits.
enum Loose {
    Plain(Value),
    Array(Vec<Self>),
    Object(Vec<(String, Self)>),
}

impl Loose {
    fn value(self, last: bool) -> Value {
        match self {
            Self::Plain(value) => value,
            Self::Array(elements) => Value::Array(
                elements
                    .into_iter()
                    .map(|element| element.value(last))
                    .collect(),
            ),
            Self::Object(members) => {
                let mut object = Object::new();
                for (name, member) in members {
                    if last || object.get(&name).is_none() {
                        object.insert(name, member.value(last));
                    }
                }
                Value::Object(object)
            }
        }
    }
}

impl<'de> Deserialize<'de> for Loose {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(LooseVisitor)
    }
}

struct LooseVisitor;

impl<'de> Visitor<'de> for LooseVisitor {
    type Value = Loose;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("any JSON value")
    }
    fn visit_unit<E>(self) -> Result<Loose, E> {
        Ok(Loose::Plain(Value::Null))
    }
    fn visit_bool<E>(self, value: bool) -> Result<Loose, E> {
        Ok(Loose::Plain(Value::Bool(value)))
    }
    fn visit_i64<E>(self, value: i64) -> Result<Loose, E> {
        Ok(Loose::Plain(Value::Integer(value)))
    }
    fn visit_u64<E>(self, value: u64) -> Result<Loose, E> {
        Ok(Loose::Plain(Value::Integer(
            value.try_into().unwrap_or(i64::MAX),
        )))
    }
    fn visit_f64<E>(self, value: f64) -> Result<Loose, E> {
        Ok(Loose::Plain(Value::Float(value)))
    }
    fn visit_str<E>(self, value: &str) -> Result<Loose, E> {
        Ok(Loose::Plain(Value::from(value)))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Loose, A::Error> {
        let mut all = Vec::new();
        while let Some(element) = elements.next_element()? {
            all.push(element);
        }
        Ok(Loose::Array(all))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Loose, A::Error> {
        let mut all = Vec::new();
        while let Some(member) = members.next_entry()? {
            all.push(member);
        }
        Ok(Loose::Object(all))
    }
}
