//! Time and replicas: what a clock that steps back, a restart, a sweep or a suspended process revives.
//! Nothing.

use countersign_model::admission::guard::Rejection;

use super::fixture::{NOW_MS, Scene};
use crate::admission::{Endpoint, Verdict};
use crate::store::{ReplayStore, SqliteStore};

/// The verdict as a code.
fn code<S: ReplayStore>(endpoint: &mut Endpoint<S>, bytes: &[u8], wall_ms: u64) -> &'static str {
    match endpoint.receive(bytes, wall_ms).unwrap() {
        Verdict::Admitted(_) => "admitted",
        Verdict::Refused(refusal) => refusal.rejection.code(),
        Verdict::RefusedInSession(refusal) => refusal.rejection.code(),
    }
}

/// The first reading at which the flawless message is stale.
fn stale_from_ms(scene: &Scene) -> u64 {
    NOW_MS + scene.limits.window_ms + 1
}

/// The first reading at which its entry may be forgotten.
fn forgotten_from_ms(endpoint: &mut Endpoint<impl ReplayStore>) -> u64 {
    let entries = endpoint.store_mut().entries().unwrap();
    entries[0].keep_until_ms + 1
}

#[test]
fn a_clock_that_steps_back_makes_nothing_fresh_again() {
    let scene = Scene::flawless();
    let mut endpoint = scene.endpoint();
    let late_ms = stale_from_ms(&scene);
    assert_eq!(code(&mut endpoint, b"", late_ms), "malformed");
    assert_eq!(endpoint.now_ms(), late_ms);
    assert_eq!(code(&mut endpoint, &scene.bytes, NOW_MS), "stale");
    assert_eq!(
        endpoint.now_ms(),
        late_ms,
        "no reading is below an earlier one"
    );
    assert_eq!(endpoint.tick(NOW_MS).unwrap(), late_ms);
}

#[test]
fn a_restart_with_the_clock_set_back_admits_nothing_stale_and_nothing_twice() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store");
    let scene = Scene::flawless();
    let start = || scene.endpoint_on(SqliteStore::open(&path).unwrap());
    assert_eq!(code(&mut start(), &scene.bytes, NOW_MS), "admitted");
    assert_eq!(code(&mut start(), &scene.bytes, NOW_MS), "replayed");
    start().tick(stale_from_ms(&scene)).unwrap();
    let mut restarted = start();
    assert_eq!(restarted.now_ms(), stale_from_ms(&scene));
    assert_eq!(code(&mut restarted, &scene.bytes, NOW_MS), "stale");
}

#[test]
fn a_replay_after_the_sweep_that_forgot_it_is_stale() {
    let scene = Scene::flawless();
    let mut endpoint = scene.endpoint();
    assert_eq!(code(&mut endpoint, &scene.bytes, NOW_MS), "admitted");
    let forgotten_ms = forgotten_from_ms(&mut endpoint);
    assert!(
        forgotten_ms > stale_from_ms(&scene),
        "an entry outlives its message"
    );
    assert_eq!(endpoint.sweep(forgotten_ms - 1).unwrap(), 0);
    assert_eq!(endpoint.sweep(forgotten_ms).unwrap(), 1);
    for wall_ms in [forgotten_ms, NOW_MS, 0] {
        assert_eq!(code(&mut endpoint, &scene.bytes, wall_ms), "stale");
    }
}

#[test]
fn two_replicas_on_one_store_admit_a_message_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store");
    let scene = Scene::flawless();
    let mut replicas = [(); 2].map(|()| scene.endpoint_on(SqliteStore::open(&path).unwrap()));
    let verdicts = replicas
        .each_mut()
        .map(|replica| code(replica, &scene.bytes, NOW_MS));
    assert_eq!(verdicts, ["admitted", "replayed"]);
}

#[test]
fn a_suspended_replica_judges_freshness_at_the_mark_of_the_others() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store");
    let scene = Scene::flawless();
    let [mut awake, mut suspended] =
        [(); 2].map(|()| scene.endpoint_on(SqliteStore::open(&path).unwrap()));
    assert_eq!(suspended.tick(NOW_MS).unwrap(), NOW_MS);
    assert_eq!(code(&mut awake, &scene.bytes, NOW_MS), "admitted");
    let forgotten_ms = forgotten_from_ms(&mut awake);
    assert_eq!(awake.sweep(forgotten_ms).unwrap(), 1);
    // Its own reading is still the one from before; the store no longer holds the entry.
    assert_eq!(code(&mut suspended, &scene.bytes, NOW_MS), "stale");
    assert_eq!(suspended.store_mut().entries().unwrap(), []);
}

#[test]
fn the_last_moments_of_freshness_skew_and_validity_are_inclusive() {
    let window_ms = Scene::flawless().limits.window_ms;
    let future = Scene::with(&[Rejection::FromFuture]);
    let expired = Scene::with(&[Rejection::Expired]);
    let stale = Scene::with(&[Rejection::Stale]);
    // Each is wrong by one millisecond.
    assert_eq!(
        code(&mut future.endpoint(), &future.bytes, NOW_MS),
        "from-future"
    );
    // One later it is no longer ahead of its time; the sender no longer wants it, though.
    assert_eq!(
        code(&mut future.endpoint(), &future.bytes, NOW_MS + 1),
        "expired"
    );
    assert_eq!(
        code(&mut expired.endpoint(), &expired.bytes, NOW_MS - 1),
        "admitted"
    );
    assert_eq!(code(&mut stale.endpoint(), &stale.bytes, NOW_MS), "stale");
    // It was valid all along, until the very end of the window.
    assert_eq!(window_ms, 300_000);
    assert_eq!(
        code(&mut stale.endpoint(), &stale.bytes, NOW_MS - 1),
        "admitted"
    );
}
