//! The published JSON Schema (draft 2020-12) of what is asked of a bus, made of the declarations that
//! validate.

use super::request::{Approving, Denying, Inquiry, Listing, Method, Poll, Receipt};
use crate::envelope::record::Record;
use crate::envelope::record_schema;
use crate::json::{Object, Value};

/// The name of the file that it is published in.
pub const FILE: &str = "service.json";

/// The schema of the input of each task, by its name, and of the receipt.
pub fn schema() -> Value {
    let mut definitions = Object::new();
    for method in Method::ALL {
        let input = match method {
            Method::SendMessage => continue,
            Method::ReceiveMessages => of::<Poll>(),
            Method::MessageLog => of::<Inquiry>(),
            Method::QueueList => of::<Listing>(),
            Method::QueueApprove => of::<Approving>(),
            Method::QueueDeny => of::<Denying>(),
        };
        definitions.insert(method.task(), input);
    }
    definitions.insert("receipt", of::<Receipt>());
    let mut schema = Object::new();
    schema.insert("$schema", "https://json-schema.org/draft/2020-12/schema");
    schema.insert("$id", "urn:countersign:v1:service");
    schema.insert("$defs", definitions);
    schema.into()
}

fn of<T: Record>() -> Object {
    record_schema(T::DESCRIPTION, &[T::MEMBERS])
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::{FILE, schema};
    use crate::json;

    #[test]
    fn the_committed_schema_is_the_generated_one() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/schema");
        let value: serde_json::Value = serde_json::from_slice(&json::write(&schema())).unwrap();
        let text = serde_json::to_string_pretty(&value).unwrap() + "\n";
        if std::env::var_os("COUNTERSIGN_REGENERATE").is_some() {
            fs::write(folder.join(FILE), &text).unwrap();
        }
        let committed = fs::read_to_string(folder.join(FILE)).unwrap_or_default();
        assert_eq!(committed, text, "stale; set COUNTERSIGN_REGENERATE=1");
    }
}
