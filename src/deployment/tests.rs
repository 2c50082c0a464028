//! What is read, what is refused and how, and the published schema.

use std::fs;
use std::path::Path;

use super::schema::{FILE, schema};
use super::{Breach, Deployment};
use crate::bus::Policy as _;
use crate::envelope::{Kind, Version};
use crate::identity::{SpiffeId, Standing, Trust};
use crate::json::{Limits, Object, Value, read, write};
use crate::policy::{Outcome, types_of};

/// Set, it makes the test write the file instead of comparing it.
const REGENERATE: &str = "COUNTERSIGN_REGENERATE";

/// The short form: rules alone, as the description of the bus has them.
const RULES: &str = r#"{ "agentPolicies": [
  { "from": "agent-research", "to": "agent-writer", "allow": ["delegate", "notify"] },
  { "from": "agent-writer", "to": "agent-research", "allow": ["ask"] },
  { "from": "agent-qa", "to": "*", "allow": ["ask"] },
  { "from": "agent-supervisor", "to": "*", "allow": ["ask", "notify"] },
  { "from": "agent-purchase", "to": "agent-payment", "allow": ["delegate"], "requireApproval": true }
] }"#;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The whole form: the example that the documentation refers to.
fn example() -> String {
    fs::read_to_string(root().join("docs/example/deployment.json")).unwrap()
}

fn read_text(text: &str) -> Deployment {
    Deployment::read("deployment.json", text.as_bytes()).unwrap()
}

fn outcome(deployment: &Deployment, from: &str, to: &str, kind: Kind) -> Outcome {
    let number = |name| deployment.number(name).unwrap_or(u32::MAX);
    let passage = deployment.policy().passage(number(from), number(to));
    Outcome::of(&passage, types_of(kind).places().next().unwrap())
}

#[test]
fn the_short_form_is_read_as_it_stands() {
    let deployment = read_text(RULES);
    assert_eq!(deployment.agents(), 6);
    assert_eq!(deployment.line(0), 2);
    assert_eq!(deployment.line(4), 6);
    for (from, to, kind, expected) in [
        (
            "agent-research",
            "agent-writer",
            Kind::Delegate,
            Outcome::Allowed,
        ),
        ("agent-research", "agent-writer", Kind::Ask, Outcome::Denied),
        (
            "agent-writer",
            "agent-research",
            Kind::Ask,
            Outcome::Allowed,
        ),
        ("agent-qa", "agent-payment", Kind::Ask, Outcome::Allowed),
        (
            "agent-supervisor",
            "someone",
            Kind::Notify,
            Outcome::Allowed,
        ),
        ("someone", "agent-writer", Kind::Ask, Outcome::Denied),
        (
            "agent-purchase",
            "agent-payment",
            Kind::Delegate,
            Outcome::Held,
        ),
        (
            "agent-purchase",
            "agent-payment",
            Kind::Ask,
            Outcome::Denied,
        ),
    ] {
        assert_eq!(
            outcome(&deployment, from, to, kind),
            expected,
            "{from} {to} {kind}"
        );
    }
    assert!(deployment.registry().agents().next().is_none());
    assert_eq!(deployment.versions()[0].version, Version::CURRENT);
}

#[test]
fn the_whole_form_lists_agents_with_ids_and_keys_limits_and_versions() {
    let deployment = read_text(&example());
    let id =
        |name: &str| SpiffeId::parse_agent(&format!("spiffe://example.org/agent/{name}")).unwrap();
    let registry = deployment.registry();
    let research = registry.agent(&id("research")).unwrap();
    assert_eq!(research.standing, Standing::Active);
    assert_eq!(research.trust, Trust::Message);
    assert_eq!(research.keys.len(), 1);
    assert_eq!(deployment.limits().admission.rate, 10);
    assert_eq!(deployment.limits().bus.request_ms_max, 30_000);
    assert_eq!(deployment.versions().len(), 1);
    let tiers = deployment.tiers(&id("purchase"), &id("payment"), Kind::Delegate);
    assert!(tiers.tiers[0].holds);
    let stranger = deployment.tiers(&id("stranger"), &id("payment"), Kind::Delegate);
    assert!(stranger.tiers.iter().all(|tier| !tier.listed));
    // A kind that no rule decides is granted by none.
    let answer = deployment.tiers(&id("purchase"), &id("payment"), Kind::Reply);
    assert!(answer.tiers.iter().all(|tier| !tier.grants()));
}

/// A mistake in the example: what is written for what.
const MISTAKES: &[(&str, &str)] = &[
    ("\"agents\": [", "\"agents\": {"),
    (
        "\"allow\": [\"delegate\", \"notify\"]",
        "\"alow\": [\"delegate\"]",
    ),
    (
        "\"allow\": [\"delegate\", \"notify\"]",
        "\"allow\": [\"delegat\"]",
    ),
    (
        "\"allow\": [\"delegate\", \"notify\"]",
        "\"allow\": [\"reply\"]",
    ),
    (
        "\"allow\": [\"delegate\", \"notify\"]",
        "\"allow\": [\"*\"]",
    ),
    (
        "\"allow\": [\"delegate\", \"notify\"]",
        "\"allow\": [\"ask\", \"ask\"]",
    ),
    (
        "\"allow\": [\"delegate\", \"notify\"]",
        "\"allow\": \"ask\"",
    ),
    (
        "\"allow\": [\"delegate\", \"notify\"]",
        "\"allow\": [\"ask\"], \"deny\": [\"ask\"]",
    ),
    (
        "\"allow\": [\"delegate\", \"notify\"]",
        "\"allow\": [\"ask\"], \"allow\": []",
    ),
    (
        "\"allow\": [\"delegate\", \"notify\"]",
        "\"requireApproval\": true",
    ),
    ("\"requireApproval\": true", "\"requireApproval\": false"),
    (
        "\"requireApproval\": true",
        "\"requireApproval\": \"always\"",
    ),
    (
        "\"from\": \"agent-purchase\"",
        "\"from\": \"agent-purchas\"",
    ),
    ("\"from\": \"agent-purchase\"", "\"from\": \"agent-*\""),
    (
        "\"from\": \"agent-purchase\"",
        "\"from\": \"Agent Purchase\"",
    ),
    ("\"from\": \"agent-qa\"", "\"from\": \"zebra\""),
    (
        "\"from\": \"agent-writer\", \"to\": \"agent-research\", \"allow\": [\"ask\"]",
        "\"from\": \"agent-research\", \"to\": \"agent-writer\", \"deny\": [\"notify\"]",
    ),
    (
        "spiffe://example.org/agent/qa",
        "spiffe://example.org/agent/qa/",
    ),
    (
        "spiffe://example.org/agent/qa",
        "SPIFFE://example.org/agent/qa",
    ),
    (
        "spiffe://example.org/agent/qa",
        "spiffe://example.com/agent/qa",
    ),
    (
        "spiffe://example.org/agent/qa",
        "spiffe://example.org/agent/writer",
    ),
    ("\"name\": \"agent-qa\"", "\"name\": \"agent-writer\""),
    ("\"name\": \"agent-qa\"", "\"name\": \"*\""),
    ("\"trust\": \"message\"", "\"trust\": \"messages\""),
    (
        "\"trust_domain\": \"example.org\"",
        "\"trust_domain\": \"example.org/x\"",
    ),
    ("\"trust_domain\": \"example.org\",", ""),
    ("countersign-deployment/1", "countersign-deployment/2"),
    ("\"not_before_ms\": 0", "\"not_before_ms\": -1"),
    ("\"not_before_ms\": 0", "\"not_before_ms\": \"now\""),
    ("\"revoked\": false", "\"revoked\": 0"),
    ("\"key_id\": \"", "\"key_id\": \"A"),
    ("\"rate\": 10", "\"rate\": 0"),
    ("\"rate\": 10", "\"rates\": 10"),
    ("\"version\": \"1.0\"", "\"version\": \"1\""),
    (
        "\"version\": \"1.0\" }",
        "\"version\": \"1.0\" }, { \"version\": \"1.0\" }",
    ),
    (
        "\"versions\": [{ \"version\": \"1.0\" }]",
        "\"versions\": []",
    ),
];

#[test]
fn every_mistake_is_told_with_its_place_and_a_remedy() {
    let example = example();
    let mut told = Vec::new();
    for (right, wrong) in MISTAKES {
        assert!(example.contains(right), "{right}");
        let text = example.replacen(right, wrong, 1);
        let error = Deployment::read("deployment.json", text.as_bytes()).unwrap_err();
        assert!(!error.remedy.is_empty());
        told.push(format!("# {wrong}\nerror: {error}\nhelp: {}", error.remedy));
    }
    let cut = Deployment::read("deployment.json", &example.as_bytes()[..40]).unwrap_err();
    assert_eq!(cut.breach, Breach::Text);
    told.push(format!("# cut short\nerror: {cut}\nhelp: {}", cut.remedy));
    insta::assert_snapshot!(told.join("\n\n"));
}

#[test]
fn rules_that_are_not_what_they_seem_are_told() {
    let text = r#"{ "agentPolicies": [
  { "from": "a", "to": "a", "allow": ["ask"] },
  { "from": "a", "to": "b", "allow": ["ask"] },
  { "from": "a", "to": "*", "allow": ["ask", "notify"] },
  { "from": "b", "to": "a", "allow": ["ask", "delegate"] },
  { "from": "*", "to": "a", "deny": ["delegate"] },
  { "from": "c", "to": "a", "allow": [] },
  { "from": "d", "to": "*" },
  { "from": "b", "to": "c", "deny": ["task"] },
  { "from": "a", "to": "c", "allow": ["ask", "notify"] }
] }"#;
    let deployment = read_text(text);
    let review = deployment.review();
    let told = review.remarks.iter().map(|remark| {
        format!(
            "{}: {}",
            deployment.line(remark.rule()),
            deployment.words(remark)
        )
    });
    insta::assert_snapshot!(told.collect::<Vec<_>>().join("\n"));
}

#[test]
fn the_committed_schema_is_the_generated_one() {
    let text = serde_json::to_string_pretty(&foreign(&schema())).unwrap() + "\n";
    let path = root().join("docs/schema").join(FILE);
    if std::env::var_os(REGENERATE).is_some() {
        fs::write(&path, &text).unwrap();
    }
    let committed = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(committed, text, "{FILE} is stale; set {REGENERATE}=1");
}

#[test]
fn schema_and_code_agree_on_the_form_of_every_deployment_with_one_change() {
    let validator = jsonschema::draft202012::new(&foreign(&schema())).unwrap();
    let limits = Limits::default();
    let (mut accepted, mut refused, mut meaningless) = (0, 0, 0);
    for text in [example(), RULES.to_owned()] {
        let value = read(text.as_bytes(), &limits).unwrap();
        let mut corpus = changes(&value);
        corpus.push(value);
        for changed in corpus {
            let text = write(&changed);
            let by_code = Deployment::read("deployment.json", &text);
            let by_schema = validator.is_valid(&foreign(&changed));
            let shown = String::from_utf8_lossy(&text).into_owned();
            match by_code {
                Ok(_) => {
                    assert!(by_schema, "{shown}");
                    accepted += 1;
                }
                Err(error) if error.breach == Breach::Form => {
                    assert!(!by_schema, "{error}\n{shown}");
                    refused += 1;
                }
                // The form was refused later, or is right; what it says is wrong either way.
                Err(_) => meaningless += 1,
            }
        }
    }
    // Exact, so that a corpus that shrinks or a schema that hollows is seen.
    assert_eq!((accepted, refused, meaningless), (151, 1721, 100));
}

/// The value as other JSON libraries see it.
fn foreign(value: &Value) -> serde_json::Value {
    serde_json::from_slice(&write(value)).unwrap()
}

/// The value with one thing changed, in every place and in every way of the list.
fn changes(value: &Value) -> Vec<Value> {
    let mut changed = vec![
        Value::Null,
        Value::Bool(true),
        Value::Bool(false),
        Value::Integer(-1),
        Value::Integer(0),
        Value::Integer(7),
        Value::Float(0.5),
        Value::from(""),
        Value::from("x"),
        Value::from("*"),
        Value::from("ask"),
        Value::from(Vec::new()),
        Value::from(Object::new()),
    ];
    match value {
        Value::Array(elements) => {
            for (place, element) in elements.iter().enumerate() {
                for other in changes(element) {
                    let mut elements = elements.clone();
                    elements[place] = other;
                    changed.push(Value::Array(elements));
                }
                let twice = elements.iter().chain([element]).cloned().collect();
                changed.push(Value::Array(twice));
            }
        }
        Value::Object(object) => {
            let mut more = object.clone();
            more.insert("surplus", "x");
            changed.push(more.into());
            for (name, member) in object.iter() {
                let mut less = object.clone();
                less.remove(name);
                changed.push(less.into());
                for other in changes(member) {
                    let mut object = object.clone();
                    object.insert(name, other);
                    changed.push(object.into());
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Integer(_) | Value::Float(_) | Value::String(_) => {}
    }
    changed
}
