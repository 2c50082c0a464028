//! What searching protocols of terms costs, for 1 to 4 runs at once.
//!
//! Each search has a process of its own, so that its peak memory is its own; the best of several
//! rounds counts, for a machine that does other things too.

use std::env;
use std::error::Error;
use std::fs;
use std::num::NonZeroUsize;
use std::process::Command;
use std::time::{Duration, Instant};

use countersign_model::dolev_yao::reveal::Reveals;
use countersign_model::explorer::{Cutoff, Ending, explore};
use countersign_model::handshake::attack::attacked;
use countersign_model::rulebook::Ruleset;

/// Rounds of each search that takes less than [`LONG`].
const ROUNDS: u32 = 5;
/// How long a search takes that is not repeated.
const LONG: Duration = Duration::from_secs(5);
/// Says which search a process is for: the protocol and the number of runs.
const SEARCH: &str = "COUNTERSIGN_BENCH_SEARCH";

fn main() -> Result<(), Box<dyn Error>> {
    if let Ok(search) = env::var(SEARCH) {
        return measure(&search);
    }
    println!("searching to the end, on one thread; the best of up to {ROUNDS} rounds\n");
    println!(
        "protocol                     runs     casts      states  deliveries   seconds  peak MB"
    );
    for search in ["handshake 1", "handshake 2", "handshake 3", "handshake 4"] {
        let mut process = Command::new(env::current_exe()?);
        if !process.env(SEARCH, search).status()?.success() {
            return Err(format!("the search '{search}' failed").into());
        }
    }
    Ok(())
}

fn measure(search: &str) -> Result<(), Box<dyn Error>> {
    let (protocol, runs) = search.split_once(' ').ok_or("no number of runs")?;
    let runs: usize = runs.parse()?;
    let system = || attacked(Ruleset::HARDENED, runs, Reveals::NONE, 0);
    let mut best = Duration::MAX;
    for _ in 0..ROUNDS {
        let (system, begun) = (system(), Instant::now());
        let report = explore(&system, NonZeroUsize::MIN, &Cutoff::default());
        best = best.min(begun.elapsed());
        if report.ending != Ending::Exhausted {
            return Err("the search was not exhausted".into());
        }
        if best > LONG {
            break;
        }
    }
    let report = explore(&system(), NonZeroUsize::MIN, &Cutoff::default());
    println!(
        "{protocol:<24} {runs:>8} {:>9} {:>11} {:>11} {:>9.3} {:>8}",
        system().scenarios(),
        report.distinct,
        report.attempted,
        best.as_secs_f64(),
        peak_mb()?,
    );
    Ok(())
}

/// The most memory that the process has had, in megabytes; Linux tells.
fn peak_mb() -> Result<String, Box<dyn Error>> {
    let Ok(status) = fs::read_to_string("/proc/self/status") else {
        return Ok("unknown".to_owned());
    };
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().next());
    let kilobytes: u64 = kilobytes.ok_or("no peak in /proc/self/status")?.parse()?;
    Ok((kilobytes / 1024).to_string())
}
