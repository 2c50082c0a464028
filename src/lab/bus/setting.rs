//! A deployment in the words of a trace: its limits, its rules, and what its agents are called.
//!
//! Never here: what rules come to.

use std::collections::BTreeSet;

use countersign_model::bus::tiering::Types;
use countersign_replay::bus::cast::{EVERYBODY, Kind, Rule, Setting};
use countersign_replay::{NAME_MAX, is_name};

use crate::deployment::Deployment;
use crate::policy;

/// A tick of a trace that a deployment is told in, in milliseconds: its limits are exact.
pub const TICK_MS: u64 = 1;

/// The limits and rules of a deployment. Its agents are called as in [`names`].
pub fn setting(deployment: &Deployment) -> Setting {
    let (limits, names) = (deployment.limits(), names(deployment));
    let end = |end: Option<u32>| {
        let place = end.and_then(|end| usize::try_from(end).ok());
        let name = place.and_then(|place| names.get(place));
        name.map_or(EVERYBODY, String::as_str).to_owned()
    };
    let rules = deployment.policy().rules().iter().map(|rule| Rule {
        from: end(rule.from),
        to: end(rule.to),
        allow: kinds(rule.allows),
        require_approval: kinds(rule.holds),
        deny: kinds(rule.denies),
    });
    Setting {
        window: limits.admission.window_ms / TICK_MS,
        approval: limits.bus.approval_ms_max / TICK_MS,
        request: limits.bus.request_ms_max / TICK_MS,
        rate: limits.bus.rate,
        period: limits.bus.rate_period_ms / TICK_MS,
        rules: rules.collect(),
    }
}

/// What each agent of a deployment is called, by its number: as there, if a trace can call it so.
pub fn names(deployment: &Deployment) -> Vec<String> {
    let names = deployment.names();
    let kept = || names.iter().map(String::as_str).filter(|it| is_name(it));
    let mut taken: BTreeSet<String> = kept().map(str::to_owned).collect();
    let called = names.iter().enumerate().map(|(number, name)| {
        if is_name(name) {
            return name.clone();
        }
        // One of these is nobody's: there are more of them than agents.
        let mut others = (0..=names.len()).map(|more| nickname(name, number, more));
        let other = others.find(|other| !taken.contains(other));
        let other = other.unwrap_or_default();
        taken.insert(other.clone());
        other
    });
    called.collect()
}

/// A name with the letters that a trace can write, and numbers that set it apart.
fn nickname(name: &str, number: usize, more: usize) -> String {
    let letters = name.chars().map(|letter| match letter {
        'a'..='z' | '0'..='9' => letter,
        _ => '-',
    });
    let begins = name.starts_with(|first: char| first.is_ascii_lowercase());
    let before = if begins { "" } else { "agent-" };
    let end = if more == 0 {
        format!("-{number}")
    } else {
        format!("-{number}-{more}")
    };
    let room = NAME_MAX.saturating_sub(end.len());
    let stem: String = before.chars().chain(letters).take(room).collect();
    format!("{stem}{end}")
}

fn kinds(types: Types) -> Vec<Kind> {
    let named = policy::names(types);
    let told = Kind::ALL.into_iter();
    told.filter(|kind| named.contains(&kind.as_str())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn deployment(text: &str) -> Deployment {
        Deployment::read("deployment.json", text.as_bytes()).unwrap()
    }

    #[test]
    fn limits_and_rules_are_those_of_the_file() {
        let told = setting(&deployment(
            r#"{ "agentPolicies": [
                { "from": "alice", "to": "*", "allow": ["task", "ask"], "requireApproval": ["ask"] },
                { "from": "*", "to": "bob", "deny": ["delegate", "notify"] } ],
              "limits": { "window_ms": 61000, "rate": 7, "rate_period_ms": 2500,
                          "request_ms_max": 30001, "approval_ms_max": 5 } }"#,
        ));
        let expected = Setting {
            window: 61_000,
            approval: 5,
            request: 30_001,
            rate: 7,
            period: 2_500,
            rules: vec![
                Rule {
                    from: "alice".to_owned(),
                    to: EVERYBODY.to_owned(),
                    allow: vec![Kind::Task],
                    require_approval: vec![Kind::Ask],
                    deny: Vec::new(),
                },
                Rule {
                    from: EVERYBODY.to_owned(),
                    to: "bob".to_owned(),
                    deny: vec![Kind::Delegate, Kind::Notify],
                    ..Rule::default()
                },
            ],
        };
        assert_eq!(told, expected);
    }

    #[test]
    fn a_name_that_no_trace_can_have_becomes_one_that_nobody_has() {
        let long = "b".repeat(40);
        let text = format!(
            r#"{{ "agentPolicies": [
                {{ "from": "7/of:9", "to": "a.b" }},
                {{ "from": "a_b", "to": "a-b-1" }},
                {{ "from": "{long}", "to": "anyone" }} ] }}"#
        );
        let deployment = deployment(&text);
        let told = names(&deployment);
        let listed = deployment.names().iter().zip(&told);
        for (name, called) in listed {
            assert!(is_name(called), "{name}: {called}");
            assert!(!is_name(name) || name == called, "{name}: {called}");
        }
        let different: BTreeSet<&String> = told.iter().collect();
        assert_eq!(different.len(), told.len(), "{told:?}");
        let rules = setting(&deployment).rules;
        let number = deployment.number("7/of:9").unwrap();
        assert_eq!(rules[0].from, told[usize::try_from(number).unwrap()]);
    }
}
