//! The rules of a deployment, as its file lists them.

use countersign_model::bus::tiering::{Rule, Types};
use rustc_hash::FxHashMap;

use super::error::{Breach, DeploymentError, listed, nearest};
use super::reading::{FieldShape, Members, Shape, Source};
use super::schema;
use crate::envelope::Kind;
use crate::identity::Label;
use crate::json::{Node, Object, Spanned, Value};
use crate::policy::{kinds, names, types_of};

/// Any agent, as an end of a rule.
const ANYONE: &str = "*";

pub(super) const RULE: Shape = Shape {
    what: "a rule",
    fields: &[
        FieldShape {
            name: "from",
            required: true,
            description: "the sender by name, or '*' for any agent",
            schema: schema::end,
        },
        FieldShape {
            name: "to",
            required: true,
            description: "the recipient by name, or '*' for any agent",
            schema: schema::end,
        },
        FieldShape {
            name: "allow",
            required: false,
            description: "the types that it allows",
            schema: types_schema,
        },
        FieldShape {
            name: "deny",
            required: false,
            description: "the types that it denies, whatever other rules say",
            schema: types_schema,
        },
        FieldShape {
            name: "requireApproval",
            required: false,
            description: "the types that need a human's approval; true for all that it allows",
            schema: || schema::yes_or(types_schema()),
        },
    ],
};

fn types_schema() -> Object {
    schema::set_of(schema::one_of(kinds().map(Kind::as_str)))
}

/// A rule, and where it stands.
pub(super) struct Placed {
    /// The rule; its ends by name.
    pub(super) rule: Rule<Label>,
    /// Where it begins, in bytes from the start of the file.
    pub(super) at: usize,
}

/// Reads the rules. `known` says whether there is an agent of this name, and lists those there are.
pub(super) fn read(
    source: &Source<'_>,
    list: &Spanned,
    agents: Option<&[&str]>,
) -> Result<Vec<Placed>, DeploymentError> {
    let mut rules: Vec<Placed> = Vec::new();
    let mut said: FxHashMap<(Option<Label>, Option<Label>), Vec<usize>> = FxHashMap::default();
    for value in source.list(list, "the rules")? {
        let members = source.members(value, &RULE)?;
        let rule = rule(source, value, &members, agents)?;
        let ends = (rule.from.clone(), rule.to.clone());
        let earlier = said.entry(ends).or_default();
        for place in earlier.iter() {
            if let Some(other) = rules.get(*place) {
                agrees(source, value, &rule, other)?;
            }
        }
        earlier.push(rules.len());
        rules.push(Placed { rule, at: value.at });
    }
    Ok(rules)
}

fn rule(
    source: &Source<'_>,
    value: &Spanned,
    members: &Members<'_>,
    agents: Option<&[&str]>,
) -> Result<Rule<Label>, DeploymentError> {
    let types = |field: &str| match members.field(field) {
        Some(value) => types(source, value),
        None => Ok(Types::NONE),
    };
    let (mut allows, denies) = (types("allow")?, types("deny")?);
    let holds = match members.field("requireApproval") {
        None => Types::NONE,
        Some(approval) => match &approval.node {
            Node::Scalar(Value::Bool(true)) if allows.is_empty() => {
                let what = "'requireApproval' is true in a rule that allows nothing";
                let remedy = "list the types in 'allow', or here in place of true";
                return Err(source.error(approval.at, Breach::Meaning, what, remedy));
            }
            Node::Scalar(Value::Bool(true)) => allows,
            Node::Scalar(Value::Bool(false)) => {
                let what = "'requireApproval' is false, expected true or a list of types";
                let remedy = "leave it out: without it no approval is needed";
                return Err(source.error(approval.at, Breach::Form, what, remedy));
            }
            Node::Array(_) => self::types(source, approval)?,
            Node::Scalar(_) | Node::Object(_) => {
                return Err(source.other_type(approval, "true or a list of types"));
            }
        },
    };
    allows = allows.without(holds);
    let both = denies.common(allows.with(holds));
    if !both.is_empty() {
        let at = members.field("deny").map_or(value.at, |deny| deny.at);
        let what = format!("one rule allows and denies {}", listed(names(both)));
        let remedy = "decide: a denial wins over everything else that is said";
        return Err(source.error(at, Breach::Meaning, what, remedy));
    }
    Ok(Rule {
        from: end(source, members, "from", agents)?,
        to: end(source, members, "to", agents)?,
        allows,
        holds,
        denies,
    })
}

/// One end of a rule: an agent that there is, or any.
fn end(
    source: &Source<'_>,
    members: &Members<'_>,
    field: &str,
    agents: Option<&[&str]>,
) -> Result<Option<Label>, DeploymentError> {
    let Some(value) = members.field(field) else {
        return Ok(None);
    };
    let text = source.text(value, "the name of an agent or '*'")?;
    if text == ANYONE {
        return Ok(None);
    }
    if text.contains('*') {
        let what = format!(
            "'{}' mixes '*' with a name, expected one agent or '*'",
            text.escape_debug()
        );
        let remedy = "name each agent in a rule of its own, or write '*' alone for any agent";
        return Err(source.error(value.at, Breach::Form, what, remedy));
    }
    let name = super::agent::label(source, value, "the name of an agent")?;
    let unknown = agents.filter(|agents| agents.binary_search(&text).is_err());
    match unknown {
        None => Ok(Some(name)),
        Some(agents) => {
            let remedy = match nearest(text, agents.iter().copied()) {
                Some(other) => format!("did you mean '{other}'? or list it in 'agents'"),
                None => "list it in 'agents', or remove the rule".to_owned(),
            };
            let what = format!("unknown agent '{name}'");
            Err(source.error(value.at, Breach::Meaning, what, remedy))
        }
    }
}

/// A list of types, each once.
fn types(source: &Source<'_>, list: &Spanned) -> Result<Types, DeploymentError> {
    let known: Vec<&str> = kinds().map(Kind::as_str).collect();
    let mut all = Types::NONE;
    for value in source.list(list, "a list of types")? {
        let text = source.text(value, "a type")?;
        let refused = |remedy: &str| {
            let what = format!(
                "'{}' in a list of types, expected {}",
                text.escape_debug(),
                listed(known.iter().copied())
            );
            source.error(value.at, Breach::Form, what, remedy)
        };
        if text == ANYONE {
            return Err(refused("name each type: '*' stands for agents alone"));
        }
        let kind = Kind::parse(text).ok();
        let one = kind.map_or(Types::NONE, types_of);
        match kind {
            Some(_) if one.is_empty() => {
                return Err(refused(
                    "leave it out: it needs no rule, and rules do not decide it",
                ));
            }
            None => {
                let remedy = match nearest(text, known.iter().copied()) {
                    Some(word) => format!("did you mean '{word}'?"),
                    None => "leave it out: there is no such type".to_owned(),
                };
                return Err(refused(&remedy));
            }
            Some(_) if !all.common(one).is_empty() => {
                let what = format!("'{text}' is listed already");
                let remedy = "list each type once";
                return Err(source.error(value.at, Breach::Form, what, remedy));
            }
            Some(_) => all = all.with(one),
        }
    }
    Ok(all)
}

/// Whether two rules for one pair say the same of every type that both name.
fn agrees(
    source: &Source<'_>,
    value: &Spanned,
    rule: &Rule<Label>,
    earlier: &Placed,
) -> Result<(), DeploymentError> {
    let other = &earlier.rule;
    let both = rule.names().common(other.names());
    let disagree = [
        (rule.allows, other.allows),
        (rule.holds, other.holds),
        (rule.denies, other.denies),
    ];
    let disagree = disagree
        .into_iter()
        .fold(Types::NONE, |sum, (one, another)| {
            let differ = one.without(another).with(another.without(one));
            sum.with(differ.common(both))
        });
    if disagree.is_empty() {
        return Ok(());
    }
    let end = |end: &Option<Label>| end.as_ref().map_or(ANYONE, Label::as_str).to_owned();
    let (line, _) = source.lines.place(earlier.at);
    let what = format!(
        "a second rule for '{}' to '{}' says otherwise of {} than line {line}",
        end(&rule.from),
        end(&rule.to),
        listed(names(disagree))
    );
    let remedy = "say it once: which of the two is meant, nobody can tell";
    Err(source.error(value.at, Breach::Meaning, what, remedy))
}
