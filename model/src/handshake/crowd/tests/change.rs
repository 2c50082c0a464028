//! What can be otherwise once alice and bob are done, by name: what promises are tried with.

use super::few::{ALICES, BOBS, Change, IDLE, LOW_SHARE, OWN_SHARE, TWIN, agent, copy, run};
use crate::handshake::script::{ALICE, BOB, MALLORY, OTHER_SUITE, PRINCIPALS};

/// What can be otherwise once alice and bob are done.
pub(super) const CHANGES: &[Change] = &[
    ("nothing", |_| {}),
    ("bob has not begun", |it| run(it, BOBS).begun = false),
    ("bob has accepted nothing", |it| {
        run(it, BOBS).accepted = false;
    }),
    ("bob began", |it| run(it, BOBS).begins = true),
    ("bob's run is another's", |it| run(it, BOBS).me = MALLORY),
    ("bob accepted another", |it| {
        run(it, BOBS).proof.peer = MALLORY;
    }),
    ("bob heard of less", |it| {
        run(it, BOBS).heard.capabilities = 1;
    }),
    ("bob has another version", |it| run(it, BOBS).version = 2),
    ("bob has another suite", |it| {
        run(it, BOBS).suite = OTHER_SUITE;
    }),
    ("bob signed with another key", |it| {
        run(it, BOBS).key += PRINCIPALS;
    }),
    ("bob accepted himself, and has a twin", |it| {
        run(it, BOBS).proof.peer = BOB;
        copy(it, BOBS, IDLE);
    }),
    ("alice accepted another", |it| {
        run(it, ALICES).proof.peer = MALLORY;
    }),
    ("alice accepted herself", |it| {
        run(it, ALICES).proof.peer = ALICE;
    }),
    ("alice accepted herself, and has a twin", |it| {
        run(it, ALICES).proof.peer = ALICE;
        copy(it, ALICES, TWIN);
    }),
    ("alice meant another", |it| run(it, ALICES).meant = MALLORY),
    ("alice has a past version", |it| run(it, ALICES).version = 1),
    ("alice has another suite", |it| {
        run(it, ALICES).suite = OTHER_SUITE;
    }),
    ("alice heard of nothing", |it| {
        run(it, ALICES).heard.capabilities = 0;
    }),
    ("alice heard of less", |it| {
        run(it, ALICES).heard.capabilities = 1;
    }),
    ("alice heard the attacker's share", |it| {
        run(it, ALICES).heard.share = OWN_SHARE;
    }),
    ("alice heard a share of low order", |it| {
        run(it, ALICES).heard.share = LOW_SHARE;
    }),
    ("alice has a twin", |it| copy(it, ALICES, TWIN)),
    ("alice has a twin of another's", |it| {
        copy(it, ALICES, TWIN);
        run(it, TWIN).me = MALLORY;
    }),
    ("alice has a twin that accepted nothing", |it| {
        copy(it, ALICES, TWIN);
        run(it, TWIN).accepted = false;
        run(it, TWIN).confirmed = false;
    }),
    ("alice has a twin that accepted another", |it| {
        copy(it, ALICES, TWIN);
        run(it, TWIN).proof.peer = MALLORY;
    }),
    ("alice has a twin with another secret", |it| {
        copy(it, ALICES, TWIN);
        run(it, TWIN).share = TWIN;
    }),
    ("what alice drew is lost", |it| {
        run(it, ALICES).ephemeral_lost = true;
    }),
    ("alice's session key is lost", |it| {
        run(it, ALICES).session_lost = true;
    }),
    ("bob's sealing keys are lost", |it| {
        run(it, BOBS).sealing_lost = true;
    }),
    ("bob is hostile", |it| agent(it, BOB).hostile = true),
    ("bob is not entitled", |it| agent(it, BOB).entitled = false),
    ("bob offers less", |it| agent(it, BOB).offers = 0b011),
    ("bob can do less", |it| agent(it, BOB).capabilities = 1),
    (
        "alice trusts nobody, and heard the attacker's share",
        |it| {
            run(it, ALICES).trusted = false;
            run(it, ALICES).heard.share = OWN_SHARE;
            run(it, ALICES).heard.capabilities = 1;
        },
    ),
    ("alice trusts nobody, and bob has not begun", |it| {
        run(it, ALICES).trusted = false;
        run(it, BOBS).begun = false;
        run(it, BOBS).accepted = false;
    }),
    ("what bob drew is lost, and he has accepted nothing", |it| {
        run(it, BOBS).ephemeral_lost = true;
        run(it, BOBS).accepted = false;
    }),
    (
        "alice heard the attacker's share, and her session key is lost",
        |it| {
            run(it, ALICES).heard.share = OWN_SHARE;
            run(it, ALICES).session_lost = true;
        },
    ),
    (
        "alice heard the attacker's share, and bob's secret is lost",
        |it| {
            run(it, ALICES).heard.share = OWN_SHARE;
            agent(it, BOB).lost = true;
        },
    ),
];
