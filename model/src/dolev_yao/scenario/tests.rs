//! Who can take part is counted once, whatever the order and the names.

use super::{exchanged, scenarios};
use crate::dolev_yao::protocol::Protocol;
use crate::dolev_yao::run::Participant;
use crate::dolev_yao::weakness::Weaknesses;

const fn participant(role: u8, me: u8, peer: Option<u8>) -> Participant {
    Participant { role, me, peer }
}

/// Two honest principals who each start runs with the other and the attacker, and wait for anybody.
fn two_sides(interchangeable: bool) -> Protocol {
    Protocol {
        roles: Vec::new(),
        participants: vec![
            participant(0, 0, Some(1)),
            participant(0, 0, Some(2)),
            participant(0, 1, Some(0)),
            participant(0, 1, Some(2)),
            participant(1, 0, None),
            participant(1, 1, None),
        ],
        honest: 2,
        interchangeable,
        public: Vec::new(),
        hostile: Vec::new(),
        weaknesses: Weaknesses::NONE,
    }
}

#[test]
fn scenarios_are_counted_up_to_order() {
    // Choices with repetition of 1 to 4 of 6.
    let counts = [1, 2, 3, 4].map(|runs| scenarios(&two_sides(false), runs, false).len());
    assert_eq!(counts, [6, 21, 56, 126]);
}

#[test]
fn scenarios_are_counted_up_to_names() {
    // Half of those, and of the 0, 3, 0 and 6 made of pairs that the exchange swaps.
    let counts = [1, 2, 3, 4].map(|runs| scenarios(&two_sides(true), runs, false).len());
    assert_eq!(counts, [3, 12, 28, 66]);
}

#[test]
fn a_run_told_apart_has_a_place_of_its_own() {
    let counts = [1, 2, 3].map(|runs| scenarios(&two_sides(false), runs, true).len());
    assert_eq!(counts, [6, 6 * 6, 6 * 21]);
    let counts = [1, 2, 3].map(|runs| scenarios(&two_sides(true), runs, true).len());
    assert_eq!(counts, [3, 18, 63]);
}

#[test]
fn every_scenario_or_its_exchange_is_there() {
    for told_apart in [false, true] {
        let all = scenarios(&two_sides(false), 3, told_apart);
        let kept = scenarios(&two_sides(true), 3, told_apart);
        for scenario in all {
            let other = exchanged(&scenario, told_apart);
            assert!(kept.contains(&scenario) || kept.contains(&other));
            assert_eq!(exchanged(&other, told_apart), scenario);
        }
    }
}
