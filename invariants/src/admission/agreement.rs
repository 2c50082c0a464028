//! The prover reads a rule as machine words do: on constants, every guard says the same.

use countersign_model::admission::Admission;
use countersign_model::admission::facts::{Facts, Limits, Receiver};
use countersign_model::admission::guard::table;
use countersign_model::domain::{Concrete, Identity as _, Natural as _, Truth as _};
use countersign_model::rulebook::{Ruleset, admits};
use proptest::prelude::*;

use crate::solver::{Answer, Budget, Question, isolated};
use crate::symbolic::{Any, Formula, Individual, Number, Symbolic, Term as _, species};

/// Machine words saturate and integers do not: sums of these stay below the largest word.
const NUMBER_MAX: u8 = 60;

fn numbers() -> impl Strategy<Value = [u8; 11]> {
    proptest::array::uniform(0..=NUMBER_MAX)
}

fn case() -> impl Strategy<Value = (Facts<Concrete>, Receiver<Concrete>)> {
    let truths = proptest::array::uniform::<_, 11>(any::<bool>());
    let agents = proptest::array::uniform3(0u8..3);
    (truths, agents, numbers()).prop_map(|(truths, agents, numbers)| {
        let [
            size_bounded,
            well_formed,
            canonical,
            version_supported,
            schema_valid,
            session_known,
            ..,
        ] = truths;
        let [
            ..,
            sender_active,
            key_of_sender,
            key_revoked,
            signature_valid,
            nonce_seen,
        ] = truths;
        let [sender, recipient, me] = agents;
        let [
            now,
            window,
            skew,
            share,
            rate,
            not_before,
            not_after,
            issued,
            expires,
            held,
            recent,
        ] = numbers;
        let facts = Facts {
            size_bounded,
            well_formed,
            canonical,
            version_supported,
            schema_valid,
            sender,
            sender_active,
            key_of_sender,
            key_not_before: not_before,
            key_not_after: not_after,
            key_revoked,
            signature_valid,
            recipient,
            session_known,
            issued_at: issued,
            expires_at: expires,
            nonce_seen,
            held,
            recent,
        };
        let limits = Limits {
            window,
            skew,
            share,
            rate,
        };
        (facts, Receiver { me, now, limits })
    })
}

fn agent(number: u8) -> Individual<species::Agent> {
    Individual::named(&format!("agent-{number}"))
}

fn number(value: u8) -> Number {
    Number::constant(value.into())
}

fn lifted_facts(facts: &Facts<Concrete>) -> Facts<Symbolic<Any>> {
    Facts {
        size_bounded: Formula::constant(facts.size_bounded),
        well_formed: Formula::constant(facts.well_formed),
        canonical: Formula::constant(facts.canonical),
        version_supported: Formula::constant(facts.version_supported),
        schema_valid: Formula::constant(facts.schema_valid),
        sender: agent(facts.sender),
        sender_active: Formula::constant(facts.sender_active),
        key_of_sender: Formula::constant(facts.key_of_sender),
        key_not_before: number(facts.key_not_before),
        key_not_after: number(facts.key_not_after),
        key_revoked: Formula::constant(facts.key_revoked),
        signature_valid: Formula::constant(facts.signature_valid),
        recipient: agent(facts.recipient),
        session_known: Formula::constant(facts.session_known),
        issued_at: number(facts.issued_at),
        expires_at: number(facts.expires_at),
        nonce_seen: Formula::constant(facts.nonce_seen),
        held: number(facts.held),
        recent: number(facts.recent),
    }
}

fn lifted_receiver(me: &Receiver<Concrete>) -> Receiver<Symbolic<Any>> {
    Receiver {
        me: agent(me.me),
        now: number(me.now),
        limits: Limits {
            window: number(me.limits.window),
            skew: number(me.limits.skew),
            share: number(me.limits.share),
            rate: number(me.limits.rate),
        },
    }
}

/// Whether some guard, or all of them together, can differ from what machine words say.
fn disagrees(facts: &Facts<Concrete>, me: &Receiver<Concrete>) -> bool {
    let (lifted, myself) = (lifted_facts(facts), lifted_receiver(me));
    let question = Question::new(Budget::default());
    for (one, other) in [(0, 1), (0, 2), (1, 2)] {
        question.demand(&agent(one).same(&agent(other)).not());
    }
    let concrete = table::<Concrete>().iter();
    let symbolic = table::<Symbolic<Any>>().iter();
    let mut agree = Formula::constant(true);
    let mut compare = |expected: bool, term: Formula| {
        agree = agree.and(&term.same(&Formula::constant(expected)));
    };
    for (concrete, symbolic) in concrete.zip(symbolic) {
        let expected = (concrete.holds)(facts, me);
        compare(expected, (symbolic.holds)(&lifted, &myself));
    }
    let rules = Ruleset::<Admission>::HARDENED;
    compare(
        admits(rules, |_| true, facts, me),
        admits(rules, |_| true, &lifted, &myself),
    );
    question.demand(&agree.not());
    !matches!(question.ask().0, Answer::Unsat(_))
}

proptest! {
    #[test]
    fn on_constants_the_prover_reads_every_guard_as_machine_words_do((facts, me) in case()) {
        prop_assert!(!isolated(|| disagrees(&facts, &me)));
    }
}
