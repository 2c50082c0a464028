//! Between whom the scenarios of the bus happen, and what the rules are there.

use countersign_model::bus::Bus;
use countersign_replay::Trace;
use countersign_replay::bus::cast::{Agent, EVERYBODY, Kind, Rule, Setting};
use countersign_replay::form::Form as _;
use countersign_replay::tell_error::TellError;
use countersign_replay::teller::TICK_MS;

use crate::cli::script::{Script, Stage};

/// Four agents and what they may do, hardened: what the model foretells.
pub(in crate::cli::scenario) fn told(
    script: Script,
    lesson: &str,
) -> Result<Trace<Bus>, TellError> {
    let agent = |name: &str| Agent {
        name: name.to_owned(),
        hostile: name == Bus::ATTACKER,
    };
    let stage = Stage {
        agents: ["alice", "bob", "carol", Bus::ATTACKER].map(agent).into(),
        setting: Setting {
            window: 2,
            approval: 3,
            request: 4,
            rate: 4,
            period: 1,
            rules: rules(),
        },
        tick_ms: TICK_MS,
    };
    stage.told(script, lesson)
}

fn rules() -> Vec<Rule> {
    let rule = |from: &str, to: &str, allow: &[Kind], require_approval: &[Kind]| Rule {
        from: from.to_owned(),
        to: to.to_owned(),
        allow: allow.to_vec(),
        require_approval: require_approval.to_vec(),
        deny: Vec::new(),
    };
    vec![
        rule(
            "alice",
            "bob",
            &[Kind::Ask, Kind::Notify],
            &[Kind::Delegate],
        ),
        rule("alice", EVERYBODY, &[Kind::Notify], &[Kind::Delegate]),
        rule("bob", "carol", &[Kind::Ask, Kind::Delegate], &[]),
        rule("carol", "bob", &[Kind::Ask, Kind::Delegate], &[]),
        Rule {
            deny: vec![Kind::Delegate],
            ..rule("carol", EVERYBODY, &[], &[])
        },
        rule("mallory", "bob", &[Kind::Ask], &[]),
        rule("mallory", "carol", &[], &[Kind::Delegate]),
    ]
}
