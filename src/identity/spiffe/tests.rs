//! Every rule of SPIFFE-ID sections 2.1 to 2.3, from both sides.

use proptest::prelude::*;

use super::SpiffeIdError as E;
use super::*;

/// `(id, trust domain, path)`.
const ACCEPTED: &[(&str, &str, &str)] = &[
    ("spiffe://example.org", "example.org", ""),
    (
        "spiffe://example.org/agent/alice",
        "example.org",
        "/agent/alice",
    ),
    (
        "spiffe://example.org/9eebccd2-12bf-40a6-b262-65fe0487d453",
        "example.org",
        "/9eebccd2-12bf-40a6-b262-65fe0487d453",
    ),
    ("spiffe://a/b", "a", "/b"),
    ("spiffe://0/0", "0", "/0"),
    (
        "spiffe://under_score-dash.dot/x",
        "under_score-dash.dot",
        "/x",
    ),
    ("spiffe://10.0.0.1/node", "10.0.0.1", "/node"),
    ("spiffe://-._/x", "-._", "/x"),
    (
        "spiffe://example.org/UPPER/lower/0-9._",
        "example.org",
        "/UPPER/lower/0-9._",
    ),
    ("spiffe://example.org/...", "example.org", "/..."),
    ("spiffe://example.org/.hidden", "example.org", "/.hidden"),
    ("spiffe://example.org/a..b", "example.org", "/a..b"),
    ("spiffe://example.org/-/_", "example.org", "/-/_"),
    ("spiffe://spiffe/spiffe", "spiffe", "/spiffe"),
];

#[rustfmt::skip]
fn refused() -> Vec<(&'static str, SpiffeIdError)> {
    let wrong_scheme = |found: &str| E::WrongScheme {
        found: found.to_owned(),
    };
    let domain_character = |character, offset| E::TrustDomainCharacter { character, offset };
    let path_character = |character, offset| E::PathCharacter { character, offset };
    let dots = |segment: &str, offset| E::DotSegment {
        segment: segment.to_owned(),
        offset,
    };
    vec![
        // Section 2: the scheme, and nothing behind the path.
        ("",                              wrong_scheme("")),
        ("spiffe",                        wrong_scheme("spiffe")),
        ("spiffe:/td/x",                  wrong_scheme("spiffe:/t")),
        ("spiffe:td/x",                   wrong_scheme("spiffe:td")),
        ("SPIFFE://td/x",                 wrong_scheme("SPIFFE://")),
        ("Spiffe://td/x",                 wrong_scheme("Spiffe://")),
        ("https://td/x",                  wrong_scheme("https://t")),
        ("//td/x",                        wrong_scheme("//td/x")),
        (" spiffe://td/x",                wrong_scheme(" spiffe:/")),
        ("ſpiffe://td/x",                 wrong_scheme("ſpiffe://")),
        ("spiffe://td?q",                 E::Query { offset: 11 }),
        ("spiffe://td/x?q=1",             E::Query { offset: 13 }),
        ("spiffe://td/x?",                E::Query { offset: 13 }),
        ("spiffe://td#f",                 E::Fragment { offset: 11 }),
        ("spiffe://td/x#f",               E::Fragment { offset: 13 }),
        ("spiffe://td/x#",                E::Fragment { offset: 13 }),
        // Section 2.1: the trust domain.
        ("spiffe://",                     E::EmptyTrustDomain),
        ("spiffe:///x",                   E::EmptyTrustDomain),
        ("spiffe://?q",                   E::EmptyTrustDomain),
        ("spiffe://#f",                   E::EmptyTrustDomain),
        ("spiffe://user@td/x",            E::UserInformation { offset: 13 }),
        ("spiffe://user:pass@td/x",       E::UserInformation { offset: 18 }),
        ("spiffe://@td/x",                E::UserInformation { offset: 9 }),
        ("spiffe://td:443/x",             E::Port { offset: 11 }),
        ("spiffe://td:/x",                E::Port { offset: 11 }),
        ("spiffe://[::1]/x",              E::Port { offset: 10 }),
        ("spiffe://t%64/x",               E::PercentEncoding { offset: 10 }),
        ("spiffe://Td/x",                 domain_character('T', 9)),
        ("spiffe://tD/x",                 domain_character('D', 10)),
        ("spiffe://t d/x",                domain_character(' ', 10)),
        ("spiffe://t\0d/x",               domain_character('\0', 10)),
        ("spiffe://td\\x",                domain_character('\\', 11)),
        ("spiffe://t*d/x",                domain_character('*', 10)),
        ("spiffe://t!d/x",                domain_character('!', 10)),
        ("spiffe://t~d/x",                domain_character('~', 10)),
        ("spiffe://[v1.x]/x",             domain_character('[', 9)),
        ("spiffe://tdé/x",                domain_character('é', 11)),
        ("spiffe://\u{430}bc/x",          domain_character('\u{430}', 9)),
        ("spiffe://td\n",                 domain_character('\n', 11)),
        // Section 2.2: the path.
        ("spiffe://td/",                  E::TrailingSlash { offset: 11 }),
        ("spiffe://td/x/",                E::TrailingSlash { offset: 13 }),
        ("spiffe://td//",                 E::TrailingSlash { offset: 12 }),
        ("spiffe://td//x",                E::EmptySegment { offset: 12 }),
        ("spiffe://td/x//y",              E::EmptySegment { offset: 14 }),
        ("spiffe://td/.",                 dots(".", 12)),
        ("spiffe://td/..",                dots("..", 12)),
        ("spiffe://td/./x",               dots(".", 12)),
        ("spiffe://td/../x",              dots("..", 12)),
        ("spiffe://td/x/.",               dots(".", 14)),
        ("spiffe://td/x/../y",            dots("..", 14)),
        ("spiffe://td/%61",               E::PercentEncoding { offset: 12 }),
        ("spiffe://td/x%2Fy",             E::PercentEncoding { offset: 13 }),
        ("spiffe://td/%2e%2e/x",          E::PercentEncoding { offset: 12 }),
        ("spiffe://td/x y",               path_character(' ', 13)),
        ("spiffe://td/x ",                path_character(' ', 13)),
        ("spiffe://td/x\n",               path_character('\n', 13)),
        ("spiffe://td/x\0",               path_character('\0', 13)),
        ("spiffe://td/x\\y",              path_character('\\', 13)),
        ("spiffe://td/x:y",               path_character(':', 13)),
        ("spiffe://td/x@y",               path_character('@', 13)),
        ("spiffe://td/x~y",               path_character('~', 13)),
        ("spiffe://td/x*",                path_character('*', 13)),
        ("spiffe://td/x+y",               path_character('+', 13)),
        ("spiffe://td/x;y",               path_character(';', 13)),
        ("spiffe://td/é",                 path_character('é', 12)),
        ("spiffe://td/\u{ff0f}x",         path_character('\u{ff0f}', 12)),
        ("spiffe://td/x\u{200b}",         path_character('\u{200b}', 13)),
    ]
}

#[test]
fn every_valid_form_is_accepted_and_split() {
    assert_eq!(ACCEPTED.len(), 14);
    for &(text, trust_domain, path) in ACCEPTED {
        let id = SpiffeId::parse(text).unwrap_or_else(|error| panic!("{text:?}: {error}"));
        assert_eq!(
            (id.as_str(), id.trust_domain(), id.path()),
            (text, trust_domain, path)
        );
    }
}

#[test]
fn every_broken_rule_is_refused_by_name_and_place() {
    let refused = refused();
    assert_eq!(refused.len(), 67);
    for (text, error) in refused {
        assert_eq!(SpiffeId::parse(text), Err(error), "{text:?}");
    }
}

#[test]
fn lengths_are_accepted_up_to_the_limit_of_section_2_3() {
    let domain = |length| format!("spiffe://{}/x", "d".repeat(length));
    assert!(SpiffeId::parse(&domain(255)).is_ok());
    let refusal = E::TrustDomainTooLong { length_bytes: 256 };
    assert_eq!(SpiffeId::parse(&domain(256)), Err(refusal));

    let whole = |length: usize| format!("{:p<length$}", "spiffe://td/");
    assert!(SpiffeId::parse(&whole(2_048)).is_ok());
    let refusal = E::TooLong {
        length_bytes: 2_049,
    };
    assert_eq!(SpiffeId::parse(&whole(2_049)), Err(refusal));
}

#[test]
fn an_agent_has_a_path() {
    assert_eq!(
        SpiffeId::parse_agent("spiffe://example.org"),
        Err(E::NoPath)
    );
    assert!(SpiffeId::parse_agent("spiffe://example.org/alice").is_ok());
    assert_eq!(
        SpiffeId::parse_agent("spiffe://td/"),
        Err(E::TrailingSlash { offset: 11 })
    );
}

#[test]
fn ids_that_differ_in_one_byte_are_different_principals() {
    let id = |text| SpiffeId::parse(text).unwrap();
    assert_ne!(id("spiffe://td/alice"), id("spiffe://td/Alice"));
    assert!(id("spiffe://td/alice") < id("spiffe://td/bob"));
    assert_eq!(id("spiffe://td/alice").clone(), id("spiffe://td/alice"));
}

#[test]
fn messages_name_both_values() {
    let message = |text| SpiffeId::parse(text).unwrap_err().to_string();
    assert_eq!(
        message("http://td/x"),
        r#"id begins with "http://td", expected "spiffe://""#
    );
    assert_eq!(
        message("spiffe://tD/x"),
        "'D' at byte 10 of the trust domain, expected one of a-z 0-9 . _ -"
    );
    assert_eq!(
        message("spiffe://td/x/.."),
        r#"path segment ".." at byte 14 is relative, expected a name"#
    );
}

prop_compose! {
    /// Ids with a letter in the trust domain, so that there is a case to change.
    fn agent_id()(
        domain in "[a-z][a-z0-9._-]{0,40}",
        segments in prop::collection::vec("[A-Za-z0-9_-][A-Za-z0-9._-]{0,20}", 1..6),
    ) -> String {
        format!("spiffe://{domain}/{}", segments.join("/"))
    }
}

proptest! {
    #[test]
    fn an_accepted_id_survives_the_round_trip(text in agent_id()) {
        let id = SpiffeId::parse_agent(&text).unwrap();
        prop_assert_eq!(id.to_string(), text.as_str());
        prop_assert_eq!(format!("spiffe://{}{}", id.trust_domain(), id.path()), text);
    }

    #[test]
    fn no_variant_of_an_id_is_taken_for_it(text in agent_id(), at in 9_usize..2_048) {
        let path = text[9..].find('/').map(|slash| 9 + slash).unwrap();
        let inside = at % text.len();
        let variants = [
            text.replacen("spiffe", "Spiffe", 1),
            text.replacen("spiffe", "SPIFFE", 1),
            format!("spiffe://{}{}", text[9..path].to_uppercase(), &text[path..]),
            format!("{}%{}", &text[..inside], &text[inside..]),
            format!("{text}/"),
            format!("{text}/."),
            format!("{text}/../x"),
            format!("{}/.{}", &text[..path], &text[path..]),
            format!("{}/{}", &text[..path], &text[path..]),
            format!("{}:443{}", &text[..path], &text[path..]),
            format!("{text}?"),
            format!("{text}#"),
            format!(" {text}"),
            format!("{text} "),
        ];
        for variant in variants {
            prop_assert!(SpiffeId::parse(&variant).is_err(), "{variant}");
        }
    }

    #[test]
    fn any_text_is_read_without_panic_and_kept_byte_for_byte(text in "(spiffe://)?\\PC{0,60}") {
        if let Ok(id) = SpiffeId::parse(&text) {
            prop_assert_eq!(id.as_str(), text);
        }
    }
}
