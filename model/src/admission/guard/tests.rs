//! The guard table: its order, its two readings, and its words.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use proptest::prelude::*;

use super::*;
use crate::admission::Admission;
use crate::admission::facts::{Facts, Limits, Receiver};
use crate::domain::{Concrete, Prose};
use crate::rulebook::{Book as _, Row as _, Ruleset, admits, judge};

/// Facts of a message in which everything is wrong, delivered at instant 10.
const HOPELESS: Facts<Concrete> = Facts {
    size_bounded: false,
    well_formed: false,
    canonical: false,
    version_supported: false,
    schema_valid: false,
    sender: 0,
    sender_active: false,
    key_of_sender: false,
    key_not_before: 11,
    key_not_after: 9,
    key_revoked: true,
    signature_valid: false,
    recipient: 1,
    session_known: false,
    issued_at: 0,
    expires_at: 9,
    nonce_seen: true,
    held: 2,
    recent: 2,
};

const RECEIVER: Receiver<Concrete> = Receiver {
    me: 0,
    now: 10,
    limits: Limits {
        window: 2,
        skew: 1,
        share: 2,
        rate: 2,
    },
};

#[test]
#[rustfmt::skip]
#[expect(clippy::type_complexity, reason = "a table names what its columns are")]
fn the_first_failing_row_names_the_rejection() {
    use Rejection as R;
    // Each row is what the message is told, and then one more thing put right.
    let rows: &[(Rejection, fn(&mut Facts<Concrete>))] = &[
        (R::TooLarge,           |m| m.size_bounded = true),
        (R::Malformed,          |m| m.well_formed = true),
        (R::NotCanonical,       |m| m.canonical = true),
        (R::UnsupportedVersion, |m| m.version_supported = true),
        (R::SchemaMismatch,     |m| m.schema_valid = true),
        (R::UnknownSender,      |m| m.sender_active = true),
        (R::UnknownKey,         |m| m.key_of_sender = true),
        (R::KeyExpired,         |m| m.key_not_before = 10),
        (R::KeyExpired,         |m| m.key_not_after = 10),
        (R::KeyRevoked,         |m| m.key_revoked = false),
        (R::BadSignature,       |m| m.signature_valid = true),
        (R::WrongRecipient,     |m| m.recipient = 0),
        (R::SelfAddressed,      |m| m.sender = 1),
        (R::UnknownSession,     |m| m.session_known = true),
        (R::Stale,              |m| m.issued_at = 7),
        (R::Stale,              |m| m.issued_at = 12),
        (R::FromFuture,         |m| m.issued_at = 11),
        (R::Expired,            |m| m.expires_at = 10),
        (R::Replayed,           |m| m.nonce_seen = false),
        (R::StoreFull,          |m| m.held = 1),
        (R::TooFast,            |m| m.recent = 1),
    ];
    let mut message = HOPELESS;
    for (rejection, repair) in rows {
        assert_eq!(verdict(&message), Err(*rejection));
        repair(&mut message);
    }
    assert_eq!(verdict(&message), Ok(()));
    let mut told: Vec<_> = rows.iter().map(|(rejection, _)| *rejection).collect();
    told.dedup();
    assert_eq!(told, Rejection::ALL, "every rejection, in the order of the table");
}

#[test]
fn every_instant_of_the_window_is_admitted_and_none_beside_it() {
    let admitted: Vec<u8> = (0..=u8::MAX)
        .filter(|issued_at| {
            let facts = Facts {
                issued_at: *issued_at,
                ..flawless()
            };
            verdict(&facts).is_ok()
        })
        .collect();
    assert_eq!(
        admitted,
        [8, 9, 10, 11],
        "window 2 back, skew 1 ahead of instant 10"
    );
}

#[test]
fn no_sum_of_times_wraps_around() {
    let facts = Facts {
        issued_at: u8::MAX,
        ..flawless()
    };
    assert_eq!(facts.stale_after(&RECEIVER.limits), u8::MAX);
    assert_eq!(verdict(&facts), Err(Rejection::FromFuture));
}

fn verdict(facts: &Facts<Concrete>) -> Result<(), Rejection> {
    judge(Ruleset::<Admission>::HARDENED, |_| true, facts, &RECEIVER)
}

fn flawless() -> Facts<Concrete> {
    Facts {
        size_bounded: true,
        well_formed: true,
        canonical: true,
        version_supported: true,
        schema_valid: true,
        sender: 1,
        sender_active: true,
        key_of_sender: true,
        key_not_before: 10,
        key_not_after: 10,
        key_revoked: false,
        signature_valid: true,
        recipient: 0,
        session_known: true,
        issued_at: 10,
        expires_at: 10,
        nonce_seen: false,
        held: 1,
        recent: 1,
    }
}

/// Facts with each guard failing now and then, so that the first failure lies anywhere.
fn facts() -> impl Strategy<Value = Facts<Concrete>> {
    let mostly = || prop::bool::weighted(0.9);
    let flags = [(); 10].map(|()| mostly());
    let agent = || prop_oneof![9 => Just(true), 1 => Just(false)];
    let instants = (8..12u8, 9..11u8, 10..12u8, 10..12u8);
    (flags, agent(), agent(), mostly(), instants, 0..3u8, 0..3u8).prop_map(
        |(
            flags,
            other,
            mine,
            fresh,
            (issued_at, not_before, not_after, expires_at),
            held,
            recent,
        )| {
            let [
                size_bounded,
                well_formed,
                canonical,
                version_supported,
                schema_valid,
                sender_active,
                key_of_sender,
                live,
                signature_valid,
                session_known,
            ] = flags;
            Facts {
                size_bounded,
                well_formed,
                canonical,
                version_supported,
                schema_valid,
                sender: u8::from(other),
                sender_active,
                key_of_sender,
                key_not_before: not_before,
                key_not_after: not_after,
                key_revoked: !live,
                signature_valid,
                recipient: u8::from(!mine),
                session_known,
                issued_at,
                expires_at,
                nonce_seen: !fresh,
                held,
                recent,
            }
        },
    )
}

/// Rules with any set of weakenings.
fn rules() -> impl Strategy<Value = Ruleset<Admission>> {
    let some = prop::sample::subsequence(
        Admission::WEAKENINGS.iter().collect::<Vec<_>>(),
        0..Admission::WEAKENINGS.len(),
    );
    some.prop_map(|some| {
        some.iter()
            .fold(Ruleset::HARDENED, |rules, row| rules.dangerously_with(row))
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20_000))]

    #[test]
    fn asking_lazily_stage_by_stage_agrees_with_asking_everything(facts in facts(), rules in rules()) {
        let failing: Vec<_> = table::<Concrete>()
            .iter()
            .filter(|guard| rules.enforces(guard.id) && !(guard.holds)(&facts, &RECEIVER))
            .collect();
        let first_of = |stages: &dyn Fn(Stage) -> bool| {
            let asked = failing.iter().filter(|guard| stages(guard.stage));
            asked.min_by_key(|guard| guard.id).map_or(Ok(()), |guard| Err(guard.rejects))
        };
        let all = judge(rules, |_| true, &facts, &RECEIVER);
        prop_assert_eq!(all, first_of(&|_| true));
        prop_assert_eq!(all.is_ok(), admits(rules, |_| true, &facts, &RECEIVER));
        let mut so_far = Ok(());
        for stage in Stage::ALL {
            prop_assert_eq!(so_far.is_ok(), admits(rules, |asked| asked < stage, &facts, &RECEIVER));
            so_far = so_far.and_then(|()| judge(rules, |asked| asked == stage, &facts, &RECEIVER));
            prop_assert_eq!(so_far, judge(rules, |asked| asked <= stage, &facts, &RECEIVER));
            prop_assert_eq!(so_far, first_of(&|asked| asked <= stage));
        }
        prop_assert_eq!(so_far, all);
    }
}

#[test]
fn the_table_has_one_row_for_each_guard_in_order() {
    let rows = table::<Concrete>();
    let ids: Vec<_> = rows.iter().map(|guard| guard.id).collect();
    let rejections: Vec<_> = rows.iter().map(|guard| guard.rejects).collect();
    assert_eq!(ids, GuardId::ALL);
    assert_eq!(rejections, Rejection::ALL);
    assert!(ids.is_sorted() && rejections.is_sorted());
    assert!(
        rows.is_sorted_by_key(|guard| guard.stage),
        "a stage is never asked out of turn"
    );
    let stages: BTreeSet<_> = rows.iter().map(|guard| guard.stage).collect();
    assert!(stages.iter().eq(&Stage::ALL), "no stage is without a guard");
}

#[test]
fn names_and_codes_are_unique_and_lead_back() {
    let names: BTreeSet<_> = GuardId::ALL.iter().map(|id| id.name()).collect();
    let codes: BTreeSet<_> = Rejection::ALL
        .iter()
        .map(|rejection| rejection.code())
        .collect();
    assert_eq!(names.len(), GuardId::ALL.len());
    assert_eq!(codes.len(), Rejection::ALL.len());
    for guard in table::<Concrete>() {
        assert_eq!(guard.rejects.guard(), guard.id);
        assert_eq!(
            Rejection::of_code(guard.rejects.code()),
            Some(guard.rejects)
        );
    }
    assert_eq!(Rejection::of_code("no-such-code"), None);
}

#[test]
fn the_table_reads_like_this() {
    let (facts, me) = (Facts::<Prose>::in_words(), Receiver::<Prose>::in_words());
    let mut text = String::new();
    for guard in table::<Prose>() {
        let stage = format!("{:?}", guard.stage).to_lowercase();
        let holds = (guard.holds)(&facts, &me);
        let (name, code) = (guard.id.name(), guard.rejects.code());
        writeln!(text, "{stage:9} {name:18} {code:19} {}", holds.as_str()).expect("a string grows");
    }
    insta::assert_snapshot!(text, @r"
    bytes     size-bounded       too-large           the text is within the size limit
    text      well-formed        malformed           the text is I-JSON
    text      text-canonical     not-canonical       the text is its own RFC 8785 form
    envelope  version-supported  unsupported-version the version is supported
    envelope  schema-valid       schema-mismatch     envelope and payload satisfy their schema
    sender    sender-active      unknown-sender      the sender is listed and active
    sender    key-of-sender      unknown-key         key_id is a key of the sender
    sender    key-current        key-expired         key.not_before ≤ now and now ≤ key.not_after
    sender    key-not-revoked    key-revoked         not key.revoked
    signature signature-valid    bad-signature       the signature verifies under that key
    purpose   recipient-is-me    wrong-recipient     to = me
    purpose   not-self-addressed self-addressed      from ≠ me
    purpose   session-known      unknown-session     the session named, if any, is one the receiver holds
    purpose   not-stale          stale               now ≤ issued_at + window
    purpose   not-from-future    from-future         issued_at ≤ now + skew
    purpose   not-expired        expired             now ≤ expires_at
    store     nonce-fresh        replayed            not seen(from, nonce)
    store     share-left         store-full          entries held by the sender < share
    store     rate-within        too-fast            admissions of the sender this period < rate
    ");
}
