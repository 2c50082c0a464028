//! The flushed nonce cache: at the capacity that the listing really has, and by honest traffic.

use countersign_model::admission::facts::Limits;
use countersign_model::admission::invariant::InvariantId;
use countersign_model::admission::message::{Message, Presented};
use countersign_model::admission::step::Action as Move;
use countersign_model::admission::story::{ENDLESS, Story};
use countersign_model::admission::world::{Key, Setting};
use countersign_model::domain::Ledger;
use countersign_replay::Trace;
use countersign_replay::admission::action::Action;
use countersign_replay::tell_error::TellError;
use countersign_replay::trace::{Expect, Step};

use super::performing::SEED;

/// Entries that the listing's cache holds.
pub(crate) const CAPACITY: u64 = 1_000;
/// Messages of one sender in a minute: ten a second.
const RATE: u32 = 600;
/// A tick of a minute, in milliseconds.
const MINUTE_MS: u64 = 60_000;

/// The attack that was found on a cache of one entry, on a cache of a thousand: the message that
/// flushes it comes a thousand times, within the rate.
pub(crate) fn at_real_capacity(found: &Trace) -> Result<Trace, TellError> {
    let mut trace = found.clone();
    "a nonce cache of 1,000 is flushed in two minutes, at ten messages a second"
        .clone_into(&mut trace.lesson);
    trace.setting.capacity = CAPACITY;
    trace.setting.window = 5;
    trace.setting.rate = RATE.into();
    trace.clock.tick_ms = MINUTE_MS;
    trace.steps = found
        .steps
        .iter()
        .flat_map(|step| repeated(step, trace.clock.start))
        .collect();
    trace.foretell(Some(InvariantId::Once))
}

/// An injection as many, in two minutes; any other step as it is.
fn repeated(step: &Step, start: u64) -> Vec<Step> {
    let Action::Inject {
        message, presented, ..
    } = &step.action
    else {
        return vec![step.clone()];
    };
    let flood = |handle: &str, first: u32, issued_at, times| Action::Inject {
        message: countersign_replay::admission::action::Message {
            handle: handle.to_owned(),
            nonce: format!("n{first}"),
            issued_at,
            ..message.clone()
        },
        presented: presented.clone(),
        copies: 1,
        times,
    };
    let rest = u32::try_from(CAPACITY)
        .unwrap_or(u32::MAX)
        .saturating_sub(RATE);
    let actions = [
        flood("m2", 1, start, RATE),
        Action::Advance { to: start + 1 },
        flood("m3", 1 + RATE, start + 1, rest),
    ];
    let steps = actions.map(|action| Step {
        action,
        expect: Expect::default(),
        bytes: Vec::new(),
    });
    steps.to_vec()
}

/// Nobody attacks: two agents talk, the cache is small, and the network delivers a message twice.
pub(crate) fn by_honest_traffic(weakening: &str) -> Result<Trace, TellError> {
    let (bob, alice, carol) = (0, 1, 2);
    // Each at an instant of its own, so that not even a nonce taken from the clock comes twice.
    let message = |author: u32, instant: u32| Message::<Ledger> {
        author,
        from: author,
        inner_from: author,
        to: bob,
        nonce: instant,
        kind: 0,
        issued_at: instant.into(),
        timed: true,
        expires_at: ENDLESS,
        key: author,
        signed: true,
        size_bounded: true,
        well_formed: true,
        canonical: true,
        version_supported: true,
        schema_valid: true,
        session_known: true,
        intricate: false,
    };
    let (first, second) = (message(alice, 1), message(carol, 2));
    let deliver = |number: u32, message: &Message<Ledger>| {
        Move::Deliver(number, Presented::unaltered(message))
    };
    let key = |owner: u32| Key {
        owner,
        listed: true,
        not_before: 0,
        not_after: ENDLESS,
        revoked: false,
        compromised: false,
    };
    let story = Story {
        setting: Setting {
            me: bob,
            limits: Limits {
                window: 1,
                skew: 1,
                share: 2,
                rate: 2,
            },
            overlap: 1,
            capacity: 1,
        },
        start: 1,
        hostile: vec![false, false, false],
        keys: vec![key(bob), key(alice), key(carol)],
        messages: vec![first, second],
        actions: vec![
            Move::Send(0),
            deliver(0, &first),
            Move::Advance(2),
            Move::Send(1),
            deliver(1, &second),
            deliver(0, &first),
        ],
    };
    let lesson = "honest traffic alone flushes the nonce cache";
    Trace::tell(&story, &[weakening], Some(InvariantId::Once), lesson, SEED)
}
