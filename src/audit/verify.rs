//! Verifying a log: whether it is what its checkpoint says, and if not, from which record on.

use countersign_model::audit::guard::{Rejection, Use};
use countersign_model::rulebook;

use super::chain::End;
use super::checkpoint::Checkpoint;
use super::error::FileError;
use super::facts::{Log, unknown};
use super::fault::{Fault, What};
use super::file::{Item, LogFile};
use super::mechanism::{Hardened, Mechanisms};
use super::reach::Reach;
use crate::identity::PeerVerifyingKey;

/// Whoever verifies a log, with what was seen of it before.
///
/// What it remembers must be kept where whoever writes to the log does not: it is what shows that an older
/// copy was put in the log's place.
#[derive(Clone, Debug)]
pub struct Verifier {
    key: Option<PeerVerifyingKey>,
    remembered: End,
}

/// A log that verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verified {
    /// How many records it has.
    pub count: u64,
    /// How many of them its checkpoint vouches for. The others may be anything.
    pub covered: u64,
    /// When that was signed, in milliseconds since the Unix epoch.
    pub signed_at_ms: u64,
}

impl Verifier {
    /// A verifier that has seen nothing yet of the log that this key signs.
    pub const fn new(key: PeerVerifyingKey) -> Self {
        Self::remembering(key, End::GENESIS)
    }

    /// A verifier that has verified the log up to here.
    pub const fn remembering(key: PeerVerifyingKey, remembered: End) -> Self {
        Self {
            key: Some(key),
            remembered,
        }
    }

    /// A verifier that does not know the log's key: to it nothing verifies, but it names a broken link.
    pub const fn without_key(remembered: End) -> Self {
        Self {
            key: None,
            remembered,
        }
    }

    /// How far the log went that verified last.
    pub const fn remembered(&self) -> End {
        self.remembered
    }

    /// Verifies the log, and remembers how far it goes if nothing is wrong with it.
    ///
    /// # Errors
    /// [`FileError`] where the file cannot be read.
    pub fn verify(&mut self, file: &impl LogFile) -> Result<Result<Verified, Fault>, FileError> {
        self.verify_with(&Hardened, file)
    }

    pub(crate) fn verify_with<M: Mechanisms>(
        &mut self,
        mechanisms: &M,
        file: &impl LogFile,
    ) -> Result<Result<Verified, Fault>, FileError> {
        let mut walk = Walk::new(mechanisms, self.remembered);
        file.scan(&mut |item| walk.pass(item))?;
        let found = walk.over(self.key.as_ref());
        let reach = &found.reach;
        let count = reach.end.count;
        let mut facts = unknown();
        facts.links_follow = found.broken.is_none();
        facts.checkpoint_signed = found.unsigned.is_none();
        facts.checkpoint_count = reach.named.count;
        facts.checkpoint_matches = mechanisms.vouches(reach);
        facts.memory_matches = mechanisms.recalls(&found.memory);
        let asked = |stage| Use::Verifying.asks().contains(&stage);
        let judged = rulebook::judge(mechanisms.rules(), asked, &facts, &Log { count });
        Ok(match judged {
            Ok(()) => {
                if self.remembered.count < reach.named.count {
                    self.remembered = reach.named;
                }
                Ok(Verified {
                    count,
                    covered: reach.named.count,
                    signed_at_ms: found.signed_at_ms,
                })
            }
            Err(rejection) => Err(found.fault(rejection)),
        })
    }
}

/// A walk along a log: everything about it that a verifier can establish.
struct Walk<'a, M> {
    mechanisms: &'a M,
    checkpoints: Vec<Vec<u8>>,
    reaches: Vec<Reach>,
    /// The places of those whose count is still to come, the nearest last: a record is looked at by those
    /// that name it only, however many there are.
    ahead: Vec<usize>,
    memory: Reach,
    end: End,
    broken: Option<(u64, What)>,
    begun: bool,
}

/// What a walk came to.
struct Established {
    reach: Reach,
    memory: Reach,
    broken: Option<(u64, What)>,
    unsigned: Option<What>,
    signed_at_ms: u64,
    /// Up to where an earlier checkpoint vouches for the log.
    vouched: u64,
}

impl<'a, M: Mechanisms> Walk<'a, M> {
    fn new(mechanisms: &'a M, remembered: End) -> Self {
        Self {
            mechanisms,
            checkpoints: Vec::new(),
            reaches: Vec::new(),
            ahead: Vec::new(),
            memory: Reach::to(remembered),
            end: End::GENESIS,
            broken: None,
            begun: false,
        }
    }

    fn pass(&mut self, item: Item) {
        let (found, row) = match item {
            Item::Checkpoint(bytes) => {
                self.checkpoints.push(bytes);
                return;
            }
            Item::Row(number, row) => (number, row),
        };
        self.begin();
        let number = self.end.count.saturating_add(1);
        if self.broken.is_none() {
            if self.mechanisms.read(&row.record).is_none() {
                self.broken = Some((number, What::NotARecord));
            } else if self.mechanisms.link(&self.end.link, &row.record) != row.link {
                self.broken = Some((number, What::WrongLink));
            } else if found != number {
                self.broken = Some((number, What::WrongNumber { found }));
            }
        }
        self.end = End {
            count: number,
            link: row.link,
        };
        while let Some(reach) = self.next_at(number) {
            reach.there = Some(row.link);
        }
        if self.memory.named.count == number {
            self.memory.there = Some(row.link);
        }
    }

    /// One that names this record and has not been told of it.
    fn next_at(&mut self, number: u64) -> Option<&mut Reach> {
        let nearest = self.reaches.get_mut(*self.ahead.last()?)?;
        if nearest.named.count != number {
            return None;
        }
        self.ahead.pop();
        Some(nearest)
    }

    /// All checkpoints are known by now.
    fn begin(&mut self) {
        if !self.begun {
            let named = |bytes: &Vec<u8>| Checkpoint::of_bytes(bytes).map(|it| it.end());
            let ends = self.checkpoints.iter().map(named);
            let ends: Vec<End> = ends.map(|end| end.unwrap_or(End::GENESIS)).collect();
            let named = ends.iter().enumerate().filter(|(_, end)| end.count > 0);
            let mut ahead: Vec<(u64, usize)> =
                named.map(|(place, end)| (end.count, place)).collect();
            ahead.sort_unstable_by(|one, other| other.cmp(one));
            self.ahead = ahead.into_iter().map(|(_, place)| place).collect();
            self.reaches = ends.into_iter().map(Reach::to).collect();
            self.begun = true;
        }
    }

    fn over(mut self, key: Option<&PeerVerifyingKey>) -> Established {
        self.begin();
        let end = self.end;
        for reach in self.reaches.iter_mut().chain([&mut self.memory]) {
            reach.end = end;
        }
        let is_signed = |it: &Checkpoint| key.is_some_and(|key| it.is_signed(key));
        let read = self.checkpoints.iter().map(|it| Checkpoint::of_bytes(it));
        let read: Vec<Option<Checkpoint>> = read.collect();
        let unsigned = match read.last() {
            None => Some(What::NoCheckpoint),
            Some(None) => Some(What::NotACheckpoint),
            Some(Some(_)) if key.is_none() => Some(What::NoKey),
            Some(Some(last)) if !is_signed(last) => Some(What::WrongSignature),
            Some(Some(_)) => None,
        };
        let last = read.last().and_then(Option::as_ref);
        let signed = read
            .iter()
            .zip(&self.reaches)
            .filter(|(checkpoint, reach)| {
                let signed = checkpoint.as_ref().is_some_and(is_signed);
                signed && reach.is_met()
            });
        let vouched = signed.map(|(_, reach)| reach.named.count).max();
        Established {
            reach: self.reaches.last().copied().unwrap_or(Reach {
                end,
                ..Reach::to(End::GENESIS)
            }),
            memory: self.memory,
            broken: self.broken,
            unsigned,
            signed_at_ms: last.map_or(0, Checkpoint::at_ms),
            vouched: vouched.unwrap_or(0),
        }
    }
}

impl Established {
    /// What is wrong, given what was rejected.
    fn fault(&self, rejection: Rejection) -> Fault {
        let count = self.reach.end.count;
        let covered = self.reach.named.count;
        let (records, what) = match rejection {
            Rejection::LinkBroken => match self.broken {
                Some((number, what)) => (Some((number, number)), what),
                None => (None, What::WrongLink),
            },
            Rejection::CheckpointUnsigned => (None, self.unsigned.unwrap_or(What::WrongSignature)),
            Rejection::Truncated => {
                let first = count.saturating_add(1);
                (Some((first, first)), What::Short { expected: covered })
            }
            Rejection::Rewritten => {
                let first = self.vouched.min(covered).saturating_add(1);
                (Some((first, covered)), What::OtherHistory { covered })
            }
            Rejection::RolledBack => {
                let remembered = self.memory.named.count;
                (Some((1, remembered)), What::OtherPast { remembered })
            }
            // Nobody is asked for these when a log is verified.
            Rejection::HeadMoved | Rejection::Unrecorded | Rejection::NotEntitled => {
                (None, What::NoCheckpoint)
            }
        };
        Fault {
            rejection,
            records,
            what,
        }
    }
}
