//! Precedence, stages, and the table as it reads.

use super::{GuardId, Rejection, Stage, Use, table};
use crate::bus::Bus;
use crate::bus::facts::{Facts, Orchestrator};
use crate::domain::{Concrete, Prose};
use crate::rulebook::{self, Row as _, Ruleset};

/// A held request, or a reply, with every defect it can have, and the defects in the order in which
/// they are repaired.
#[rustfmt::skip]
#[expect(clippy::type_complexity, reason = "a table")]
const REPAIRS: &[(Rejection, fn(&mut Facts<Concrete>))] = &[
    (Rejection::NotAdmitted,        |m| m.admitted = true),
    (Rejection::TooFast,            |m| m.cost = 1),
    (Rejection::PartyInactive,      |m| m.parties_active = true),
    (Rejection::SelfAddressed,      |m| m.self_addressed = false),
    (Rejection::Expired,            |m| m.expires_at = 9),
    (Rejection::Unasked,            |m| m.expected = true),
    (Rejection::TooLate,            |m| m.answer_by = 9),
    (Rejection::AlreadyEnded,       |m| { m.ended = false; m.is_reply = false; }),
    (Rejection::Denied,             |m| m.denied = false),
    (Rejection::NotGranted,         |m| m.granted = true),
    (Rejection::OriginNotGranted,   |m| m.origin_granted = true),
    (Rejection::AwaitingApproval,   |m| m.approved = true),
    (Rejection::NotWhatWasApproved, |m| m.shown = true),
    (Rejection::BodyNotCommitted,   |m| m.committed = true),
    (Rejection::PolicyChanged,      |m| m.approved_under = 2),
    (Rejection::ApprovalLapsed,     |m| m.approved_until = 9),
    (Rejection::ApprovalUsed,       |m| m.used = false),
];

const ORCHESTRATOR: Orchestrator<Concrete> = Orchestrator {
    now: 9,
    policy: 2,
    rate: 3,
};

const WORST: Facts<Concrete> = Facts {
    admitted: false,
    parties_active: false,
    self_addressed: true,
    charged: 2,
    cost: 2,
    expires_at: 8,
    is_reply: true,
    expected: false,
    answer_by: 8,
    ended: true,
    denied: true,
    granted: false,
    origin_granted: false,
    held: true,
    approved: false,
    shown: false,
    committed: false,
    approved_under: 1,
    approved_until: 8,
    used: true,
    countersigned: false,
};

fn judged(usage: Use, facts: &Facts<Concrete>) -> Result<(), Rejection> {
    let asked = |stage: Stage| usage.asks().contains(&stage);
    rulebook::judge(Ruleset::<Bus>::HARDENED, asked, facts, &ORCHESTRATOR)
}

#[test]
fn each_repair_uncovers_the_next_rejection_until_the_message_is_delivered() {
    let mut facts = WORST;
    for (rejection, repair) in REPAIRS {
        assert_eq!(judged(Use::Submitting, &facts), Err(*rejection));
        repair(&mut facts);
    }
    assert_eq!(judged(Use::Submitting, &facts), Ok(()));
    let order = REPAIRS.iter().map(|(rejection, _)| *rejection);
    let order: Vec<Rejection> = order.chain([Rejection::NotMediated]).collect();
    assert_eq!(order, Rejection::ALL);
}

#[test]
fn what_is_released_is_judged_again_by_standing_policy_and_approval() {
    let mut facts = WORST;
    facts.is_reply = false;
    for (rejection, repair) in REPAIRS {
        let asked = !matches!(rejection.guard(), GuardId::Admitted | GuardId::RateWithin)
            && !(GuardId::ReplyExpected..=GuardId::RequestOpen).contains(&rejection.guard());
        if asked {
            assert_eq!(judged(Use::Releasing, &facts), Err(*rejection));
        }
        repair(&mut facts);
    }
    assert_eq!(judged(Use::Releasing, &facts), Ok(()));
}

#[test]
fn a_reply_to_what_was_asked_needs_no_rule_and_no_approval() {
    let facts = Facts {
        admitted: true,
        cost: 1,
        parties_active: true,
        self_addressed: false,
        expires_at: 9,
        expected: true,
        answer_by: 9,
        ended: false,
        ..WORST
    };
    assert_eq!(judged(Use::Submitting, &facts), Ok(()));
}

#[test]
fn an_agent_asks_for_the_countersignature_and_nothing_else() {
    assert_eq!(judged(Use::Receiving, &WORST), Err(Rejection::NotMediated));
    let facts = Facts {
        countersigned: true,
        ..WORST
    };
    assert_eq!(judged(Use::Receiving, &facts), Ok(()));
}

#[test]
fn guards_stand_in_the_order_of_their_stages_and_every_stage_is_asked() {
    let table = table::<Concrete>();
    assert!(table.is_sorted_by_key(|guard| guard.stage));
    let ids: Vec<GuardId> = table.iter().map(|guard| guard.id).collect();
    assert_eq!(ids, GuardId::ALL);
    for guard in table {
        let asked = Use::ALL
            .iter()
            .any(|usage| usage.asks().contains(&guard.stage));
        assert!(asked, "{}", guard.id.name());
    }
    for usage in Use::ALL {
        assert!(usage.asks().is_sorted(), "{}", usage.name());
    }
}

#[test]
fn every_guard_reads_as_a_sentence() {
    let (facts, orchestrator) = (Facts::in_words(), Orchestrator::in_words());
    let read: Vec<String> = table::<Prose>()
        .iter()
        .map(|guard| {
            let sentence = (guard.holds)(&facts, &orchestrator);
            format!("{}: {}", guard.id.name(), sentence.as_str())
        })
        .collect();
    insta::assert_snapshot!(read.join("\n"));
}
