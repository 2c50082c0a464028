//! Remarks about rules in words, with the lines of the file.

use super::Deployment;
use crate::policy::{Effect, Remark, names};

impl Deployment {
    /// A remark about its rules, as a sentence without the line that it is about.
    pub fn words(&self, remark: &Remark) -> String {
        match remark {
            Remark::ToItself { .. } => "never decides: nobody writes to itself".to_owned(),
            Remark::Empty { .. } => {
                "names no type: it grants nothing, and takes what broader rules grant".to_owned()
            }
            Remark::NeverDecides { because, .. } => {
                format!("never decides: {}", self.because(because))
            }
            Remark::NoEffect {
                effect,
                types,
                because,
                ..
            } => {
                let word = match effect {
                    Effect::Allow => "allow",
                    Effect::Deny => "deny",
                    Effect::Hold => "requireApproval",
                };
                let types = names(*types).join(", ");
                format!(
                    "'{word}' of {types} never decides: {}",
                    self.because(because)
                )
            }
            Remark::Shadows {
                types,
                from,
                to,
                granted_by,
                ..
            } => format!(
                "shadows {}: it takes {} from {} to {}, for one; it is more exact and speaks for every type",
                self.numbered_lines(granted_by),
                names(*types).join(", "),
                self.name(*from),
                self.name(*to),
            ),
        }
    }

    /// The name of the agent with this number, or what stands for all that no rule names.
    pub fn name(&self, number: u32) -> &str {
        let place = usize::try_from(number).ok();
        let name = place.and_then(|place| self.names.get(place));
        name.map_or("anyone else", String::as_str)
    }

    /// The lines of these rules: `line 3`, `lines 3 and 7`.
    pub fn numbered_lines(&self, rules: &[usize]) -> String {
        let lines: Vec<String> = rules
            .iter()
            .map(|rule| self.line(*rule).to_string())
            .collect();
        match lines.split_last() {
            None => "no rule".to_owned(),
            Some((only, [])) => format!("line {only}"),
            Some((last, others)) => format!("lines {} and {last}", others.join(", ")),
        }
    }

    fn because(&self, rules: &[usize]) -> String {
        match rules {
            [] => "without it every message fares the same".to_owned(),
            rules => format!("{} decides for it", self.numbered_lines(rules)),
        }
    }
}
