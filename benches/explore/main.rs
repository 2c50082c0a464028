//! What the generic rule book costs: the same system explored twice in one run.
//!
//! Once through the rule book, the [`Concrete`](countersign_model::domain::Concrete) domain and
//! stateright; once by hand ([`packed`]). Both must find the same states, or nothing is reported.
//! The best of several rounds counts, for a machine that does other things too.

use std::error::Error;
use std::fs;
use std::mem::size_of;
use std::num::NonZeroUsize;
use std::time::{Duration, Instant};

use countersign_model::admission::invariant::InvariantId;
use countersign_model::admission::scope::Scope;
use countersign_model::admission::system::{Admission, State};
use countersign_model::admission::weakening::Ruleset;
use countersign_model::explorer::{Cutoff, Ending, explore};

mod packed;

const ROUNDS: u32 = 3;

fn main() -> Result<(), Box<dyn Error>> {
    let scope = Scope::default();
    println!("exploring hardened admission on one thread: {scope}");

    let admission = Admission::new(Ruleset::HARDENED, scope, InvariantId::ALL);
    let before = resident("VmRSS:")?;
    let (generic, report) = best(|| explore(&admission, NonZeroUsize::MIN, &Cutoff::default()));
    let bytes_generic = resident("VmHWM:")?.saturating_sub(before);
    assert_eq!(report.ending, Ending::Exhausted);

    let before = resident("VmRSS:")?;
    let (by_hand, found) = best(packed::search);
    let bytes_by_hand = resident("VmRSS:")?.saturating_sub(before);

    let distinct = found.distinct.len() as u64;
    assert_eq!(distinct, report.distinct, "distinct states");
    assert_eq!(found.generated, report.generated, "generated states");
    assert_eq!(found.attempted, report.attempted, "transitions");
    assert_eq!(found.reached, report.reached, "premises");

    println!(
        "  {distinct} distinct states, {} generated, {} transitions",
        found.generated, found.attempted
    );
    line("generic", generic, distinct, found.attempted);
    line("by hand", by_hand, distinct, found.attempted);
    println!(
        "  ratio    {:.2} (at most 2 wanted)",
        generic.as_secs_f64() / by_hand.as_secs_f64()
    );
    println!(
        "  a state  {} bytes, {} by hand",
        size_of::<State>(),
        size_of::<u128>()
    );
    println!(
        "  memory   {} bytes a distinct state at the peak, {} by hand at the end",
        bytes_generic / distinct,
        bytes_by_hand / distinct
    );
    Ok(())
}

fn line(name: &str, took: Duration, distinct: u64, transitions: u64) {
    let rate = |count: u64| count as f64 / took.as_secs_f64() / 1e6;
    println!(
        "  {name}  {:5.2} s  {:5.2} M distinct states/s  {:5.2} M transitions/s (at least 3 wanted)",
        took.as_secs_f64(),
        rate(distinct),
        rate(transitions)
    );
}

/// The shortest of all rounds, and what the last one returned.
fn best<T>(mut round: impl FnMut() -> T) -> (Duration, T) {
    let mut timed = || {
        let start = Instant::now();
        let result = round();
        (start.elapsed(), result)
    };
    let first = timed();
    (1..ROUNDS).fold(first, |(shortest, last), _| {
        drop(last);
        let (took, result) = timed();
        (shortest.min(took), result)
    })
}

/// A figure of this process in bytes, as Linux reports it; 0 elsewhere.
fn resident(field: &str) -> Result<u64, Box<dyn Error>> {
    let Ok(status) = fs::read_to_string("/proc/self/status") else {
        return Ok(0);
    };
    let line = status.lines().find_map(|line| line.strip_prefix(field));
    let kilobytes = line.and_then(|line| line.split_whitespace().next());
    Ok(kilobytes.unwrap_or("0").parse::<u64>()? * 1024)
}
