//! Rules that are not what they seem, in words, with what Z3 said of them.

use countersign::deployment::Deployment;
use countersign::policy::{Remark, Review};
use countersign_invariants::Budget;
use countersign_invariants::policy::{Certificate, idle};
use countersign_model::bus::tiering::Rule;
use serde_json::{Value, json};

use super::proof::{self, rules_of};
use crate::cli::finding::{Finding, Standing};
use crate::cli::status::Status;

/// A remark, and what Z3 said of it where it is a claim about every agent.
pub(crate) struct Remarked {
    pub(super) remark: Remark,
    pub(super) certificate: Option<Certificate>,
}

/// Reviews a deployment.
pub(crate) fn of(deployment: &Deployment, budget: Budget) -> Vec<Remarked> {
    let Review { remarks } = deployment.review();
    let rules = deployment.policy().rules();
    let claims: Vec<Option<(usize, Option<Rule<u32>>)>> =
        remarks.iter().map(|remark| claim(remark, rules)).collect();
    let asked: Vec<(usize, Option<Rule<u32>>)> = claims.iter().copied().flatten().collect();
    let mut certificates = idle(rules_of(deployment), &asked, budget).into_iter();
    let remarked = remarks
        .into_iter()
        .zip(claims)
        .map(|(remark, claim)| Remarked {
            remark,
            certificate: claim.and_then(|_| certificates.next()),
        });
    remarked.collect()
}

/// What a remark claims: that nothing changes if the rule in this place is replaced, or left out.
fn claim(remark: &Remark, rules: &[Rule<u32>]) -> Option<(usize, Option<Rule<u32>>)> {
    match remark {
        Remark::NeverDecides { rule, .. } | Remark::ToItself { rule } => Some((*rule, None)),
        Remark::NoEffect {
            rule,
            effect,
            types,
            ..
        } => {
            let less = effect.left_out(rules.get(*rule)?, *types);
            Some((*rule, Some(less)))
        }
        Remark::Empty { .. } | Remark::Shadows { .. } => None,
    }
}

impl Remarked {
    pub(super) fn is_decided(&self) -> bool {
        self.certificate.as_ref().is_none_or(proof::holds)
    }

    fn status(&self) -> Status {
        match &self.certificate {
            Some(certificate) if proof::holds(certificate) => Status::Vacuous,
            Some(_) => Status::Unknown,
            None => Status::Shadows,
        }
    }

    /// As a finding. A rule that never decides says nothing; one that shadows others may be meant.
    pub(crate) fn finding(&self, deployment: &Deployment) -> Finding {
        let status = self.status();
        let standing = match status {
            Status::Shadows => Standing::Expected,
            _ => Standing::Undecided,
        };
        let line = deployment.line(self.remark.rule());
        let place = format!("{}:{line}", deployment.file());
        Finding::new(status, standing, place, deployment.words(&self.remark))
    }

    /// One line.
    pub(super) fn text(&self, deployment: &Deployment) -> String {
        let line = deployment.line(self.remark.rule());
        let words = deployment.words(&self.remark);
        let place = format!("{}:{line}", deployment.file());
        format!("{}  {place}: {words}\n", self.status())
    }

    pub(super) fn row(&self, deployment: &Deployment) -> Vec<String> {
        vec![
            deployment.line(self.remark.rule()).to_string(),
            self.status().word().to_owned(),
            deployment.words(&self.remark),
        ]
    }

    pub(super) fn value(&self, deployment: &Deployment) -> Value {
        json!({
            "line": deployment.line(self.remark.rule()),
            "status": self.status(),
            "words": deployment.words(&self.remark),
            "proof": self.certificate.as_ref().map(proof::value),
        })
    }
}
