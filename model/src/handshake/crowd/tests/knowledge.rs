//! What the attacker can know and make, from what it was given.

use super::few::{ALICES, BOBS, Change, Few, IDLE, LOW_SHARE, OWN_SHARE, TWIN, after, agent, run};
use super::{scene, weakened};
use crate::domain::Table as _;
use crate::handshake::Handshake;
use crate::handshake::crowd::Scene;
use crate::handshake::crowd::knowledge::LongTerm;
use crate::handshake::crowd::record::{Run, World};
use crate::handshake::script::{ALICE, BOB, MALLORY, PRINCIPALS};
use crate::rulebook::Ruleset;

const HARDENED: Ruleset<Handshake> = Ruleset::HARDENED;

/// What the attacker can be given, or have done, besides listening to alice and bob.
const GIVEN: [Change; 22] = [
    ("nothing", |_| {}),
    ("what alice drew", |it| alice(it).ephemeral_lost = true),
    ("what bob drew", |it| bob(it).ephemeral_lost = true),
    ("what others drew", |it| {
        run(it, TWIN).ephemeral_lost = true;
        run(it, IDLE).ephemeral_lost = true;
    }),
    ("alice's session key", |it| alice(it).session_lost = true),
    ("bob's session key", |it| bob(it).session_lost = true),
    ("no session key of bob's yet", |it| {
        bob(it).session_lost = true;
        bob(it).accepted = false;
    }),
    ("another session key of bob's", |it| {
        bob(it).session_lost = true;
        bob(it).heard.share = TWIN;
    }),
    ("alice's sealing keys", |it| alice(it).sealing_lost = true),
    ("no sealing keys of alice's yet", |it| {
        alice(it).sealing_lost = true;
        alice(it).accepted = false;
    }),
    ("alice's sealing keys after another answer", |it| {
        alice(it).sealing_lost = true;
        alice(it).proof.key += PRINCIPALS;
    }),
    ("bob's sealing keys", |it| bob(it).sealing_lost = true),
    ("no sealing keys of bob's yet", |it| {
        bob(it).sealing_lost = true;
        bob(it).begun = false;
    }),
    ("other sealing keys of bob's", |it| {
        bob(it).sealing_lost = true;
        bob(it).heard.share = TWIN;
    }),
    ("bob's sealing keys after another answer", |it| {
        bob(it).sealing_lost = true;
        bob(it).key += PRINCIPALS;
    }),
    ("the share that alice heard is its own", |it| {
        alice(it).heard.share = OWN_SHARE;
        let never_drew_it = run(it, IDLE);
        never_drew_it.ephemeral_lost = true;
        never_drew_it.sealing_lost = true;
    }),
    ("bob drew a share of low order", |it| {
        bob(it).share = LOW_SHARE + BOBS;
        alice(it).heard.share = LOW_SHARE + BOBS;
    }),
    ("alice's long-term secret", |it| {
        agent(it, ALICE).lost = true;
    }),
    ("bob's long-term secret", |it| agent(it, BOB).lost = true),
    ("bob is hostile", |it| agent(it, BOB).hostile = true),
    ("the peer of alice is hostile", |it| {
        alice(it).proof.peer = MALLORY;
    }),
    ("the peer of alice has her name, and its secret", |it| {
        alice(it).proof.peer = ALICE;
        agent(it, ALICE).lost = true;
    }),
];

fn alice(world: &mut World<Few>) -> &mut Run<Few> {
    run(world, ALICES)
}

fn bob(world: &mut World<Few>) -> &mut Run<Few> {
    run(world, BOBS)
}

/// What gives the attacker something of this run, of which `has` says whether it has it.
fn enough(
    rules: Ruleset<Handshake>,
    number: u8,
    has: fn(&Scene<'_, Few>, &Run<Few>) -> bool,
) -> Vec<&'static str> {
    let enough = GIVEN.iter().filter(|(_, give)| {
        let mut world = after(5);
        give(&mut world);
        has(&scene(rules, &world), &world.runs.at(&number))
    });
    enough.map(|(what, _)| *what).collect()
}

fn knows_now(scene: &Scene<'_, Few>, run: &Run<Few>) -> bool {
    scene.knows(&run.agreed(), LongTerm::Held)
}

fn knows_later(scene: &Scene<'_, Few>, run: &Run<Few>) -> bool {
    scene.knows(&run.agreed(), LongTerm::All)
}

const DRAWN: [&str; 2] = ["what alice drew", "what bob drew"];
const WEAK: [&str; 2] = [
    "the share that alice heard is its own",
    "bob drew a share of low order",
];

#[test]
fn a_secret_is_known_by_what_it_was_made_from() {
    let known = [DRAWN, WEAK].concat();
    assert_eq!(enough(HARDENED, ALICES, knows_now), known);
    assert_eq!(enough(HARDENED, ALICES, knows_later), known);
}

#[test]
fn where_it_is_the_key_it_is_known_by_whatever_is_sealed_with_it_too() {
    let raw = weakened("raw-shared-secret");
    assert_eq!(
        enough(raw, ALICES, knows_now),
        [
            "what alice drew",
            "what bob drew",
            "alice's session key",
            "bob's session key",
            "alice's sealing keys",
            "alice's sealing keys after another answer",
            "bob's sealing keys",
            "bob's sealing keys after another answer",
            "the share that alice heard is its own",
            "bob drew a share of low order",
        ]
    );
}

#[test]
fn where_shares_are_for_life_it_is_known_by_the_secrets_of_those_who_drew_them() {
    let rules = weakened("static-shares");
    let secrets = [
        "alice's long-term secret",
        "bob's long-term secret",
        "bob is hostile",
        "the peer of alice has her name, and its secret",
    ];
    let known = [WEAK.as_slice(), &secrets].concat();
    assert_eq!(enough(rules, ALICES, knows_now), known);
    assert_eq!(enough(rules, ALICES, knows_later).len(), GIVEN.len());
}

#[test]
#[expect(
    clippy::redundant_closure_for_method_calls,
    reason = "a method is that of one lifetime"
)]
fn a_proof_is_open_to_whoever_has_the_key_that_seals_it() {
    let opens = |rules, number| enough(rules, number, |scene, run| scene.opens(run));
    assert_eq!(
        opens(HARDENED, ALICES),
        [
            "what alice drew",
            "what bob drew",
            "alice's sealing keys",
            "alice's sealing keys after another answer",
            "bob's sealing keys",
            "the share that alice heard is its own",
            "bob drew a share of low order",
        ]
    );
    assert_eq!(
        opens(HARDENED, BOBS),
        [
            "what alice drew",
            "what bob drew",
            "alice's sealing keys",
            "alice's sealing keys after another answer",
            "bob's sealing keys",
            "other sealing keys of bob's",
            "bob's sealing keys after another answer",
            "bob drew a share of low order",
        ]
    );
    let clear = weakened("signs-shares-in-the-clear");
    assert_eq!(opens(clear, ALICES).len(), GIVEN.len());
}

#[test]
#[expect(
    clippy::redundant_closure_for_method_calls,
    reason = "a method is that of one lifetime"
)]
fn what_is_no_excuse_was_not_given() {
    assert_eq!(
        enough(HARDENED, ALICES, |scene, run| scene.is_exposed(run)),
        DRAWN
    );
    assert_eq!(
        enough(HARDENED, ALICES, |scene, run| scene.is_unsealed(run)),
        [
            "alice's sealing keys",
            "no sealing keys of alice's yet",
            "alice's sealing keys after another answer",
            "bob's sealing keys",
            "no sealing keys of bob's yet",
            "other sealing keys of bob's",
            "bob's sealing keys after another answer",
        ]
    );
    assert_eq!(
        enough(HARDENED, ALICES, |scene, run| scene.is_given(run)),
        ["alice's session key", "bob's session key"]
    );
    assert_eq!(
        enough(HARDENED, ALICES, |scene, run| scene.peer_is_lost(run)),
        [
            "bob's long-term secret",
            "bob is hostile",
            "the peer of alice is hostile",
        ]
    );
}
