//! Why a message goes, is held or is denied: the rules that say so.

use countersign_model::bus::chain::Outcome;
use countersign_model::bus::tiering::{Rule, Types};

use super::Policy;

/// What becomes of a request, and the rules behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// What becomes of it.
    pub outcome: Outcome,
    /// The rules that say so, by their places in the file: those that deny it, those that hold it, or
    /// those of the deciding tier. None where nobody grants it: what is not granted is denied.
    pub rules: Vec<usize>,
}

impl Policy {
    /// What becomes of a request of one type, and why.
    pub fn reason(&self, from: u32, to: u32, place: u8) -> Reason {
        let outcome = Outcome::of(&self.passage(from, to), place);
        let tiers = self.places(from, to);
        let all = || tiers.iter().flat_map(|places| places.iter().copied());
        let that = |says: fn(&Rule<u32>) -> Types| {
            let says = move |at: &usize| {
                let rule = self.rules().get(*at);
                rule.is_some_and(|rule| says(rule).has(place))
            };
            move |at: &usize| says(at)
        };
        let deciding = tiers.iter().find(|places| !places.is_empty());
        let deciding = || deciding.copied().unwrap_or_default().iter().copied();
        let denying: Vec<usize> = all().filter(that(|rule| rule.denies)).collect();
        let mut rules: Vec<usize> = match outcome {
            Outcome::Denied if denying.is_empty() => deciding().collect(),
            Outcome::Denied => denying,
            Outcome::Held => all().filter(that(|rule| rule.holds)).collect(),
            Outcome::Allowed => deciding().filter(that(|rule| rule.allows)).collect(),
        };
        rules.sort_unstable();
        Reason { outcome, rules }
    }
}
