//! The handshake under attack: what holds, what each weakening breaks, and how.
#![expect(clippy::panic, reason = "a test fails loudly")]

mod necessity;
mod promises;

use std::num::NonZeroUsize;

use countersign_model::dolev_yao::system::{Attacked, Delivery, State};
use countersign_model::explorer::{Cutoff, Report, explore};

/// Searches on one thread, without a limit.
fn searched(attacked: &Attacked) -> Report<State, Delivery> {
    explore(attacked, NonZeroUsize::MIN, &Cutoff::default())
}
