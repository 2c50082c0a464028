//! A profile of weakened code, flaw by flaw.

use std::collections::BTreeMap;

use countersign::lab::Lab;
use countersign_model::admission::Admission;
use countersign_model::admission::invariant::InvariantId;
use countersign_model::admission::scope::{FOREVER, Scope};
use countersign_model::admission::weakening::Mechanism;
use countersign_model::rulebook::{Change, Profile, Row as _, Ruleset, Weakening};
use countersign_replay::admission::action::Action;
use countersign_replay::admission::cast::{ANYONE, nonce, nonce_name};
use countersign_replay::{Trace, sequence};

use super::attack::{self, Attack};
use super::effort::{Effort, Solving};
use super::finding::{Finding, Replayed, Standing};
use super::flush;
use super::performing::perform;
use super::pool::{self, Job};
use super::progress::Progress;
use super::reporter::Reporter;
use super::status::Status;
use super::words::counted;

/// Attacks every flaw of `profile`, alone and together with all the others.
pub(crate) fn report(
    report: &mut Reporter,
    profile: &'static Profile<Admission>,
    scope: Scope,
    effort: &Effort,
    solving: Solving,
) {
    let flaws = profile
        .weakenings
        .iter()
        .filter_map(|name| Weakening::<Admission>::of_name(name));
    let jobs = flaws.map(|weakening| -> Job<'_, Vec<Finding>> {
        Box::new(move || {
            let attack =
                attack::on_weakening::<Admission>(weakening, scope, &effort.cutoff, solving);
            findings(weakening, profile, attack)
        })
    });
    let jobs: Vec<Job<'_, Vec<Finding>>> = jobs.collect();
    let progress = Progress::new(jobs.len());
    let bound = "the shortest attack on each, performed on code with this flaw alone, on code with all \
                 of the profile's, and on hardened code";
    report.open("flaws", bound.to_owned(), 0);
    pool::run(effort.threads, jobs, |found| {
        progress.advance();
        progress.around(|| found.into_iter().for_each(|finding| report.add(finding)));
    });
    drop(progress);
    report.total(
        "not modelled here: rows 12 (order) and 13 (approval queue) of the catalogue; admission \
         promises neither"
            .to_owned(),
    );
}

/// The attack that was found, and for the flushed cache the two that follow from it.
fn findings(
    weakening: &'static Weakening<Admission>,
    profile: &Profile<Admission>,
    attack: Attack<Admission>,
) -> Vec<Finding> {
    let Some(trace) = &attack.trace else {
        return vec![attack.finding];
    };
    let mut findings = vec![Finding {
        steps: attack.finding.steps,
        remarks: attack.finding.remarks.clone(),
        ..finding(weakening, profile, trace, weakening.flaws)
    }];
    if matches!(weakening.change, Change::With(Mechanism::EvictsOldest, _)) {
        let told = [
            (flush::at_real_capacity(trace), &[1u8] as &'static [u8]),
            (flush::by_honest_traffic(weakening.name), &[2]),
        ];
        findings.extend(told.into_iter().map(|(told, flaws)| match told {
            Ok(trace) => finding(weakening, profile, &trace, flaws),
            Err(error) => {
                let words = format!("the model does not repeat the flush: {error}");
                Finding::new(Status::Diverges, Standing::Violation, weakening.name, words)
            }
        }));
    }
    findings
}

fn finding(
    weakening: &'static Weakening<Admission>,
    profile: &Profile<Admission>,
    trace: &Trace,
    flaws: &'static [u8],
) -> Finding {
    let invariant = weakening.breaks.name();
    let numbers: Vec<String> = flaws.iter().map(u8::to_string).collect();
    let rows = match flaws.len() {
        0 => String::new(),
        1 => format!("flaw {}, ", numbers.concat()),
        _ => format!("flaws {}, ", numbers.join(" and ")),
    };
    let length = counted(trace.steps.len() as u64, "step");
    let words = format!("{rows}'{invariant}' in {length}: {}", trace.lesson);
    let (alone, _) = perform("code with this flaw alone", trace, Lab::new);
    let (hardened, _) = perform("hardened code", trace, Lab::hardened);
    Finding {
        invariant: Some(invariant),
        flaws,
        lesson: Some(trace.lesson.clone()),
        attack: sequence::sequence(trace)
            .lines()
            .map(str::to_owned)
            .collect(),
        replays: vec![alone, together(profile, trace), hardened],
        ..Finding::new(Status::Broken, Standing::Violation, weakening.name, words)
    }
}

/// The same attack on code with every flaw of the profile: what the model foretells for it, and
/// whether the code agrees. One flaw may mask another.
fn together(profile: &Profile<Admission>, trace: &Trace) -> Replayed {
    let on = "code with the whole listing";
    let told = trace.violates.as_ref();
    let invariant = told.and_then(|it| InvariantId::of_name(&it.invariant));
    let retold = |together: bool| {
        let mut whole = translated(trace, profile.rules(), together);
        whole.weakenings = profile
            .weakenings
            .iter()
            .map(|name| (*name).to_owned())
            .collect();
        whole.foretell(invariant)
    };
    match retold(true).or_else(|_| retold(false)) {
        Ok(whole) => perform(on, &whole, || Lab::dangerously_under(profile.rules())).0,
        Err(_) => Replayed {
            on,
            status: Status::Refused,
            words: format!("{on} does not do this: another of its flaws gets in the way"),
            step: None,
            rejection: None,
        },
    }
}

/// The same trace where nonces are taken from the clock and entries are nobody's: honest nonces are
/// those of their instant; others stay equal to them where they were (`together`), or never are.
fn translated(trace: &Trace, rules: Ruleset<Admission>, together: bool) -> Trace {
    let mut translated = trace.clone();
    let mut honest = BTreeMap::new();
    for step in &mut translated.steps {
        match &mut step.action {
            Action::Send { message } if rules.has(Mechanism::NonceFromClock) => {
                let nonce = format!("n{}", message.issued_at);
                if together {
                    honest.insert(message.nonce.clone(), nonce.clone());
                }
                message.nonce = nonce;
            }
            Action::Inject { message, .. } if rules.has(Mechanism::NonceFromClock) => {
                message.nonce = elsewhere(&message.nonce, &honest);
            }
            Action::Deliver { presented, .. } if rules.has(Mechanism::NonceFromClock) => {
                presented.nonce = presented
                    .nonce
                    .as_ref()
                    .map(|nonce| elsewhere(nonce, &honest));
            }
            Action::Forget { sender, nonce } => {
                if rules.has(Mechanism::KeyedByNonceAlone) {
                    ANYONE.clone_into(sender);
                }
                if rules.has(Mechanism::NonceFromClock) {
                    *nonce = elsewhere(nonce, &honest);
                }
            }
            _ => {}
        }
    }
    translated
}

/// The new name of a nonce: that of the honest message which has it, or one that no clock gives.
fn elsewhere(name: &str, honest: &BTreeMap<String, String>) -> String {
    let far = |number: u32| nonce_name(number.saturating_add(u32::from(FOREVER)));
    honest
        .get(name)
        .cloned()
        .unwrap_or_else(|| nonce(name).map_or_else(|_| name.to_owned(), far))
}
