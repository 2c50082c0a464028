//! What a receiver refuses: a scenario for each rejection, in the order of the guard table.

use countersign_model::admission::message::Message;
use countersign_model::admission::step::Action;
use countersign_model::admission::story::Story;

use super::telling::{ALICE, BOB, MALLORY, Telling as _, task};

pub(super) fn too_large(story: Story) -> Story {
    story.injected(Message {
        size_bounded: false,
        ..task(MALLORY, 0)
    })
}

pub(super) fn malformed(story: Story) -> Story {
    story.injected(Message {
        well_formed: false,
        ..task(MALLORY, 0)
    })
}

pub(super) fn not_canonical(story: Story) -> Story {
    story.injected(Message {
        canonical: false,
        ..task(MALLORY, 0)
    })
}

pub(super) fn unsupported_version(story: Story) -> Story {
    story.injected(Message {
        version_supported: false,
        ..task(MALLORY, 0)
    })
}

pub(super) fn schema_mismatch(story: Story) -> Story {
    story.injected(Message {
        schema_valid: false,
        ..task(MALLORY, 0)
    })
}

pub(super) fn unknown_sender(story: Story) -> Story {
    story
        .sent(task(ALICE, 0))
        .then(Action::Retire(ALICE))
        .delivered(0)
}

pub(super) fn unknown_key(story: Story) -> Story {
    story.injected(Message {
        author: MALLORY,
        key: 2 * MALLORY,
        ..task(ALICE, 0)
    })
}

pub(super) fn key_expired(story: Story) -> Story {
    let late = Message {
        issued_at: 3,
        ..task(MALLORY, 0)
    };
    story
        .attacked()
        .then(Action::Rotate(2 * MALLORY, 2 * MALLORY + 1))
        .then(Action::Advance(3))
        .injected(late)
}

pub(super) fn key_revoked(story: Story) -> Story {
    story
        .sent(task(ALICE, 0))
        .then(Action::Revoke(2 * ALICE))
        .delivered(0)
}

pub(super) fn bad_signature(story: Story) -> Story {
    story.injected(Message {
        author: MALLORY,
        signed: false,
        ..task(ALICE, 0)
    })
}

pub(super) fn wrong_recipient(story: Story) -> Story {
    story
        .attacked()
        .sent(Message {
            to: MALLORY,
            ..task(ALICE, 0)
        })
        .delivered(0)
}

pub(super) fn self_addressed(story: Story) -> Story {
    let own = Message {
        author: MALLORY,
        ..task(BOB, 0)
    };
    story
        .attacked()
        .then(Action::Compromise(2 * BOB))
        .injected(own)
}

pub(super) fn unknown_session(story: Story) -> Story {
    story.injected(Message {
        session_known: false,
        ..task(MALLORY, 0)
    })
}

pub(super) fn stale(story: Story) -> Story {
    story
        .sent(task(ALICE, 0))
        .then(Action::Advance(3))
        .delivered(0)
}

pub(super) fn from_future(story: Story) -> Story {
    story.injected(Message {
        issued_at: 3,
        ..task(MALLORY, 0)
    })
}

pub(super) fn expired(story: Story) -> Story {
    let brief = Message {
        expires_at: 1,
        ..task(ALICE, 0)
    };
    story.sent(brief).then(Action::Advance(2)).delivered(0)
}

pub(super) fn store_full(mut story: Story) -> Story {
    story.setting.limits.share = 2;
    (0..3).fold(story, |story, number| {
        story.sent(task(ALICE, number)).delivered(number)
    })
}

pub(super) fn too_fast(mut story: Story) -> Story {
    story.setting.limits.rate = 1;
    (0..2).fold(story, |story, number| {
        story.sent(task(ALICE, number)).delivered(number)
    })
}
