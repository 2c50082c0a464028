//! The guard table: what must be true before a record is written, an effect happens, a question is
//! answered, or a log is believed.

use super::Audit;
use super::promise::InvariantId;
use crate::domain::{Identity as _, Natural as _, Truth as _};
use crate::rulebook::guards;

/// What is done with the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Use {
    /// A record is written, or a checkpoint signed.
    Writing,
    /// A message has its effect.
    Acting,
    /// A question is answered.
    Telling,
    /// The log is verified.
    Verifying,
}

/// What can be known by the time a guard is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// Where the log ends.
    Head,
    /// Which records the disk has.
    Disk,
    /// Who asks about whom.
    Question,
    /// The records and their links.
    Chain,
    /// The checkpoint.
    Checkpoint,
    /// What the verifier remembers.
    Memory,
}

impl Use {
    /// Every use.
    pub const ALL: [Self; 4] = [Self::Writing, Self::Acting, Self::Telling, Self::Verifying];

    /// The stages that are asked, in order.
    pub const fn asks(self) -> &'static [Stage] {
        match self {
            Self::Writing => &[Stage::Head],
            Self::Acting => &[Stage::Disk],
            Self::Telling => &[Stage::Question],
            Self::Verifying => &[Stage::Chain, Stage::Checkpoint, Stage::Memory],
        }
    }

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Writing => "writing",
            Self::Acting => "acting",
            Self::Telling => "telling",
            Self::Verifying => "verifying",
        }
    }
}

guards! {
    Audit;
    /// The file ends where the writer left it.
    HeadKept, "head-kept", Head, HeadMoved, "head-moved", Intact,
    |m, _| m.head_kept.clone();
    /// The disk has the record of the message.
    RecordDurable, "record-durable", Disk, Unrecorded, "unrecorded", Complete,
    |m, _| m.recorded.clone();
    /// Whoever asks about an agent is that agent, or an auditor.
    ReaderEntitled, "reader-entitled", Question, NotEntitled, "reader-not-entitled", Confidential,
    |m, _| m.reader.same(&m.subject).or(&m.reader_is_auditor);
    /// Every link follows from the one before it and its own record.
    LinksFollow, "links-follow", Chain, LinkBroken, "link-broken", Intact,
    |m, _| m.links_follow.clone();
    /// The log's key signed the checkpoint.
    CheckpointSigned, "checkpoint-signed", Checkpoint, CheckpointUnsigned, "checkpoint-not-signed", Intact,
    |m, _| m.checkpoint_signed.clone();
    /// The log reaches as far as its checkpoint.
    CheckpointReached, "checkpoint-reached", Checkpoint, Truncated, "truncated", Intact,
    |m, log| m.checkpoint_count.at_most(&log.count);
    /// The log has the link that the checkpoint names, where the checkpoint names it.
    CheckpointMatches, "checkpoint-matches", Checkpoint, Rewritten, "rewritten", Intact,
    |m, _| m.checkpoint_matches.clone();
    /// The log goes on from where the verifier saw it last.
    MemoryMatches, "memory-matches", Memory, RolledBack, "rolled-back", Kept,
    |m, _| m.memory_matches.clone();
}

#[cfg(test)]
mod tests {
    use super::{GuardId, Rejection, Stage, Use, table};
    use crate::audit::Audit;
    use crate::audit::facts::{Facts, Log};
    use crate::domain::{Concrete, Prose};
    use crate::rulebook::{self, Row as _, Ruleset};

    /// Facts with every defect there is, and the defects in the order in which they are repaired.
    #[rustfmt::skip]
    #[expect(clippy::type_complexity, reason = "a table")]
    const REPAIRS: &[(Use, Rejection, fn(&mut Facts<Concrete>))] = &[
        (Use::Writing,   Rejection::HeadMoved,          |m| m.head_kept = true),
        (Use::Acting,    Rejection::Unrecorded,         |m| m.recorded = true),
        (Use::Telling,   Rejection::NotEntitled,        |m| m.subject = m.reader),
        (Use::Verifying, Rejection::LinkBroken,         |m| m.links_follow = true),
        (Use::Verifying, Rejection::CheckpointUnsigned, |m| m.checkpoint_signed = true),
        (Use::Verifying, Rejection::Truncated,          |m| m.checkpoint_count = 2),
        (Use::Verifying, Rejection::Rewritten,          |m| m.checkpoint_matches = true),
        (Use::Verifying, Rejection::RolledBack,         |m| m.memory_matches = true),
    ];

    const LOG: Log<Concrete> = Log { count: 2 };

    fn worst() -> Facts<Concrete> {
        Facts {
            head_kept: false,
            recorded: false,
            reader: 0,
            subject: 1,
            reader_is_auditor: false,
            links_follow: false,
            checkpoint_signed: false,
            checkpoint_count: 3,
            checkpoint_matches: false,
            memory_matches: false,
        }
    }

    fn judged(usage: Use, facts: &Facts<Concrete>) -> Result<(), Rejection> {
        let asked = |stage: Stage| usage.asks().contains(&stage);
        rulebook::judge(Ruleset::<Audit>::HARDENED, asked, facts, &LOG)
    }

    #[test]
    fn each_repair_uncovers_the_next_rejection_until_nothing_is_wrong() {
        let mut facts = worst();
        for (usage, rejection, repair) in REPAIRS {
            assert_eq!(judged(*usage, &facts), Err(*rejection));
            repair(&mut facts);
        }
        for usage in Use::ALL {
            assert_eq!(judged(usage, &facts), Ok(()), "{}", usage.name());
        }
        let order: Vec<Rejection> = REPAIRS.iter().map(|(_, rejection, _)| *rejection).collect();
        assert_eq!(order, Rejection::ALL);
    }

    #[test]
    fn an_auditor_may_ask_about_anybody() {
        let facts = Facts {
            reader_is_auditor: true,
            ..worst()
        };
        assert_eq!(judged(Use::Telling, &facts), Ok(()));
    }

    #[test]
    fn guards_stand_in_the_order_of_their_stages_and_every_stage_is_asked_once() {
        let table = table::<Concrete>();
        assert!(table.is_sorted_by_key(|guard| guard.stage));
        let ids: Vec<GuardId> = table.iter().map(|guard| guard.id).collect();
        assert_eq!(ids, GuardId::ALL);
        let asked: Vec<Stage> = Use::ALL.iter().flat_map(|it| it.asks()).copied().collect();
        assert!(asked.is_sorted());
        assert!(table.iter().all(|guard| asked.contains(&guard.stage)));
    }

    #[test]
    fn every_guard_reads_as_a_sentence() {
        let (facts, log) = (Facts::in_words(), Log::in_words());
        let read: Vec<String> = table::<Prose>()
            .iter()
            .map(|guard| {
                let sentence = (guard.holds)(&facts, &log);
                format!("{}: {}", guard.id.name(), sentence.as_str())
            })
            .collect();
        assert_eq!(
            read,
            [
                "head-kept: the last link in the file is the last that I wrote",
                "record-durable: the disk has the record of the message",
                "reader-entitled: reader = subject or the reader is an auditor",
                "links-follow: every link is the hash of the one before it and its record",
                "checkpoint-signed: the checkpoint is signed with the log's key",
                "checkpoint-reached: checkpoint.count ≤ count",
                "checkpoint-matches: the link at that count, if there is one, is the checkpoint's",
                "memory-matches: the link at the count I remember is the one I remember",
            ]
        );
    }
}
