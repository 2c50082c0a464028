//! What each step needs: by whom and when it is taken, and what the guards demand of it.

use super::few::{
    ALICES, BOBS, Few, IDLE, LOW_SHARE, OWN_SHARE, TWIN, after, first, passed_on, with_agent,
    with_run, words,
};
use super::weakened;
use crate::domain::Table as _;
use crate::handshake::crowd::record::{Run, World};
use crate::handshake::crowd::step::{Action, Evidence};
use crate::handshake::script::{ALICE, BOB, MALLORY, NEWEST, OTHER_SUITE, SUITE};
use crate::rulebook::Ruleset;

/// The names of those worlds and actions in which the action cannot be taken.
fn impossible(
    cases: impl IntoIterator<Item = (&'static str, World<Few>, Action<Few>)>,
) -> Vec<&'static str> {
    let rules = Ruleset::HARDENED;
    let refused = cases
        .into_iter()
        .filter(|(_, world, action)| !world.step(rules, action).enabled);
    refused.map(|(name, ..)| name).collect()
}

#[test]
fn a_hello_is_sent_once_and_by_those_who_begin() {
    let cases = [
        ("possible", first(), Action::Begin(TWIN)),
        ("begun before", after(1), Action::Begin(ALICES)),
        ("by a responder", first(), Action::Begin(BOBS)),
    ];
    assert_eq!(impossible(cases), ["begun before", "by a responder"]);
}

#[test]
fn a_hello_is_answered_once_and_by_those_who_wait() {
    let hello = |to, share| Action::Hello(to, words(share));
    let waiting = after(1);
    let cases = [
        ("possible", waiting.clone(), hello(BOBS, ALICES)),
        ("by the attacker", waiting.clone(), hello(BOBS, OWN_SHARE)),
        ("a share not sent yet", waiting.clone(), hello(BOBS, TWIN)),
        ("to an initiator", waiting.clone(), hello(TWIN, ALICES)),
        ("of low order", waiting, hello(BOBS, LOW_SHARE)),
        ("a second time", after(2), hello(BOBS, ALICES)),
    ];
    assert_eq!(
        impossible(cases),
        [
            "a share not sent yet",
            "to an initiator",
            "of low order",
            "a second time"
        ]
    );
}

#[test]
fn an_answer_is_accepted_once_and_as_the_guards_demand() {
    let answer = |change: fn(&mut Run<Few>, &mut Evidence<Few>)| {
        let mut heard = after(2).runs.at(&ALICES);
        heard.heard = words(BOBS);
        heard.version = NEWEST;
        heard.suite = SUITE;
        let mut evidence = passed_on(BOBS, BOB);
        change(&mut heard, &mut evidence);
        Action::Answer(ALICES, heard.heard, heard.version, heard.suite, evidence)
    };
    let usual = || answer(|_, _| {});
    // Mallory's own answer: it knows the secret, and has the key.
    let mallorys = || {
        answer(|run, evidence| {
            run.heard.share = OWN_SHARE;
            evidence.peer = MALLORY;
            evidence.key = MALLORY;
        })
    };
    let meant = |peer| with_run(after(2), ALICES, move |run| run.meant = peer);
    let cases = [
        ("possible", after(2), usual()),
        ("by the one who was meant", meant(MALLORY), mallorys()),
        ("by another", after(2), mallorys()),
        (
            "by one not entitled",
            with_agent(meant(MALLORY), MALLORY, |it| it.entitled = false),
            mallorys(),
        ),
        (
            "not begun",
            with_run(after(2), ALICES, |run| run.begun = false),
            usual(),
        ),
        ("a second time", after(3), usual()),
        (
            "to a responder",
            with_run(after(2), ALICES, |run| run.begins = false),
            usual(),
        ),
        (
            "a share not sent yet",
            meant(MALLORY),
            answer(|run, evidence| {
                run.heard.share = IDLE;
                evidence.peer = MALLORY;
            }),
        ),
        ("an old version", after(2), answer(|run, _| run.version = 2)),
        (
            "another suite",
            after(2),
            answer(|run, _| run.suite = OTHER_SUITE),
        ),
        (
            "too few capabilities",
            after(2),
            answer(|run, _| run.heard.capabilities = 0),
        ),
        (
            "an altered capability",
            after(2),
            answer(|run, _| run.heard.capabilities = 1),
        ),
        (
            "another key",
            after(2),
            answer(|_, evidence| evidence.key = MALLORY),
        ),
        (
            "not sealed",
            after(2),
            answer(|_, evidence| evidence.sealed = false),
        ),
        (
            "not bound",
            after(2),
            answer(|_, evidence| evidence.bound = false),
        ),
        (
            "not signed",
            after(2),
            answer(|_, evidence| evidence.signed = false),
        ),
        (
            "of a run that has not answered",
            after(2),
            answer(|_, evidence| evidence.source = IDLE),
        ),
    ];
    let possible = ["possible", "by the one who was meant"];
    let names = cases.iter().map(|(name, ..)| *name);
    let expected: Vec<_> = names.filter(|name| !possible.contains(name)).collect();
    assert_eq!(impossible(cases), expected);
}

#[test]
fn an_answer_has_a_version_and_a_share_that_was_sent_whatever_the_guards_say() {
    let rules = weakened("without-version-best");
    let answer = |version| {
        let proof = passed_on(BOBS, BOB);
        Action::Answer(ALICES, words(BOBS), version, SUITE, proof)
    };
    let accepts = |version| {
        let mut world = with_run(after(2), BOBS, |run| run.version = version);
        world.version_floor = 0;
        world.step(rules, &answer(version)).enabled
    };
    assert!(accepts(1));
    assert!(!accepts(0));

    // Who has what alice drew proves itself to her with any share, if it was sent.
    let world = with_run(after(2), ALICES, |run| {
        run.ephemeral_lost = true;
        run.meant = MALLORY;
    });
    let proof = passed_on(BOBS, MALLORY);
    let answer = |share| Action::Answer(ALICES, words(share), NEWEST, SUITE, proof.clone());
    assert!(world.step(Ruleset::HARDENED, &answer(BOBS)).enabled);
    assert!(!world.step(Ruleset::HARDENED, &answer(IDLE)).enabled);
}

#[test]
fn a_finish_is_accepted_once_and_by_those_who_answered() {
    let finish = |to| Action::Finish(to, passed_on(ALICES, ALICE));
    let cases = [
        ("possible", after(3), finish(BOBS)),
        ("a second time", after(4), finish(BOBS)),
        (
            "before the answer",
            with_run(after(3), BOBS, |run| run.begun = false),
            finish(BOBS),
        ),
        (
            "by an initiator",
            with_run(after(3), BOBS, |run| run.begins = true),
            finish(BOBS),
        ),
        ("of a run that has no answer", after(2), finish(BOBS)),
    ];
    assert_eq!(
        impossible(cases),
        [
            "a second time",
            "before the answer",
            "by an initiator",
            "of a run that has no answer"
        ]
    );
}

#[test]
fn a_confirmation_is_accepted_once_and_by_those_who_have_an_answer() {
    let confirm = |valid, source| Action::Confirm(ALICES, valid, source);
    let cases = [
        ("possible", after(4), confirm(true, BOBS)),
        ("not valid", after(4), confirm(false, BOBS)),
        ("a second time", after(5), confirm(true, BOBS)),
        (
            "without an answer",
            with_run(after(4), ALICES, |run| run.accepted = false),
            confirm(true, BOBS),
        ),
        (
            "by a responder",
            with_run(after(4), ALICES, |run| run.begins = false),
            confirm(true, BOBS),
        ),
        ("before the finish", after(3), confirm(true, BOBS)),
        ("of another run", after(4), confirm(true, IDLE)),
    ];
    assert_eq!(
        impossible(cases),
        [
            "not valid",
            "a second time",
            "without an answer",
            "by a responder",
            "before the finish",
            "of another run"
        ]
    );
    let without = weakened("without-confirmation-valid");
    assert!(after(3).step(without, &confirm(false, BOBS)).enabled);
    assert!(!after(3).step(without, &confirm(true, BOBS)).enabled);
    let to_bob = Action::Confirm(BOBS, false, ALICES);
    assert!(!after(4).step(without, &to_bob).enabled);
}
