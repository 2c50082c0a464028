//! The guard table: what a record must satisfy before it is opened, or sealed, or acted upon.
//!
//! Check, open, then mark (RFC 4303 section 3.4.3): guards come in stages, and each stage is judged
//! only when all before it passed. Nothing is opened before the stages before [`Stage::Seal`] passed,
//! and nothing is remembered before all did.

use super::Session;
use super::promise::InvariantId;
use crate::domain::{Natural as _, Truth as _};
use crate::rulebook::guards;

/// What is done with a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Use {
    /// It is sealed, to be sent.
    Sealing,
    /// It arrived and is opened.
    Opening,
}

/// What can be known by the time a guard is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// Whether there is such a session, alive, with a peer that is still entitled to it.
    Session,
    /// What the record says of itself, not yet believed.
    Header,
    /// The record, opened.
    Seal,
    /// What came out.
    Payload,
}

impl Use {
    /// Both uses.
    pub const ALL: [Self; 2] = [Self::Sealing, Self::Opening];

    /// The stages that a record is judged at, in order.
    pub const fn asks(self) -> &'static [Stage] {
        match self {
            Self::Sealing => &[Stage::Session],
            Self::Opening => &[Stage::Session, Stage::Header, Stage::Seal, Stage::Payload],
        }
    }
}

guards! {
    Session;
    /// The record names a session that this end holds. One that was lost or closed is held no more.
    SessionKnown, "session-known", Session, UnknownSession, "unknown-session", Timely,
    |m, _| m.session_known.clone();
    /// The session is not past its lifetime.
    SessionAlive, "session-alive", Session, SessionExpired, "session-expired", Timely,
    |m, me| me.now.at_most(&m.established_at.plus(&me.limits.lifetime));
    /// The peer is active, and the key that opened the session is current and not revoked.
    PeerEntitled, "peer-entitled", Session, PeerNotEntitled, "peer-not-entitled", Entitled,
    |m, _| m.peer_entitled.clone();
    /// The record's epoch is the receiver's or one of the next; the keys of older ones are gone.
    EpochCurrent, "epoch-current", Header, WrongEpoch, "wrong-epoch", Bounded,
    |m, me| me.epoch.at_most(&m.epoch).and(&m.epoch.at_most(&me.epoch.plus(&me.limits.ahead)));
    /// The number is not left of the window.
    SequenceInWindow, "sequence-in-window", Header, SequenceTooOld, "sequence-too-old", Once,
    |m, me| me.top.at_most(&m.sequence.plus(&me.limits.width));
    /// The number has not been accepted before.
    SequenceUnseen, "sequence-unseen", Header, Replayed, "record-replayed", Once,
    |m, _| m.sequence_seen.not();
    /// The peer sealed the record in this session, this direction and this epoch, as it is presented.
    RecordOpens, "record-opens", Seal, DoesNotOpen, "record-does-not-open", Authentic,
    |m, _| m.opens.clone();
    /// The payload satisfies the schema of its type, before it has any effect.
    PlaintextSchema, "plaintext-schema", Payload, PayloadMismatch, "payload-mismatch", Schema,
    |m, _| m.schema_valid.clone();
}

#[cfg(test)]
mod tests {
    use super::{GuardId, Rejection, Stage, Use, table};
    use crate::domain::{Concrete, Prose};
    use crate::rulebook::{self, Row as _, Ruleset};
    use crate::session::Session;
    use crate::session::facts::{End, Facts, Limits};

    /// A record with every defect there is, and the defects in the order in which they are repaired.
    #[rustfmt::skip]
    #[expect(clippy::type_complexity, reason = "a table")]
    const REPAIRS: &[(Rejection, fn(&mut Facts<Concrete>))] = &[
        (Rejection::UnknownSession,  |m| m.session_known = true),
        (Rejection::SessionExpired,  |m| m.established_at = 5),
        (Rejection::PeerNotEntitled, |m| m.peer_entitled = true),
        (Rejection::WrongEpoch,      |m| m.epoch = 4),
        (Rejection::SequenceTooOld,  |m| m.sequence = 7),
        (Rejection::Replayed,        |m| m.sequence_seen = false),
        (Rejection::DoesNotOpen,     |m| m.opens = true),
        (Rejection::PayloadMismatch, |m| m.schema_valid = true),
    ];

    const END: End<Concrete> = End {
        now: 9,
        epoch: 3,
        top: 9,
        limits: Limits {
            lifetime: 4,
            width: 2,
            ahead: 1,
        },
    };

    fn worst() -> Facts<Concrete> {
        Facts {
            session_known: false,
            established_at: 4,
            peer_entitled: false,
            epoch: 2,
            sequence: 6,
            sequence_seen: true,
            opens: false,
            schema_valid: false,
        }
    }

    fn judged(usage: Use, facts: &Facts<Concrete>) -> Result<(), Rejection> {
        let asked = |stage: Stage| usage.asks().contains(&stage);
        rulebook::judge(Ruleset::<Session>::HARDENED, asked, facts, &END)
    }

    #[test]
    fn each_repair_uncovers_the_next_rejection_until_the_record_is_accepted() {
        let mut facts = worst();
        for (rejection, repair) in REPAIRS {
            assert_eq!(judged(Use::Opening, &facts), Err(*rejection));
            repair(&mut facts);
        }
        assert_eq!(judged(Use::Opening, &facts), Ok(()));
        let order: Vec<Rejection> = REPAIRS.iter().map(|(rejection, _)| *rejection).collect();
        assert_eq!(order, Rejection::ALL);
    }

    #[test]
    fn sealing_asks_about_session_and_peer_and_nothing_else() {
        let mut facts = worst();
        for (_, repair) in REPAIRS.iter().take(3) {
            assert!(judged(Use::Sealing, &facts).is_err());
            repair(&mut facts);
        }
        assert_eq!(judged(Use::Sealing, &facts), Ok(()));
    }

    #[test]
    fn the_window_has_exactly_its_width() {
        let sound = Facts {
            sequence_seen: false,
            session_known: true,
            established_at: 9,
            peer_entitled: true,
            epoch: 3,
            sequence: 0,
            opens: true,
            schema_valid: true,
        };
        // The highest number accepted is 8, and the window holds it and one more.
        for (sequence, expected) in [
            (6, Err(Rejection::SequenceTooOld)),
            (7, Ok(())),
            (8, Ok(())),
            (200, Ok(())),
        ] {
            let facts = Facts {
                sequence,
                ..sound.clone()
            };
            assert_eq!(judged(Use::Opening, &facts), expected, "{sequence}");
        }
        for (epoch, expected) in [
            (2, Err(Rejection::WrongEpoch)),
            (3, Ok(())),
            (4, Ok(())),
            (5, Err(Rejection::WrongEpoch)),
        ] {
            let facts = Facts {
                epoch,
                sequence: 9,
                ..sound.clone()
            };
            assert_eq!(judged(Use::Opening, &facts), expected, "{epoch}");
        }
    }

    #[test]
    fn guards_stand_in_the_order_of_their_stages_and_every_stage_is_asked() {
        let table = table::<Concrete>();
        assert!(table.is_sorted_by_key(|guard| guard.stage));
        let ids: Vec<GuardId> = table.iter().map(|guard| guard.id).collect();
        assert_eq!(ids, GuardId::ALL);
        for usage in Use::ALL {
            assert!(usage.asks().is_sorted(), "{usage:?}");
        }
        let asked = Use::Opening.asks();
        assert!(table.iter().all(|guard| asked.contains(&guard.stage)));
    }

    #[test]
    fn every_guard_reads_as_a_sentence() {
        let (facts, end) = (Facts::in_words(), End::in_words());
        let read: Vec<String> = table::<Prose>()
            .iter()
            .map(|guard| {
                let sentence = (guard.holds)(&facts, &end);
                format!("{}: {}", guard.id.name(), sentence.as_str())
            })
            .collect();
        assert_eq!(
            read,
            [
                "session-known: the record names a session that I hold",
                "session-alive: now ≤ established_at + lifetime",
                "peer-entitled: peer active, the key that opened the session current and not revoked",
                "epoch-current: my epoch ≤ epoch and epoch ≤ my epoch + ahead",
                "sequence-in-window: the next number I expect ≤ sequence + width",
                "sequence-unseen: not seen(sequence)",
                "record-opens: the record opens, header and number authenticated",
                "plaintext-schema: the payload satisfies the schema of its type",
            ]
        );
    }
}
