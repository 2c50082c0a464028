//! Named scenarios: what `record` runs on the real, hardened code.
//!
//! Each is a story of who does what; what must be seen, the model says. Exchanges are honest, or survive
//! something; the others end in one rejection each.

use countersign_model::admission::story::Story;
use countersign_model::handshake::story::Story as Exchange;
use countersign_replay::Trace;
use countersign_replay::any_trace::AnyTrace;
use countersign_replay::handshake::teller;
use countersign_replay::session::action::Action;
use countersign_replay::tell_error::TellError;

use self::telling::stage;
use super::performing::SEED;
use super::script::Script;

mod bus;
mod exchange;
mod handshake;
mod rejected;
mod session;
mod telling;

/// A scenario.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scenario {
    /// Where its trace lies in the folder of traces, without the ending.
    pub(crate) path: &'static str,
    /// What it teaches.
    pub(crate) lesson: &'static str,
    happens: Happens,
}

/// What happens in a scenario, by its system.
#[derive(Clone, Copy, Debug)]
enum Happens {
    Admission(fn(Story) -> Story),
    Handshake(fn() -> Exchange),
    Session(fn() -> Vec<Action>),
    Bus(fn() -> Script),
}

impl Scenario {
    /// Those of envelope admission: the exchanges, then one for each rejection in the order of the guard
    /// table.
    const ADMISSION: &[Self] = &[
        Self::new(
            "exchanges/task-and-result",
            "a task and the result of another are admitted",
            exchange::task_and_result,
        ),
        Self::new(
            "exchanges/every-kind",
            "a message of every kind is admitted",
            exchange::every_kind,
        ),
        Self::new(
            "exchanges/intricate-text",
            "text and numbers that only RFC 8785 writes alike everywhere",
            exchange::intricate_text,
        ),
        Self::new(
            "exchanges/replay-refused",
            "a message is admitted, its replay is refused",
            exchange::replay_refused,
        ),
        Self::new(
            "exchanges/key-rotation",
            "old and new key overlap, so that no message is lost",
            exchange::key_rotation,
        ),
        Self::new(
            "exchanges/restart-survived",
            "a restart forgets no nonce",
            exchange::restart_survived,
        ),
        Self::new(
            "exchanges/fail-over-survived",
            "another replica knows every nonce",
            exchange::fail_over_survived,
        ),
        Self::new(
            "exchanges/clock-set-back",
            "a wall clock set back revives nothing",
            exchange::clock_set_back,
        ),
        Self::new(
            "exchanges/junk-ignored",
            "junk in a sender's name costs that sender nothing",
            exchange::junk_ignored,
        ),
        Self::new(
            "rejected/too-large/padded",
            "more bytes than are parsed",
            rejected::too_large,
        ),
        Self::new(
            "rejected/malformed/two-to-the-53-and-one",
            "a number that others read differently",
            rejected::malformed,
        ),
        Self::new(
            "rejected/not-canonical/a-space",
            "one space too many",
            rejected::not_canonical,
        ),
        Self::new(
            "rejected/unsupported-version/version-nine",
            "a version that nobody here speaks",
            rejected::unsupported_version,
        ),
        Self::new(
            "rejected/schema-mismatch/unknown-field",
            "a field that no schema knows",
            rejected::schema_mismatch,
        ),
        Self::new(
            "rejected/unknown-sender/retired",
            "an agent that was retired",
            rejected::unknown_sender,
        ),
        Self::new(
            "rejected/unknown-key/key-of-another",
            "a key that belongs to somebody else",
            rejected::unknown_key,
        ),
        Self::new(
            "rejected/key-expired/rotated-out",
            "a key after its successor's overlap",
            rejected::key_expired,
        ),
        Self::new(
            "rejected/key-revoked/revoked",
            "a key that was revoked",
            rejected::key_revoked,
        ),
        Self::new(
            "rejected/bad-signature/forged",
            "a signature that nobody made",
            rejected::bad_signature,
        ),
        Self::new(
            "rejected/wrong-recipient/forwarded",
            "a message for somebody else",
            rejected::wrong_recipient,
        ),
        Self::new(
            "rejected/self-addressed/stolen-own-key",
            "a message from the receiver itself",
            rejected::self_addressed,
        ),
        Self::new(
            "rejected/unknown-session/of-another-day",
            "a message of a session that the receiver does not hold",
            rejected::unknown_session,
        ),
        Self::new(
            "rejected/stale/held-back",
            "a message that the network held back",
            rejected::stale,
        ),
        Self::new(
            "rejected/from-future/clock-ahead",
            "a clock that runs too far ahead",
            rejected::from_future,
        ),
        Self::new(
            "rejected/expired/wanted-at-once",
            "a message that its sender wants no more",
            rejected::expired,
        ),
        Self::new(
            "rejected/replayed/second-time",
            "a message that was admitted before",
            exchange::replay_refused,
        ),
        Self::new(
            "rejected/store-full/third-entry",
            "one entry more than the sender's share",
            rejected::store_full,
        ),
        Self::new(
            "rejected/too-fast/second-in-a-tick",
            "one message more than the sender's rate",
            rejected::too_fast,
        ),
    ];

    const fn new(path: &'static str, lesson: &'static str, tell: fn(Story) -> Story) -> Self {
        Self {
            path,
            lesson,
            happens: Happens::Admission(tell),
        }
    }

    /// Every scenario of every system: exchanges, then rejections in the order of the guard table.
    pub(crate) fn all() -> impl Iterator<Item = &'static Self> {
        let tables = [
            Self::ADMISSION,
            handshake::TABLE,
            session::TABLE,
            bus::TABLE,
        ];
        tables.into_iter().flatten()
    }

    /// The name: the last part of the path.
    pub(crate) fn name(&self) -> &'static str {
        self.path.rsplit('/').next().unwrap_or(self.path)
    }

    /// The scenario with this name or path.
    pub(crate) fn of_name(name: &str) -> Option<&'static Self> {
        Self::all().find(|scenario| scenario.name() == name || scenario.path == name)
    }

    /// The scenario as a trace under hardened rules.
    pub(crate) fn trace(&self) -> Result<AnyTrace, TellError> {
        Ok(match self.happens {
            Happens::Admission(tell) => {
                Trace::tell(&tell(stage()), &[], None, self.lesson, SEED)?.into()
            }
            Happens::Handshake(story) => {
                teller::tell(&story(), &[], &[], self.lesson, SEED)?.into()
            }
            Happens::Session(actions) => session::told(actions(), self.lesson)?.into(),
            Happens::Bus(script) => bus::told(script(), self.lesson)?.into(),
        })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use countersign_model::admission::Admission;
    use countersign_model::bus::Bus;
    use countersign_model::handshake::Handshake;
    use countersign_model::rulebook::Refusal as _;
    use countersign_model::session::Session;
    use countersign_replay::system::System;
    use countersign_replay::{Outcome, Verdict, replay};

    use super::*;
    use crate::cli::corpus::with_trace;
    use crate::cli::performing::Performable;

    /// The rejection that a scenario ends in, if it is there to show one.
    fn rejection(scenario: &Scenario) -> Option<&'static str> {
        scenario.path.strip_prefix("rejected/")?.split('/').next()
    }

    fn matches<S: Performable>(scenario: &Scenario, trace: &Trace<S>) {
        let report = replay(trace, S::code).expect(scenario.path);
        assert_eq!(report.outcome, Outcome::Matches, "{}", scenario.path);
        if let Some(rejection) = rejection(scenario) {
            let last = trace.steps.last();
            let last = last.and_then(|step| step.expect.verdicts.last());
            let code = match last {
                Some(Verdict::Refused(rejection)) => Some(rejection.code()),
                Some(Verdict::Admitted) | None => None,
            };
            assert_eq!(code, Some(rejection), "{}", scenario.path);
        }
    }

    #[test]
    fn every_scenario_is_what_the_code_does_and_ends_as_its_name_says() {
        for scenario in Scenario::all() {
            let trace = scenario.trace().expect(scenario.path);
            with_trace!(&trace, it => matches(scenario, it));
        }
    }

    fn shown<S: System>(table: &[Scenario]) {
        let shown: Vec<_> = table.iter().filter_map(rejection).collect();
        let all: Vec<_> = S::Rejection::all().iter().map(|it| it.code()).collect();
        assert_eq!(shown, all);
    }

    #[test]
    fn there_is_a_scenario_for_every_rejection_in_order() {
        shown::<Admission>(Scenario::ADMISSION);
        shown::<Handshake>(handshake::TABLE);
        shown::<Session>(session::TABLE);
        shown::<Bus>(bus::TABLE);
    }

    #[test]
    fn every_scenario_has_a_name_of_its_own() {
        let names: BTreeSet<&str> = Scenario::all().map(Scenario::name).collect();
        assert_eq!(names.len(), Scenario::all().count());
    }
}
