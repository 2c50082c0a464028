//! A scope that the explorer's arrays cannot hold is refused by name.

use super::*;

#[test]
#[rustfmt::skip]
#[expect(clippy::type_complexity, reason = "a table names what its columns are")]
fn each_bound_has_a_least_and_a_most() {
    let rows: &[(&str, fn(&mut Scope) -> &mut u8, u8, u8)] = &[
        ("agents",   |scope| &mut scope.agents,   3, 4),
        ("messages", |scope| &mut scope.messages, 1, 4),
        ("nonces",   |scope| &mut scope.nonces,   1, 4),
        ("clock",    |scope| &mut scope.clock,    1, 14),
        ("faults",   |scope| &mut scope.faults,   0, 3),
        ("window",   |scope| &mut scope.window,   0, 4),
        ("skew",     |scope| &mut scope.skew,     0, 2),
        ("share",    |scope| &mut scope.share,    1, 3),
        ("rate",     |scope| &mut scope.rate,     1, 3),
        ("capacity", |scope| &mut scope.capacity, 1, 3),
    ];
    for (bound, place, least, most) in rows {
        for asked in 0..=u8::MAX {
            let mut scope = Scope::default();
            *place(&mut scope) = asked;
            let error = ScopeError { bound, asked, least: *least, most: *most };
            let held = (*least..=*most).contains(&asked);
            assert_eq!(scope.checked(), if held { Ok(scope) } else { Err(error) });
        }
    }
}

#[test]
fn the_first_bound_out_of_range_is_named() {
    let scope = Scope {
        messages: 9,
        faults: 9,
        ..Scope::default()
    };
    let error = scope.checked().expect_err("nine messages");
    assert_eq!(
        error.to_string(),
        "the scope's messages is 9, expected 1 to 4"
    );
}

#[test]
fn the_default_scope_can_be_held_and_says_what_it_covers() {
    let scope = Scope::default();
    assert_eq!(scope.checked(), Ok(scope));
    let covered = "3 agents, 2 messages, 2 nonces, clock 1 to 5, 2 faults; \
                   window 1, skew 1, share 2, rate 2";
    assert_eq!(scope.to_string(), covered);
}

#[test]
fn at_first_everybody_listed_has_one_valid_key_and_nothing_was_sent() {
    for agents in 3..=4 {
        let scope = Scope {
            agents,
            ..Scope::default()
        };
        let world = scope.first();
        let active = world.agents.0.iter().filter(|agent| agent.active).count();
        assert_eq!(active, usize::from(agents));
        for (key, record) in (0u8..).zip(&world.keys.0) {
            let first_of_somebody = (0..agents).any(|agent| first_key(agent) == key);
            assert_eq!(record.entitled(&START), first_of_somebody, "key {key}");
            assert!(!record.compromised);
        }
        assert!(world.agents.0.iter().filter(|agent| agent.hostile).count() == 1);
        assert!(
            world
                .messages
                .0
                .iter()
                .all(|message| *message == VACANT_MESSAGE)
        );
        assert!(world.store.0.iter().all(|entry| !entry.stored));
    }
}
