//! The stage, the cast, and the words in which scenarios are told.

use countersign_model::admission::facts::Limits;
use countersign_model::admission::message::{Message, Presented};
use countersign_model::admission::step::Action;
use countersign_model::admission::story::{ENDLESS, Story};
use countersign_model::admission::world::{Key, Setting};
use countersign_model::domain::Ledger;

pub(super) const BOB: u32 = 0;
pub(super) const ALICE: u32 = 1;
pub(super) const MALLORY: u32 = 2;

/// Bob receives; alice is listed like him, each with a second key that is not; nothing has happened.
pub(super) fn stage() -> Story {
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
        hostile: vec![false, false],
        keys: [BOB, ALICE].into_iter().flat_map(keys).collect(),
        messages: Vec::new(),
        actions: Vec::new(),
    }
}

/// The first key of `owner`, which is listed, and the second, which is not yet.
fn keys(owner: u32) -> [Key<Ledger>; 2] {
    [true, false].map(|listed| Key {
        owner,
        listed,
        not_before: 0,
        not_after: ENDLESS,
        revoked: false,
        compromised: false,
    })
}

/// A flawless task of `author`; the `nonce`-th message of its story.
pub(super) fn task(author: u32, nonce: u32) -> Message<Ledger> {
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
pub(super) trait Telling {
    fn sent(self, message: Message<Ledger>) -> Self;
    fn delivered(self, number: u32) -> Self;
    fn injected(self, message: Message<Ledger>) -> Self;
    fn then(self, action: Action<Ledger>) -> Self;
    fn attacked(self) -> Self;
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

    fn injected(self, message: Message<Ledger>) -> Self {
        let mut story = self.attacked();
        let number = u32::try_from(story.messages.len()).unwrap_or(u32::MAX);
        story.messages.push(message);
        story.delivered(number)
    }

    fn then(mut self, action: Action<Ledger>) -> Self {
        self.actions.push(action);
        self
    }

    /// Mallory takes part, listed like the others.
    fn attacked(mut self) -> Self {
        if self.hostile.len() == MALLORY as usize {
            self.hostile.push(true);
            self.keys.extend(keys(MALLORY));
        }
        self
    }
}
