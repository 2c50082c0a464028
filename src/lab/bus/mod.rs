//! The laboratory of the bus: its traces performed on the real orchestrator, with real envelopes, real
//! signatures and real deliveries.
//!
//! The orchestrator and the agents' mailboxes are what users run, or weakened ones. The attacker is real as
//! well: it signs with its own key, repeats any bytes, and countersigns deliveries that nobody let pass.
//! Admission, which is another system, is one gate here: signature, freshness and nonces.
//!
//! Never here: a rule, or a secret handed to the attacker.

mod composing;
mod gate;
mod people;
mod rights;
mod scene;
pub mod setting;
mod standing;

use countersign_model::bus::Bus as Rules;
use countersign_model::rulebook::Ruleset;
use countersign_replay::bus::standing::State;
use countersign_replay::rulebook::rules;
use countersign_replay::target::{Observation, Target, TargetError};
use countersign_replay::trace::{Step, Trace};

use self::scene::Scene;
pub(crate) use self::standing::View;
use super::failed;

/// A replay target on the real bus.
#[derive(Default)]
pub struct BusLab {
    rules: Option<Ruleset<Rules>>,
    scene: Option<Scene>,
}

impl BusLab {
    /// A laboratory whose orchestrator follows the rules that a trace names.
    pub fn new() -> Self {
        Self::default()
    }

    /// A laboratory whose orchestrator is hardened, whatever a trace says.
    pub fn hardened() -> Self {
        Self::dangerously_under(Ruleset::HARDENED)
    }

    /// A laboratory whose orchestrator follows `rules`, whatever a trace says.
    pub fn dangerously_under(rules: Ruleset<Rules>) -> Self {
        Self {
            rules: Some(rules),
            scene: None,
        }
    }

    fn scene(&mut self) -> Result<&mut Scene, TargetError> {
        self.scene
            .as_mut()
            .ok_or_else(|| failed("no trace has begun"))
    }
}

impl Target<Rules> for BusLab {
    fn begin(&mut self, trace: &Trace<Rules>) -> Result<(), TargetError> {
        let told = rules(&trace.weakenings)?;
        self.scene = Some(Scene::begin(trace, self.rules.unwrap_or(told))?);
        Ok(())
    }

    fn take(&mut self, step: &Step<Rules>) -> Result<Observation<Rules>, TargetError> {
        let scene = self.scene()?;
        let performed = scene.perform(&step.action)?;
        Ok(Observation {
            verdicts: performed.verdict.into_iter().collect(),
            bytes: performed.bytes.into_iter().collect(),
            state: scene.state(),
            ..Observation::default()
        })
    }

    fn look(&mut self) -> Result<State, TargetError> {
        Ok(self.scene()?.state())
    }
}
