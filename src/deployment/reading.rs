//! Reading values that know where they stand: every refusal names its place and a remedy.

use super::error::{Breach, DeploymentError, listed, nearest};
use crate::json::{Lines, Node, Object, Spanned, Value};

/// The file that is read.
pub(super) struct Source<'a> {
    pub(super) file: &'a str,
    pub(super) lines: Lines,
}

/// The fields of an object: what may stand there, and what its schema says.
pub(super) struct Shape {
    /// What the object is, with its article.
    pub(super) what: &'static str,
    /// Its fields.
    pub(super) fields: &'static [FieldShape],
}

/// One field.
pub(super) struct FieldShape {
    pub(super) name: &'static str,
    pub(super) required: bool,
    pub(super) description: &'static str,
    pub(super) schema: fn() -> Object,
}

/// The members of an object, all of them known and none missing.
pub(super) struct Members<'v> {
    members: &'v [(String, Spanned)],
}

impl Source<'_> {
    /// The error that `what` is wrong at this byte.
    pub(super) fn error(
        &self,
        at: usize,
        breach: Breach,
        what: impl Into<String>,
        remedy: impl Into<String>,
    ) -> DeploymentError {
        let (line, column) = self.lines.place(at);
        DeploymentError {
            file: self.file.to_owned(),
            line,
            column,
            what: what.into(),
            remedy: remedy.into(),
            breach,
        }
    }

    /// The members of an object of this shape.
    pub(super) fn members<'v>(
        &self,
        value: &'v Spanned,
        shape: &Shape,
    ) -> Result<Members<'v>, DeploymentError> {
        let Node::Object(members) = &value.node else {
            return Err(self.other_type(value, &format!("{}, an object", shape.what)));
        };
        let known = || shape.fields.iter().map(|field| field.name);
        // In the order of the file, so that the first mistake is told first.
        let mut unknown: Vec<&(String, Spanned)> = members
            .iter()
            .filter(|(name, _)| known().all(|field| field != name))
            .collect();
        unknown.sort_by_key(|(_, value)| value.name_at);
        if let Some((name, value)) = unknown.first() {
            let remedy = match nearest(name, known()) {
                Some(field) => format!("did you mean '{field}'?"),
                None => "remove it: what is not understood is not obeyed".to_owned(),
            };
            let what = format!(
                "unknown field '{}' in {}, expected {}",
                name.escape_debug(),
                shape.what,
                listed(known())
            );
            let at = value.name_at.unwrap_or(value.at);
            return Err(self.error(at, Breach::Form, what, remedy));
        }
        let missing = shape
            .fields
            .iter()
            .find(|field| field.required && members.iter().all(|(name, _)| name != field.name));
        if let Some(field) = missing {
            let what = format!("{} without '{}'", shape.what, field.name);
            let remedy = format!("add '{}': {}", field.name, field.description);
            return Err(self.error(value.at, Breach::Form, what, remedy));
        }
        Ok(Members { members })
    }

    /// A string.
    pub(super) fn text<'v>(
        &self,
        value: &'v Spanned,
        expected: &str,
    ) -> Result<&'v str, DeploymentError> {
        match &value.node {
            Node::Scalar(Value::String(text)) => Ok(text),
            _ => Err(self.other_type(value, &format!("{expected}, a string"))),
        }
    }

    /// The elements of an array.
    pub(super) fn list<'v>(
        &self,
        value: &'v Spanned,
        expected: &str,
    ) -> Result<&'v [Spanned], DeploymentError> {
        match &value.node {
            Node::Array(elements) => Ok(elements),
            _ => Err(self.other_type(value, &format!("{expected}, an array"))),
        }
    }

    /// A whole number from `least` to `most`.
    pub(super) fn integer(
        &self,
        value: &Spanned,
        (least, most): (u64, u64),
    ) -> Result<u64, DeploymentError> {
        let Node::Scalar(Value::Integer(found)) = value.node else {
            return Err(self.other_type(value, "a whole number"));
        };
        let number = u64::try_from(found).ok();
        let number = number.filter(|number| (least..=most).contains(number));
        number.ok_or_else(|| {
            let what = format!("{found}, expected a whole number from {least} to {most}");
            self.error(
                value.at,
                Breach::Form,
                what,
                "choose a number in that range",
            )
        })
    }

    /// `true` or `false`.
    pub(super) fn boolean(&self, value: &Spanned) -> Result<bool, DeploymentError> {
        match value.node {
            Node::Scalar(Value::Bool(truth)) => Ok(truth),
            _ => Err(self.other_type(value, "true or false")),
        }
    }

    /// One of these words.
    pub(super) fn word<'w>(
        &self,
        value: &Spanned,
        what: &str,
        known: &[&'w str],
    ) -> Result<&'w str, DeploymentError> {
        let text = self.text(value, what)?;
        let found = known.iter().find(|word| **word == text);
        found.copied().ok_or_else(|| {
            let known = || known.iter().copied();
            let remedy = match nearest(text, known()) {
                Some(word) => format!("did you mean '{word}'?"),
                None => format!("choose {}", listed(known())),
            };
            let what = format!(
                "unknown {what} '{}', expected {}",
                text.escape_debug(),
                listed(known())
            );
            self.error(value.at, Breach::Form, what, remedy)
        })
    }

    /// The error that a value is of another type than `expected`.
    pub(super) fn other_type(&self, value: &Spanned, expected: &str) -> DeploymentError {
        let what = format!("{} where {expected} is expected", a(value.type_name()));
        let remedy = "compare it with the published schema: docs/schema/deployment.json";
        self.error(value.at, Breach::Form, what, remedy)
    }
}

impl<'v> Members<'v> {
    /// The value of the field.
    pub(super) fn field(&self, name: &str) -> Option<&'v Spanned> {
        let found = self.members.iter().find(|(other, _)| other == name);
        found.map(|(_, value)| value)
    }
}

/// The noun with its article.
fn a(noun: &str) -> String {
    match noun {
        "null" => "null".to_owned(),
        "array" | "object" | "integer" => format!("an {noun}"),
        _ => format!("a {noun}"),
    }
}
