//! Deployments of any size from a seed, in the short form: what benchmarks and tests ask about.

use std::fmt::Write as _;

/// The text of a deployment with so many agents and rules. The same numbers always give the same text.
///
/// Agents form teams of ten that talk among themselves; one agent in a hundred keeps something to
/// which every request needs an approval, and one rule in ten has an open end. No pair has two rules.
pub fn generate(agents: u32, rules: u32, seed: u64) -> String {
    let mut numbers = Numbers(seed);
    let mut taken = std::collections::BTreeSet::new();
    let mut text = String::from("{ \"agentPolicies\": [");
    let mut separator = "\n";
    let agents = agents.max(2);
    // Names for more pairs than there are would never be found.
    let most = u64::from(agents) * u64::from(agents - 1) / 2;
    let rules = u64::from(rules).min(most);
    let mut written = 0;
    while written < rules {
        let from = numbers.below(agents);
        let near = from / 10 * 10 + numbers.below(10);
        let to = if numbers.below(10) < 7 {
            near % agents
        } else {
            numbers.below(agents)
        };
        let (from, to) = match numbers.below(20) {
            0 => (Some(from), None),
            1 => (None, Some(to)),
            _ => (Some(from), Some(to)),
        };
        if from == to || !taken.insert((from, to)) {
            continue;
        }
        let is_kept = to.is_some_and(|to| to % 100 == 0);
        let says = match numbers.below(8) {
            _ if is_kept => "\"allow\": [\"ask\", \"delegate\"], \"requireApproval\": true",
            _ if from.is_none() => "\"allow\": [\"notify\"]",
            0 => "\"deny\": [\"delegate\"]",
            1 => "\"allow\": [\"ask\", \"notify\"], \"requireApproval\": [\"delegate\"]",
            2 | 3 => "\"allow\": [\"ask\", \"delegate\"]",
            4 => "\"allow\": [\"notify\"]",
            _ => "\"allow\": [\"ask\"]",
        };
        let end =
            |end: Option<u32>| end.map_or("*".to_owned(), |agent| format!("agent-{agent:04}"));
        // A string takes any text.
        let _ = write!(
            text,
            "{separator}  {{ \"from\": \"{}\", \"to\": \"{}\", {says} }}",
            end(from),
            end(to)
        );
        separator = ",\n";
        written += 1;
    }
    text.push_str("\n] }\n");
    text
}

/// Numbers that look random: `SplitMix64`, by Steele, Lea and Flood (2014).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: u32) -> u32 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^= mixed >> 31;
        // The bias of a remainder is far below what anybody measures here.
        u32::try_from(mixed % u64::from(bound.max(1))).unwrap_or_default()
    }
}
