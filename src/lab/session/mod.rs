//! The laboratory of the session: its traces performed with real keys, real bytes and real ends.
//!
//! The end that is looked at and its honest peers are the public [`Session`](crate::session::Session),
//! or weakened ones. The [`Attacker`](attacker::Attacker) is real as well: it has the bytes on the wire, the secrets of its
//! own sessions and the keys that are revealed to it, and whatever it cannot make or open with these does
//! not happen.
//!
//! Never here: a rule, or a key handed to the attacker that the trace does not reveal.

mod attacker;
mod end;
mod people;
mod scene;
mod wire;

use countersign_model::rulebook::Ruleset;
use countersign_model::session::Session as Rules;
use countersign_replay::rulebook::rules;
use countersign_replay::session::standing::State;
use countersign_replay::target::{Observation, Target, TargetError};
use countersign_replay::trace::{Step, Trace};

use self::scene::{Performed, Scene};
use super::failed;
use crate::handshake::Role;

/// The role of the end that is looked at.
const ROLE: Role = Role::Initiator;
/// The role of its peers.
const PEER_ROLE: Role = Role::Responder;

/// A replay target on the real session.
#[derive(Default)]
pub struct SessionLab {
    rules: Option<Ruleset<Rules>>,
    scene: Option<Scene>,
}

impl SessionLab {
    /// A laboratory whose ends follow the rules that a trace names.
    pub fn new() -> Self {
        Self::default()
    }

    /// A laboratory whose ends are hardened, whatever a trace says.
    pub fn hardened() -> Self {
        Self::dangerously_under(Ruleset::HARDENED)
    }

    /// A laboratory whose ends follow `rules`, whatever a trace says.
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

impl Target<Rules> for SessionLab {
    fn begin(&mut self, trace: &Trace<Rules>) -> Result<(), TargetError> {
        let told = rules(&trace.weakenings)?;
        self.scene = Some(Scene::begin(trace, self.rules.unwrap_or(told))?);
        Ok(())
    }

    fn take(&mut self, step: &Step<Rules>) -> Result<Observation<Rules>, TargetError> {
        let scene = self.scene()?;
        let Performed { verdict, bytes } = scene.perform(&step.action)?;
        Ok(Observation {
            verdicts: verdict.into_iter().collect(),
            acting: Vec::new(),
            state: scene.look()?,
            bytes: bytes.into_iter().collect(),
        })
    }

    fn look(&mut self) -> Result<State, TargetError> {
        self.scene()?.look()
    }
}
