//! The limits of a deployment: sizes, rates and deadlines, each with its range and its default.

use super::error::DeploymentError;
use super::reading::{FieldShape, Shape, Source};
use super::schema;
use crate::admission;
use crate::bus;
use crate::json::Spanned;

/// What everybody in a deployment is limited to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// What a receiver admits.
    pub admission: admission::Limits,
    /// What the orchestrator delivers; its rate is that of a receiver.
    pub bus: bus::Limits,
}

const KIB: u64 = 1024;
const MINUTE_MS: u64 = 60 * 1_000;
const DAY_MS: u64 = 24 * 60 * MINUTE_MS;

/// The range of each limit, in the order of the shape.
const RANGES: [(u64, u64); 8] = [
    (KIB, 128 * KIB),
    (1_000, DAY_MS),
    (0, 10 * MINUTE_MS),
    (1, 1_000_000),
    (1, 1_000_000),
    (1, DAY_MS),
    (1, DAY_MS),
    (1, 7 * DAY_MS),
];

macro_rules! limit {
    ($place:literal, $name:literal, $description:literal) => {
        FieldShape {
            name: $name,
            required: false,
            description: $description,
            schema: || {
                let [least, most] = [RANGES[$place].0, RANGES[$place].1];
                schema::integer(least, most)
            },
        }
    };
}

pub(super) const LIMITS: Shape = Shape {
    what: "the limits",
    fields: &[
        limit!(
            0,
            "envelope_bytes_max",
            "the longest envelope that is parsed, in bytes"
        ),
        limit!(
            1,
            "window_ms",
            "how old an envelope may be, in milliseconds"
        ),
        limit!(
            2,
            "skew_ms",
            "how far a sender's clock may run ahead, in milliseconds"
        ),
        limit!(
            3,
            "share",
            "how many entries one sender may hold in a replay store"
        ),
        limit!(
            4,
            "rate",
            "how many messages one sender may send in one rate period"
        ),
        limit!(5, "rate_period_ms", "the rate period, in milliseconds"),
        limit!(
            6,
            "request_ms_max",
            "how long a request may stay unanswered, in milliseconds"
        ),
        limit!(
            7,
            "approval_ms_max",
            "how long a message may wait for an approval, in milliseconds"
        ),
    ],
};

/// Reads the limits; what is left out keeps its default.
pub(super) fn read(source: &Source<'_>, value: &Spanned) -> Result<Limits, DeploymentError> {
    let members = source.members(value, &LIMITS)?;
    let mut limits = Limits::default();
    let Limits { admission, bus } = &mut limits;
    let mut bytes_max = u64::try_from(admission.envelope_bytes_max).unwrap_or(u64::MAX);
    let places = [
        &mut bytes_max,
        &mut admission.window_ms,
        &mut admission.skew_ms,
        &mut admission.share,
        &mut admission.rate,
        &mut admission.rate_period_ms,
        &mut bus.request_ms_max,
        &mut bus.approval_ms_max,
    ];
    for ((field, range), place) in LIMITS.fields.iter().zip(RANGES).zip(places) {
        if let Some(value) = members.field(field.name) {
            *place = source.integer(value, range)?;
        }
    }
    (bus.rate, bus.rate_period_ms) = (admission.rate, admission.rate_period_ms);
    bus.held_ms_max = bus.approval_ms_max;
    admission.envelope_bytes_max = usize::try_from(bytes_max).unwrap_or(usize::MAX);
    Ok(limits)
}
