//! The form of a system's traces: what they are written with.
//!
//! Never here: what it means, which is [`crate::system`]'s.

use std::fmt::Debug;

use countersign_model::rulebook::{self, Refusal, Row};
use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// What the traces of a system are made of.
pub trait Form: Copy + Debug + Eq + 'static {
    /// The name that its traces begin with.
    const NAME: &'static str;
    /// The attacker, as steps name it.
    const ATTACKER: &'static str = "mallory";
    /// What stays fixed throughout a run.
    type Setting: Part;
    /// Who takes part.
    type Cast: Part;
    /// What can happen.
    type Action: Part;
    /// What must be seen afterwards.
    type State: Part + Default;
    /// What a target shows, of which a trace keeps the state.
    type Projection: Clone + Debug + Default + Eq;
    /// Why something is refused.
    type Rejection: Code;
    /// What a counterexample can violate.
    type Invariant: Promise;
}

/// A part of a trace that is of the system's own form.
pub trait Part: Clone + Debug + Eq + Serialize + DeserializeOwned + JsonSchema + 'static {}

impl<T: Clone + Debug + Eq + Serialize + DeserializeOwned + JsonSchema + 'static> Part for T {}

/// A rejection, as a trace writes it. Rejections are ordered as their guards are.
pub trait Code: Refusal {
    /// The word for a verdict that refuses nothing.
    const ADMITTED: &'static str;

    /// Whether what meets with it at first is accepted all the same, and waits.
    fn defers(self) -> bool {
        false
    }
}

/// Something that a counterexample can violate.
pub trait Promise: Copy + Debug + Ord + 'static {
    /// What is promised under this name, at this point; none where there is no such thing.
    fn told(name: &str, point: Option<&str>) -> Option<Self>;
    /// Its name.
    fn name(self) -> &'static str;
    /// What it promises, as a sentence.
    fn promise(self) -> &'static str;
    /// At which point of a run it is promised, where there are several.
    fn point(self) -> Option<&'static str> {
        None
    }
}

impl<I: rulebook::Promise> Promise for I {
    fn told(name: &str, _point: Option<&str>) -> Option<Self> {
        let mut all = I::all().iter().copied();
        all.find(|id| Row::name(*id) == name)
    }

    fn name(self) -> &'static str {
        Row::name(self)
    }

    fn promise(self) -> &'static str {
        rulebook::Promise::promise(self)
    }
}
