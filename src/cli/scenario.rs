//! Named scenarios: what `record` runs on the real, hardened code.
//!
//! Each is a story of who does what; what must be seen, the model says. Exchanges are honest, or survive
//! something; the others end in one rejection each.

use countersign_model::admission::facts::Limits;
use countersign_model::admission::guard::Rejection;
use countersign_model::admission::message::{Message, Presented};
use countersign_model::admission::step::Action;
use countersign_model::admission::story::{ENDLESS, Story};
use countersign_model::admission::world::{Key, Setting};
use countersign_model::domain::Ledger;
use countersign_replay::Trace;
use countersign_replay::cast::KINDS;
use countersign_replay::teller::TellError;

use super::attack::SEED;

const BOB: u32 = 0;
const MALLORY: u32 = 1;
const ALICE: u32 = 2;

/// A scenario.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scenario {
    /// Where its trace lies in the folder of traces, without the ending.
    pub(crate) path: &'static str,
    /// What it teaches.
    pub(crate) lesson: &'static str,
    tell: fn(Story) -> Story,
}

impl Scenario {
    /// Every scenario: the exchanges, then one for each rejection in the order of the guard table.
    pub(crate) const TABLE: &[Self] = &[
        Self::new(
            "exchanges/task-and-result",
            "a task and the result of another are admitted",
            task_and_result,
        ),
        Self::new(
            "exchanges/every-kind",
            "a message of every kind is admitted",
            every_kind,
        ),
        Self::new(
            "exchanges/intricate-text",
            "text and numbers that only RFC 8785 writes alike everywhere",
            intricate_text,
        ),
        Self::new(
            "exchanges/replay-refused",
            "a message is admitted, its replay is refused",
            replay_refused,
        ),
        Self::new(
            "exchanges/key-rotation",
            "old and new key overlap, so that no message is lost",
            key_rotation,
        ),
        Self::new(
            "exchanges/restart-survived",
            "a restart forgets no nonce",
            restart_survived,
        ),
        Self::new(
            "exchanges/fail-over-survived",
            "another replica knows every nonce",
            fail_over_survived,
        ),
        Self::new(
            "exchanges/clock-set-back",
            "a wall clock set back revives nothing",
            clock_set_back,
        ),
        Self::new(
            "exchanges/junk-ignored",
            "junk in a sender's name costs that sender nothing",
            junk_ignored,
        ),
        Self::new(
            "rejected/too-large/padded",
            "more bytes than are parsed",
            too_large,
        ),
        Self::new(
            "rejected/malformed/two-to-the-53-and-one",
            "a number that others read differently",
            malformed,
        ),
        Self::new(
            "rejected/not-canonical/a-space",
            "one space too many",
            not_canonical,
        ),
        Self::new(
            "rejected/unsupported-version/version-nine",
            "a version that nobody here speaks",
            unsupported_version,
        ),
        Self::new(
            "rejected/schema-mismatch/unknown-field",
            "a field that no schema knows",
            schema_mismatch,
        ),
        Self::new(
            "rejected/unknown-sender/retired",
            "an agent that was retired",
            unknown_sender,
        ),
        Self::new(
            "rejected/unknown-key/key-of-another",
            "a key that belongs to somebody else",
            unknown_key,
        ),
        Self::new(
            "rejected/key-expired/rotated-out",
            "a key after its successor's overlap",
            key_expired,
        ),
        Self::new(
            "rejected/key-revoked/revoked",
            "a key that was revoked",
            key_revoked,
        ),
        Self::new(
            "rejected/bad-signature/forged",
            "a signature that nobody made",
            bad_signature,
        ),
        Self::new(
            "rejected/wrong-recipient/forwarded",
            "a message for somebody else",
            wrong_recipient,
        ),
        Self::new(
            "rejected/self-addressed/stolen-own-key",
            "a message from the receiver itself",
            self_addressed,
        ),
        Self::new(
            "rejected/unknown-session/of-another-day",
            "a message of a session that the receiver does not hold",
            unknown_session,
        ),
        Self::new(
            "rejected/stale/held-back",
            "a message that the network held back",
            stale,
        ),
        Self::new(
            "rejected/from-future/clock-ahead",
            "a clock that runs too far ahead",
            from_future,
        ),
        Self::new(
            "rejected/expired/wanted-at-once",
            "a message that its sender wants no more",
            expired,
        ),
        Self::new(
            "rejected/replayed/second-time",
            "a message that was admitted before",
            replay_refused,
        ),
        Self::new(
            "rejected/store-full/third-entry",
            "one entry more than the sender's share",
            store_full,
        ),
        Self::new(
            "rejected/too-fast/second-in-a-tick",
            "one message more than the sender's rate",
            too_fast,
        ),
    ];

    const fn new(path: &'static str, lesson: &'static str, tell: fn(Story) -> Story) -> Self {
        Self { path, lesson, tell }
    }

    /// The name: the last part of the path.
    pub(crate) fn name(&self) -> &'static str {
        self.path.rsplit('/').next().unwrap_or(self.path)
    }

    /// The scenario with this name or path.
    pub(crate) fn of_name(name: &str) -> Option<&'static Self> {
        Self::TABLE
            .iter()
            .find(|scenario| scenario.name() == name || scenario.path == name)
    }

    /// The rejection that it ends in, if it is there to show one.
    pub(crate) fn rejection(&self) -> Option<Rejection> {
        let code = self.path.strip_prefix("rejected/")?.split('/').next()?;
        Rejection::of_code(code)
    }

    /// The scenario as a trace under hardened rules.
    pub(crate) fn trace(&self) -> Result<Trace, TellError> {
        Trace::tell(&(self.tell)(stage()), &[], None, self.lesson, SEED)
    }
}

/// Bob receives; mallory and alice are listed like him, each with a second key that is not; nothing
/// has happened.
fn stage() -> Story {
    let keys = [BOB, MALLORY, ALICE].into_iter().flat_map(|owner| {
        [true, false].map(|listed| Key {
            owner,
            listed,
            not_before: 0,
            not_after: ENDLESS,
            revoked: false,
            compromised: false,
        })
    });
    let limits = Limits {
        window: 1,
        skew: 1,
        share: 16,
        rate: 16,
    };
    Story {
        setting: Setting {
            me: BOB,
            limits,
            overlap: 1,
            capacity: 1,
        },
        start: 1,
        hostile: vec![false, true, false],
        keys: keys.collect(),
        messages: Vec::new(),
        actions: Vec::new(),
    }
}

/// A flawless task of `author`; the `nonce`-th message of its story.
fn task(author: u32, nonce: u32) -> Message<Ledger> {
    Message {
        author,
        from: author,
        inner_from: author,
        to: BOB,
        nonce,
        kind: 0,
        issued_at: 1,
        timed: true,
        expires_at: ENDLESS,
        key: 2 * author,
        signed: true,
        size_bounded: true,
        well_formed: true,
        canonical: true,
        version_supported: true,
        schema_valid: true,
        session_known: true,
        intricate: false,
    }
}

/// A story in the making.
trait Telling {
    fn sent(self, message: Message<Ledger>) -> Self;
    fn delivered(self, number: u32) -> Self;
    fn injected(self, message: Message<Ledger>) -> Self;
    fn then(self, action: Action<Ledger>) -> Self;
}

impl Telling for Story {
    fn sent(mut self, message: Message<Ledger>) -> Self {
        let number = u32::try_from(self.messages.len()).unwrap_or(u32::MAX);
        self.messages.push(message);
        self.then(Action::Send(number))
    }

    fn delivered(self, number: u32) -> Self {
        let message = self.messages.get(number as usize);
        match message.map(Presented::unaltered) {
            Some(presented) => self.then(Action::Deliver(number, presented)),
            None => self,
        }
    }

    fn injected(mut self, message: Message<Ledger>) -> Self {
        let number = u32::try_from(self.messages.len()).unwrap_or(u32::MAX);
        self.messages.push(message);
        self.delivered(number)
    }

    fn then(mut self, action: Action<Ledger>) -> Self {
        self.actions.push(action);
        self
    }
}

fn task_and_result(story: Story) -> Story {
    let kind = |name| KINDS.iter().position(|kind| *kind == name).unwrap_or(0);
    let result = Message {
        kind: u32::try_from(kind("result")).unwrap_or(0),
        ..task(ALICE, 1)
    };
    story
        .sent(task(ALICE, 0))
        .delivered(0)
        .sent(result)
        .delivered(1)
}

fn every_kind(story: Story) -> Story {
    (0u32..).zip(KINDS).fold(story, |story, (kind, _)| {
        let message = Message {
            kind,
            ..task(ALICE, kind)
        };
        story.sent(message).delivered(kind)
    })
}

fn intricate_text(story: Story) -> Story {
    let message = Message {
        intricate: true,
        ..task(ALICE, 0)
    };
    story.sent(message).delivered(0)
}

fn replay_refused(story: Story) -> Story {
    story.sent(task(ALICE, 0)).delivered(0).delivered(0)
}

fn key_rotation(story: Story) -> Story {
    let (old, new) = (2 * ALICE, 2 * ALICE + 1);
    let successor = Message {
        key: new,
        issued_at: 2,
        ..task(ALICE, 1)
    };
    story
        .sent(task(ALICE, 0))
        .then(Action::Rotate(old, new))
        .delivered(0)
        .then(Action::Advance(2))
        .sent(successor)
        .delivered(1)
}

fn restart_survived(story: Story) -> Story {
    story
        .sent(task(ALICE, 0))
        .delivered(0)
        .then(Action::Restart)
        .delivered(0)
}

fn fail_over_survived(story: Story) -> Story {
    story
        .sent(task(ALICE, 0))
        .delivered(0)
        .then(Action::FailOver)
        .delivered(0)
}

fn clock_set_back(story: Story) -> Story {
    story
        .sent(task(ALICE, 0))
        .then(Action::Advance(3))
        .then(Action::SetBack(1))
        .delivered(0)
}

fn junk_ignored(story: Story) -> Story {
    let junk = Message {
        author: MALLORY,
        signed: false,
        ..task(ALICE, 0)
    };
    story.sent(task(ALICE, 0)).injected(junk).delivered(0)
}

fn too_large(story: Story) -> Story {
    story.injected(Message {
        size_bounded: false,
        ..task(MALLORY, 0)
    })
}

fn malformed(story: Story) -> Story {
    story.injected(Message {
        well_formed: false,
        ..task(MALLORY, 0)
    })
}

fn not_canonical(story: Story) -> Story {
    story.injected(Message {
        canonical: false,
        ..task(MALLORY, 0)
    })
}

fn unsupported_version(story: Story) -> Story {
    story.injected(Message {
        version_supported: false,
        ..task(MALLORY, 0)
    })
}

fn schema_mismatch(story: Story) -> Story {
    story.injected(Message {
        schema_valid: false,
        ..task(MALLORY, 0)
    })
}

fn unknown_session(story: Story) -> Story {
    story.injected(Message {
        session_known: false,
        ..task(MALLORY, 0)
    })
}

fn unknown_sender(story: Story) -> Story {
    story
        .sent(task(ALICE, 0))
        .then(Action::Retire(ALICE))
        .delivered(0)
}

fn unknown_key(story: Story) -> Story {
    story.injected(Message {
        author: MALLORY,
        key: 2 * MALLORY,
        ..task(ALICE, 0)
    })
}

fn key_expired(story: Story) -> Story {
    let late = Message {
        issued_at: 3,
        ..task(MALLORY, 0)
    };
    story
        .then(Action::Rotate(2 * MALLORY, 2 * MALLORY + 1))
        .then(Action::Advance(3))
        .injected(late)
}

fn key_revoked(story: Story) -> Story {
    story
        .sent(task(ALICE, 0))
        .then(Action::Revoke(2 * ALICE))
        .delivered(0)
}

fn bad_signature(story: Story) -> Story {
    story.injected(Message {
        author: MALLORY,
        signed: false,
        ..task(ALICE, 0)
    })
}

fn wrong_recipient(story: Story) -> Story {
    story
        .sent(Message {
            to: MALLORY,
            ..task(ALICE, 0)
        })
        .delivered(0)
}

fn self_addressed(story: Story) -> Story {
    let own = Message {
        author: MALLORY,
        ..task(BOB, 0)
    };
    story.then(Action::Compromise(2 * BOB)).injected(own)
}

fn stale(story: Story) -> Story {
    story
        .sent(task(ALICE, 0))
        .then(Action::Advance(3))
        .delivered(0)
}

fn from_future(story: Story) -> Story {
    story.injected(Message {
        issued_at: 3,
        ..task(MALLORY, 0)
    })
}

fn expired(story: Story) -> Story {
    let brief = Message {
        expires_at: 1,
        ..task(ALICE, 0)
    };
    story.sent(brief).then(Action::Advance(2)).delivered(0)
}

fn store_full(mut story: Story) -> Story {
    story.setting.limits.share = 2;
    (0..3).fold(story, |story, number| {
        story.sent(task(ALICE, number)).delivered(number)
    })
}

fn too_fast(mut story: Story) -> Story {
    story.setting.limits.rate = 1;
    (0..2).fold(story, |story, number| {
        story.sent(task(ALICE, number)).delivered(number)
    })
}

#[cfg(test)]
mod tests {
    use countersign::lab::Lab;
    use countersign_replay::{Outcome, Verdict, replay};

    use super::*;

    #[test]
    fn every_scenario_is_what_the_code_does_and_ends_as_its_name_says() {
        for scenario in Scenario::TABLE {
            let trace = scenario.trace().expect(scenario.path);
            let report = replay(&trace, Lab::new).expect(scenario.path);
            assert_eq!(report.outcome, Outcome::Matches, "{}", scenario.path);
            if let Some(rejection) = scenario.rejection() {
                let last = trace
                    .steps
                    .last()
                    .and_then(|step| step.expect.verdicts.last());
                assert_eq!(
                    last,
                    Some(&Verdict::Refused(rejection)),
                    "{}",
                    scenario.path
                );
            }
        }
    }

    #[test]
    fn there_is_a_scenario_for_every_rejection_in_order() {
        let shown: Vec<_> = Scenario::TABLE
            .iter()
            .filter_map(Scenario::rejection)
            .collect();
        assert_eq!(shown, Rejection::ALL);
    }
}
