//! The receiver of a replay: the endpoint that users run, or a weakened one.

use countersign_model::admission::Admission;
use countersign_model::admission::guard::Rejection;
use countersign_model::admission::weakening::Mechanism;
use countersign_model::rulebook::Ruleset;
use countersign_replay::target::TargetError;
use tempfile::TempDir;

use super::failed;
use crate::admission::{Endpoint, Limits, Verdict};
use crate::flawed::WeakenedReceiver;
use crate::identity::{Registry, SpiffeId};
use crate::store::{Claim, Entry, MemoryStore, Occupancy, ReplayStore, SqliteStore};

/// A receiver, with what it takes to restart it.
pub(super) enum Receiver {
    /// The real endpoint on a store in memory.
    Hardened(Box<Hardened>),
    /// A receiver under weakened rules.
    Weakened(Box<WeakenedReceiver>),
}

pub(super) struct Hardened {
    endpoint: Endpoint<Box<dyn ReplayStore>>,
    me: SpiffeId,
    limits: Limits,
    /// Where the durable store lies, in a replay that restarts or fails over.
    folder: Option<TempDir>,
}

impl Receiver {
    /// The receiver of `me`. `durable` puts its replay store into a file, so that a restart is one.
    pub(super) fn new(
        me: SpiffeId,
        registry: Registry,
        limits: Limits,
        rules: Ruleset<Admission>,
        capacity: usize,
        durable: bool,
    ) -> Result<Self, TargetError> {
        if rules != Ruleset::HARDENED {
            return WeakenedReceiver::new(me, registry, limits, rules, capacity)
                .map(|receiver| Self::Weakened(Box::new(receiver)))
                .map_err(failed);
        }
        let folder = if durable {
            Some(tempfile::tempdir().map_err(failed)?)
        } else {
            None
        };
        let store = open_store(folder.as_ref())?;
        let endpoint =
            Endpoint::new(me.clone(), registry, limits.clone(), store).map_err(failed)?;
        Ok(Self::Hardened(Box::new(Hardened {
            endpoint,
            me,
            limits,
            folder,
        })))
    }

    /// The verdict on each of `copies` of one text that arrive at the same moment, with the
    /// principal that an admitted one is attributed to.
    pub(super) fn receive(
        &mut self,
        bytes: &[u8],
        copies: usize,
        wall_ms: u64,
    ) -> Result<Vec<Result<SpiffeId, Rejection>>, TargetError> {
        match self {
            Self::Weakened(receiver) => Ok(receiver.receive(bytes, copies, wall_ms)),
            Self::Hardened(hardened) => (0..copies)
                .map(
                    |_| match hardened.endpoint.receive(bytes, wall_ms).map_err(failed)? {
                        Verdict::Admitted(admitted) => Ok(Ok(admitted.sender().clone())),
                        Verdict::Refused(refusal) => Ok(Err(refusal.rejection)),
                        // It holds none.
                        Verdict::RefusedInSession(refusal) => Err(failed(refusal)),
                    },
                )
                .collect(),
        }
    }

    pub(super) fn tick(&mut self, wall_ms: u64) -> Result<(), TargetError> {
        match self {
            Self::Hardened(hardened) => hardened.endpoint.tick(wall_ms),
            Self::Weakened(receiver) => receiver.receiving.tick(wall_ms),
        }
        .map(drop)
        .map_err(failed)
    }

    pub(super) fn now_ms(&self) -> u64 {
        match self {
            Self::Hardened(hardened) => hardened.endpoint.now_ms(),
            Self::Weakened(receiver) => receiver.receiving.latest_ms,
        }
    }

    /// Ends the process and starts it again.
    pub(super) fn restart(&mut self) -> Result<(), TargetError> {
        self.replace(Mechanism::ForgetsOnRestart)
    }

    /// Lets another replica answer from now on.
    pub(super) fn fail_over(&mut self) -> Result<(), TargetError> {
        self.replace(Mechanism::StorePerReplica)
    }

    fn replace(&mut self, losing: Mechanism) -> Result<(), TargetError> {
        match self {
            Self::Weakened(receiver) => {
                if receiver.rules().has(losing) {
                    receiver.receiving.store.lose_everything();
                }
            }
            Self::Hardened(hardened) => {
                let registry = hardened.endpoint.registry().clone();
                // The old process keeps its handle on the file until the new one has taken over.
                let store = open_store(hardened.folder.as_ref())?;
                let (me, limits) = (hardened.me.clone(), hardened.limits.clone());
                hardened.endpoint = Endpoint::new(me, registry, limits, store).map_err(failed)?;
            }
        }
        Ok(())
    }

    pub(super) fn registry(&self) -> &Registry {
        match self {
            Self::Hardened(hardened) => hardened.endpoint.registry(),
            Self::Weakened(receiver) => &receiver.receiving.registry,
        }
    }

    pub(super) fn registry_mut(&mut self) -> &mut Registry {
        match self {
            Self::Hardened(hardened) => hardened.endpoint.registry_mut(),
            Self::Weakened(receiver) => &mut receiver.receiving.registry,
        }
    }

    pub(super) fn forget(&mut self, sender: &str, nonce: [u8; 16]) -> Result<bool, TargetError> {
        let now_ms = self.now_ms();
        self.store_mut()
            .forget(sender, nonce, now_ms)
            .map_err(failed)
    }

    pub(super) fn entries(&mut self) -> Result<Vec<Entry>, TargetError> {
        self.store_mut().entries().map_err(failed)
    }

    /// How much of its share and rate `sender` has used up.
    pub(super) fn occupancy(
        &mut self,
        sender: &str,
        rate_period_ms: u64,
    ) -> Result<Occupancy, TargetError> {
        let claim = Claim {
            sender,
            nonce: [0; 16],
            now_ms: self.now_ms(),
            rate_period_ms,
        };
        let mut seen = None;
        self.store_mut()
            .admit(&claim, &mut |occupancy| {
                seen = Some(*occupancy);
                None
            })
            .map_err(failed)?;
        seen.ok_or_else(|| failed("the store did not answer"))
    }

    fn store_mut(&mut self) -> &mut dyn ReplayStore {
        match self {
            Self::Hardened(hardened) => hardened.endpoint.store_mut(),
            Self::Weakened(receiver) => &mut receiver.receiving.store,
        }
    }
}

fn open_store(folder: Option<&TempDir>) -> Result<Box<dyn ReplayStore>, TargetError> {
    Ok(match folder {
        Some(folder) => {
            Box::new(SqliteStore::open(folder.path().join("replay.sqlite")).map_err(failed)?)
        }
        None => Box::new(MemoryStore::new()),
    })
}
