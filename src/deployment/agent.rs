//! The agents of a deployment: a name that rules use, and the entry that the registry keeps.

use std::collections::BTreeSet;

use super::error::{Breach, DeploymentError};
use super::reading::{FieldShape, Members, Shape, Source};
use super::schema;
use crate::identity::record::{KeyError, KeyFile};
use crate::identity::{Agent, EnrolError, KeyRecord, Label, Registry, SpiffeId, Standing, Trust};
use crate::json::{INTEGER_MAX, Spanned};

pub(super) const AGENT: Shape = Shape {
    what: "an agent",
    fields: &[
        FieldShape {
            name: "name",
            required: true,
            description: "what rules call it: 1 to 64 of a-z 0-9 . _ : / -",
            schema: schema::label,
        },
        FieldShape {
            name: "id",
            required: true,
            description: "its SPIFFE id, in the trust domain of the deployment",
            schema: schema::spiffe_id,
        },
        FieldShape {
            name: "standing",
            required: false,
            description: "whether it takes part; active unless said otherwise",
            schema: || schema::one_of(STANDINGS.iter().map(|(word, _)| *word)),
        },
        FieldShape {
            name: "trust",
            required: false,
            description: "what it is trusted with; nothing unless said otherwise",
            schema: || schema::one_of(TRUSTS.iter().map(|(word, _)| *word)),
        },
        FieldShape {
            name: "capabilities",
            required: false,
            description: "what it may be asked to do",
            schema: || schema::set_of(schema::label()),
        },
        FieldShape {
            name: "keys",
            required: true,
            description: "its keys, oldest first, as in a registry file",
            schema: || schema::list_of(schema::of_shape(&KEY)),
        },
    ],
};

pub(super) const KEY: Shape = Shape {
    what: "a key",
    fields: &[
        FieldShape {
            name: "key_id",
            required: true,
            description: "the thumbprint of the public key",
            schema: || schema::pattern("^[A-Za-z0-9_-]{43}$"),
        },
        FieldShape {
            name: "public_key",
            required: true,
            description: "the Ed25519 key: 43 characters of base64url",
            schema: || schema::pattern("^[A-Za-z0-9_-]{43}$"),
        },
        FieldShape {
            name: "not_before_ms",
            required: true,
            description: "the first millisecond of validity, Unix epoch",
            schema: || schema::integer(0, TIME_MAX),
        },
        FieldShape {
            name: "not_after_ms",
            required: false,
            description: "the last millisecond of validity, Unix epoch",
            schema: || schema::integer(0, TIME_MAX),
        },
        FieldShape {
            name: "revoked",
            required: true,
            description: "whether the key is revoked",
            schema: schema::boolean,
        },
    ],
};

const TIME_MAX: u64 = INTEGER_MAX.unsigned_abs();

const STANDINGS: &[(&str, Standing)] = &[
    ("active", Standing::Active),
    ("suspended", Standing::Suspended),
    ("retired", Standing::Retired),
    ("dead", Standing::Dead),
];

const TRUSTS: &[(&str, Trust)] = &[
    ("nothing", Trust::Nothing),
    ("read", Trust::Read),
    ("message", Trust::Message),
    ("execute", Trust::Execute),
];

/// Everybody that a deployment lists.
pub(super) struct Listed {
    pub(super) agents: Registry,
    pub(super) others: Others,
}

/// Those who are no agents, and everybody together.
#[derive(Clone, Debug, Default)]
pub(super) struct Others {
    pub(super) orchestrator: Option<Agent>,
    pub(super) operators: Registry,
    pub(super) everybody: Registry,
}

/// Reads the agents, who runs the bus, and who looks after it; enrols each under its name as its
/// handle. No two of them share anything.
pub(super) fn read_all(
    source: &Source<'_>,
    agents: &Spanned,
    [orchestrator, operators]: [Option<&Spanned>; 2],
    trust_domain: &str,
) -> Result<Listed, DeploymentError> {
    let mut everybody = Registry::new();
    let mut one = |value: &Spanned| {
        let members = source.members(value, &AGENT)?;
        let agent = agent(source, &members, trust_domain)?;
        enrol(source, &mut everybody, agent.clone(), value, &members)?;
        Ok(agent)
    };
    let mut all = |list: &Spanned, what: &str| {
        let mut registry = Registry::new();
        for value in source.list(list, what)? {
            // INVARIANT: what everybody's registry took, a smaller one takes.
            let _ = registry.enrol(one(value)?);
        }
        Ok(registry)
    };
    let agents = all(agents, "the agents")?;
    let operators = operators
        .map(|list| all(list, "the operators"))
        .transpose()?;
    let others = Others {
        orchestrator: orchestrator.map(one).transpose()?,
        operators: operators.unwrap_or_default(),
        everybody,
    };
    Ok(Listed { agents, others })
}

fn enrol(
    source: &Source<'_>,
    registry: &mut Registry,
    agent: Agent,
    value: &Spanned,
    members: &Members<'_>,
) -> Result<(), DeploymentError> {
    registry.enrol(agent).map_err(|error| {
        let field = match error {
            EnrolError::NoPath { .. } | EnrolError::AgentTaken { .. } => "id",
            EnrolError::HandleTaken { .. } => "name",
            EnrolError::KeyTaken { .. } => "keys",
        };
        let at = members.field(field).map_or(value.at, |field| field.at);
        let remedy = "give each agent a name, an id and keys of its own";
        source.error(at, Breach::Meaning, format!("{field}: {error}"), remedy)
    })
}

fn agent(
    source: &Source<'_>,
    members: &Members<'_>,
    trust_domain: &str,
) -> Result<Agent, DeploymentError> {
    let mut capabilities = BTreeSet::new();
    for value in list(source, members, "capabilities")? {
        if !capabilities.insert(label(source, value, "a capability")?) {
            let what = "a capability that is listed already";
            let remedy = "list each capability once";
            return Err(source.error(value.at, Breach::Form, what, remedy));
        }
    }
    let handle = members.field("name");
    let handle = handle.map(|value| label(source, value, "the name of an agent"));
    let keys = list(source, members, "keys")?.iter();
    Ok(Agent {
        id: id(source, members, trust_domain)?,
        standing: chosen(source, members, "standing", STANDINGS)?.unwrap_or(Standing::Active),
        handle: handle.transpose()?,
        trust: chosen(source, members, "trust", TRUSTS)?.unwrap_or_default(),
        capabilities,
        keys: keys
            .map(|value| key(source, value))
            .collect::<Result<_, _>>()?,
    })
}

/// The SPIFFE id, in the trust domain of the deployment.
fn id(
    source: &Source<'_>,
    members: &Members<'_>,
    trust_domain: &str,
) -> Result<SpiffeId, DeploymentError> {
    let Some(value) = members.field("id") else {
        // INVARIANT: the shape requires the field.
        return Ok(SpiffeId::nobody());
    };
    let text = source.text(value, "a SPIFFE id")?;
    let id = SpiffeId::parse_agent(text).map_err(|error| {
        let remedy = format!("write it as spiffe://{trust_domain}/agent/name");
        source.error(value.at, Breach::Form, error.to_string(), remedy)
    })?;
    if id.trust_domain() != trust_domain {
        let what = format!(
            "id of trust domain '{}', expected one of '{trust_domain}'",
            id.trust_domain()
        );
        let remedy = "correct the id, or 'trust_domain' above";
        return Err(source.error(value.at, Breach::Meaning, what, remedy));
    }
    Ok(id)
}

fn key(source: &Source<'_>, value: &Spanned) -> Result<KeyRecord, DeploymentError> {
    let members = source.members(value, &KEY)?;
    let text = |name: &str| match members.field(name) {
        Some(value) => source.text(value, name).map(str::to_owned),
        None => Ok(String::new()),
    };
    let time = |name: &str| match members.field(name) {
        Some(value) => source.integer(value, (0, TIME_MAX)).map(Some),
        None => Ok(None),
    };
    let revoked = members.field("revoked");
    let file = KeyFile {
        key_id: text("key_id")?,
        public_key: text("public_key")?,
        not_before_ms: time("not_before_ms")?.unwrap_or_default(),
        not_after_ms: time("not_after_ms")?,
        revoked: revoked.map_or(Ok(false), |value| source.boolean(value))?,
    };
    file.record().map_err(|error| {
        let (field, breach, remedy) = match &error {
            KeyError::PublicKey(_) => ("public_key", Breach::Meaning, "copy the key again"),
            KeyError::KeyId(_) | KeyError::OtherKey { .. } => (
                "key_id",
                Breach::Meaning,
                "write the thumbprint of public_key",
            ),
            KeyError::EndsBeforeItBegins { .. } => {
                let remedy = "let the validity end after it begins";
                ("not_after_ms", Breach::Meaning, remedy)
            }
        };
        let at = members.field(field).map_or(value.at, |field| field.at);
        source.error(at, breach, error.to_string(), remedy)
    })
}

/// Reads a short name.
pub(super) fn label(
    source: &Source<'_>,
    value: &Spanned,
    what: &str,
) -> Result<Label, DeploymentError> {
    let text = source.text(value, what)?;
    Label::parse(text).map_err(|error| {
        let remedy = if text.contains('*') {
            "name one agent: '*' stands alone, and only for an end of a rule"
        } else {
            "shorten it, or leave the other characters out"
        };
        source.error(value.at, Breach::Form, format!("{what}: {error}"), remedy)
    })
}

/// The elements of a field; none if it is not there.
fn list<'v>(
    source: &Source<'_>,
    members: &Members<'v>,
    field: &str,
) -> Result<&'v [Spanned], DeploymentError> {
    let value = members.field(field);
    value.map_or(Ok(&[]), |value| source.list(value, field))
}

/// The value of a field that is one of the words of a table.
fn chosen<T: Copy>(
    source: &Source<'_>,
    members: &Members<'_>,
    field: &str,
    table: &[(&'static str, T)],
) -> Result<Option<T>, DeploymentError> {
    let Some(value) = members.field(field) else {
        return Ok(None);
    };
    let words: Vec<&str> = table.iter().map(|(word, _)| *word).collect();
    let word = source.word(value, field, &words)?;
    let row = table.iter().find(|(other, _)| *other == word);
    Ok(row.map(|(_, chosen)| *chosen))
}
