//! What the proofs take for granted, and what they carry along: each part of it can be wrong.

use super::few::{ALICES, BOBS, Change, IDLE, LOW_SHARE, OWN_SHARE, TWIN, after, agent, run};
use super::{scene, weakened};
use crate::handshake::Handshake;
use crate::handshake::crowd::assumption::AssumptionId;
use crate::handshake::crowd::lemma::LemmaId::{
    self, HostileHasKey, PartnerSigned, PeerAcceptable, PointsInOrder, SameTranscript,
    ShareContributes, WordsAcceptable,
};
use crate::handshake::script::{ALICE, BOB, MALLORY, OTHER_SUITE};
use crate::rulebook::Ruleset;

const HARDENED: Ruleset<Handshake> = Ruleset::HARDENED;

#[test]
fn what_happened_contradicts_no_lemma() {
    for steps in 0..=5 {
        let world = after(steps);
        let scene = scene(HARDENED, &world);
        for lemma in LemmaId::ALL {
            let kept = [ALICES, BOBS, TWIN, IDLE].map(|run| lemma.claim(&scene, &run));
            assert_eq!(kept, [true; 4], "{} after {steps}", lemma.name());
        }
    }
}

/// What can be wrong of alice's run or bob's.
const CHANGES: &[Change] = &[
    ("alice has not begun", |it| run(it, ALICES).begun = false),
    ("alice has accepted nothing", |it| {
        run(it, ALICES).accepted = false;
    }),
    ("alice waited", |it| run(it, ALICES).begins = false),
    ("bob has not begun", |it| run(it, BOBS).begun = false),
    ("bob has accepted nothing", |it| {
        run(it, BOBS).accepted = false;
    }),
    ("bob got a confirmation", |it| {
        run(it, BOBS).confirmed = true;
    }),
    ("bob began", |it| run(it, BOBS).begins = true),
    ("bob's run is not his", |it| run(it, BOBS).me = MALLORY),
    ("the version is past", |it| it.version_floor += 2),
    ("alice has another version", |it| {
        run(it, ALICES).version = 2;
    }),
    ("alice has another suite", |it| {
        run(it, ALICES).suite = OTHER_SUITE;
    }),
    ("bob has another suite", |it| {
        run(it, BOBS).suite = OTHER_SUITE;
    }),
    ("alice heard of too little", |it| {
        run(it, ALICES).heard.capabilities = 0;
    }),
    ("alice heard a share of low order", |it| {
        run(it, ALICES).heard.share = LOW_SHARE + BOBS;
    }),
    ("alice heard the attacker's share", |it| {
        run(it, ALICES).heard.share = OWN_SHARE;
    }),
    ("alice heard a share that bob did not draw", |it| {
        run(it, ALICES).heard.share = OWN_SHARE - IDLE + BOBS;
    }),
    ("bob heard another share", |it| {
        run(it, BOBS).heard.share = TWIN;
    }),
    ("alice accepted another", |it| {
        run(it, ALICES).proof.peer = MALLORY;
    }),
    ("bob accepted another", |it| {
        run(it, BOBS).proof.peer = MALLORY;
    }),
    ("alice meant another", |it| run(it, ALICES).meant = MALLORY),
    ("bob meant another", |it| run(it, BOBS).meant = MALLORY),
    ("bob is not entitled", |it| agent(it, BOB).entitled = false),
    ("alice trusts nobody, and heard another share", |it| {
        run(it, ALICES).trusted = false;
        run(it, ALICES).heard.share = OWN_SHARE;
    }),
    ("bob is hostile", |it| agent(it, BOB).hostile = true),
];

/// What contradicts each lemma, of alice's run and of bob's.
const CONTRADICTIONS: [(LemmaId, &[&str], &[&str]); 7] = [
    (
        PointsInOrder,
        &[
            "alice has not begun",
            "alice has accepted nothing",
            "alice waited",
        ],
        &["bob has not begun", "bob got a confirmation"],
    ),
    (
        WordsAcceptable,
        &[
            "the version is past",
            "alice has another version",
            "alice has another suite",
            "alice heard of too little",
        ],
        &["the version is past"],
    ),
    (ShareContributes, &["alice heard a share of low order"], &[]),
    (
        PeerAcceptable,
        &[
            "alice accepted another",
            "alice meant another",
            "bob is not entitled",
        ],
        &["bob began"],
    ),
    (
        HostileHasKey,
        &["alice accepted another", "bob is hostile"],
        &["bob accepted another"],
    ),
    (
        PartnerSigned,
        &[
            "alice waited",
            "bob has not begun",
            "bob began",
            "bob's run is not his",
            "alice heard the attacker's share",
            "alice accepted another",
        ],
        &[
            "alice has accepted nothing",
            "alice waited",
            "bob began",
            "bob heard another share",
            "bob accepted another",
        ],
    ),
    (
        SameTranscript,
        &[
            "alice waited",
            "bob began",
            "alice has another version",
            "alice has another suite",
            "bob has another suite",
            "alice heard of too little",
            "alice heard a share of low order",
            "alice heard the attacker's share",
            "alice heard a share that bob did not draw",
            "bob heard another share",
        ],
        &[
            "alice waited",
            "bob began",
            "alice has another version",
            "alice has another suite",
            "bob has another suite",
            "alice heard of too little",
            "alice heard a share of low order",
            "alice heard the attacker's share",
            "alice heard a share that bob did not draw",
            "bob heard another share",
            "alice trusts nobody, and heard another share",
        ],
    ),
];

#[test]
fn each_part_of_a_lemma_can_be_wrong_by_itself() {
    assert_eq!(CONTRADICTIONS.map(|(lemma, ..)| lemma), *LemmaId::ALL);
    for (lemma, of_alices, of_bobs) in CONTRADICTIONS {
        for (number, expected) in [(ALICES, of_alices), (BOBS, of_bobs)] {
            let wrong = CHANGES.iter().filter(|(_, change)| {
                let mut world = after(5);
                change(&mut world);
                !lemma.claim(&scene(HARDENED, &world), &number)
            });
            let wrong: Vec<&str> = wrong.map(|(name, _)| *name).collect();
            assert_eq!(wrong, expected, "{} of run {number}", lemma.name());
        }
    }
}

#[test]
fn each_assumption_rules_something_out() {
    let changes: [Change; 6] = [
        ("hostile", |it| agent(it, ALICE).hostile = true),
        ("another's key", |it| run(it, ALICES).key = BOB),
        ("bob's share", |it| run(it, ALICES).share = BOBS),
        ("the twin's share", |it| run(it, ALICES).share = TWIN),
        ("a share that the twin did not draw", |it| {
            run(it, ALICES).share = OWN_SHARE - IDLE + TWIN;
        }),
        ("a share of low order", |it| {
            run(it, ALICES).share = LOW_SHARE;
        }),
    ];
    let ruled_out = |rules, assumption: AssumptionId| {
        let contradicts = changes.iter().filter(|(_, change)| {
            let mut world = after(5);
            change(&mut world);
            !assumption.claim(&scene(rules, &world), &ALICES)
        });
        contradicts.map(|(name, _)| *name).collect::<Vec<_>>()
    };
    for (assumption, expected) in [
        (AssumptionId::RunsAreHonest, "hostile"),
        (AssumptionId::KeysAreOwned, "another's key"),
        (AssumptionId::SharesAreLarge, "a share of low order"),
    ] {
        assert_eq!(ruled_out(HARDENED, assumption), [expected]);
    }
    let fresh = AssumptionId::SharesAreFresh;
    let shared = ruled_out(HARDENED, fresh);
    assert_eq!(
        shared,
        [
            "bob's share",
            "the twin's share",
            "a share that the twin did not draw",
        ]
    );
    let for_life = ruled_out(weakened("static-shares"), fresh);
    assert_eq!(
        for_life,
        ["bob's share", "a share that the twin did not draw"]
    );
}
