//! Worlds are told apart by whatever there is of them: a search that took two for one would miss states.

use std::hash::BuildHasher as _;

use rustc_hash::FxBuildHasher;

use super::*;
use crate::domain::Table as _;
use crate::session::scope::Scope;

#[test]
fn worlds_that_differ_in_anything_are_different_and_hashed_apart() {
    type Change = fn(&mut World<Concrete>);
    let rows: &[(&str, Change)] = &[
        ("the clock", |it| it.now += 1),
        ("a peer", |it| {
            let mut peer = it.peers.at(&0);
            peer.entitled = false;
            it.peers.set(&0, peer);
        }),
        ("a session", |it| {
            let mut session = it.sessions.at(&0);
            session.held = false;
            it.sessions.set(&0, session);
        }),
        ("a mark", |it| {
            let (marked, by) = (true, 0);
            it.marks.set(&(0, 0), Mark { marked, by });
        }),
        ("a record", |it| {
            let mut record = it.records.at(&0);
            record.sequence = 1;
            it.records.set(&0, record);
        }),
        ("a fate", |it| {
            let (sent, accepted) = (true, false);
            it.fates.set(&0, Fate { sent, accepted });
        }),
    ];
    let world = Scope::default().first();
    let hash = |world: &World<Concrete>| FxBuildHasher.hash_one(world);
    for (what, change) in rows {
        let mut other = world;
        change(&mut other);
        assert_ne!(other, world, "{what}");
        assert_ne!(hash(&other), hash(&world), "{what}");
    }
}
