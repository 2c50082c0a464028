//! What each promise demands, of whom and at which point: each part of it can be broken, or taken away.

use super::change::CHANGES;
use super::few::{ALICES, BOBS, IDLE, TWIN, after};
use super::{scene, weakened};
use crate::domain::Table as _;
use crate::handshake::Handshake;
use crate::handshake::promise::{InvariantId, Point};
use crate::rulebook::{Row as _, Ruleset};

const HARDENED: Ruleset<Handshake> = Ruleset::HARDENED;

/// What breaks the promise at this point, of the one whose point it is.
fn broken(rules: Ruleset<Handshake>, promise: InvariantId, point: Point) -> Vec<&'static str> {
    let number = match point {
        Point::Answered | Point::Confirmed => ALICES,
        Point::Finished => BOBS,
    };
    let found = CHANGES.iter().filter(|(_, change)| {
        let mut world = after(5);
        change(&mut world);
        let commitment = (point, number);
        let scene = scene(rules, &world);
        let judged = scene.judged(promise, &[point], Some(&commitment), |_| true);
        judged == (true, false)
    });
    found.map(|(name, _)| *name).collect()
}
/// Asserts what breaks a promise under the hardened rules, at each point where it is made.
#[track_caller]
fn assert_broken(promise: InvariantId, expected: &[&[&str]]) {
    let points = promise.points().iter();
    let found: Vec<_> = points
        .map(|point| broken(HARDENED, promise, *point))
        .collect();
    assert_eq!(found, expected, "{}", promise.name());
}

/// Whoever alice accepted has no run that can be hers.
const NO_PARTNER: [&str; 3] = [
    "bob's run is another's",
    "alice accepted another",
    "alice accepted herself",
];
/// She accepted herself, and has a run in the same role.
const OWN_TWIN: &str = "alice accepted herself, and has a twin";
/// What alice and bob have to agree on is different.
const OTHER_TERMS: [&str; 10] = [
    "bob heard of less",
    "bob has another version",
    "alice has a past version",
    "alice heard of nothing",
    "alice heard of less",
    "alice heard the attacker's share",
    "alice heard a share of low order",
    "bob can do less",
    "alice heard the attacker's share, and her session key is lost",
    "alice heard the attacker's share, and bob's secret is lost",
];
/// So is something else that their session key is made from.
const OTHER_SESSION: [&str; 5] = [
    "bob has another suite",
    "bob signed with another key",
    "bob accepted himself, and has a twin",
    "alice has another suite",
    "bob offers less",
];

#[test]
fn alive_is_whoever_has_begun_a_run_of_the_peer() {
    let silent = [["bob has not begun"].as_slice(), &NO_PARTNER].concat();
    assert_broken(
        InvariantId::Alive,
        &[&silent, &["bob accepted another"], &silent],
    );
}

#[test]
fn mutual_is_a_peer_that_names_the_one_who_accepted_it() {
    assert_broken(
        InvariantId::Mutual,
        &[
            &[
                "bob's run is another's",
                "bob accepted another",
                "alice accepted another",
                "alice accepted herself",
                OWN_TWIN,
            ],
            &[
                "bob has accepted nothing",
                "bob's run is another's",
                "bob accepted another",
                "bob accepted himself, and has a twin",
                "alice accepted another",
                "alice accepted herself",
            ],
        ],
    );
}

/// What breaks the agreement of alice and bob, in the order of the changes.
fn disagreements(point: Point) -> Vec<&'static str> {
    let of_point: &[&str] = match point {
        Point::Answered => &["bob has not begun"],
        Point::Finished => &[
            "bob accepted another",
            "alice trusts nobody, and heard the attacker's share",
        ],
        Point::Confirmed => &["bob has accepted nothing", "bob accepted another"],
    };
    let session: &[&str] = match point {
        Point::Answered => &[],
        Point::Finished | Point::Confirmed => &OTHER_SESSION,
    };
    let names = CHANGES.iter().map(|(name, _)| *name);
    let disagree = names.filter(|name| {
        ["bob began", OWN_TWIN].contains(name)
            || [of_point, session, &NO_PARTNER, &OTHER_TERMS]
                .iter()
                .any(|names| names.contains(name))
    });
    disagree.collect()
}

#[test]
fn agreed_is_a_peer_in_the_other_role_with_the_same_terms_and_then_the_same_key() {
    let [answered, finished, confirmed] = Point::ALL.map(disagreements);
    assert_broken(InvariantId::Agreed, &[&answered, &finished, &confirmed]);
    assert_broken(InvariantId::Confirmed, &[&confirmed]);
}

#[test]
fn injective_is_agreed_and_nobody_else_relies_on_the_same() {
    for point in Point::ALL {
        let mut found = broken(HARDENED, InvariantId::Injective, point);
        let twin = found.iter().position(|name| *name == "alice has a twin");
        assert_eq!(twin.is_some(), point != Point::Finished);
        found.retain(|name| *name != "alice has a twin");
        assert_eq!(found, disagreements(point), "{point:?}");
    }
}

#[test]
fn terms_count_where_the_key_does_not_tell_them() {
    let rules = weakened("capabilities-outside-transcript");
    let found = broken(rules, InvariantId::Agreed, Point::Finished);
    assert!(found.contains(&"bob heard of less"));
}

#[test]
fn what_is_secret_is_so_from_whoever_was_not_given_it() {
    let weak = [
        "alice heard the attacker's share",
        "alice heard a share of low order",
    ];
    let secret_lost = "alice heard the attacker's share, and bob's secret is lost";
    let key_lost = "alice heard the attacker's share, and her session key is lost";
    let forward = [weak.as_slice(), &[secret_lost]].concat();
    let concealed = [weak.as_slice(), &[key_lost, secret_lost]].concat();
    assert_broken(InvariantId::Secret, &[&weak, &[], &weak]);
    assert_broken(InvariantId::Forward, &[&forward, &[], &forward]);
    assert_broken(InvariantId::Concealed, &[&concealed, &concealed]);
}

#[test]
fn what_a_run_sees_for_itself_is_promised_without_an_excuse() {
    let low = ["alice heard a share of low order"];
    assert_broken(InvariantId::Private, &[&low, &[], &low]);
    let altered = [
        "alice has a past version",
        "alice has another suite",
        "alice heard of nothing",
        "alice heard of less",
        "bob offers less",
        "bob can do less",
    ];
    let altered_for_bob = [
        "bob heard of less",
        "bob has another version",
        "bob offers less",
    ];
    assert_broken(
        InvariantId::Negotiated,
        &[&altered, &altered_for_bob, &altered],
    );
    let past = ["alice has a past version"];
    assert_broken(InvariantId::Current, &[&past, &[], &past]);
    let nothing = ["alice heard of nothing"];
    assert_broken(InvariantId::Capable, &[&nothing, &[], &nothing]);
    let other = [
        "alice accepted another",
        "alice accepted herself",
        OWN_TWIN,
        "alice meant another",
    ];
    assert_broken(InvariantId::Intended, &[&other, &other]);
    // Who waits meant nobody.
    let meant = broken(HARDENED, InvariantId::Intended, Point::Finished);
    assert_eq!(meant, ["bob began"]);
    let revoked = ["bob is not entitled"];
    assert_broken(InvariantId::Entitled, &[&revoked, &[], &revoked]);
}

#[test]
fn a_hostile_peer_has_the_key() {
    let without = ["alice accepted another", "bob is hostile"];
    assert_broken(
        InvariantId::Possessed,
        &[&without, &["bob accepted another"], &without],
    );
}

#[test]
fn a_run_comes_to_the_points_of_its_role() {
    let world = after(5);
    for (number, expected) in [
        (ALICES, [true, false, true]),
        (BOBS, [false, true, false]),
        (TWIN, [false; 3]),
        (IDLE, [false; 3]),
    ] {
        let record = world.runs.at(&number);
        assert_eq!(Point::ALL.map(|point| record.has_come_to(point)), expected);
    }
}

#[test]
fn nothing_is_asked_of_runs_that_are_not_watched_nor_where_nobody_commits_itself() {
    let world = after(5);
    let scene = scene(HARDENED, &world);
    for promise in InvariantId::ALL {
        let points = promise.points();
        let commitment = points.first().map(|point| (*point, ALICES));
        let (premise, _) = scene.judged(*promise, points, commitment.as_ref(), |_| false);
        assert!(!premise, "{}", promise.name());
    }
    let nothing = scene.judged(InvariantId::Alive, &Point::ALL, None, |_| true);
    assert_eq!(nothing, (false, true));
    let elsewhere = Some((Point::Finished, BOBS));
    let elsewhere = scene.judged(
        InvariantId::Intended,
        &[Point::Answered],
        elsewhere.as_ref(),
        |_| true,
    );
    assert_eq!(elsewhere, (false, true));
}
