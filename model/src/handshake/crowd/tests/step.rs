//! What each step needs, and what it changes.

use super::few::{
    ALICES, BOBS, Few, after, first, passed_on, undisturbed, with_agent, with_run, words,
};
use super::weakened;
use crate::domain::Table as _;
use crate::handshake::crowd::record::{Agent, Proof, Run, Words, World};
use crate::handshake::crowd::step::{Action, Evidence, best_common};
use crate::handshake::promise::Point;
use crate::handshake::script::{ALICE, BOB, EVERY_VERSION, NEWEST, SUITE};
use crate::rulebook::Ruleset;

/// The principals, the runs and the version floor of a world.
fn contents(world: &World<Few>) -> (Vec<Agent<Few>>, Vec<Run<Few>>, u8) {
    let agents = world.agents.0.to_vec();
    (agents, world.runs.0.to_vec(), world.version_floor)
}

/// Asserts that `action` leads from `before` to `after`, and to this commitment.
#[track_caller]
fn leads(
    before: &World<Few>,
    action: &Action<Few>,
    after: &World<Few>,
    commitment: Option<(Point, u8)>,
) {
    let step = before.step(Ruleset::HARDENED, action);
    assert!(step.enabled, "{action:?}");
    assert_eq!(contents(&step.after), contents(after), "{action:?}");
    assert_eq!(step.commitment, commitment, "{action:?}");
}

fn sound(peer: u8) -> Proof<Few> {
    Proof {
        peer,
        key: peer,
        sound: true,
        bytes: 0,
    }
}

#[test]
fn a_delivery_changes_what_its_receiver_knows_and_nothing_else() {
    let [begin, hello, answer, finish, confirm] = undisturbed();
    let started = with_run(first(), ALICES, |run| run.begun = true);
    leads(&first(), &begin, &started, None);
    let greeted = with_run(started.clone(), BOBS, |run| {
        run.heard = words(ALICES);
        run.version = NEWEST;
        run.begun = true;
    });
    leads(&started, &hello, &greeted, None);
    let answered = with_run(greeted.clone(), ALICES, |run| {
        run.heard = words(BOBS);
        run.version = NEWEST;
        run.suite = SUITE;
        run.proof = sound(BOB);
        run.accepted = true;
        run.trusted = true;
    });
    leads(
        &greeted,
        &answer,
        &answered,
        Some((Point::Answered, ALICES)),
    );
    let finished = with_run(answered.clone(), BOBS, |run| {
        run.proof = sound(ALICE);
        run.accepted = true;
        run.trusted = true;
    });
    leads(&answered, &finish, &finished, Some((Point::Finished, BOBS)));
    let confirmed = with_run(finished.clone(), ALICES, |run| run.confirmed = true);
    leads(
        &finished,
        &confirm,
        &confirmed,
        Some((Point::Confirmed, ALICES)),
    );
}

#[test]
fn a_loss_is_noted_and_changes_nothing_else() {
    let before = after(5);
    let lost = with_agent(before.clone(), ALICE, |agent| agent.lost = true);
    leads(&before, &Action::LoseLongTerm(ALICE), &lost, None);
    let lost = with_run(before.clone(), BOBS, |run| run.ephemeral_lost = true);
    leads(&before, &Action::LoseEphemeral(BOBS), &lost, None);
    let lost = with_run(before.clone(), BOBS, |run| run.session_lost = true);
    leads(&before, &Action::LoseSession(BOBS), &lost, None);
    let lost = with_run(before.clone(), BOBS, |run| run.sealing_lost = true);
    leads(&before, &Action::LoseSealing(BOBS), &lost, None);
}

#[test]
fn a_proof_counts_as_sound_only_where_it_is_in_every_respect() {
    for (sealed, bound, signed) in [
        (false, true, true),
        (true, false, true),
        (true, true, false),
    ] {
        let evidence = Evidence {
            sealed,
            bound,
            signed,
            ..passed_on(BOBS, BOB)
        };
        assert!(!evidence.proof().sound);
    }
    assert!(passed_on(BOBS, BOB).proof().sound);
}

#[test]
fn a_responder_without_a_common_version_that_goes_on_takes_its_own_best() {
    let unheard = Words {
        offers: 0,
        ..words(ALICES)
    };
    let hello = Action::Hello(BOBS, unheard);
    let begun = after(1);
    assert!(!begun.step(Ruleset::HARDENED, &hello).enabled);
    let step = begun.step(weakened("without-version-common"), &hello);
    assert_eq!(step.after.runs.at(&BOBS).version, NEWEST);
    assert_eq!(best_common::<Few>(&EVERY_VERSION, &0b011), 2);
    assert_eq!(best_common::<Few>(&EVERY_VERSION, &0), 0);
}

#[test]
fn a_world_is_chosen_whole() {
    let (one, mut other) = (after(5), first());
    other.version_floor += 1;
    let other = with_agent(other, BOB, |agent| agent.lost = true);
    for (condition, chosen) in [(true, &one), (false, &other)] {
        let choice = World::choose(&condition, &one, &other);
        assert_eq!(contents(&choice), contents(chosen));
    }
}
