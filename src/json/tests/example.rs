//! The examples of RFC 8785: sections 3.2.2 to 3.2.4 and the numbers of appendix B.

use crate::json::{Limits, ReadErrorKind, Value, read, read_canonical, write};

/// Section 3.2.2.
const SAMPLE: &str = r#"{
  "numbers": [333333333.33333329, 1E30, 4.50,
              2e-3, 0.000000000000000000000000001],
  "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
  "literals": [null, true, false]
}"#;

/// Section 3.2.4, the bytes.
const SAMPLE_CANONICAL: &str = "\
    7b226c69746572616c73223a5b6e756c6c2c747275652c66616c73655d2c226e756d62657273223a\
    5b3333333333333333332e333333333333332c31652b33302c342e352c302e3030322c31652d3237\
    5d2c22737472696e67223a22e282ac245c75303030665c6e4127425c225c5c5c5c5c222f227d";

#[test]
fn the_sample_of_section_3_2_has_the_published_bytes() {
    let value = read(SAMPLE.as_bytes(), &Limits::default()).unwrap();
    let hex: Vec<_> = write(&value)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    assert_eq!(hex.concat(), SAMPLE_CANONICAL);
}

#[test]
fn the_members_of_section_3_2_3_are_in_the_published_order() {
    let text = r#"{
      "\u20ac": "Euro Sign",
      "\r": "Carriage Return",
      "\ufb33": "Hebrew Letter Dalet With Dagesh",
      "1": "One",
      "\ud83d\ude00": "Emoji: Grinning Face",
      "\u0080": "Control",
      "\u00f6": "Latin Small Letter O With Diaeresis"
    }"#;
    let value = read(text.as_bytes(), &Limits::default()).unwrap();
    let order: Vec<_> = value
        .as_object()
        .unwrap()
        .iter()
        .filter_map(|(_, v)| v.as_str())
        .collect();
    let published = [
        "Carriage Return",
        "One",
        "Control",
        "Latin Small Letter O With Diaeresis",
        "Euro Sign",
        "Emoji: Grinning Face",
        "Hebrew Letter Dalet With Dagesh",
    ];
    assert_eq!(order, published);
    assert_eq!(
        read_canonical(&write(&value), &Limits::default()),
        Ok(value)
    );
}

/// Appendix B: the bits of a double, and its text unless it is an error.
#[rustfmt::skip]
const NUMBERS: [(u64, Option<&str>); 26] = [
    (0x0000_0000_0000_0000, Some("0")),
    (0x8000_0000_0000_0000, Some("0")),
    (0x0000_0000_0000_0001, Some("5e-324")),
    (0x8000_0000_0000_0001, Some("-5e-324")),
    (0x7fef_ffff_ffff_ffff, Some("1.7976931348623157e+308")),
    (0xffef_ffff_ffff_ffff, Some("-1.7976931348623157e+308")),
    (0x4340_0000_0000_0000, Some("9007199254740992")),
    (0xc340_0000_0000_0000, Some("-9007199254740992")),
    (0x4430_0000_0000_0000, Some("295147905179352830000")),
    (0x7fff_ffff_ffff_ffff, None),
    (0x7ff0_0000_0000_0000, None),
    (0x44b5_2d02_c7e1_4af5, Some("9.999999999999997e+22")),
    (0x44b5_2d02_c7e1_4af6, Some("1e+23")),
    (0x44b5_2d02_c7e1_4af7, Some("1.0000000000000001e+23")),
    (0x444b_1ae4_d6e2_ef4e, Some("999999999999999700000")),
    (0x444b_1ae4_d6e2_ef4f, Some("999999999999999900000")),
    (0x444b_1ae4_d6e2_ef50, Some("1e+21")),
    (0x3eb0_c6f7_a0b5_ed8c, Some("9.999999999999997e-7")),
    (0x3eb0_c6f7_a0b5_ed8d, Some("0.000001")),
    (0x41b3_de43_5555_5553, Some("333333333.3333332")),
    (0x41b3_de43_5555_5554, Some("333333333.33333325")),
    (0x41b3_de43_5555_5555, Some("333333333.3333333")),
    (0x41b3_de43_5555_5556, Some("333333333.3333334")),
    (0x41b3_de43_5555_5557, Some("333333333.33333343")),
    (0xbecb_f647_612f_3696, Some("-0.0000033333333333333333")),
    (0x4314_3ff3_c1cb_0959, Some("1424953923781206.2")),
];

#[test]
fn the_numbers_of_appendix_b_have_the_published_texts() {
    let (mut written, mut whole_beyond_range, mut not_finite) = (0, 0, 0);
    for (bits, text) in NUMBERS {
        let number = f64::from_bits(bits);
        let Some(text) = text else {
            assert!(Value::try_from(number).is_err(), "{bits:016x}");
            not_finite += 1;
            continue;
        };
        assert_eq!(write(&Value::Float(number)), text.as_bytes(), "{bits:016x}");
        written += 1;
        // The RFC writes these; I-JSON does not rely on them, so this reader refuses them.
        match read_canonical(text.as_bytes(), &Limits::default()) {
            Ok(value) => assert_eq!(Value::try_from(number), Ok(value), "{bits:016x}"),
            Err(error) => {
                assert_eq!(error.kind, ReadErrorKind::IntegerTooLarge, "{bits:016x}");
                whole_beyond_range += 1;
            }
        }
    }
    assert_eq!((written, whole_beyond_range, not_finite), (24, 5, 2));
}
