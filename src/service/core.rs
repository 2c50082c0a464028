//! The core of the service: an orchestrator, its endpoints and its log, on one file and one thread.
//!
//! Requests are answered in groups. A group is one transaction: nonces, rulings, records of the log,
//! queue and mailboxes are written together, and no answer leaves before the disk has all of it. A
//! group that fails has written nothing; what the orchestrator remembers is then read back from what
//! is durable.

use std::fs::File;
use std::path::{Path, absolute};
use std::sync::Arc;

use super::answer::Answer;
use super::desk::Desks;
use super::error::ServiceError;
use super::ledger::Ledger;
use super::notary::Notary;
use super::observed::Observed;
use super::outbox::Outbox;
use super::recorder::Recorder;
use super::refused::Refused;
use super::request::{Asked, Method};
use super::said::Said;
use super::schema::FORMAT;
use crate::admission::{Gate, Gateway};
use crate::audit::{SqliteFile, Trail};
use crate::bus::Orchestrator;
use crate::deployment::Deployment;
use crate::envelope::Timestamp;
use crate::identity::{SigningKey, SpiffeId};
use crate::store::SqliteStore;
use crate::store::database::{self, Database};

/// How often nonces are swept and the log is signed, in milliseconds; and how far the clock may be behind
/// without anybody being told.
const UPKEEP_MS: u64 = 60 * 1_000;
/// How many statements are kept prepared: more than there are.
const STATEMENTS: usize = 64;
/// After how many records the log is signed at the latest.
const UNSIGNED_MAX: u64 = 10_000;

/// A bus on a file.
pub struct Core {
    pub(super) me: SpiffeId,
    pub(super) notary: Notary,
    pub(super) database: Database,
    deployment: Deployment,
    /// Where messages between agents are admitted.
    pub(super) gateway: Gateway<SqliteStore>,
    /// Where requests to the bus itself are.
    pub(super) desks: Desks,
    pub(super) orchestrator: Observed,
    pub(super) trail: Trail<SqliteFile>,
    pub(super) outbox: Outbox,
    pub(super) ledger: Ledger,
    /// What is to be said of the present step once it is durable.
    pub(super) said: Vec<Said>,
    version: u64,
    /// The latest reading of the clock, in milliseconds since the Unix epoch.
    pub(super) now_ms: u64,
    /// Records since the last checkpoint.
    pub(super) unsigned: u64,
    /// What the clock said when that was last done.
    kept_up_ms: u64,
    /// What is remembered may not be what is durable.
    stale: bool,
    // Locked as long as it is open.
    _lock: File,
}

impl Core {
    /// Opens the bus of a deployment, whose state is in the file at `path`, and takes up all that is
    /// durable.
    ///
    /// # Errors
    /// [`ServiceError`]: the deployment names no orchestrator or another key, another process has the
    /// file, or the file is not a bus's, or damaged.
    pub fn open(
        path: &Path,
        deployment: Deployment,
        key: SigningKey,
        wall_ms: u64,
    ) -> Result<Self, ServiceError> {
        let me = orchestrator_with(&deployment, &key)?;
        let path = absolute(path).map_err(|source| ServiceError::Path {
            path: path.to_owned(),
            source,
        })?;
        let lock = lock(&path)?;
        let connection = database::open(&path, &FORMAT)
            .map_err(|obstacle| ServiceError::of_obstacle(path.clone(), obstacle))?;
        connection.set_prepared_statement_cache_capacity(STATEMENTS);
        let failed = |source| ServiceError::of_sqlite(path.clone(), source);
        let found: String = connection
            .query_one("PRAGMA quick_check(1)", (), |row| row.get(0))
            .map_err(failed)?;
        if found != "ok" {
            return Err(ServiceError::Damaged { path, found });
        }
        let database = Database::new(connection, path.clone());
        let ledger = Ledger::new(database.clone());
        let version = database
            .atomically(|_| ledger.version(deployment.digest()))
            .map_err(failed)?;
        let limits = deployment.limits().clone();
        let registry = deployment.registry().clone();
        let store = || SqliteStore::on(database.clone());
        let notary = Notary::new(me.clone(), Arc::new(key));
        let file = SqliteFile::on(database.clone(), &FORMAT);
        let mut core = Self {
            gateway: Gateway::new(me.clone(), registry.clone(), limits.admission, store())?,
            desks: Desks::new(&me, &deployment, store)?,
            orchestrator: Observed::new(Orchestrator::new(
                me.clone(),
                registry,
                deployment.clone(),
                limits.bus,
            )),
            trail: Trail::open(file, notary.key())?,
            outbox: Outbox::new(database.clone()),
            me,
            notary,
            database,
            deployment,
            ledger,
            said: Vec::new(),
            version,
            now_ms: 0,
            unsigned: 0,
            // At once: from its first moment the log is vouched for.
            kept_up_ms: 0,
            stale: true,
            _lock: lock,
        };
        core.now_ms = core.gateway.tick(wall_ms)?;
        core.restore()?;
        Ok(core)
    }

    /// From now on, writes down all that the bus does, as a trace in the file at `path`: now and then, and
    /// when the bus is closed.
    ///
    /// # Errors
    /// [`ServiceError`]: something waits or is remembered that a record cannot begin with, or there is no
    /// such file to be made.
    pub fn record_to(&mut self, path: &Path) -> Result<(), ServiceError> {
        let begun = self.ledger.is_empty();
        if !begun.map_err(|source| self.failed(source))? {
            return Err(ServiceError::Begun {
                path: self.database.path().to_owned(),
            });
        }
        let recorder = Recorder::new(path, self.me.clone(), &self.deployment, self.now_ms);
        if recorder.is_full() {
            return Err(ServiceError::Unrecordable {
                file: self.deployment.file().to_owned(),
            });
        }
        File::create_new(path).map_err(|source| ServiceError::Recording {
            path: path.to_owned(),
            source,
        })?;
        self.orchestrator.record(recorder);
        self.write_record()
    }

    /// What tells who is asking: for every agent and operator of the deployment, on any thread.
    pub fn gate(&self) -> Gate {
        let limits = self.deployment.limits().admission.clone();
        Gate::new(self.me.clone(), self.deployment.everybody(), limits)
    }

    /// What signs for the orchestrator, on any thread.
    pub fn notary(&self) -> Notary {
        self.notary.clone()
    }

    /// Answers these requests in their order, all in one durable step.
    ///
    /// # Errors
    /// [`ServiceError`] where the step failed: nothing was written, and none has had an effect.
    pub fn answer(
        &mut self,
        group: Vec<Asked>,
        wall_ms: u64,
    ) -> Result<Vec<Result<Answer, Refused>>, ServiceError> {
        self.durably(wall_ms, |core| {
            let answers = group.into_iter().map(|asked| core.one(asked));
            answers.collect()
        })
    }

    /// Lets time pass: what nobody answered or approved ends in an error to its sender. Now and then it
    /// also forgets nonces and signs the log.
    ///
    /// # Errors
    /// As [`answer`](Self::answer).
    pub fn tick(&mut self, wall_ms: u64) -> Result<(), ServiceError> {
        self.durably(wall_ms, |core| {
            // Whatever ends with this instant ends now: the next one has come.
            core.pass_time(core.now_ms.saturating_add(1))?;
            // By the clock, which may be set back: the time of the bus then all but stands still.
            let due = core.kept_up_ms.abs_diff(wall_ms) >= UPKEEP_MS;
            if due {
                core.gateway.sweep(core.now_ms)?;
                let rate_period_ms = core.deployment.limits().bus.rate_period_ms;
                let swept = core.ledger.sweep(core.now_ms, rate_period_ms);
                swept.map_err(|source| core.failed(source))?;
            }
            if core.unsigned > 0 && (due || core.unsigned >= UNSIGNED_MAX) {
                core.sign()?;
            }
            Ok(due)
        })
        .map(|due| {
            if due {
                self.kept_up_ms = wall_ms;
                self.look_at_clock(wall_ms);
                if let Err(error) = self.write_record() {
                    tracing::error!(error = error.to_string(), "the record was not written");
                }
            }
        })
    }

    /// Signs the log to its end, keeps the time, and writes the record.
    ///
    /// # Errors
    /// As [`answer`](Self::answer).
    pub fn close(&mut self, wall_ms: u64) -> Result<(), ServiceError> {
        self.durably(wall_ms, |core| {
            core.gateway.tick(core.now_ms)?;
            if core.unsigned > 0 {
                core.sign()?;
            }
            Ok(())
        })?;
        self.write_record()
    }

    /// Lets the file grow to so many pages and no further: a disk that is full.
    ///
    /// # Errors
    /// [`ServiceError`] where the file fails.
    pub fn dangerously_limit_pages(&self, pages: u32) -> Result<(), ServiceError> {
        let connection = self.database.connection();
        let limited = connection.pragma_update(None, "max_page_count", pages);
        limited.map_err(|source| self.failed(source))
    }

    fn one(&mut self, asked: Asked) -> Result<Result<Answer, Refused>, ServiceError> {
        match asked.method {
            Method::SendMessage => self.send(asked.authentic),
            Method::ReceiveMessages => self.deliver(asked.authentic),
            Method::MessageLog => self.tell(asked.authentic),
            Method::QueueList => self.list(asked.authentic),
            Method::QueueApprove => self.approve(asked.authentic),
            Method::QueueDeny => self.deny(asked.authentic),
        }
    }

    /// Does `work` in one transaction. What fails is taken back, in memory too.
    fn durably<T>(
        &mut self,
        wall_ms: u64,
        work: impl FnOnce(&mut Self) -> Result<T, ServiceError>,
    ) -> Result<T, ServiceError> {
        if self.stale {
            self.restore()?;
        }
        let group = self
            .database
            .group()
            .map_err(|source| self.failed(source))?;
        // INVARIANT: until the group is kept, and if it panics, memory may know what the disk does not.
        self.stale = true;
        self.said.clear();
        self.pass_time(wall_ms)?;
        let answer = work(self)?;
        group.keep().map_err(|source| self.failed(source))?;
        self.orchestrator.keep();
        self.said.drain(..).for_each(Said::say);
        self.stale = false;
        Ok(answer)
    }

    /// Reads back what is durable.
    fn restore(&mut self) -> Result<(), ServiceError> {
        let registry = self.deployment.registry().clone();
        let (deployment, limits) = (self.deployment.clone(), self.deployment.limits().bus);
        let mut orchestrator = Orchestrator::new(self.me.clone(), registry, deployment, limits);
        orchestrator.restore_version(self.version);
        let restored = self.ledger.restore(&mut orchestrator);
        restored.map_err(|source| self.failed(source))?;
        let file = SqliteFile::on(self.database.clone(), &FORMAT);
        self.trail = Trail::open(file, self.notary.key())?;
        self.orchestrator.replace(orchestrator);
        // A checkpoint more than needed does no harm.
        self.unsigned = 1;
        self.stale = false;
        Ok(())
    }

    /// Lets it be `to_ms`, if it is not as late already: the instant that ends takes with it what is over.
    fn pass_time(&mut self, to_ms: u64) -> Result<(), ServiceError> {
        if to_ms > self.now_ms {
            self.end_what_is_over(to_ms)?;
            self.now_ms = to_ms;
        }
        Ok(())
    }

    /// Tells whoever runs the bus that nothing passes before the clock has caught up.
    fn look_at_clock(&self, wall_ms: u64) {
        let behind_ms = self.now_ms.saturating_sub(wall_ms);
        if behind_ms > UPKEEP_MS {
            tracing::error!(
                behind_ms,
                "the clock is behind what this state has seen, and until then what is signed is stale; \
                 set the clock, or begin with another state"
            );
        }
    }

    fn write_record(&self) -> Result<(), ServiceError> {
        let Some(recorder) = self.orchestrator.recorder() else {
            return Ok(());
        };
        recorder.write().map_err(|source| ServiceError::Recording {
            path: recorder.path().to_owned(),
            source,
        })
    }

    fn sign(&mut self) -> Result<(), ServiceError> {
        let at = self.at()?;
        self.trail.sign(at)?;
        self.unsigned = 0;
        Ok(())
    }

    /// The time, as messages carry it.
    pub(super) fn at(&self) -> Result<Timestamp, ServiceError> {
        let wall_ms = self.now_ms;
        Timestamp::from_ms(wall_ms).ok_or(ServiceError::Clock { wall_ms })
    }

    pub(super) fn failed(&self, source: rusqlite::Error) -> ServiceError {
        ServiceError::of_sqlite(self.database.path().to_owned(), source)
    }
}

/// The orchestrator of the deployment, if this key is one of its own.
fn orchestrator_with(deployment: &Deployment, key: &SigningKey) -> Result<SpiffeId, ServiceError> {
    let file = deployment.file().to_owned();
    let Some(agent) = deployment.orchestrator() else {
        return Err(ServiceError::NoOrchestrator { file });
    };
    let key_id = key.key_id();
    if agent.keys.iter().any(|record| record.key_id() == key_id) {
        return Ok(agent.id.clone());
    }
    let (key_id, id) = (key_id.to_string(), agent.id.to_string());
    Err(ServiceError::OtherKey { key_id, id, file })
}

/// Locks a file beside the state, because one writer is all that a log can have.
fn lock(path: &Path) -> Result<File, ServiceError> {
    let mut name = path.as_os_str().to_owned();
    name.push("-lock");
    let failed = |source| ServiceError::Path {
        path: path.to_owned(),
        source,
    };
    let opened = database::private().create(true).truncate(true).open(&name);
    let file = opened.map_err(failed)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(std::fs::TryLockError::WouldBlock) => Err(ServiceError::Taken {
            path: path.to_owned(),
        }),
        Err(std::fs::TryLockError::Error(source)) => Err(failed(source)),
    }
}
