//! The representative of all worlds that nobody could tell apart.
//!
//! Worlds are the same that differ only in the order of the message slots. The search keeps
//! representatives only: that is its symmetry reduction. Messages name each other, so that each order
//! of the slots gives other contents; the least of them stands for all.

use super::attacker::occupied;
use super::mail::MESSAGES;
use super::message::{Fate, Hold, Message, Request};
use super::scope::vacant_message;
use super::world::World;
use crate::domain::{Concrete, Row, Table as _};

/// Every order of the slots.
const ORDERS: [[u8; MESSAGES]; 6] = [
    [0, 1, 2],
    [0, 2, 1],
    [1, 0, 2],
    [1, 2, 0],
    [2, 0, 1],
    [2, 1, 0],
];

/// A message and its fate, but for the messages that they name.
type Rank = (bool, [u8; 27]);

impl World<Concrete> {
    /// Turns the world into its representative: says, for each slot, which slot it was.
    pub(super) fn canonicalize(&mut self) -> [u8; MESSAGES] {
        let [plain, ..] = ORDERS;
        for slot in (0u8..).take(MESSAGES) {
            if !occupied(self, slot) {
                self.messages.set(&slot, vacant_message(slot));
            }
        }
        if !occupied(self, 1) {
            // Slots are taken in order.
            return plain;
        }
        let ranks = [0u8, 1, 2].map(|slot| self.rank(slot));
        let rank = |slot: &u8| ranks.get(usize::from(*slot));
        let mut least = None;
        for order in ORDERS {
            let is_sorted = order.is_sorted_by_key(rank);
            // Vacant slots are all alike: one order of them is enough.
            let is_plain = order
                .iter()
                .zip(order.iter().skip(1))
                .all(|(one, next)| one < next || occupied(self, *one));
            if !(is_sorted && is_plain) {
                continue;
            }
            let named = self.named(order);
            if least.as_ref().is_none_or(|(other, _)| named < *other) {
                least = Some((named, order));
            }
        }
        let order = least.map_or(plain, |(_, order)| order);
        self.reorder(order);
        order
    }

    fn rank(&self, slot: u8) -> Rank {
        let content = content(self.messages.at(&slot), self.fates.at(&slot));
        (!occupied(self, slot), content)
    }

    /// The messages that each message and its fate name, once the slots are in this order.
    fn named(&self, order: [u8; MESSAGES]) -> [[u8; 4]; MESSAGES] {
        let place = places(order);
        order.map(|old| {
            let message = self.messages.at(&old);
            let saw = self.fates.at(&old).hold.saw;
            [message.answers, message.cause, message.id, saw].map(|slot| place.at(&slot))
        })
    }

    fn reorder(&mut self, order: [u8; MESSAGES]) {
        if order.is_sorted() {
            return;
        }
        let place = places(order);
        let before = *self;
        for (new, old) in (0u8..).zip(order) {
            let message = before.messages.at(&old);
            let message = Message {
                answers: place.at(&message.answers),
                cause: place.at(&message.cause),
                id: place.at(&message.id),
                ..message
            };
            self.messages.set(&new, message);
            let mut fate = before.fates.at(&old);
            fate.hold.saw = place.at(&fate.hold.saw);
            self.fates.set(&new, fate);
            self.parties.set(&new, before.parties.at(&old));
            self.wanters.set(&new, before.wanters.at(&old));
        }
    }
}

/// The new place of each slot.
fn places(order: [u8; MESSAGES]) -> Row<u8, MESSAGES> {
    let mut places = Row([0; MESSAGES]);
    for (new, old) in (0u8..).zip(order) {
        places.set(&old, new);
    }
    places
}

fn content(message: Message<Concrete>, fate: Fate<Concrete>) -> [u8; 27] {
    let Message {
        signer,
        claimed,
        to,
        to_all,
        respelled,
        kind,
        is_request,
        is_reply,
        answers: _,
        acts,
        cause: _,
        id: _,
        two_faced,
        issued_at,
        expires_at,
        wanted,
    } = message;
    let Fate {
        delivered,
        request:
            Request {
                open,
                answer_by,
                waiting,
                asked_at,
            },
        hold:
            Hold {
                held,
                left,
                approved,
                shown,
                under,
                until,
                used,
                saw: _,
                approved_at,
                outdated,
            },
    } = fate;
    let flag = u8::from;
    [
        signer,
        claimed,
        to,
        flag(to_all),
        flag(respelled),
        kind,
        flag(is_request),
        flag(is_reply),
        flag(acts),
        flag(two_faced),
        issued_at,
        expires_at,
        wanted,
        flag(delivered),
        flag(open),
        answer_by,
        flag(waiting),
        asked_at,
        flag(held),
        flag(left),
        flag(approved),
        flag(shown),
        under,
        until,
        flag(used),
        approved_at,
        flag(outdated),
    ]
}
