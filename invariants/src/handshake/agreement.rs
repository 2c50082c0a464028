//! The prover reads a guard as machine words do: on constants, every guard says the same.

use countersign_model::domain::{Concrete, Identity as _, Natural as _, Truth as _};
use countersign_model::handshake::Handshake;
use countersign_model::handshake::facts::{Facts, Party};
use countersign_model::handshake::guard::{Flight, Stage};
use countersign_model::rulebook::{Book as _, Ruleset, admits};
use proptest::prelude::*;

use crate::solver::{Answer, Budget, Question, isolated};
use crate::symbolic::{Any, Formula, Individual, Number, Symbolic, Term as _, species};

fn case() -> impl Strategy<Value = (Facts<Concrete>, Party<Concrete>)> {
    let truths = proptest::array::uniform10(any::<bool>());
    let agents = proptest::array::uniform3(0u8..3);
    let versions = proptest::array::uniform3(0u8..4);
    (truths, agents, versions).prop_map(|(truths, agents, versions)| {
        let [peer, me, intended] = agents;
        let [version, version_best, version_floor] = versions;
        let facts = Facts {
            version_common: truths[0],
            version,
            version_best,
            capabilities_sufficient: truths[1],
            suite_offered: truths[2],
            share_contributes: truths[3],
            proof_opens: truths[4],
            identity_bound: truths[5],
            peer,
            key_of_peer: truths[6],
            peer_entitled: truths[7],
            signature_valid: truths[8],
            confirmation_valid: truths[9],
        };
        let me = Party {
            me,
            intended,
            version_floor,
        };
        (facts, me)
    })
}

fn agent(number: u8) -> Individual<species::Agent> {
    Individual::named(&format!("agent-{number}"))
}

fn number(value: u8) -> Number {
    Number::constant(value.into())
}

fn lifted(
    facts: &Facts<Concrete>,
    me: &Party<Concrete>,
) -> (Facts<Symbolic<Any>>, Party<Symbolic<Any>>) {
    let facts = Facts {
        version_common: Formula::constant(facts.version_common),
        version: number(facts.version),
        version_best: number(facts.version_best),
        capabilities_sufficient: Formula::constant(facts.capabilities_sufficient),
        suite_offered: Formula::constant(facts.suite_offered),
        share_contributes: Formula::constant(facts.share_contributes),
        proof_opens: Formula::constant(facts.proof_opens),
        identity_bound: Formula::constant(facts.identity_bound),
        peer: agent(facts.peer),
        key_of_peer: Formula::constant(facts.key_of_peer),
        peer_entitled: Formula::constant(facts.peer_entitled),
        signature_valid: Formula::constant(facts.signature_valid),
        confirmation_valid: Formula::constant(facts.confirmation_valid),
    };
    let me = Party {
        me: agent(me.me),
        intended: agent(me.intended),
        version_floor: number(me.version_floor),
    };
    (facts, me)
}

/// Whether some guard, or the table for some flight, says one thing of words and another of terms.
fn disagrees(facts: &Facts<Concrete>, me: &Party<Concrete>) -> bool {
    let (terms, myself) = lifted(facts, me);
    let question = Question::new(Budget::default());
    for (one, other) in [(0, 1), (0, 2), (1, 2)] {
        question.demand(&agent(one).same(&agent(other)).not());
    }
    let mut agree = Formula::constant(true);
    let mut compare = |expected: bool, term: Formula| {
        agree = agree.and(&term.same(&Formula::constant(expected)));
    };
    let concrete = Handshake::guards::<Concrete>().iter();
    let symbolic = Handshake::guards::<Symbolic<Any>>().iter();
    for (concrete, symbolic) in concrete.zip(symbolic) {
        let expected = (concrete.holds)(facts, me);
        compare(expected, (symbolic.holds)(&terms, &myself));
    }
    let rules = Ruleset::<Handshake>::HARDENED;
    for flight in Flight::ALL {
        let asked = |stage: Stage| flight.asks().contains(&stage);
        let expected = admits(rules, asked, facts, me);
        compare(expected, admits(rules, asked, &terms, &myself));
    }
    question.demand(&agree.not());
    !matches!(question.ask().0, Answer::Unsat(_))
}

proptest! {
    #[test]
    fn on_constants_the_prover_reads_every_guard_as_machine_words_do((facts, me) in case()) {
        prop_assert!(!isolated(|| disagrees(&facts, &me)));
    }
}
