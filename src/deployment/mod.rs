//! The deployment file: who the agents are, who may send what to whom, and within which limits.
//!
//! One JSON file that its owner writes and reads. It is read strictly: whatever is unknown, twice,
//! ambiguous or contradictory is refused, with the line, the column, what was expected and what to do.
//! The short form `{"agentPolicies": [...]}` has rules alone; its agents are those that they name.
//!
//! Never here: what rules come to, which is [`policy`](crate::policy)'s.

mod agent;
mod error;
mod generation;
mod limits;
mod reading;
mod rule;
pub mod schema;
mod version;
mod warning;

use countersign_model::bus::policy::Tiers;
use countersign_model::bus::tiering::Rule;

pub use error::{Breach, DeploymentError};
pub use generation::generate;
pub use limits::Limits;
pub use version::Spoken;

use self::agent::{Listed, Others};
use self::reading::{FieldShape, Shape, Source};
use crate::bus;
use crate::envelope::{Digest, Kind, Version};
use crate::identity::{Agent, Registry, SpiffeId};
use crate::json::{self, Lines, ReadErrorKind, Spanned};
use crate::policy::{Policy, Review, types_of};

/// The value of `format` that this version reads.
pub const FORMAT: &str = "countersign-deployment/1";

/// A deployment whose parts agree.
#[derive(Clone, Debug)]
pub struct Deployment {
    /// The file that it was read from.
    file: String,
    /// The names of its agents, in order; each has its place here as its number.
    names: Vec<String>,
    /// The agents with their ids and keys; none in the short form.
    registry: Registry,
    /// Who runs the bus, and who looks after it.
    others: Others,
    /// The digest of the file.
    digest: Digest,
    /// The rules, compiled.
    policy: Policy,
    /// The line of each rule.
    lines: Vec<usize>,
    /// The limits.
    limits: Limits,
    /// The versions that are spoken.
    versions: Vec<Spoken>,
}

const DEPLOYMENT: Shape = Shape {
    what: "a deployment",
    fields: &[
        FieldShape {
            name: "format",
            required: false,
            description: "the version of this form",
            schema: || schema::one_of([FORMAT].into_iter()),
        },
        FieldShape {
            name: "trust_domain",
            required: false,
            description: "the SPIFFE trust domain of every agent",
            schema: schema::trust_domain,
        },
        FieldShape {
            name: "agents",
            required: false,
            description: "the agents; without them, those that the rules name",
            schema: || schema::list_of(schema::of_shape(&agent::AGENT)),
        },
        FieldShape {
            name: "orchestrator",
            required: false,
            description: "who runs the bus: not an agent, and no rule names it",
            schema: || schema::of_shape(&agent::AGENT),
        },
        FieldShape {
            name: "operators",
            required: false,
            description: "people and programs that look after the bus; what each may do are its capabilities: queue:decide, audit:read",
            schema: || schema::list_of(schema::of_shape(&agent::AGENT)),
        },
        FieldShape {
            name: "agentPolicies",
            required: true,
            description: "the rules: who may send what to whom; what none grants is denied",
            schema: || schema::list_of(schema::of_shape(&rule::RULE)),
        },
        FieldShape {
            name: "limits",
            required: false,
            description: "sizes, rates and deadlines",
            schema: || schema::of_shape(&limits::LIMITS),
        },
        FieldShape {
            name: "versions",
            required: false,
            description: "the versions of the protocol that are spoken",
            schema: || {
                let mut list = schema::list_of(schema::of_shape(&version::VERSION));
                list.insert("minItems", 1_u32);
                list
            },
        },
    ],
};

impl Deployment {
    /// The longest file that is read: 16 MiB.
    pub const BYTES_MAX: usize = 16 * 1024 * 1024;

    /// What a file may cost: its length, and a million members and elements.
    const COST: json::Limits = json::Limits {
        bytes_max: Self::BYTES_MAX,
        depth_max: 16,
        members_max: 1_000_000,
    };

    /// Reads a deployment file; `file` is what errors call it.
    ///
    /// # Errors
    /// [`DeploymentError`] for the first thing wrong.
    pub fn read(file: &str, bytes: &[u8]) -> Result<Self, DeploymentError> {
        let source = Source {
            file,
            lines: Lines::of(bytes),
        };
        let value = json::read_spanned(bytes, &Self::COST).map_err(|error| {
            let remedy = match error.kind {
                ReadErrorKind::DuplicateKey { .. } => {
                    "keep one of the two: nobody can tell which is meant"
                }
                ReadErrorKind::TooLarge { .. } | ReadErrorKind::TooManyMembers { .. } => {
                    "say more with fewer rules: '*' stands for any agent"
                }
                _ => "correct the JSON there",
            };
            source.error(error.offset, Breach::Text, error.kind.to_string(), remedy)
        })?;
        let digest = Digest::of(bytes);
        Self::of(&source, &value, digest)
    }

    fn of(source: &Source<'_>, value: &Spanned, digest: Digest) -> Result<Self, DeploymentError> {
        let members = source.members(value, &DEPLOYMENT)?;
        let whole = ["format", "trust_domain", "agents"].map(|name| (name, members.field(name)));
        if let Some((_, there)) = whole.iter().find(|(_, field)| field.is_some())
            && let Some((missing, _)) = whole.iter().find(|(_, field)| field.is_none())
        {
            let what = format!(
                "no '{missing}' beside it, expected all of 'format', 'trust_domain' and 'agents', or none"
            );
            let remedy = format!(
                "add '{missing}', or leave all three out: then the agents are those that rules name"
            );
            let at = there.map_or(value.at, |it| it.name_at.unwrap_or(it.at));
            return Err(source.error(at, Breach::Form, what, remedy));
        }
        let [format, trust_domain, agents] = whole.map(|(_, field)| field);
        if let Some(format) = format {
            source.word(format, "format", &[FORMAT])?;
        }
        let others = ["orchestrator", "operators"].map(|name| members.field(name));
        let mut listed = None;
        if let (Some(domain), Some(agents)) = (trust_domain, agents) {
            let domain = trusted(source, domain)?;
            listed = Some(agent::read_all(source, agents, others, domain)?);
        } else if let Some(stray) = others.into_iter().flatten().next() {
            let at = stray.name_at.unwrap_or(stray.at);
            let what = "no 'format', 'trust_domain' and 'agents' beside it";
            let remedy = "add all three: a bus needs to know its agents";
            return Err(source.error(at, Breach::Form, what, remedy));
        }
        let (registry, others) = match listed {
            Some(Listed { agents, others }) => (Some(agents), others),
            None => (None, Others::default()),
        };
        let listed = registry.as_ref().map(|registry| {
            let names = registry.agents().filter_map(|agent| agent.handle.as_ref());
            let mut names: Vec<&str> = names.map(crate::identity::Label::as_str).collect();
            names.sort_unstable();
            names
        });
        let rules = match members.field("agentPolicies") {
            Some(rules) => rule::read(source, rules, listed.as_deref())?,
            None => Vec::new(),
        };
        let mut names: Vec<String> = match listed {
            Some(listed) => listed.into_iter().map(str::to_owned).collect(),
            None => rules
                .iter()
                .flat_map(|placed| [&placed.rule.from, &placed.rule.to])
                .flatten()
                .map(ToString::to_string)
                .collect(),
        };
        names.sort_unstable();
        names.dedup();
        let lines = rules.iter().map(|placed| source.lines.place(placed.at).0);
        let limits = members.field("limits");
        let versions = members.field("versions");
        let current = || {
            vec![Spoken {
                version: Version::CURRENT,
                accepted_until_ms: None,
            }]
        };
        Ok(Self {
            file: source.file.to_owned(),
            lines: lines.collect(),
            policy: Policy::compile(
                rules
                    .iter()
                    .map(|placed| numbered(&placed.rule, &names))
                    .collect(),
            ),
            names,
            registry: registry.unwrap_or_default(),
            others,
            digest,
            limits: limits.map_or_else(|| Ok(Limits::default()), |it| limits::read(source, it))?,
            versions: versions.map_or_else(|| Ok(current()), |it| version::read(source, it))?,
        })
    }

    /// The file that it was read from, as its reader was told.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// The names of its agents, in order. The place of a name is the agent's number in the policy.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// How many agents have a number.
    pub fn agents(&self) -> u32 {
        u32::try_from(self.names.len()).unwrap_or(u32::MAX)
    }

    /// The number of the agent of this name.
    pub fn number(&self, name: &str) -> Option<u32> {
        let place = self
            .names
            .binary_search_by(|other| other.as_str().cmp(name));
        place.ok().and_then(|place| u32::try_from(place).ok())
    }

    /// The agents with their ids and keys; none in the short form.
    pub fn registry(&self) -> &Registry {
        &self.registry
    }

    /// Who runs the bus.
    pub fn orchestrator(&self) -> Option<&Agent> {
        self.others.orchestrator.as_ref()
    }

    /// Those who look after it.
    pub fn operators(&self) -> &Registry {
        &self.others.operators
    }

    /// Agents, orchestrator and operators: no two of them share a name, an id or a key.
    pub fn everybody(&self) -> Registry {
        self.others.everybody.clone()
    }

    /// The digest of the file: another one is another policy.
    pub fn digest(&self) -> &Digest {
        &self.digest
    }

    /// The rules, compiled.
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// The line of the rule in this place.
    pub fn line(&self, rule: usize) -> usize {
        self.lines.get(rule).copied().unwrap_or_default()
    }

    /// The limits.
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// The versions that are spoken.
    pub fn versions(&self) -> &[Spoken] {
        &self.versions
    }

    /// What there is to say about its rules.
    pub fn review(&self) -> Review {
        Review::of(&self.policy, self.agents())
    }

    /// The rules with the numbers that these names have; both lists of names are in order.
    pub fn rules_among(&self, names: &[String]) -> Vec<Rule<u32>> {
        let number = |end: Option<u32>| {
            let name = end.and_then(|end| self.names.get(usize::try_from(end).ok()?));
            name.map(|name| number(name, names))
        };
        let rules = self.policy.rules().iter();
        let rules = rules.map(|rule| Rule {
            from: number(rule.from),
            to: number(rule.to),
            ..*rule
        });
        rules.collect()
    }
}

impl bus::Policy for Deployment {
    /// An agent that is not listed is one that no rule names.
    fn tiers(&self, from: &SpiffeId, to: &SpiffeId, kind: Kind) -> Tiers<bool> {
        let number = |id: &SpiffeId| {
            let agent = self.registry.agent(id);
            let name = agent.and_then(|agent| agent.handle.as_ref());
            name.and_then(|name| self.number(name.as_str()))
                .unwrap_or(u32::MAX)
        };
        let place = types_of(kind).places().next();
        let tiers = self.policy.tiers(number(from), number(to));
        tiers.of_type(place.unwrap_or(u8::MAX))
    }
}

/// The trust domain, if an id can have it.
fn trusted<'v>(source: &Source<'_>, value: &'v Spanned) -> Result<&'v str, DeploymentError> {
    let text = source.text(value, "a trust domain")?;
    let id = SpiffeId::parse(&format!("spiffe://{text}"));
    let error = match id {
        Ok(id) if id.path().is_empty() => return Ok(text),
        Ok(_) => "trust domain with a path".to_owned(),
        Err(error) => error.to_string(),
    };
    let remedy = "write the name alone, such as example.org";
    Err(source.error(value.at, Breach::Form, error, remedy))
}

/// The rule with numbers for names.
fn numbered(rule: &Rule<crate::identity::Label>, names: &[String]) -> Rule<u32> {
    let of = |end: &Option<crate::identity::Label>| {
        end.as_ref().map(|name| number(name.as_str(), names))
    };
    Rule {
        from: of(&rule.from),
        to: of(&rule.to),
        allows: rule.allows,
        holds: rule.holds,
        denies: rule.denies,
    }
}

/// The place of a name that is listed.
fn number(name: &str, names: &[String]) -> u32 {
    let place = names.binary_search_by(|other| other.as_str().cmp(name));
    // INVARIANT: every name of a rule is listed.
    place
        .ok()
        .and_then(|place| u32::try_from(place).ok())
        .unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests;
