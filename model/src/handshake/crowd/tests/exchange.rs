//! What is the same in two runs, and what keeps it from being so.

use super::few::{ALICES, BOBS, Few, LOW_SHARE, OWN_SHARE, TWIN, after};
use super::{scene, weakened};
use crate::domain::Table as _;
use crate::handshake::Handshake;
use crate::handshake::crowd::exchange::{Agreed, Extent, Side};
use crate::handshake::crowd::record::{Proof, Run, World};
use crate::handshake::script::{BOB, MALLORY};
use crate::rulebook::Ruleset;

const HARDENED: Ruleset<Handshake> = Ruleset::HARDENED;

/// A part of a run, and how it is changed.
type Part = (&'static str, fn(&mut Run<Few>));

/// The parts of a run that some comparison looks at, each changed by itself.
const CHANGES: [Part; 14] = [
    ("nothing", |_| {}),
    ("own share", |run| run.share = TWIN),
    ("share heard", |run| run.heard.share = TWIN),
    ("offers heard", |run| run.heard.offers = 0b011),
    ("capabilities heard", |run| run.heard.capabilities = 1),
    ("version", |run| run.version = 2),
    ("suite", |run| run.suite = 1),
    ("own key", |run| run.key += 4),
    ("own name", |run| run.me = MALLORY),
    ("peer", |run| run.proof.peer = MALLORY),
    ("key of the peer", |run| run.proof.key += 4),
    ("soundness of the proof", |run| run.proof.sound = false),
    ("bytes of the proof", |run| run.proof.bytes = 1),
    ("whom it meant", |run| run.meant = MALLORY),
];

/// The parts of bob's run that, changed by themselves, make a difference to `same` between it and alice's.
fn differences(
    world: &World<Few>,
    same: impl Fn(&Run<Few>, &Run<Few>) -> bool,
) -> Vec<&'static str> {
    let alices = world.runs.at(&ALICES);
    let different = CHANGES.iter().filter(|(_, change)| {
        let mut bobs = world.runs.at(&BOBS);
        change(&mut bobs);
        let answer = same(&alices, &bobs);
        assert_eq!(same(&bobs, &alices), answer, "whichever comes first");
        !answer
    });
    different.map(|(part, _)| *part).collect()
}

const SHARES: [&str; 2] = ["own share", "share heard"];
const TOLD: [&str; 4] = ["offers heard", "capabilities heard", "version", "suite"];
const ANSWER: [&str; 2] = ["own key", "own name"];
const FINISH: [&str; 3] = ["peer", "key of the peer", "soundness of the proof"];

#[test]
fn a_secret_is_that_of_both_shares_in_either_order_and_zero_is_zero() {
    for (one, other, same) in [
        ((0, 1), (0, 1), true),
        ((0, 1), (1, 0), true),
        ((0, 1), (0, 2), false),
        ((0, 1), (2, 1), false),
        ((0, 1), (1, 2), false),
        ((0, 1), (2, 0), false),
        ((0, 1), (2, 3), false),
        ((LOW_SHARE, 1), (2, LOW_SHARE), true),
        ((1, LOW_SHARE), (LOW_SHARE, 2), true),
        ((LOW_SHARE, 1), (2, 3), false),
        ((1, LOW_SHARE), (2, 3), false),
    ] {
        let agreed = |(one, other)| Agreed::<Few> { one, other };
        let (one, other) = (agreed(one), agreed(other));
        assert_eq!(one.same(&other), same, "{one:?} and {other:?}");
        assert_eq!(other.same(&one), same, "{other:?} and {one:?}");
    }
}

#[test]
fn sound_proofs_are_the_same_bytes_where_they_name_the_same_and_others_where_they_are() {
    let sound = Proof::<Few> {
        peer: BOB,
        key: BOB,
        sound: true,
        bytes: 0,
    };
    let junk = Proof {
        sound: false,
        ..sound.clone()
    };
    let other_bytes = |proof: &Proof<Few>| Proof {
        bytes: 1,
        ..proof.clone()
    };
    assert!(sound.same(&other_bytes(&sound)));
    assert!(junk.same(&junk));
    assert!(!junk.same(&other_bytes(&junk)));
    assert!(!sound.same(&junk) && !junk.same(&sound));
    for proof in [sound, junk] {
        let other_peer = Proof {
            peer: MALLORY,
            ..proof.clone()
        };
        let other_key = Proof {
            key: MALLORY,
            ..proof.clone()
        };
        assert!(!proof.same(&other_peer) && !proof.same(&other_key));
    }
}

#[test]
fn a_transcript_covers_everything_that_was_sent_so_far() {
    let world = after(5);
    let differ = |name: Option<&str>, extent| {
        let rules = name.map_or(HARDENED, weakened);
        let scene = scene(rules, &world);
        differences(&world, |one, other| {
            scene.same_transcript(one, other, extent)
        })
    };
    let plain = [SHARES.as_slice(), &TOLD].concat();
    let answered = [plain.as_slice(), &ANSWER].concat();
    let whole = [answered.as_slice(), &FINISH].concat();
    assert_eq!(differ(None, Extent::Plain), plain);
    assert_eq!(differ(None, Extent::Answered), answered);
    assert_eq!(differ(None, Extent::Whole), whole);
    for (name, left_out) in [
        ("offers-outside-transcript", "offers heard"),
        ("capabilities-outside-transcript", "capabilities heard"),
    ] {
        let mut rest = whole.clone();
        rest.retain(|part| *part != left_out);
        assert_eq!(differ(Some(name), Extent::Whole), rest, "{name}");
    }
}

#[test]
fn a_key_is_that_of_the_secret_and_of_the_transcript() {
    let world = after(5);
    let whole = [SHARES.as_slice(), &TOLD, &ANSWER, &FINISH].concat();
    let differ = |rules| {
        let scene = scene(rules, &world);
        differences(&world, |one, other| scene.same_session(one, other))
    };
    assert_eq!(differ(HARDENED), whole);
    assert_eq!(differ(weakened("raw-shared-secret")), SHARES);
}

#[test]
fn a_signature_covers_the_transcript_and_the_role() {
    let world = after(5);
    let differ = |rules, side| {
        let scene = scene(rules, &world);
        let alices = world.runs.at(&ALICES);
        let different = CHANGES.iter().filter(|(_, change)| {
            let mut bobs = world.runs.at(&BOBS);
            change(&mut bobs);
            let (run, source) = match side {
                Side::Responder => (&alices, &bobs),
                Side::Initiator => (&bobs, &alices),
            };
            !scene.same_signed(run, source, side)
        });
        different.map(|(part, _)| *part).collect::<Vec<_>>()
    };
    let plain = [SHARES.as_slice(), &TOLD].concat();
    let answered = [plain.as_slice(), &ANSWER].concat();
    assert_eq!(differ(HARDENED, Side::Responder), plain);
    assert_eq!(differ(HARDENED, Side::Initiator), answered);
    let clear = weakened("signs-shares-in-the-clear");
    assert_eq!(differ(clear, Side::Responder), SHARES);
    assert_eq!(differ(clear, Side::Initiator), SHARES);
    let own = weakened("signs-own-share");
    assert_eq!(differ(own, Side::Responder), ["own share"]);
    assert_eq!(differ(own, Side::Initiator), ["share heard"]);
}

#[test]
fn only_shares_in_the_clear_are_signed_alike_by_both_sides() {
    let world = after(5);
    let [alices, bobs] = [ALICES, BOBS].map(|run| world.runs.at(&run));
    for (rules, alike) in [
        (HARDENED, false),
        (weakened("signs-own-share"), false),
        (weakened("signs-shares-in-the-clear"), true),
    ] {
        let scene = scene(rules, &world);
        assert_eq!(scene.same_signed(&bobs, &alices, Side::Responder), alike);
        assert_eq!(scene.same_signed(&alices, &bobs, Side::Initiator), alike);
    }
}

#[test]
fn terms_are_version_capabilities_and_secret() {
    let world = after(5);
    let scene = scene(HARDENED, &world);
    assert_eq!(
        differences(&world, |one, other| scene.same_terms(one, other)),
        ["own share", "share heard", "capabilities heard", "version"]
    );
    // What alice hears of bob's capabilities is compared too.
    let mut alices = world.runs.at(&ALICES);
    alices.heard.capabilities = 1;
    assert!(!scene.same_terms(&alices, &world.runs.at(&BOBS)));
}

#[test]
fn either_share_of_low_order_makes_the_secret_zero() {
    for (one, other, zero) in [
        (OWN_SHARE, OWN_SHARE, false),
        (LOW_SHARE, OWN_SHARE, true),
        (OWN_SHARE, LOW_SHARE, true),
    ] {
        assert_eq!(Agreed::<Few> { one, other }.is_zero(), zero);
    }
}
