//! The domains agree: the guard table judges alike on the explorer's bytes and on the real code's
//! milliseconds and SPIFFE ids, and asking lazily, stage by stage, judges like asking everything.

#![expect(clippy::unwrap_used, reason = "a test fails loudly")]

use countersign::domain::Real;
use countersign::identity::SpiffeId;
use countersign_model::admission::Admission;
use countersign_model::admission::facts::{Facts, Limits, Receiver};
use countersign_model::admission::guard::Stage;
use countersign_model::domain::{Concrete, Domain};
use countersign_model::rulebook::{Book as _, Ruleset, admits, judge};
use proptest::prelude::*;

/// Random facts and rules compared.
const CASES: u32 = 20_000;

/// One instant in the explorer's clock, in milliseconds of the real one.
const TICK_MS: u64 = 1000;

fn id(agent: u8) -> SpiffeId {
    SpiffeId::parse_agent(&format!("spiffe://example.org/agent/{agent}")).unwrap()
}

fn real_facts(facts: &Facts<Concrete>) -> Facts<Real> {
    let instant = |tick: u8| u64::from(tick) * TICK_MS;
    Facts {
        size_bounded: facts.size_bounded,
        well_formed: facts.well_formed,
        canonical: facts.canonical,
        version_supported: facts.version_supported,
        schema_valid: facts.schema_valid,
        sender: id(facts.sender),
        sender_active: facts.sender_active,
        key_of_sender: facts.key_of_sender,
        key_not_before: instant(facts.key_not_before),
        key_not_after: instant(facts.key_not_after),
        key_revoked: facts.key_revoked,
        signature_valid: facts.signature_valid,
        recipient: id(facts.recipient),
        session_known: facts.session_known,
        issued_at: instant(facts.issued_at),
        expires_at: instant(facts.expires_at),
        nonce_seen: facts.nonce_seen,
        held: facts.held.into(),
        recent: facts.recent.into(),
    }
}

fn real_receiver(me: &Receiver<Concrete>) -> Receiver<Real> {
    let instant = |tick: u8| u64::from(tick) * TICK_MS;
    Receiver {
        me: id(me.me),
        now: instant(me.now),
        limits: Limits {
            window: instant(me.limits.window),
            skew: instant(me.limits.skew),
            share: me.limits.share.into(),
            rate: me.limits.rate.into(),
        },
    }
}

/// Mostly true, so that late guards are reached too.
fn mostly() -> impl Strategy<Value = bool> {
    prop::bool::weighted(0.93)
}

fn facts() -> impl Strategy<Value = Facts<Concrete>> {
    let text = (mostly(), mostly(), mostly(), mostly(), mostly());
    let sender = (
        0u8..4,
        mostly(),
        mostly(),
        0u8..4,
        3u8..9,
        mostly(),
        mostly(),
    );
    let purpose = (0u8..3, mostly(), 0u8..8, 2u8..9, mostly(), 0u8..3, 0u8..3);
    (text, sender, purpose).prop_map(|(text, sender, purpose)| Facts {
        size_bounded: text.0,
        well_formed: text.1,
        canonical: text.2,
        version_supported: text.3,
        schema_valid: text.4,
        sender: sender.0,
        sender_active: sender.1,
        key_of_sender: sender.2,
        key_not_before: sender.3,
        key_not_after: sender.4,
        key_revoked: !sender.5,
        signature_valid: sender.6,
        recipient: purpose.0,
        session_known: purpose.1,
        issued_at: purpose.2,
        expires_at: purpose.3,
        nonce_seen: !purpose.4,
        held: purpose.5,
        recent: purpose.6,
    })
}

fn receiver() -> impl Strategy<Value = Receiver<Concrete>> {
    (0u8..2, 1u8..8, 0u8..4, 0u8..3, 1u8..3, 1u8..3).prop_map(
        |(me, now, window, skew, share, rate)| Receiver {
            me,
            now,
            limits: Limits {
                window,
                skew,
                share,
                rate,
            },
        },
    )
}

fn rules() -> impl Strategy<Value = Ruleset<Admission>> {
    let picked = prop::collection::vec(
        prop::sample::select(Admission::WEAKENINGS.iter().collect::<Vec<_>>()),
        0..4,
    );
    picked.prop_map(|rows| {
        rows.iter()
            .fold(Ruleset::HARDENED, |rules, row| rules.dangerously_with(row))
    })
}

/// What asking one stage after the other comes to.
fn staged<D: Domain<Bool = bool>>(
    rules: Ruleset<Admission>,
    facts: &Facts<D>,
    me: &Receiver<D>,
) -> Result<(), countersign_model::admission::guard::Rejection> {
    Stage::ALL
        .into_iter()
        .try_for_each(|stage| judge(rules, |asked| asked == stage, facts, me))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(CASES))]

    #[test]
    fn the_guard_table_judges_alike_in_the_model_and_in_the_real_code(
        facts in facts(),
        me in receiver(),
        rules in rules(),
    ) {
        let model = judge(rules, |_| true, &facts, &me);
        let (real_facts, real_me) = (real_facts(&facts), real_receiver(&me));
        prop_assert_eq!(model, judge(rules, |_| true, &real_facts, &real_me));
        prop_assert_eq!(model, staged(rules, &real_facts, &real_me));
        prop_assert_eq!(model.is_ok(), admits(rules, |_| true, &facts, &me));
        prop_assert_eq!(model.is_ok(), admits(rules, |_| true, &real_facts, &real_me));
    }
}
