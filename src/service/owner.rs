//! The owner: the one thread that a core lives on, and the handle that everybody else has.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use thiserror::Error;
use tokio::sync::oneshot;

use super::answer::Answer;
use super::core::Core;
use super::error::ServiceError;
use super::notary::Notary;
use super::refused::Refused;
use super::request::{Asked, Method};
use super::turnstile::{Turned, Turnstile};
use crate::admission::Gate;
use crate::deployment::Deployment;
use crate::identity::SigningKey;
use crate::json::Value;

/// How often time passes where nobody asks for anything.
const TICK: Duration = Duration::from_millis(250);
/// How often what is over is ended, in milliseconds.
const TICK_MS: u64 = 250;

/// What a service reads the time from, in milliseconds since the Unix epoch.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> u64 + Send + Sync>);

/// What a bus needs to begin.
pub struct Setup {
    /// The file that it keeps everything in.
    pub state: PathBuf,
    /// Who takes part, and what they may do.
    pub deployment: Deployment,
    /// The orchestrator's key.
    pub key: SigningKey,
    /// The time.
    pub clock: Clock,
    /// The file that all that it does is written down in, if anybody wants that.
    pub record: Option<PathBuf>,
    /// How many pages the file may have: a disk that is full, for tests.
    pub pages_max: Option<u32>,
}

/// Why a request has no answer.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Unanswered {
    /// It was refused.
    #[error("{0}")]
    Refused(Refused),
    /// The bus could not make it durable: nothing came of it, and it may be sent again.
    #[error("{0}")]
    Unavailable(String),
}

/// A running bus, for whoever has requests.
#[derive(Clone)]
pub struct Service {
    gate: Arc<Gate>,
    notary: Notary,
    turnstile: Arc<Turnstile<Item>>,
    clock: Clock,
}

/// The thread of a running bus.
pub struct Owner {
    turnstile: Arc<Turnstile<Item>>,
    thread: JoinHandle<Result<(), ServiceError>>,
}

struct Item {
    asked: Asked,
    reply: oneshot::Sender<Result<Answer, Unanswered>>,
}

impl Clock {
    /// A clock that reads the time from a function.
    pub fn new(read: impl Fn() -> u64 + Send + Sync + 'static) -> Self {
        Self(Arc::new(read))
    }

    fn now_ms(&self) -> u64 {
        (self.0)()
    }
}

impl Owner {
    /// Opens a bus on a thread of its own. `ended` is told when that thread ends by itself.
    ///
    /// # Errors
    /// As [`Core::open`].
    pub fn start(
        setup: Setup,
        ended: oneshot::Sender<()>,
    ) -> Result<(Self, Service), ServiceError> {
        let turnstile = Arc::new(Turnstile::default());
        let (clock, served) = (setup.clock.clone(), Arc::clone(&turnstile));
        let (opened, opening) = mpsc::channel();
        let run = move || {
            // Whatever ends this thread, nobody waits for it any longer.
            let _closing = Closing(&served, Some(ended));
            let clock = setup.clock.clone();
            let mut core = match open(setup) {
                Ok(core) => core,
                Err(error) => {
                    let _ = opened.send(Err(error));
                    return Ok(());
                }
            };
            let _ = opened.send(Ok((core.gate(), core.notary())));
            serve(&mut core, &served, &clock)?;
            core.close(clock.now_ms())
        };
        let named = thread::Builder::new().name("bus".into());
        let stopped = |_| ServiceError::Stopped;
        let thread = named.spawn(run).map_err(stopped)?;
        let (gate, notary) = opening.recv().map_err(|_| ServiceError::Stopped)??;
        let service = Service {
            gate: Arc::new(gate),
            notary,
            turnstile: Arc::clone(&turnstile),
            clock,
        };
        Ok((Self { turnstile, thread }, service))
    }

    /// Answers whoever waits, signs the log, and ends.
    ///
    /// # Errors
    /// The failure that ended the thread, if one did.
    pub fn stop(self) -> Result<(), ServiceError> {
        self.turnstile.close();
        self.thread.join().unwrap_or(Err(ServiceError::Stopped))
    }
}

impl Service {
    /// Answers a request: the envelope as it arrived, and what it is said to ask.
    ///
    /// # Errors
    /// [`Unanswered`]: it was refused, or the bus cannot answer.
    pub async fn ask(&self, method: Method, envelope: &[u8]) -> Result<Value, Unanswered> {
        let (reply, answered) = oneshot::channel();
        self.enter(method, envelope, reply)?;
        let answer = answered.await.map_err(|_| stopped())??;
        self.value(&answer)
    }

    /// The same, for a thread that may wait.
    ///
    /// # Errors
    /// As [`ask`](Self::ask).
    pub fn ask_and_wait(&self, method: Method, envelope: &[u8]) -> Result<Value, Unanswered> {
        let (reply, answered) = oneshot::channel();
        self.enter(method, envelope, reply)?;
        let answer = answered.blocking_recv().map_err(|_| stopped())??;
        self.value(&answer)
    }

    /// Finds out who is asking, here and at once; whoever is nobody waits for nothing.
    fn enter(
        &self,
        method: Method,
        envelope: &[u8],
        reply: oneshot::Sender<Result<Answer, Unanswered>>,
    ) -> Result<(), Unanswered> {
        let examined = self.gate.examine(envelope, self.clock.now_ms());
        let authentic = examined.map_err(|refusal| Unanswered::Refused(refusal.into()))?;
        let sender = authentic.sender().clone();
        let asked = Asked { method, authentic };
        let entered = self.turnstile.enter(&sender, Item { asked, reply });
        entered.map_err(|turned| match turned {
            Turned::Full => Unanswered::Refused(Refused::busy()),
            Turned::Closed => stopped(),
        })
    }

    fn value(&self, answer: &Answer) -> Result<Value, Unanswered> {
        let value = answer.to_value(&self.notary);
        value.map_err(|error| Unanswered::Unavailable(error.to_string()))
    }
}

fn stopped() -> Unanswered {
    Unanswered::Unavailable(ServiceError::Stopped.to_string())
}

fn open(setup: Setup) -> Result<Core, ServiceError> {
    let wall_ms = setup.clock.now_ms();
    let mut core = Core::open(&setup.state, setup.deployment, setup.key, wall_ms)?;
    if let Some(path) = &setup.record {
        core.record_to(path)?;
    }
    if let Some(pages_max) = setup.pages_max {
        core.dangerously_limit_pages(pages_max)?;
    }
    Ok(core)
}

/// Serves until the turnstile is closed and empty, or nothing can succeed any more.
fn serve(core: &mut Core, turnstile: &Turnstile<Item>, clock: &Clock) -> Result<(), ServiceError> {
    let mut ticked_ms = 0;
    while let Some(items) = turnstile.take(TICK) {
        let wall_ms = clock.now_ms();
        if !items.is_empty() {
            let (group, replies): (Vec<_>, Vec<_>) = items
                .into_iter()
                .map(|item| (item.asked, item.reply))
                .unzip();
            match core.answer(group, wall_ms) {
                Ok(answers) => {
                    for (reply, answer) in replies.into_iter().zip(answers) {
                        // Whoever has gone will find the answer in its mailbox or in the log.
                        let _ = reply.send(answer.map_err(Unanswered::Refused));
                    }
                }
                Err(error) => {
                    let words = error.to_string();
                    tracing::error!(
                        requests = replies.len(),
                        error = words,
                        "nothing was written"
                    );
                    for reply in replies {
                        let _ = reply.send(Err(Unanswered::Unavailable(words.clone())));
                    }
                    ended_by(error)?;
                }
            }
        }
        if wall_ms >= ticked_ms + TICK_MS || wall_ms < ticked_ms {
            ticked_ms = wall_ms;
            if let Err(error) = core.tick(wall_ms) {
                tracing::error!(error = error.to_string(), "time did not pass");
                ended_by(error)?;
            }
        }
    }
    Ok(())
}

fn ended_by(error: ServiceError) -> Result<(), ServiceError> {
    if error.is_final() { Err(error) } else { Ok(()) }
}

/// Tells everybody that the thread has ended.
struct Closing<'a>(&'a Turnstile<Item>, Option<oneshot::Sender<()>>);

impl Drop for Closing<'_> {
    fn drop(&mut self) {
        self.0.close();
        // Whoever waits learns that nobody will answer.
        while self.0.take(Duration::ZERO).is_some() {}
        if let Some(ended) = self.1.take() {
            let _ = ended.send(());
        }
    }
}
