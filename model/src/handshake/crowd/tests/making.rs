//! What the attacker can deliver: which parts of a proof it can make, and which only as they were sent.

use super::few::{ALICES, BOBS, Few, IDLE, after, agent, passed_on, run};
use super::{scene, weakened};
use crate::domain::Table as _;
use crate::handshake::Handshake;
use crate::handshake::crowd::exchange::Side;
use crate::handshake::crowd::record::World;
use crate::handshake::crowd::step::Evidence;
use crate::handshake::script::{ALICE, BOB, MALLORY, PRINCIPALS};
use crate::rulebook::Ruleset;

const HARDENED: Ruleset<Handshake> = Ruleset::HARDENED;

const NOTHING: [&str; 1] = ["-"];
const AS_SENT: [&str; 3] = ["-", "seal, MAC", "all"];
const SIGNED_ANYHOW: [&str; 4] = ["-", "signature", "seal, MAC", "all"];
const EVERYTHING: [&str; 8] = [
    "-",
    "seal",
    "MAC",
    "signature",
    "seal, MAC",
    "seal, signature",
    "MAC, signature",
    "all",
];

/// Which of seal, MAC and signature can be valid together in the finish that bob is sent, where alice has
/// accepted his answer and then the world and the proof are changed.
fn provable(
    rules: Ruleset<Handshake>,
    change: fn(&mut World<Few>, &mut Evidence<Few>),
) -> Vec<&'static str> {
    let (mut world, mut offered) = (after(3), passed_on(ALICES, ALICE));
    change(&mut world, &mut offered);
    let source = world.runs.at(&offered.source);
    let combinations = EVERYTHING.into_iter().filter(|valid| {
        let has = |part| valid.contains(part) || *valid == "all";
        let evidence = Evidence {
            sealed: has("seal"),
            bound: has("MAC"),
            signed: has("signature"),
            ..offered.clone()
        };
        let receiver = world.runs.at(&BOBS);
        scene(rules, &world).can_prove(&receiver, Side::Initiator, &evidence, &source)
    });
    combinations.collect()
}

#[test]
fn who_cannot_open_a_proof_passes_it_on_as_it_is() {
    assert_eq!(provable(HARDENED, |_, _| {}), AS_SENT);
    let other_name = provable(HARDENED, |_, proof| proof.peer = MALLORY);
    assert_eq!(other_name, NOTHING);
    let other_key = provable(HARDENED, |_, proof| proof.key += PRINCIPALS);
    assert_eq!(other_key, NOTHING);
    let of_another_run = provable(HARDENED, |_, proof| proof.source = IDLE);
    assert_eq!(of_another_run, NOTHING);
    let not_sent_yet = provable(HARDENED, |world, _| run(world, ALICES).accepted = false);
    assert_eq!(not_sent_yet, NOTHING);
    let of_another_exchange = provable(HARDENED, |world, _| {
        run(world, ALICES).heard.capabilities = 1;
    });
    assert_eq!(of_another_exchange, NOTHING);
}

#[test]
fn who_has_the_sealing_keys_takes_a_proof_apart() {
    let by_alice = |world: &mut World<Few>, _: &mut Evidence<Few>| {
        run(world, ALICES).sealing_lost = true;
    };
    let by_bob = |world: &mut World<Few>, _: &mut Evidence<Few>| {
        run(world, BOBS).sealing_lost = true;
    };
    assert_eq!(provable(HARDENED, by_alice), EVERYTHING);
    assert_eq!(provable(HARDENED, by_bob), EVERYTHING);
}

#[test]
fn who_has_the_sealing_keys_puts_a_signature_under_another_name_but_has_no_mac_for_it() {
    let other_name = provable(HARDENED, |world, proof| {
        run(world, BOBS).sealing_lost = true;
        proof.peer = MALLORY;
    });
    assert_eq!(other_name, ["-", "seal", "signature", "seal, signature"]);
    let other_key = provable(HARDENED, |world, proof| {
        run(world, BOBS).sealing_lost = true;
        proof.key += PRINCIPALS;
    });
    assert_eq!(other_key, ["-", "seal"]);
    let other_exchange = provable(HARDENED, |world, _| {
        let alices = run(world, ALICES);
        alices.sealing_lost = true;
        alices.heard.capabilities = 1;
    });
    assert_eq!(other_exchange, NOTHING);
}

#[test]
fn who_has_the_secret_makes_seal_and_mac_but_no_signature() {
    let made = provable(HARDENED, |world, proof| {
        run(world, ALICES).ephemeral_lost = true;
        proof.source = IDLE;
    });
    assert_eq!(made, ["-", "seal", "MAC", "seal, MAC"]);
}

#[test]
fn who_has_the_long_term_secret_signs() {
    let lost = provable(HARDENED, |world, _| agent(world, ALICE).lost = true);
    assert_eq!(lost, SIGNED_ANYHOW);
    let hostile = provable(HARDENED, |world, _| agent(world, ALICE).hostile = true);
    assert_eq!(hostile, SIGNED_ANYHOW);
    let second_key = provable(HARDENED, |world, proof| {
        agent(world, ALICE).lost = true;
        proof.key += PRINCIPALS;
    });
    assert_eq!(second_key, ["-", "signature"]);
}

#[test]
fn a_proof_in_the_clear_is_open_and_vouches_for_nothing() {
    let clear = weakened("signs-shares-in-the-clear");
    assert_eq!(provable(clear, |_, _| {}), SIGNED_ANYHOW);
}

#[test]
fn a_signature_is_overheard_only_once_there_is_one() {
    let own = weakened("signs-own-share");
    let known = |world: &mut World<Few>, _: &mut Evidence<Few>| {
        run(world, ALICES).ephemeral_lost = true;
    };
    assert_eq!(provable(own, known), EVERYTHING);
    let not_yet = provable(own, |world, _| {
        let alices = run(world, ALICES);
        alices.ephemeral_lost = true;
        alices.accepted = false;
    });
    assert_eq!(not_yet, ["-", "seal", "MAC", "seal, MAC"]);
}

#[test]
fn one_key_for_everything_lets_a_proof_be_sent_back_to_the_one_who_made_it() {
    let back = |_: &mut World<Few>, proof: &mut Evidence<Few>| *proof = passed_on(BOBS, BOB);
    assert_eq!(provable(HARDENED, back), NOTHING);
    let raw = weakened("raw-shared-secret");
    assert_eq!(provable(raw, back), ["-", "seal, MAC"]);
}

#[test]
fn a_confirmation_is_one_of_the_same_session_or_made_with_the_secret() {
    let confirms = |change: fn(&mut World<Few>), source| {
        let mut world = after(4);
        change(&mut world);
        let [alices, source] = [ALICES, source].map(|run| world.runs.at(&run));
        scene(HARDENED, &world).can_confirm(&alices, &source)
    };
    assert!(confirms(|_| {}, BOBS));
    assert!(!confirms(|_| {}, ALICES));
    assert!(!confirms(|_| {}, IDLE));
    assert!(!confirms(|world| run(world, BOBS).accepted = false, BOBS));
    assert!(!confirms(
        |world| run(world, BOBS).proof.key += PRINCIPALS,
        BOBS
    ));
    assert!(confirms(
        |world| run(world, BOBS).ephemeral_lost = true,
        IDLE
    ));
}
