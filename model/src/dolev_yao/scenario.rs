//! Scenarios: who takes part at once. Those that differ in names only are searched once.

use super::protocol::Protocol;
use super::run::Participant;

/// Every choice of `runs` participants, up to order and to principals that can change places. With
/// `told_apart` the first has a place of its own.
pub(super) fn scenarios(
    protocol: &Protocol,
    runs: usize,
    told_apart: bool,
) -> Vec<Vec<Participant>> {
    let mut all: Vec<Vec<Participant>> = vec![Vec::new()];
    for _ in 0..runs {
        all = all
            .iter()
            .flat_map(|chosen| {
                let least = chosen.iter().skip(usize::from(told_apart)).max().copied();
                let next = protocol.participants.iter();
                next.filter(move |next| least.is_none_or(|least| **next >= least))
                    .map(|next| chosen.iter().chain([next]).copied().collect())
            })
            .collect();
    }
    if protocol.interchangeable {
        all.retain(|chosen| *chosen <= exchanged(chosen, told_apart));
    }
    all
}

/// `chosen` with the first two principals in each other's place.
fn exchanged(chosen: &[Participant], told_apart: bool) -> Vec<Participant> {
    let other = |agent: u8| if agent < 2 { 1 - agent } else { agent };
    let mut exchanged: Vec<Participant> = chosen
        .iter()
        .map(|participant| Participant {
            me: other(participant.me),
            peer: participant.peer.map(other),
            ..*participant
        })
        .collect();
    let first = usize::from(told_apart).min(exchanged.len());
    if let Some(rest) = exchanged.get_mut(first..) {
        rest.sort_unstable();
    }
    exchanged
}

#[cfg(test)]
mod tests;
