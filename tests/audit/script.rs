//! The traces of the audit trail: shortest attacks, exchanges, and one refusal by each guard.

use std::num::NonZeroUsize;

use countersign::lab::AuditLab;
use countersign_model::audit::Audit;
use countersign_model::audit::guard::Rejection;
use countersign_model::audit::scope::Scope;
use countersign_model::audit::story::Story;
use countersign_model::audit::system::Trail;
use countersign_model::explorer::{Cutoff, Ending, explore};
use countersign_model::rulebook::{Book as _, Weakening};
use countersign_replay::audit::action::{Action, Tampering};
use countersign_replay::audit::cast::{Message, Roll, Setting};
use countersign_replay::audit::teller::tell;
use countersign_replay::form::Form as _;
use countersign_replay::teller::{START_MS, TICK_MS};
use countersign_replay::trace::{Clock, Expect, FORMAT, Seed, Step};
use countersign_replay::{Outcome, Trace, replay, rulebook};

const SEED: Seed = Seed([7; 16]);

/// The shortest attack on each weakening, as the weakened code performs it.
pub(crate) fn counterexamples() -> Vec<(&'static Weakening<Audit>, Trace<Audit>)> {
    let rows = Audit::WEAKENINGS.iter();
    rows.map(|row| {
        let scope = row.scope(Scope::default());
        let system = Trail::new(row.rules(), scope, &[row.breaks]);
        let report = explore(&system, NonZeroUsize::MIN, &Cutoff::default());
        let Ending::Broken(path) = report.ending else {
            panic!("{} breaks nothing", row.name);
        };
        let story = Story::of_path(&system, &scope, &path);
        let trace = tell(&story, &[row.name], Some(row.breaks), row.lesson, SEED).unwrap();
        let report = replay(&trace, AuditLab::new).unwrap();
        let outcome = &report.outcome;
        assert!(
            matches!(outcome, Outcome::Confirmed { .. }),
            "{}: {outcome:#?}",
            row.name
        );
        (row, trace.recording(&report))
    })
    .collect()
}

/// Runs without an attack that succeeds.
pub(crate) fn exchanges() -> Vec<(&'static str, Trace<Audit>)> {
    let all = [
        (
            "audit",
            "every message is recorded before its effect, denials too, and auditors and parties are told of it",
            vec![
                record("m1"),
                act("m1"),
                record("m2"),
                act("m2"),
                sign("c1"),
                Action::Verify {},
                ask("alice", "alice", "m1"),
                ask("carol", "bob", "m2"),
                guess("bob", "m1"),
                guess("carol", "m1"),
            ],
        ),
        (
            "audit-crash-survived",
            "a crash takes nothing back whose record had an effect, and the chain goes on",
            vec![
                record("m1"),
                act("m1"),
                Action::Crash {},
                record("m2"),
                sign("c1"),
                Action::Verify {},
            ],
        ),
        (
            "audit-tail-rewritten",
            "what no checkpoint vouches for can be rewritten while the writer is down: sign often",
            vec![
                record("m1"),
                sign("c1"),
                Action::Verify {},
                record("m2"),
                tamper(&["m1", "forged"], None, Some("c1")),
                sign("c2"),
                Action::Crash {},
                sign("c3"),
                Action::Verify {},
            ],
        ),
    ];
    all.map(|(name, lesson, actions)| (name, recorded(lesson, actions)))
        .into()
}

/// For each rejection, in order, a trace that ends in it.
pub(crate) fn rejected() -> Vec<(Rejection, &'static str, Trace<Audit>)> {
    use Rejection as R;
    let signed = || vec![record("m1"), record("m2"), sign("c1")];
    let after = |more: Vec<Action>| signed().into_iter().chain(more).collect::<Vec<_>>();
    let verified = |tampering| after(vec![tampering, Action::Verify {}]);
    let all = [
        (
            R::HeadMoved,
            "log-written-by-another",
            "a writer that finds the log elsewhere than it left it does not go on",
            vec![record("m1"), tamper(&[], None, None), record("m2")],
        ),
        (
            R::Unrecorded,
            "effect-without-record",
            "what is not on the disk has no effect",
            vec![record("m1"), act("m2")],
        ),
        (
            R::NotEntitled,
            "agent-about-another",
            "an agent is told of its own messages",
            vec![record("m1"), ask("mallory", "alice", "m1")],
        ),
        (
            R::LinkBroken,
            "record-altered",
            "a record that is altered no longer fits its link",
            verified(tamper(&["m1", "forged"], Some(&["m1", "m2"]), Some("c1"))),
        ),
        (
            R::CheckpointUnsigned,
            "checkpoint-made-up",
            "whoever computes every link anew still cannot sign",
            verified(tamper(&["m2"], None, None)),
        ),
        (
            R::Truncated,
            "end-cut-off",
            "a log that ends before its checkpoint was cut off",
            verified(tamper(&["m1"], None, Some("c1"))),
        ),
        (
            R::Rewritten,
            "records-swapped",
            "links that were computed anew are not those that were signed",
            verified(tamper(&["m2", "m1"], None, Some("c1"))),
        ),
        (
            R::RolledBack,
            "older-copy",
            "an older copy is not what verified before",
            vec![
                record("m1"),
                sign("c1"),
                record("m2"),
                sign("c2"),
                Action::Verify {},
                tamper(&["m1"], None, Some("c1")),
                Action::Verify {},
            ],
        ),
    ];
    all.map(|(rejection, name, lesson, actions)| (rejection, name, recorded(lesson, actions)))
        .into()
}

fn record(message: &str) -> Action {
    Action::Record {
        message: message.to_owned(),
    }
}

fn act(message: &str) -> Action {
    Action::Act {
        message: message.to_owned(),
    }
}

fn sign(checkpoint: &str) -> Action {
    Action::Sign {
        checkpoint: checkpoint.to_owned(),
    }
}

fn ask(reader: &str, about: &str, message: &str) -> Action {
    Action::Ask {
        reader: reader.to_owned(),
        about: about.to_owned(),
        message: message.to_owned(),
    }
}

fn guess(guesser: &str, message: &str) -> Action {
    Action::Guess {
        guesser: guesser.to_owned(),
        message: message.to_owned(),
    }
}

/// These records, with links over these, and this checkpoint or one that is made up.
fn tamper(records: &[&str], links: Option<&[&str]>, checkpoint: Option<&str>) -> Action {
    let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    Action::Tamper(Tampering {
        records: owned(records),
        links: links.map(owned),
        checkpoint: checkpoint.map(str::to_owned),
        covers: None,
    })
}

/// A log of two messages between alice and bob, the second denied, hardened: what the model foretells, as
/// the real code performs it.
fn recorded(lesson: &str, actions: Vec<Action>) -> Trace<Audit> {
    let steps = actions.into_iter().map(|action| Step {
        action,
        expect: Expect::default(),
        bytes: Vec::new(),
    });
    let message = |name: &str, from: &str, to: &str, denied| Message {
        name: name.to_owned(),
        from: from.to_owned(),
        to: to.to_owned(),
        denied,
    };
    let trace = Trace {
        format: FORMAT.to_owned(),
        system: Audit::NAME.to_owned(),
        rulebook: rulebook::digest::<Audit>(),
        lesson: lesson.to_owned(),
        weakenings: Vec::new(),
        setting: Setting {
            auditor: "carol".to_owned(),
        },
        clock: Clock {
            start_ms: START_MS,
            tick_ms: TICK_MS,
            start: 0,
        },
        seed: SEED,
        cast: Roll {
            agents: ["alice", "bob", "mallory", "carol"]
                .map(str::to_owned)
                .into(),
            messages: vec![
                message("m1", "alice", "bob", false),
                message("m2", "bob", "alice", true),
            ],
        },
        steps: steps.collect(),
        violates: None,
        transcript: None,
    };
    let trace = trace.foretell(None).unwrap();
    let report = replay(&trace, AuditLab::hardened).unwrap();
    assert_eq!(report.outcome, Outcome::Matches, "{lesson}");
    trace.recording(&report)
}
