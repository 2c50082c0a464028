//! The trace: one run of the protocol as a file that people read, edit and commit.
//!
//! A trace names everybody and everything (`alice`, `alice-1`, `m1`, `n1`), counts time in ticks, and
//! says after every step what must be seen. [`crate::reader`] reads it, [`crate::writer`] writes it,
//! [`crate::teller`] makes one of a run that an engine found.
//!
//! Never here: what a step does. The rules are the model's.

use countersign_model::admission::Admission;
use countersign_model::admission::story::ENDLESS;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::form::{Form, Promise};
use crate::hex;
use crate::verdict::Verdict;

/// The version of the format that this crate reads and writes.
pub const FORMAT: &str = "countersign-trace/1";

/// The most bytes that a trace may have.
pub const SIZE_MAX: usize = 1024 * 1024;

/// One run, with what must be seen after every step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, bound = "")]
#[schemars(rename = "Trace", bound = "")]
pub struct Trace<S: Form = Admission> {
    /// The version of the format: `countersign-trace/1`.
    #[schemars(extend("const" = FORMAT))]
    pub format: String,
    /// The system that runs.
    #[schemars(extend("const" = S::NAME))]
    pub system: String,
    /// The rule book that it was written against: SHA-256, 64 hexadecimal digits.
    #[schemars(regex(pattern = "^[0-9a-f]{64}$"))]
    pub rulebook: String,
    /// What it teaches, in one sentence.
    pub lesson: String,
    /// The weakenings of the rules, by name; none for hardened ones.
    pub weakenings: Vec<String>,
    /// What stays fixed throughout.
    pub setting: S::Setting,
    /// What a tick is in real time.
    pub clock: Clock,
    /// Where every random value of the run comes from.
    pub seed: Seed,
    /// Who takes part.
    pub cast: S::Cast,
    /// What happens.
    pub steps: Vec<Step<S>>,
    /// The invariant that breaks, if the trace is a counterexample.
    pub violates: Option<Violation>,
    /// SHA-256 over the trace, all delivered bytes and all observations; null until it was recorded on real code.
    pub transcript: Option<String>,
}

/// What a tick is in real time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Clock {
    /// The instant of the first tick, in milliseconds since 1970-01-01T00:00:00Z.
    pub start_ms: u64,
    /// The length of a tick, in milliseconds; at least 1.
    #[schemars(range(min = 1))]
    pub tick_ms: u64,
    /// The tick at which the run begins.
    pub start: u64,
}

/// One thing that happens, and what must be seen afterwards.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, bound = "")]
#[schemars(rename = "Step", bound = "")]
pub struct Step<S: Form = Admission> {
    /// What happens.
    pub action: S::Action,
    /// What must be seen afterwards.
    pub expect: Expect<S>,
    /// What was delivered, where it was recorded: one for each delivery, or one for all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bytes: Vec<Recorded>,
}

/// What must be seen after a step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, bound = "")]
#[schemars(rename = "Expect", bound = "")]
pub struct Expect<S: Form = Admission> {
    /// The verdict on each delivery, in order; a single one stands for all of an injection's `times`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub verdicts: Vec<Verdict<S::Rejection>>,
    /// What can be seen of those who take part.
    pub state: S::State,
}

/// Bytes that were delivered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Recorded {
    /// UTF-8, as it is.
    Text(String),
    /// Anything else, as lower-case hexadecimal digits.
    Hex(String),
    /// Bytes too long or too many to write down.
    Digest {
        /// How many bytes.
        length: u64,
        /// Their SHA-256.
        sha256: String,
    },
}

/// The invariant that a counterexample violates.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Violation {
    /// Its name.
    pub invariant: String,
    /// The point of commitment at which it was promised, where a system has several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub point: Option<String>,
    /// The step that violates it, counted from 1.
    pub step: usize,
    /// What it promises and the run does not keep.
    pub conclusion: String,
}

/// An instant up to which something lasts, in ticks; written as null where there is none.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(from = "Option<u64>", into = "Option<u64>")]
pub struct Until(pub u64);

impl Until {
    /// No end at all.
    pub const ENDLESS: Self = Self(ENDLESS);

    /// Whether there is no end.
    pub fn is_endless(&self) -> bool {
        *self == Self::ENDLESS
    }
}

impl Default for Until {
    fn default() -> Self {
        Self::ENDLESS
    }
}

impl From<Option<u64>> for Until {
    fn from(instant: Option<u64>) -> Self {
        instant.map_or(Self::ENDLESS, Self)
    }
}

impl From<Until> for Option<u64> {
    fn from(until: Until) -> Self {
        (!until.is_endless()).then_some(until.0)
    }
}

impl Violation {
    /// That `step` violates `promise`.
    pub(crate) fn of(promise: impl Promise, step: usize) -> Self {
        Self {
            invariant: promise.name().to_owned(),
            point: promise.point().map(str::to_owned),
            step,
            conclusion: promise.promise().to_owned(),
        }
    }

    /// What it names; none where there is no such thing.
    pub fn told<P: Promise>(&self) -> Option<P> {
        P::told(&self.invariant, self.point.as_deref())
    }
}

impl Clock {
    /// The instant of `tick`, in milliseconds since 1970; saturating, so that an endless one stays so.
    pub fn instant_ms(&self, tick: u64) -> u64 {
        if tick == ENDLESS {
            return ENDLESS;
        }
        let ahead = tick.saturating_sub(self.start).saturating_mul(self.tick_ms);
        let behind = self.start.saturating_sub(tick).saturating_mul(self.tick_ms);
        self.start_ms.saturating_add(ahead).saturating_sub(behind)
    }

    /// The duration of `ticks`, in milliseconds; saturating.
    pub fn duration_ms(&self, ticks: u64) -> u64 {
        ticks.saturating_mul(self.tick_ms)
    }

    /// The tick that `instant_ms` falls in.
    pub fn tick(&self, instant_ms: u64) -> u64 {
        if instant_ms == ENDLESS {
            return ENDLESS;
        }
        let tick_ms = self.tick_ms.max(1);
        match instant_ms.checked_sub(self.start_ms) {
            Some(ahead_ms) => self.start.saturating_add(ahead_ms / tick_ms),
            None => self
                .start
                .saturating_sub((self.start_ms - instant_ms).div_ceil(tick_ms)),
        }
    }
}

impl<S: Form> Expect<S> {
    /// The verdict that each of `deliveries` must meet with.
    pub fn verdict_of_each(
        &self,
        deliveries: usize,
    ) -> impl Iterator<Item = Verdict<S::Rejection>> + '_ {
        let all = match self.verdicts.as_slice() {
            [one] => std::iter::repeat_n(*one, deliveries).collect(),
            each => each.to_vec(),
        };
        all.into_iter()
    }
}

impl<S: Form> Default for Expect<S> {
    fn default() -> Self {
        Self {
            verdicts: Vec::new(),
            state: S::State::default(),
        }
    }
}

/// Where every random value of a run comes from: 16 bytes, written as 32 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Seed(pub [u8; 16]);

/// A seed that is not 32 lower-case hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("seed '{0}' is not 32 lower-case hexadecimal digits")]
pub struct SeedError(String);

impl TryFrom<String> for Seed {
    type Error = SeedError;

    fn try_from(text: String) -> Result<Self, SeedError> {
        let bytes = hex::decode(&text).and_then(|bytes| bytes.try_into().ok());
        bytes.map(Self).ok_or(SeedError(text))
    }
}

impl From<Seed> for String {
    fn from(seed: Seed) -> Self {
        hex::encode(&seed.0)
    }
}

impl JsonSchema for Seed {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Seed".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "description": "Where every random value of a run comes from: 16 bytes.",
            "type": "string",
            "pattern": "^[0-9a-f]{32}$",
        })
    }
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde hands over references"
)]
pub(crate) fn is_false(value: &bool) -> bool {
    !*value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_and_milliseconds_turn_into_each_other() {
        let clock = Clock {
            start_ms: 10_000,
            tick_ms: 1_000,
            start: 3,
        };
        for (tick, instant_ms) in [(0, 7_000), (2, 9_000), (3, 10_000), (5, 12_000)] {
            assert_eq!(clock.instant_ms(tick), instant_ms);
            assert_eq!(clock.tick(instant_ms), tick);
        }
        assert_eq!(clock.tick(10_999), 3, "a tick lasts until the next");
        assert_eq!(clock.tick(9_999), 2);
        assert_eq!(clock.instant_ms(ENDLESS), ENDLESS);
        assert_eq!(clock.tick(ENDLESS), ENDLESS);
    }

    #[test]
    fn a_seed_is_thirty_two_lower_case_digits() {
        let digits = "000102030405060708090a0b0c0d0e0f";
        let seed = Seed::try_from(digits.to_owned()).expect("a seed");
        assert_eq!(String::from(seed), digits);
        for wrong in ["", "00", &digits.to_uppercase(), &format!("{digits}00")] {
            assert!(Seed::try_from(wrong.to_owned()).is_err(), "{wrong}");
        }
    }
}
