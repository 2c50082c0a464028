//! What the generic rule book costs: the same system explored twice in one run.
//!
//! Once through the rule book, the [`Concrete`](countersign_model::domain::Concrete) domain and
//! stateright; once by hand ([`packed`]); and once by hand under stateright, which tells the price of
//! the engine from that of the rule book. All must find the same states, or nothing is reported. The
//! best of several rounds counts, for a machine that does other things too.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::indexing_slicing,
    clippy::struct_excessive_bools,
    reason = "a measuring stick, as plain and as fast as can be"
)]

use std::error::Error;
use std::fs;
use std::mem::size_of;
use std::num::NonZeroUsize;
use std::time::{Duration, Instant};

use countersign_model::admission::invariant::InvariantId;
use countersign_model::admission::scope::Scope;
use countersign_model::admission::system::Reception;
use countersign_model::explorer::{Cutoff, Ending, Outcome, System, explore};
use countersign_model::rulebook::Ruleset;

mod packed;

use packed::{State as Packed, Tally};

/// The program's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const ROUNDS: u32 = 3;

fn main() -> Result<(), Box<dyn Error>> {
    let scope = Scope::default();
    println!("exploring hardened admission on one thread: {scope}");

    let admission = Reception::new(Ruleset::HARDENED, scope, InvariantId::ALL);
    let before = resident("VmRSS:")?;
    let (generic, report) = best(|| explore(&admission, NonZeroUsize::MIN, &Cutoff::default()));
    let bytes_generic = resident("VmHWM:")?.saturating_sub(before);
    assert_eq!(report.ending, Ending::Exhausted);

    let before = resident("VmRSS:")?;
    let (by_hand, found) = best(packed::search);
    let bytes_by_hand = resident("VmRSS:")?.saturating_sub(before);

    let one = NonZeroUsize::MIN;
    let (engine, again) = best(|| explore(&ByHand, one, &Cutoff::default()));
    assert_eq!(
        again.distinct, report.distinct,
        "distinct states under stateright"
    );
    assert_eq!(
        again.generated, report.generated,
        "generated states under stateright"
    );

    let distinct = found.parents.len() as u64;
    assert_eq!(distinct, report.distinct, "distinct states");
    assert_eq!(found.generated, report.generated, "generated states");
    assert_eq!(found.tally.attempted, report.attempted, "transitions");
    assert_eq!(u64::from(found.tally.reached), report.reached, "premises");

    println!(
        "  {distinct} distinct states, {} generated, {} transitions",
        found.generated, found.tally.attempted
    );
    let line = |name: &str, took: Duration| {
        let rate = |count: u64| count as f64 / took.as_secs_f64() / 1e6;
        println!(
            "  {name:20} {:5.2} s  {:5.2} M distinct states/s  {:5.2} M transitions/s",
            took.as_secs_f64(),
            rate(distinct),
            rate(found.tally.attempted)
        );
    };
    line("rule book", generic);
    line("by hand", by_hand);
    line("by hand, same engine", engine);
    let ratio = |one: Duration, other: Duration| one.as_secs_f64() / other.as_secs_f64();
    println!(
        "  the rule book costs {:.2} on the same engine",
        ratio(generic, engine)
    );
    println!("  the engine costs    {:.2}", ratio(engine, by_hand));
    println!("  both together cost  {:.2}", ratio(generic, by_hand));
    println!(
        "  a packed state  {} bytes, {} by hand",
        size_of::<<Reception as System>::Packed>(),
        size_of::<u128>()
    );
    println!(
        "  memory          {} bytes a distinct state at the peak, {} by hand at the end",
        bytes_generic / distinct,
        bytes_by_hand / distinct
    );
    Ok(())
}

/// The hand-written rules under stateright: each move is the state that it leads to.
#[derive(Clone)]
struct ByHand;

impl System for ByHand {
    type State = u128;
    type Packed = u128;
    type Move = u128;

    fn first(&self) -> Vec<u128> {
        vec![Packed::first().packed()]
    }

    fn moves(&self, state: &u128, all: &mut Vec<u128>) {
        Packed::unpacked(*state).expand(&mut Tally::default(), |after| all.push(after.packed()));
    }

    fn take(&self, _: &u128, next: &u128) -> Option<Outcome<u128>> {
        Some(Outcome::silent(*next))
    }

    fn broken(&self, _: &u128) -> bool {
        false
    }

    fn pack(&self, state: &u128) -> u128 {
        *state
    }

    fn unpack(&self, packed: &u128) -> u128 {
        *packed
    }
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
