//! Every refusal with its place.

use crate::json::{
    DEPTH_MAX, Limits, ReadError, ReadErrorKind as Kind, Value, read, read_canonical,
};

fn refusal(text: &[u8]) -> Option<(Kind, usize)> {
    let ReadError { kind, offset } = read_canonical(text, &Limits::default()).err()?;
    Some((kind, offset))
}

#[rustfmt::skip]
#[expect(clippy::too_many_lines, reason = "one aligned table")]
#[test]
fn each_text_is_refused_for_its_reason_at_its_byte() {
    let unexpected = |expected, found| Kind::UnexpectedByte { expected, found };
    let end        = |expected| Kind::UnexpectedEnd { expected };
    let number     = |expected| Kind::NumberSyntax { expected };
    let duplicate  = |name: &str| Kind::DuplicateKey { name: name.to_owned() };
    let rows: &[(&[u8], Kind, usize)] = &[
        // Encoding.
        (b"\xEF\xBB\xBF{}",               Kind::ByteOrderMark,                                0),
        (b"[1,\xFF]",                     Kind::InvalidUtf8,                                  3),
        (b"\"\xC0\xAF\"",                 Kind::InvalidUtf8,                                  1), // overlong
        (b"\"\xED\xA0\x80\"",             Kind::InvalidUtf8,                                  1), // surrogate
        (b"\"\xF4\x90\x80\x80\"",         Kind::InvalidUtf8,                                  1), // U+110000
        (b"\"\xE2\x82",                   Kind::InvalidUtf8,                                  1), // cut
        (b"{\0}",                         unexpected("a member name", '\0'),                  1),
        // Structure.
        (b"",                             end("a value"),                                     0),
        (b"  ",                           end("a value"),                                     2),
        (b"[",                            end("a value"),                                     1),
        (b"[1",                           end("`,` or `]`"),                                  2),
        (b"[1,",                          end("a value"),                                     3),
        (b"[1,]",                         unexpected("a value", ']'),                         3),
        (b"[1 2]",                        unexpected("`,` or `]`", '2'),                      3),
        (b"[,]",                          unexpected("a value", ','),                         1),
        (b"{",                            end("a member name"),                               1),
        (b"{1:2}",                        unexpected("a member name", '1'),                   1),
        (b"{'a':2}",                      unexpected("a member name", '\''),                  1),
        (b"{\"a\"",                       end("`:`"),                                         4),
        (b"{\"a\",",                      unexpected("`:`", ','),                             4),
        (b"{\"a\":}",                     unexpected("a value", '}'),                         5),
        (b"{\"a\":1",                     end("`,` or `}`"),                                  6),
        (b"{\"a\":1]",                    unexpected("`,` or `}`", ']'),                      6),
        (b"{\"a\":1,}",                   unexpected("a member name", '}'),                   7),
        ("[\u{e9}]".as_bytes(),           unexpected("a value", '\u{e9}'),                    1),
        (b"[\x0C]",                       unexpected("a value", '\x0C'),                      1),
        (b"[1]//",                        Kind::TrailingBytes,                                3),
        (b"{} {}",                        Kind::TrailingBytes,                                3),
        (b"1\0",                          Kind::TrailingBytes,                                1),
        (b"tru",                          end("`true`"),                                      3),
        (b"nil",                          unexpected("`null`", 'i'),                          1),
        (b"[falsy]",                      unexpected("`false`", 'y'),                         5),
        (b"True",                         unexpected("a value", 'T'),                         0),
        // Duplicates: at once, in order, out of order, spelled differently, nested, empty.
        (br#"{"a":1,"a":1}"#,             duplicate("a"),                                     7),
        (br#"{"a":1,"b":2,"a":!"#,        duplicate("a"),                                    13),
        (br#"{"b":1,"a":2,"c":3,"a":4}"#, duplicate("a"),                                    19),
        (br#"{"a":1,"\u0061":2}"#,        duplicate("a"),                                     7),
        (br#"[{"x":{"":1,"":2}}]"#,       duplicate(""),                                     12),
        // Strings.
        (b"\"a",                          end("a closing quotation mark"),                    2),
        (b"\"a\\",                        end("an escaped character"),                        3),
        (b"\"\\u12",                      end("four hexadecimal digits"),                     5),
        (b"\"a\nb\"",                     Kind::ControlCharacter { code_point: 0x0A },        2),
        (b"\"\0\"",                       Kind::ControlCharacter { code_point: 0 },           1),
        (b"{\"a\x1F\":1}",                Kind::ControlCharacter { code_point: 0x1F },        3),
        (br#""a\x""#,                     Kind::InvalidEscape,                                2),
        (br#""\u00G0""#,                  Kind::InvalidEscape,                                1),
        (br#""\u+123""#,                  Kind::InvalidEscape,                                1),
        (br#""\U0041""#,                  Kind::InvalidEscape,                                1),
        (br#""a\ud800""#,                 Kind::LoneSurrogate { code_unit: 0xD800 },          2),
        (br#""\udc00\ud800""#,            Kind::LoneSurrogate { code_unit: 0xDC00 },          1),
        (br#""\ud83dx""#,                 Kind::LoneSurrogate { code_unit: 0xD83D },          1),
        (br#""\ud83d\ud83d""#,            Kind::LoneSurrogate { code_unit: 0xD83D },          1),
        (br#""\ud83d\n""#,                Kind::LoneSurrogate { code_unit: 0xD83D },          1),
        (br#""\ud83d\u12""#,              Kind::InvalidEscape,                                7),
        ("\"a\u{fdd0}\"".as_bytes(),      Kind::Noncharacter { code_point: 0xFDD0 },          2),
        ("\"\u{fdef}\"".as_bytes(),       Kind::Noncharacter { code_point: 0xFDEF },          1),
        ("\"\u{fffe}\"".as_bytes(),       Kind::Noncharacter { code_point: 0xFFFE },          1),
        ("\"\u{1ffff}\"".as_bytes(),      Kind::Noncharacter { code_point: 0x1_FFFF },        1),
        ("\"\u{10fffe}\"".as_bytes(),     Kind::Noncharacter { code_point: 0x10_FFFE },       1),
        (br#""a\uFFFF""#,                 Kind::Noncharacter { code_point: 0xFFFF },          2),
        (br#""\ud83f\udffe""#,            Kind::Noncharacter { code_point: 0x1_FFFE },        1),
        // Numbers.
        (b"-",                            number("a digit"),                                  1),
        (b"-a",                           number("a digit"),                                  1),
        (b"[1.]",                         number("a digit"),                                  3),
        (b"1e",                           number("a digit"),                                  2),
        (b"1e+",                          number("a digit"),                                  3),
        (b"1.5E-x",                       number("a digit"),                                  5),
        (b"01",                           number("no digit after a leading zero"),            1),
        (b"[-007]",                       number("no digit after a leading zero"),            3),
        (b"+1",                           unexpected("a value", '+'),                         0),
        (b".5",                           unexpected("a value", '.'),                         0),
        (b"0x10",                         Kind::TrailingBytes,                                1),
        (b"[9007199254740992]",           Kind::IntegerTooLarge,                              1),
        (b"9007199254740993",             Kind::IntegerTooLarge,                              0),
        (b"-9007199254740992",            Kind::IntegerTooLarge,                              0),
        (b"9007199254740992.0",           Kind::IntegerTooLarge,                              0),
        (b"9007199254740991.9",           Kind::IntegerTooLarge,                              0),
        (b"9.007199254740993e15",         Kind::IntegerTooLarge,                              0),
        (b"1e20",                         Kind::IntegerTooLarge,                              0),
        (b"18446744073709551617",         Kind::IntegerTooLarge,                              0),
        (b"1000000000000000000000",       Kind::IntegerTooLarge,                              0),
        (b"[1e999]",                      Kind::NumberNotFinite,                              1),
        (b"-1e400",                       Kind::NumberNotFinite,                              0),
        (b"[NaN]",                        Kind::NotANumber { token: "NaN" },                  1),
        (b"Infinity",                     Kind::NotANumber { token: "Infinity" },             0),
        (b"[1,-Infinity]",                Kind::NotANumber { token: "-Infinity" },            3),
        // Spelling.
        (b" 1",                           Kind::NotCanonical,                                 0),
        (b"1\n",                          Kind::NotCanonical,                                 1),
        (b"{\"a\": 1}",                   Kind::NotCanonical,                                 5),
        (br#"{"b":1,"a":2}"#,             Kind::NotCanonical,                                 2),
        (b"-0",                           Kind::NotCanonical,                                 0),
        (b"[-0.0]",                       Kind::NotCanonical,                                 1),
        (b"1.0",                          Kind::NotCanonical,                                 1),
        (b"1e3",                          Kind::NotCanonical,                                 1),
        (b"1e21",                         Kind::NotCanonical,                                 2),
        (b"0.10",                         Kind::NotCanonical,                                 3),
        (b"1e-999",                       Kind::NotCanonical,                                 0),
        (b"9007199254740990.6",           Kind::NotCanonical,                                15),
        (br#""a\/""#,                     Kind::NotCanonical,                                 2),
        (br#""\u0061""#,                  Kind::NotCanonical,                                 1),
        (br#""\u000A""#,                  Kind::NotCanonical,                                 2),
        (br#""\u001F""#,                  Kind::NotCanonical,                                 6),
    ];
    for (text, kind, offset) in rows {
        let found = refusal(text);
        assert_eq!(found, Some((kind.clone(), *offset)), "{:?}", String::from_utf8_lossy(text));
    }
}

#[test]
fn a_limit_refuses_only_what_is_beyond_it() {
    let limits = Limits {
        bytes_max: 9,
        depth_max: 2,
        members_max: 4,
    };
    let rows: [(&str, Option<(Kind, usize)>); 6] = [
        ("[1,2,3,4]", None),
        (
            "[1,2,3,45]",
            Some((
                Kind::TooLarge {
                    bytes: 10,
                    bytes_max: 9,
                },
                9,
            )),
        ),
        ("[[],[[]]]", Some((Kind::TooDeep { depth_max: 2 }, 5))),
        (
            "[[],[1,2]",
            Some((
                Kind::UnexpectedEnd {
                    expected: "`,` or `]`",
                },
                9,
            )),
        ),
        ("[[1],2,3]", None),
        (
            "[[1],2,[]",
            Some((
                Kind::UnexpectedEnd {
                    expected: "`,` or `]`",
                },
                9,
            )),
        ),
    ];
    for (text, expected) in rows {
        let found = read(text.as_bytes(), &limits)
            .err()
            .map(|error| (error.kind, error.offset));
        assert_eq!(found, expected, "{text}");
    }
    let limits = Limits {
        members_max: 3,
        ..Limits::default()
    };
    let error = read(br#"{"a":[1,2,3]}"#, &limits).unwrap_err();
    assert_eq!(
        error,
        ReadError {
            kind: Kind::TooManyMembers { members_max: 3 },
            offset: 10
        }
    );
}

#[test]
fn what_is_closed_no_longer_counts_as_open() {
    for depth_max in 2..=DEPTH_MAX {
        let limits = Limits {
            depth_max,
            ..Limits::default()
        };
        for sibling in ["[]", "{}", "[1]", r#"{"a":1}"#] {
            let text = format!("[{}]", vec![sibling; 2 * DEPTH_MAX].join(","));
            assert!(read(text.as_bytes(), &limits).is_ok(), "{text}");
        }
    }
}

#[test]
fn sixty_four_levels_are_read_and_no_limit_allows_more() {
    let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
    let limits = Limits {
        depth_max: usize::MAX,
        ..Limits::default()
    };
    assert!(read_canonical(nested(64).as_bytes(), &limits).is_ok());
    for depth in [65, 60_000] {
        let error = read(nested(depth).as_bytes(), &limits).unwrap_err();
        assert_eq!(
            error,
            ReadError {
                kind: Kind::TooDeep { depth_max: 64 },
                offset: 64
            }
        );
    }
}

#[test]
fn what_a_person_may_write_is_read() {
    let rows: [(&str, Value); 6] = [
        (" \t\r\n1e3 ", Value::Integer(1000)),
        ("-0.0", Value::Integer(0)),
        ("1e21", Value::Float(1e21)),
        ("9007199254740991", Value::Integer(9_007_199_254_740_991)),
        (r#""\ud83d\uDE00\u0000""#, Value::from("\u{1f600}\0")),
        (
            r#""\"\\\/\b\f\n\r\t""#,
            Value::from("\"\\/\u{8}\u{c}\n\r\t"),
        ),
    ];
    for (text, value) in rows {
        assert_eq!(
            read(text.as_bytes(), &Limits::default()),
            Ok(value),
            "{text}"
        );
    }
}

#[test]
fn an_error_completes_the_sentence_failed_to_read() {
    let error = read_canonical(br#"{"a":1,"a":1}"#, &Limits::default()).unwrap_err();
    assert_eq!(error.to_string(), "duplicate member name \"a\" at byte 7");
    let error = read_canonical(b"[1, 2]", &Limits::default()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "not the canonical text: the first difference is at byte 3"
    );
}
