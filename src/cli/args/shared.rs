//! Options that several commands share.

use std::num::NonZeroUsize;
use std::thread;

use clap::{Args, ValueEnum};
use countersign_model::admission::scope::Scope;
use countersign_model::audit::scope as audit;
use countersign_model::bus::scope as bus;
use countersign_model::session::scope as session;

/// How results are printed: for people, as one document, for continuous integration, for code scanning.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    #[default]
    Text,
    Json,
    Junit,
    Sarif,
}

/// Which rules.
#[derive(Debug, Args)]
#[command(next_help_heading = "Rules")]
pub(crate) struct RuleOptions {
    /// A named set of weakenings [default: hardened]
    #[arg(long, value_name = "NAME", conflicts_with_all = ["without", "with"])]
    pub(crate) profile: Option<String>,
    #[command(flatten)]
    pub(crate) weakenings: WeakeningOptions,
}

/// Which rules are weakened.
#[derive(Debug, Args)]
#[command(next_help_heading = "Rules")]
pub(crate) struct WeakeningOptions {
    /// Switch a guard off
    #[arg(long, value_name = "GUARD")]
    pub(crate) without: Vec<String>,
    /// Apply a weakening
    #[arg(long, value_name = "WEAKENING")]
    pub(crate) with: Vec<String>,
}

/// How much a search of envelope admission covers.
#[derive(Debug, Args)]
#[command(next_help_heading = "Scope of the search of admission")]
pub(crate) struct ScopeOptions {
    /// Principals, the receiver and the attacker among them
    #[arg(long, value_name = "N", default_value_t = Scope::default().agents)]
    agents: u8,
    /// Messages on the network
    #[arg(long, value_name = "N", default_value_t = Scope::default().messages)]
    messages: u8,
    /// Nonces
    #[arg(long, value_name = "N", default_value_t = Scope::default().nonces)]
    nonces: u8,
    /// The last instant of the clock, in ticks; it begins at 1
    #[arg(long, value_name = "TICK", default_value_t = Scope::default().clock)]
    clock: u8,
    /// Compromises, rotations, revocations, retirements, restarts and clock changes together
    #[arg(long, value_name = "N", default_value_t = Scope::default().faults)]
    faults: u8,
    /// How old an envelope may be, in ticks
    #[arg(long, value_name = "TICKS", default_value_t = Scope::default().window)]
    window: u8,
    /// How far a sender's clock may run ahead, in ticks
    #[arg(long, value_name = "TICKS", default_value_t = Scope::default().skew)]
    skew: u8,
    /// Entries that one sender may hold in the replay store
    #[arg(long, value_name = "N", default_value_t = Scope::default().share)]
    share: u8,
    /// Messages that one sender may have admitted in one tick
    #[arg(long, value_name = "N", default_value_t = Scope::default().rate)]
    rate: u8,
}

impl ScopeOptions {
    /// The scope asked for, which a search may not be able to hold.
    pub(crate) fn scope(&self) -> Scope {
        Scope {
            agents: self.agents,
            messages: self.messages,
            nonces: self.nonces,
            clock: self.clock,
            faults: self.faults,
            window: self.window,
            skew: self.skew,
            share: self.share,
            rate: self.rate,
            ..Scope::default()
        }
    }
}

/// How much a search of sessions covers.
#[derive(Debug, Args)]
#[command(next_help_heading = "Scope of the search")]
pub(crate) struct SessionScopeOptions {
    /// Sessions: with an honest peer, with the attacker, with the honest peer again
    #[arg(long, value_name = "N", default_value_t = session::Scope::default().sessions)]
    sessions: u8,
    /// Records on the network
    #[arg(long, value_name = "N", default_value_t = session::Scope::default().records)]
    records: u8,
    /// Numbers that the attacker tries
    #[arg(long, value_name = "N", default_value_t = session::Scope::default().numbers)]
    numbers: u8,
    /// The last instant of the clock, in ticks; it begins at 1
    #[arg(long, value_name = "TICK", default_value_t = session::Scope::default().clock)]
    clock: u8,
    /// Reconnections, withdrawals and reveals together
    #[arg(long, value_name = "N", default_value_t = session::Scope::default().faults)]
    faults: u8,
    /// How long a session lives, in ticks
    #[arg(long, value_name = "TICKS", default_value_t = session::Scope::default().lifetime)]
    lifetime: u8,
    /// How many numbers a window holds
    #[arg(long, value_name = "N", default_value_t = session::Scope::default().width)]
    width: u8,
    /// How many epochs ahead a record may be
    #[arg(long, value_name = "N", default_value_t = session::Scope::default().ahead)]
    ahead: u8,
    /// How many records one key seals
    #[arg(long, value_name = "N", default_value_t = session::Scope::default().share)]
    share: u8,
    /// How many ticks one key seals
    #[arg(long, value_name = "TICKS", default_value_t = session::Scope::default().period)]
    period: u8,
}

impl SessionScopeOptions {
    /// The scope asked for, which a search may not be able to hold.
    pub(crate) fn scope(&self) -> session::Scope {
        session::Scope {
            sessions: self.sessions,
            records: self.records,
            numbers: self.numbers,
            clock: self.clock,
            faults: self.faults,
            lifetime: self.lifetime,
            width: self.width,
            ahead: self.ahead,
            share: self.share,
            period: self.period,
        }
    }
}

/// How much a search of the audit trail covers.
#[derive(Debug, Args)]
#[command(next_help_heading = "Scope of the search")]
pub(crate) struct AuditScopeOptions {
    /// Messages: two from alice to bob, one back that is denied
    #[arg(long, value_name = "N", default_value_t = audit::Scope::default().messages)]
    messages: u8,
    /// Checkpoints that the writer signs
    #[arg(long, value_name = "N", default_value_t = audit::Scope::default().checkpoints)]
    checkpoints: u8,
    /// Crashes, and times that the attacker writes to the file, together
    #[arg(long, value_name = "N", default_value_t = audit::Scope::default().faults)]
    faults: u8,
}

impl AuditScopeOptions {
    /// The scope asked for, which a search may not be able to hold.
    pub(crate) fn scope(&self) -> audit::Scope {
        audit::Scope {
            messages: self.messages,
            checkpoints: self.checkpoints,
            faults: self.faults,
        }
    }
}

/// How much a search of the bus covers.
#[derive(Debug, Args)]
#[command(next_help_heading = "Scope of the search")]
pub(crate) struct BusScopeOptions {
    /// Messages that are accepted
    #[arg(long, value_name = "N", default_value_t = bus::Scope::default().messages)]
    messages: u8,
    /// The last tick of the clock, which begins at 1
    #[arg(long, value_name = "TICK", default_value_t = bus::Scope::default().clock)]
    clock: u8,
    /// Agents that are deactivated or lose all rights, together
    #[arg(long, value_name = "N", default_value_t = bus::Scope::default().faults)]
    faults: u8,
    /// How old a message may be when it is submitted, in ticks
    #[arg(long, value_name = "TICKS", default_value_t = bus::Scope::default().window)]
    window: u8,
    /// How long an approval can be used, in ticks
    #[arg(long, value_name = "TICKS", default_value_t = bus::Scope::default().patience)]
    patience: u8,
    /// How long a request can be answered at most, in ticks
    #[arg(long, value_name = "TICKS", default_value_t = bus::Scope::default().longest)]
    longest: u8,
    /// Deliveries that one agent may cause in a tick
    #[arg(long, value_name = "N", default_value_t = bus::Scope::default().rate)]
    rate: u8,
}

impl BusScopeOptions {
    /// The scope asked for, which a search may not be able to hold.
    pub(crate) fn scope(&self) -> bus::Scope {
        bus::Scope {
            messages: self.messages,
            clock: self.clock,
            faults: self.faults,
            window: self.window,
            patience: self.patience,
            longest: self.longest,
            rate: self.rate,
            ..bus::Scope::default()
        }
    }
}

/// How much a search may cost.
#[derive(Debug, Args)]
#[command(next_help_heading = "Effort")]
pub(crate) struct EffortOptions {
    #[command(flatten)]
    pub(crate) threads: ThreadOptions,
    #[command(flatten)]
    pub(crate) cutoff: CutoffOptions,
}

/// When a search stops. Whatever is cut short says so.
#[derive(Debug, Args)]
#[command(next_help_heading = "Effort")]
pub(crate) struct CutoffOptions {
    /// Stop a search after this many states
    #[arg(long, value_name = "N")]
    pub(crate) max_states: Option<u64>,
    /// Stop a search at this many steps
    #[arg(long, value_name = "STEPS")]
    pub(crate) max_depth: Option<NonZeroUsize>,
    /// Stop every search after this many seconds
    #[arg(long, value_name = "SECONDS")]
    pub(crate) time_limit: Option<u64>,
}

/// How many threads.
#[derive(Debug, Args)]
pub(crate) struct ThreadOptions {
    /// Threads [default: as many as the machine has]
    #[arg(long, value_name = "N")]
    threads: Option<NonZeroUsize>,
}

impl ThreadOptions {
    /// As many as asked for, or as the machine has.
    pub(crate) fn count(&self) -> NonZeroUsize {
        let available = || thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
        self.threads.unwrap_or_else(available)
    }
}

/// How much the solver may do.
#[derive(Debug, Args)]
#[command(next_help_heading = "Solver")]
pub(crate) struct SolverOptions {
    /// Milliseconds for each question to the solver
    #[arg(long, value_name = "MS", default_value_t = 10_000)]
    pub(crate) solver_timeout: u32,
    /// The longest run that the solver searches, in steps
    #[arg(long, value_name = "STEPS", default_value_t = 10)]
    pub(crate) steps_max: usize,
}
