//! The orchestrator, and whoever writes down what it does.
//!
//! Every step that changes it passes here, one by one, so that none is left out of a record.

use std::ops::Deref;

use super::recorder::Recorder;
use crate::admission::Passing;
use crate::bus::{ApproveError, Ending, Held, Orchestrator, Ruling, Shown};
use crate::deployment::Deployment;
use crate::envelope::Digest;

/// An orchestrator that may be recorded.
pub(super) struct Observed {
    orchestrator: Orchestrator<Deployment>,
    recorder: Option<Recorder>,
}

impl Deref for Observed {
    type Target = Orchestrator<Deployment>;

    fn deref(&self) -> &Self::Target {
        &self.orchestrator
    }
}

impl Observed {
    pub(super) fn new(orchestrator: Orchestrator<Deployment>) -> Self {
        Self {
            orchestrator,
            recorder: None,
        }
    }

    /// From now on, this one writes down what happens.
    pub(super) fn record(&mut self, mut recorder: Recorder) {
        recorder.begin(&self.orchestrator);
        self.recorder = Some(recorder);
    }

    pub(super) fn recorder(&self) -> Option<&Recorder> {
        self.recorder.as_ref()
    }

    /// What it remembers, to give it more.
    pub(super) fn memory(&mut self) -> &mut Orchestrator<Deployment> {
        &mut self.orchestrator
    }

    /// Takes another one in its place, because a step of this one came to nothing.
    pub(super) fn replace(&mut self, orchestrator: Orchestrator<Deployment>) {
        self.orchestrator = orchestrator;
        if let Some(recorder) = &mut self.recorder {
            recorder.take_back();
        }
    }

    /// What was done so far is durable, and given back where it is asked about.
    pub(super) fn keep(&mut self) {
        self.orchestrator.shed();
        if let Some(recorder) = &mut self.recorder {
            recorder.keep();
        }
    }

    pub(super) fn submit(&mut self, passing: &Passing, now_ms: u64) -> Ruling {
        let ruling = self.orchestrator.submit(passing, now_ms);
        if let Some(recorder) = &mut self.recorder {
            recorder.submitted(&ruling, passing.envelope(), &self.orchestrator);
        }
        ruling
    }

    pub(super) fn approve(&mut self, shown: &Shown, now_ms: u64) -> Result<Digest, ApproveError> {
        let digest = self.orchestrator.approve(shown, now_ms)?;
        if let Some(recorder) = &mut self.recorder {
            recorder.approved(&digest, &shown.digest, now_ms, &self.orchestrator);
        }
        Ok(digest)
    }

    pub(super) fn release(&mut self, digest: &Digest, now_ms: u64) -> Result<Ruling, ApproveError> {
        let ruling = self.orchestrator.release(digest, now_ms)?;
        if let Some(recorder) = &mut self.recorder {
            recorder.released(&ruling, &self.orchestrator);
        }
        Ok(ruling)
    }

    pub(super) fn deny(&mut self, shown: &Shown, now_ms: u64) -> Result<Held, ApproveError> {
        let held = self.orchestrator.deny(shown)?;
        self.rejected(&held.digest, now_ms);
        Ok(held)
    }

    /// Ends the present instant, so that it is `to_ms`. Messages that waited too long go first.
    pub(super) fn advance(&mut self, now_ms: u64, to_ms: u64) -> Vec<Ending> {
        let mut endings = Vec::new();
        while let Some(ending) = self.orchestrator.desk.give_up(now_ms) {
            self.rejected(&ending.request, now_ms);
            endings.push(ending);
        }
        let ended = self.orchestrator.desk.expire(now_ms);
        if let Some(recorder) = &mut self.recorder {
            recorder.advanced(&ended, to_ms, &self.orchestrator);
        }
        endings.extend(ended);
        endings
    }

    fn rejected(&mut self, digest: &Digest, now_ms: u64) {
        if let Some(recorder) = &mut self.recorder {
            recorder.rejected(digest, now_ms, &self.orchestrator);
        }
    }
}
