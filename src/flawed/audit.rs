//! The flawed mechanisms of the audit trail, each the way it is got wrong in the field.

use countersign_model::audit::Audit as Rules;
use countersign_model::audit::weakening::Mechanism;
use countersign_model::rulebook::Ruleset;

use crate::audit::{Draft, End, Entry, GENESIS, Hardened, Mechanisms, Policy, Reach, hashed};
use crate::envelope::{Digest, Record as _};
use crate::json::{self, Object, Value};

/// The member that a record has beside its hash, where there should be none.
const SALT: &str = "salt";

/// A log under weakened rules.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FlawedLog {
    rules: Ruleset<Rules>,
}

impl FlawedLog {
    pub(crate) fn new(rules: Ruleset<Rules>) -> Self {
        Self { rules }
    }

    pub(crate) fn has(self, mechanism: Mechanism) -> bool {
        self.rules.has(mechanism)
    }

    /// Whether a message of which the policy says this has its effect without a record.
    pub(crate) fn skips(self, policy: Policy) -> bool {
        self.has(Mechanism::SkipsDenials) && policy == Policy::Denied
    }

    /// The salt that anybody can read in a record.
    pub(crate) fn salt_of(record: &[u8]) -> Option<String> {
        let value = json::read_canonical(record, &json::Limits::default()).ok()?;
        Some(value.as_object()?.get(SALT)?.as_str()?.to_owned())
    }
}

/// The object that these bytes are, without a salt.
fn unsalted(record: &[u8]) -> Option<Object> {
    let value = json::read_canonical(record, &json::Limits::default()).ok()?;
    let mut object = value.as_object()?.clone();
    object.remove(SALT);
    Some(object)
}

/// The fields of a record, one after the other: those that are left out leave no gap.
fn run_together(entry: &Entry) -> String {
    let Entry {
        at,
        id,
        kind,
        from,
        to,
        payload,
        policy,
        approval,
        correlation_id,
        session,
    } = entry;
    let (at, policy) = (at.as_ms(), policy.as_str());
    let approval = approval.map_or("", |approval| approval.as_str());
    let conversation = correlation_id.map_or_else(String::new, |id| id.to_string());
    let session = session.map_or_else(String::new, |id| id.to_string());
    format!("{at}{id}{kind}{from}{to}{payload}{policy}{approval}{conversation}{session}")
}

impl Mechanisms for FlawedLog {
    fn rules(&self) -> Ruleset<Rules> {
        self.rules
    }

    fn written(&self, draft: &Draft<'_>) -> Vec<u8> {
        if self.has(Mechanism::UnsaltedHash) {
            return draft.entry(Digest::of(draft.payload)).to_bytes();
        }
        let entry = draft.entry(draft.salt.hash(draft.payload));
        if !self.has(Mechanism::SaltInRecord) {
            return entry.to_bytes();
        }
        let mut object = Object::new();
        entry.put(&mut object);
        let salt = Digest::from_bytes(*draft.salt.dangerously_expose());
        object.insert(SALT, salt.to_string());
        json::write(&Value::Object(object))
    }

    fn read(&self, record: &[u8]) -> Option<Entry> {
        if self.has(Mechanism::SaltInRecord) {
            return Entry::from_value(&Value::Object(unsalted(record)?)).ok();
        }
        Hardened.read(record)
    }

    fn link(&self, before: &Digest, record: &[u8]) -> Digest {
        if self.has(Mechanism::Unchained) {
            return Hardened.link(&GENESIS, record);
        }
        if self.has(Mechanism::FieldsRunTogether)
            && let Some(entry) = self.read(record)
        {
            return hashed(&[before.as_bytes(), run_together(&entry).as_bytes()]);
        }
        Hardened.link(before, record)
    }

    fn taken_up(&self, found: End) -> End {
        if self.has(Mechanism::ChainRestarts) {
            return End {
                link: GENESIS,
                ..found
            };
        }
        found
    }

    fn base(&self, found: &End, left: &End) -> End {
        if self.has(Mechanism::ChainRestarts) {
            return *left;
        }
        *found
    }

    fn vouches(&self, reach: &Reach) -> bool {
        if self.has(Mechanism::WholeLogOnly) {
            return reach.is_short() || reach.end == reach.named;
        }
        Hardened.vouches(reach)
    }

    fn recalls(&self, reach: &Reach) -> bool {
        if self.has(Mechanism::CountsOnly) {
            return !reach.is_short();
        }
        Hardened.recalls(reach)
    }
}
