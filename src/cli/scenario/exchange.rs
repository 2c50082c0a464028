//! Exchanges: honest traffic, and what it survives.

use countersign_model::admission::message::Message;
use countersign_model::admission::step::Action;
use countersign_model::admission::story::Story;
use countersign_replay::admission::cast::KINDS;

use super::telling::{ALICE, MALLORY, Telling as _, task};

pub(super) fn task_and_result(story: Story) -> Story {
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

pub(super) fn every_kind(story: Story) -> Story {
    (0u32..).zip(KINDS).fold(story, |story, (kind, _)| {
        let message = Message {
            kind,
            ..task(ALICE, kind)
        };
        story.sent(message).delivered(kind)
    })
}

pub(super) fn intricate_text(story: Story) -> Story {
    let message = Message {
        intricate: true,
        ..task(ALICE, 0)
    };
    story.sent(message).delivered(0)
}

pub(super) fn replay_refused(story: Story) -> Story {
    story.sent(task(ALICE, 0)).delivered(0).delivered(0)
}

pub(super) fn key_rotation(story: Story) -> Story {
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

pub(super) fn restart_survived(story: Story) -> Story {
    story
        .sent(task(ALICE, 0))
        .delivered(0)
        .then(Action::Restart)
        .delivered(0)
}

pub(super) fn fail_over_survived(story: Story) -> Story {
    story
        .sent(task(ALICE, 0))
        .delivered(0)
        .then(Action::FailOver)
        .delivered(0)
}

pub(super) fn clock_set_back(story: Story) -> Story {
    story
        .sent(task(ALICE, 0))
        .then(Action::Advance(3))
        .then(Action::SetBack(1))
        .delivered(0)
}

pub(super) fn junk_ignored(story: Story) -> Story {
    let junk = Message {
        author: MALLORY,
        signed: false,
        ..task(ALICE, 0)
    };
    story.sent(task(ALICE, 0)).injected(junk).delivered(0)
}
