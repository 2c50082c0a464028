//! A canonical form that is not RFC 8785: sorted keys, as a scripting language prints them.

use crate::json::{Object, Value, write};

/// The value with its keys sorted, every character beyond ASCII escaped, and floats with
/// exponents of two digits: stable within one language, and different from every other.
pub(super) fn sorted_keys(object: &Object) -> Vec<u8> {
    let mut text = String::new();
    print_object(object, &mut text);
    text.into_bytes()
}

fn print_object(object: &Object, text: &mut String) {
    text.push('{');
    for (place, (name, value)) in object.iter().enumerate() {
        if place > 0 {
            text.push(',');
        }
        print_string(name, text);
        text.push(':');
        print(value, text);
    }
    text.push('}');
}

fn print(value: &Value, text: &mut String) {
    match value {
        Value::Object(object) => print_object(object, text),
        Value::Array(elements) => {
            text.push('[');
            for (place, element) in elements.iter().enumerate() {
                if place > 0 {
                    text.push(',');
                }
                print(element, text);
            }
            text.push(']');
        }
        Value::String(string) => print_string(string, text),
        Value::Float(float) => text.push_str(&format!("{float:e}").replace("e-", "e-0")),
        Value::Null | Value::Bool(_) | Value::Integer(_) => {
            text.push_str(&String::from_utf8_lossy(&write(value)));
        }
    }
}

fn print_string(string: &str, text: &mut String) {
    let quoted = write(&Value::from(string));
    for unit in String::from_utf8_lossy(&quoted).chars() {
        if unit.is_ascii() {
            text.push(unit);
        } else {
            let mut units = [0; 2];
            for unit in unit.encode_utf16(&mut units) {
                let [high, low] = unit.to_be_bytes();
                for part in ["\\u", &hexadecimal(high), &hexadecimal(low)] {
                    text.push_str(part);
                }
            }
        }
    }
}

/// A byte as two hexadecimal digits.
fn hexadecimal(byte: u8) -> String {
    format!("{byte:02x}")
}
