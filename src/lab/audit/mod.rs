//! The laboratory of the audit trail: its traces performed with real hashes, real signatures and real files.
//!
//! The writer and the verifier are what users run, or weakened ones. The attacker is real as well: it has the
//! bytes of the file and writes any others, computes every link, and has a key of its own to sign with.
//!
//! Never here: a rule, or a secret handed to the attacker.

mod bytes;
mod scene;

use countersign_model::audit::Audit as Rules;
use countersign_model::rulebook::Ruleset;
use countersign_replay::audit::standing::State;
use countersign_replay::rulebook::rules;
use countersign_replay::target::{Observation, Target, TargetError};
use countersign_replay::trace::{Step, Trace};

use self::scene::Scene;
use super::failed;

/// A replay target on the real audit trail.
#[derive(Default)]
pub struct AuditLab {
    rules: Option<Ruleset<Rules>>,
    scene: Option<Scene>,
}

impl AuditLab {
    /// A laboratory whose log follows the rules that a trace names.
    pub fn new() -> Self {
        Self::default()
    }

    /// A laboratory whose log is hardened, whatever a trace says.
    pub fn hardened() -> Self {
        Self::dangerously_under(Ruleset::HARDENED)
    }

    /// A laboratory whose log follows `rules`, whatever a trace says.
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

impl Target<Rules> for AuditLab {
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
