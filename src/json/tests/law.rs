//! Laws, on 65,536 drawn texts each.

use proptest::prelude::*;

use crate::json::{
    Limits, Object, Value, canonical_length, cut_out, read, read_canonical, write, write_without,
};

const CASES: u32 = 65_536;

fn limits() -> Limits {
    Limits::default()
}

/// Bytes that are mostly structure, so that a good part of the texts is accepted.
fn text() -> impl Strategy<Value = Vec<u8>> {
    let token = prop_oneof![
        8 => prop::sample::select(vec![
            "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u", " ", "\n", "null", "true", "false", "NaN",
            "\"a\":", "\"b\":", "\"\\u0061\":", "\"\"", "\"\\ud83d\\ude00\"", "\"\\ud83d\"", "0", "-0",
            "1", "1.0", "1e3", "1e21", "1e-7", "0.1", "-", "e", ".", "9007199254740991",
            "9007199254740992", "9007199254740993", "1e999", "\u{e9}", "\u{ffff}", "\u{feff}",
        ]).prop_map(|token| token.as_bytes().to_vec()),
        1 => prop::collection::vec(any::<u8>(), 1..4),
    ];
    prop::collection::vec(token, 0..12).prop_map(|tokens| tokens.concat())
}

/// Values of every kind, their numbers near the edges.
fn value() -> impl Strategy<Value = Value> {
    let number = prop_oneof![
        any::<f64>(),
        (-1100_i32..1100).prop_map(|exponent| 2_f64.powi(exponent)),
        any::<i32>().prop_map(f64::from),
        (0_u32..32).prop_map(|below| 9_007_199_254_740_991.0 - f64::from(below)),
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        number.prop_map(|number| Value::try_from(number).unwrap_or(Value::Null)),
        "[ -~\u{e9}\u{20ac}\u{e000}\u{1f600}\u{0}-\u{1f}]{0,8}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::Array),
            prop::collection::vec(("[a-c\"\u{e000}\u{1f600}\n]{0,3}", inner), 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect::<Object>())),
        ]
    })
}

/// The text again, with its members in reverse order, wide, and every character escaped.
fn respelled(value: &Value) -> String {
    let quoted = |text: &str| {
        let units: Vec<_> = text
            .encode_utf16()
            .map(|unit| format!("\\u{unit:04X}"))
            .collect();
        format!("\"{}\"", units.concat())
    };
    match value {
        Value::String(text) => quoted(text),
        Value::Array(elements) => {
            let elements: Vec<_> = elements.iter().map(respelled).collect();
            format!("[ {}\t]", elements.join(" ,\n"))
        }
        Value::Object(object) => {
            let mut members: Vec<_> = object
                .iter()
                .map(|(name, value)| format!("{} : {}", quoted(name), respelled(value)))
                .collect();
            members.reverse();
            format!("{{ {}\r}}", members.join(" , "))
        }
        Value::Integer(integer) => format!("{integer}.0e0"),
        Value::Float(float) => format!("{float:e}"),
        Value::Null | Value::Bool(_) => String::from_utf8(write(value)).unwrap(),
    }
}

fn check_laws(bytes: &[u8]) -> Result<(), TestCaseError> {
    let Ok(value) = read(bytes, &limits()) else {
        prop_assert!(read_canonical(bytes, &limits()).is_err());
        return Ok(());
    };
    let canonical = write(&value);
    prop_assert_eq!(canonical_length(&value), canonical.len());
    // What is written of an accepted text is accepted, and means the same.
    prop_assert_eq!(read_canonical(&canonical, &limits()), Ok(value));
    // The canonical check is equality with it, and names the first difference.
    match read_canonical(bytes, &limits()) {
        Ok(_) => prop_assert_eq!(bytes, &canonical),
        Err(error) => {
            prop_assert_eq!(bytes.get(..error.offset), canonical.get(..error.offset));
            prop_assert_ne!(bytes.get(error.offset), canonical.get(error.offset));
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(CASES))]

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
        check_laws(&bytes)?;
    }

    #[test]
    fn a_text_is_accepted_as_canonical_only_if_it_is(bytes in text()) {
        check_laws(&bytes)?;
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(CASES / 8))]

    #[test]
    fn a_value_has_one_canonical_text_whatever_its_spelling(value in value()) {
        let canonical = write(&value);
        prop_assert_eq!(read_canonical(&canonical, &limits()), Ok(value.clone()));
        let respelled = respelled(&value);
        check_laws(respelled.as_bytes())?;
        prop_assert_eq!(read(respelled.as_bytes(), &limits()), Ok(value));
    }

    #[test]
    fn a_member_cut_out_of_a_text_leaves_the_text_without_it(
        members in prop::collection::vec(("[a-c\"\u{e000}\u{1f600}\n]{0,2}", value()), 0..6),
    ) {
        let object: Object = members.into_iter().collect();
        let text = write(&Value::Object(object.clone()));
        let names = object.iter().map(|(name, _)| name).chain(["absent"]);
        for name in names {
            let mut without = object.clone();
            without.remove(name);
            let expected = write(&Value::Object(without));
            prop_assert_eq!(cut_out(&text, &object, name).concat(), expected.clone());
            prop_assert_eq!(write_without(&object, name), expected);
        }
    }

    #[test]
    fn two_canonical_texts_never_have_equal_values(left in value(), right in value()) {
        prop_assert_eq!(write(&left) == write(&right), left == right);
    }

    #[test]
    fn a_canonical_text_with_one_byte_changed_has_another_value_or_none(
        value in value(), place in any::<prop::sample::Index>(), byte in any::<u8>(),
    ) {
        let canonical = write(&value);
        let mut changed = canonical.clone();
        let place = place.index(changed.len());
        changed[place] = byte;
        check_laws(&changed)?;
        let same = read_canonical(&changed, &limits()) == Ok(value);
        prop_assert_eq!(same, changed == canonical);
    }
}
