//! Why something is refused: the first row of the guard table that fails.

use super::Audit as Rules;
use super::chronicle::Chronicle;
use super::guard::{Rejection, Use};
use super::step::Action;
use super::world::{Setting, World};
use crate::rulebook::{self, Ruleset};

impl<U: Chronicle> Action<U> {
    /// What the action does with the log; none where nobody is asked.
    pub const fn usage(&self) -> Option<Use> {
        match self {
            Self::Record(_) | Self::Sign(_) => Some(Use::Writing),
            Self::Act(_) => Some(Use::Acting),
            Self::Ask(_) => Some(Use::Telling),
            Self::Verify => Some(Use::Verifying),
            Self::Crash | Self::Tamper(_) | Self::Guess(_) => None,
        }
    }
}

impl<U: Chronicle<Bool = bool>> World<U> {
    /// The verdict on `action`; none where nobody is asked. Whether it can happen at all is for
    /// [`World::step`] to say.
    pub fn judged(
        &self,
        rules: Ruleset<Rules>,
        setting: &Setting<U>,
        action: &Action<U>,
    ) -> Option<Result<(), Rejection>> {
        let usage = action.usage()?;
        let (facts, log) = self.facts(rules, setting, action);
        let asked = |stage| usage.asks().contains(&stage);
        Some(rulebook::judge(rules, asked, &facts, &log))
    }
}
