//! Where moves go as they are composed: into a list, or straight to whoever takes them.

use super::Move;
use crate::admission::message::{Message, Presented};
use crate::admission::step::Action;
use crate::domain::Concrete;

/// What is told everything that can happen.
///
/// Whoever decides at once what a move comes to is compiled into each place where one is composed:
/// most of what is known there then needs no deciding.
#[expect(clippy::inline_always, reason = "the innermost loop of the search")]
pub trait Sink {
    /// This can happen.
    fn put(&mut self, next: Move);

    /// `action` can happen, to what is there already.
    #[inline(always)]
    fn act(&mut self, action: Action<Concrete>) {
        self.put(Move {
            introduces: None,
            action,
        });
    }

    /// `message` can be introduced by `action`.
    #[inline(always)]
    fn introduce(&mut self, message: Message<Concrete>, action: Action<Concrete>) {
        self.put(Move {
            introduces: Some(message),
            action,
        });
    }

    /// `message` can be composed and delivered in `slot` as it is.
    #[inline(always)]
    fn inject(&mut self, slot: u8, message: Message<Concrete>) {
        self.introduce(
            message,
            Action::Deliver(slot, Presented::unaltered(&message)),
        );
    }
}

impl Sink for Vec<Move> {
    fn put(&mut self, next: Move) {
        self.push(next);
    }
}
