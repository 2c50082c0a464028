//! What a policy costs: decisions against asking every rule in turn, and questions about a deployment
//! of 1,000 agents and 10,000 rules, the search and the solver apart.
//!
//! Ratios compare rounds that alternate within one run, and take medians, so that a slow moment of the
//! machine falls on both sides. Nothing is asserted about time.

#![expect(clippy::unwrap_used, reason = "a benchmark fails loudly")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use countersign::deployment::{Deployment, generate};
use countersign::policy::{
    Difference, Policy, Question, Reach, answered, every_type, kinds, types_of,
};
use countersign_invariants::Budget;
use countersign_invariants::policy::{Certificate, Deployed, Differing, differ_only, unreachable};
use countersign_model::bus::policy::Tiers;
use countersign_model::bus::tiering::{Rule, Types};
use countersign_model::rulebook::Ruleset;

const AGENTS: u32 = 1_000;
const RULES: u32 = 10_000;
/// Decisions of one round, and how many of them every rule is asked about.
const DECISIONS: u32 = 1_000_000;
const SLOW_DECISIONS: u32 = 1_000;
/// How often each side of a comparison is timed.
const ROUNDS: usize = 9;

fn main() {
    let text = generate(AGENTS, RULES, 1);
    let begun = Instant::now();
    let deployment = Deployment::read("generated", text.as_bytes()).unwrap();
    println!(
        "{AGENTS} agents, {RULES} rules, {} KB: read and compiled in {}",
        text.len() / 1024,
        seconds(begun.elapsed())
    );
    decisions(deployment.policy());
    deputies(&deployment);
    differences(&deployment);
}

/// Decisions of the compiled policy, against the definition.
fn decisions(policy: &Policy) {
    let mut rounds: [Vec<Duration>; 2] = Default::default();
    for _ in 0..ROUNDS {
        let compiled = timed(|| {
            for (from, to, place) in cases().take(DECISIONS as usize) {
                black_box(policy.decide_type(from, to, place));
            }
        });
        let one_by_one = timed(|| {
            for (from, to, place) in cases().take(SLOW_DECISIONS as usize) {
                let applies = |rule: &Rule<u32>| rule.applies(&from, &to);
                let says = |types: Types| types.has(place);
                let tiers = Tiers::of_rules(policy.rules().iter(), applies, says);
                black_box(tiers.decide(Ruleset::HARDENED));
            }
        });
        for (times, time) in rounds.iter_mut().zip([compiled, one_by_one]) {
            times.push(time);
        }
    }
    let [compiled, one_by_one] = rounds.map(median);
    let compiled = f64::from(DECISIONS) / compiled.as_secs_f64();
    let one_by_one = f64::from(SLOW_DECISIONS) / one_by_one.as_secs_f64();
    println!(
        "decisions: {:.1} M/s, {:.0} times as many as when every rule is asked in turn",
        compiled / 1e6,
        compiled / one_by_one
    );
}

/// Senders, recipients and types in no order that a cache would like.
fn cases() -> impl Iterator<Item = (u32, u32, u8)> {
    let places = u32::try_from(kinds().count()).unwrap();
    (0_u32..).map(move |at| {
        let mixed = at.wrapping_mul(0x9E37_79B9);
        let place = u8::try_from(mixed % places).unwrap();
        (mixed >> 7 & 1023, mixed >> 17 & 1023, place)
    })
}

/// Questions about deputies with each answer.
fn deputies(deployment: &Deployment) {
    let delegate = kinds().find(|kind| kind.as_str() == "delegate").unwrap();
    let mut told = [false; 2];
    for to in (0..AGENTS).step_by(100) {
        let question = Question {
            from: 5,
            to,
            by: Some(types_of(delegate)),
            without_approval: true,
            declared: false,
            answers: true,
        };
        let begun = Instant::now();
        let found = Reach::search(deployment.policy(), AGENTS, &question);
        let searched = begun.elapsed();
        let place = usize::from(found.chain.is_some());
        if std::mem::replace(told.get_mut(place).unwrap(), true) {
            continue;
        }
        let Some(chain) = &found.chain else {
            let rules = deployed(deployment.policy());
            let begun = Instant::now();
            let shown = unreachable(rules, &question, &found.reached, Budget::default());
            println!(
                "out of reach of any chain: searched in {}; {}",
                seconds(searched),
                certified(&shown, begun.elapsed())
            );
            continue;
        };
        println!(
            "a chain of {}: searched in {}",
            chain.len(),
            seconds(searched)
        );
    }
}

/// The difference to a deployment with every tenth rule gone.
fn differences(deployment: &Deployment) {
    let rules = deployment.policy().rules().iter().enumerate();
    let fewer = rules.filter(|(place, _)| place % 10 != 0);
    let fewer = Policy::compile(fewer.map(|(_, rule)| *rule).collect());
    let begun = Instant::now();
    let difference = Difference::of(deployment.policy(), &fewer, AGENTS);
    let searched = begun.elapsed();
    let listed = difference.changes.iter().map(|change| Differing {
        from: change.from,
        to: change.to,
        types: Types::one(change.place),
    });
    let listed: Vec<Differing> = listed.collect();
    let (old, new) = (deployed(deployment.policy()), deployed(&fewer));
    let begun = Instant::now();
    let shown = differ_only(old, new, &listed, Budget::default());
    println!(
        "{} differences: searched in {}; {}",
        listed.len(),
        seconds(searched),
        certified(&shown, begun.elapsed())
    );
}

fn deployed(policy: &Policy) -> Deployed<'_> {
    Deployed {
        rules: policy.rules(),
        agents: AGENTS,
        types: every_type(),
        answered: answered(),
    }
}

fn certified(certificate: &Certificate, elapsed: Duration) -> String {
    format!(
        "Z3: {:?}, {} questions in {}, all in all {}",
        certificate.verdict,
        certificate.questions,
        seconds(certificate.elapsed),
        seconds(elapsed)
    )
}

fn seconds(duration: Duration) -> String {
    format!("{:.2} s", duration.as_secs_f64())
}

fn timed(work: impl FnOnce()) -> Duration {
    let begun = Instant::now();
    work();
    begun.elapsed()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap()
}
