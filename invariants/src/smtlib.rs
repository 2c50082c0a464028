//! SMT-LIB 2: every obligation of a proof as a text that another solver can confirm.

use std::fmt::Write as _;

use countersign_model::rulebook::{Book, Ruleset};
use z3::ast::{Ast, Dynamic};

use crate::induction::Pending;
use crate::solver::{Budget, Question};
use crate::symbolic::Formula;

/// One obligation as a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SmtLib {
    /// What is shown after which action, such as `once-after-deliver`.
    pub name: String,
    /// The script, complete in itself.
    pub text: String,
}

/// The obligations as texts. Z3 numbers shared parts by what it was asked before: for the same text
/// in every run, begin with a context that was asked nothing.
pub(crate) fn scripts<B: Book>(pending: &[Pending], rules: Ruleset<B>) -> Vec<SmtLib> {
    let (described, all_hold) = (rules.described(), rules == Ruleset::HARDENED);
    let scripts = pending.iter().map(|it| script(it, &described, all_hold));
    scripts.collect()
}

fn script(pending: &Pending, rules: &str, all_hold: bool) -> SmtLib {
    let place = pending
        .action
        .map_or_else(|| "first".to_owned(), |action| format!("after-{action}"));
    let name = format!("{}-{place}", pending.claim);
    let question = Question::new(Budget::default());
    let mut hypotheses = Vec::new();
    for hypothesis in &pending.hypotheses {
        question.demand(&hypothesis.formula);
        hypotheses.push(hypothesis.name);
    }
    question.demand(&pending.refuted);
    let mut text = String::new();
    let _ = writeln!(text, "; rules: {rules}");
    let _ = writeln!(text, "; claim: {} ({place})", pending.claim);
    let _ = writeln!(
        text,
        "; asserted, in order: {}, and what refutes the claim",
        hypotheses.join(", ")
    );
    let _ = writeln!(text, "; unsat: the claim is shown; sat: induction fails");
    let _ = writeln!(text, "(set-logic ALL)");
    if all_hold {
        let _ = writeln!(text, "(set-info :status unsat)");
    }
    // Z3 begins with remarks of its own, which say nothing that is not said above.
    let own = |line: &&str| !line.starts_with(';') && !line.starts_with("(set-info");
    for line in question.text().lines().filter(own) {
        let _ = writeln!(text, "{line}");
    }
    SmtLib { name, text }
}

/// The formula as one line that depends on nothing but the formula.
pub(crate) fn line(formula: &Formula) -> String {
    let mut text = String::new();
    write_term(&mut text, &Dynamic::from_ast(&formula.0));
    text
}

fn write_term(text: &mut String, term: &Dynamic) {
    let Ok(function) = term.safe_decl() else {
        // Only quantifiers have no head, and no invariant has one.
        let _ = write!(text, "{term}");
        return;
    };
    let parts = term.children();
    if parts.is_empty() {
        let _ = write!(text, "{term}");
        return;
    }
    let _ = write!(text, "({}", function.name());
    for part in &parts {
        text.push(' ');
        write_term(text, part);
    }
    text.push(')');
}
