//! What a handshake trace must be besides well-shaped: every name known, every list as it is offered.

use std::collections::BTreeSet;

use countersign_model::dolev_yao::reveal::Reveal;
use countersign_model::dolev_yao::run::RUNS_MAX;
use countersign_model::handshake::Handshake;
use countersign_model::handshake::promise::InvariantId;
use countersign_model::rulebook::{Book as _, Row as _};

use super::cast::{Names, Role};
use super::flight::{Action, Confirmation, Flight, Proof, Share, Signature};
use super::translation::run_name;
use super::vocabulary::{PRINCIPALS, SUITES, VERSIONS, capabilities_level, is_honest, offers_set};
use crate::demand::Demand;
use crate::read_error::ReadError;
use crate::trace::{Step, Trace};

/// Deliveries in one trace.
const STEPS_MAX: u64 = 64;

/// Checks all of `trace` but its rule book.
pub(super) fn check(file: &str, trace: &Trace<Handshake>) -> Result<(), ReadError> {
    let check = Check {
        demand: Demand(file),
        names: Names::of(&trace.cast),
    };
    check
        .demand
        .within("/steps", trace.steps.len() as u64, 0, STEPS_MAX)?;
    let weakenings: Vec<&str> = Handshake::WEAKENINGS.iter().map(|row| row.name).collect();
    check.demand.head(trace, &weakenings)?;
    check.setting(trace)?;
    check.roll(trace)?;
    for (number, step) in trace.steps.iter().enumerate() {
        check.step(&format!("/steps/{number}"), step)?;
    }
    let invariants = InvariantId::ALL.iter().map(|id| id.name());
    check.demand.end(trace, invariants)
}

/// A trace in the course of being checked.
struct Check<'a> {
    demand: Demand<'a>,
    names: Names,
}

impl Check<'_> {
    fn setting(&self, trace: &Trace<Handshake>) -> Result<(), ReadError> {
        let mut seen = BTreeSet::new();
        for (number, name) in trace.setting.reveals.iter().enumerate() {
            let place = format!("/setting/reveals/{number}");
            let known = Reveal::ALL.iter().map(|reveal| reveal.name());
            self.demand.one_of(&place, "reveal", name, known)?;
            self.demand
                .once(&place, "reveal", name, seen.insert(name))?;
        }
        Ok(())
    }

    fn roll(&self, trace: &Trace<Handshake>) -> Result<(), ReadError> {
        let runs = &trace.cast.runs;
        self.demand
            .within("/cast/runs", runs.len() as u64, 1, RUNS_MAX as u64)?;
        for (number, run) in (0..).zip(runs) {
            let place = format!("/cast/runs/{number}");
            if run.name != run_name(number) {
                let expected = format!("'{}', as runs are numbered", run_name(number));
                let found = format!("'{}'", run.name.escape_debug());
                return Err(self.demand.value(&format!("{place}/name"), found, expected));
            }
            let honest = PRINCIPALS.into_iter().filter(|name| is_honest(name));
            let me = format!("{place}/me");
            self.demand
                .one_of(&me, "honest principal", &run.me, honest)?;
            let peer = format!("{place}/peer");
            match (run.role, &run.peer) {
                (Role::Initiator, Some(name)) => self.principal(&peer, name)?,
                (Role::Responder, None) => {}
                (Role::Initiator, None) => {
                    let expected = "whom the initiator means".to_owned();
                    return Err(self.demand.value(&peer, "nothing".to_owned(), expected));
                }
                (Role::Responder, Some(_)) => {
                    let expected = "nothing, since a responder waits for anybody".to_owned();
                    return Err(self.demand.value(&peer, "a peer".to_owned(), expected));
                }
            }
        }
        Ok(())
    }

    fn step(&self, place: &str, step: &Step<Handshake>) -> Result<(), ReadError> {
        let Action::Deliver { to, flight } = &step.action;
        let at = format!("{place}/action/deliver");
        self.run(&format!("{at}/to"), to)?;
        match flight {
            Flight::Hello {
                versions,
                capabilities,
                share,
            } => self.words(&format!("{at}/flight/hello"), versions, capabilities, share)?,
            Flight::Answer {
                versions,
                capabilities,
                share,
                version,
                suite,
                proof,
            } => {
                let at = format!("{at}/flight/answer");
                self.words(&at, versions, capabilities, share)?;
                let place = format!("{at}/version");
                self.demand
                    .one_of(&place, "version", version, VERSIONS.into_iter())?;
                let place = format!("{at}/suite");
                self.demand
                    .one_of(&place, "suite", suite, SUITES.into_iter())?;
                self.proof(&at, proof)?;
            }
            Flight::Finish { proof } => self.proof(&format!("{at}/flight/finish"), proof)?,
            Flight::Confirm { confirmation } => {
                if let Confirmation::Run(run) = confirmation {
                    self.run(&format!("{at}/flight/confirm/confirmation/run"), run)?;
                }
            }
        }
        let verdicts = step.expect.verdicts.len() as u64;
        self.demand
            .within(&format!("{place}/expect/verdicts"), verdicts, 1, 1)?;
        self.demand
            .records(&format!("{place}/bytes"), &step.bytes, 1)
    }

    fn words(
        &self,
        at: &str,
        versions: &[String],
        capabilities: &[String],
        share: &Share,
    ) -> Result<(), ReadError> {
        let lists = [
            (
                "versions",
                offers_set(versions),
                "known versions, the newest first, or '9.0' alone",
            ),
            (
                "capabilities",
                capabilities_level(capabilities),
                "'report', then 'summarise'",
            ),
        ];
        for (field, known, expected) in lists {
            if known.is_none() {
                let found = "another list".to_owned();
                return Err(self.demand.value(
                    &format!("{at}/{field}"),
                    found,
                    expected.to_owned(),
                ));
            }
        }
        match share {
            Share::Run(run) => self.run(&format!("{at}/share/run"), run),
            Share::Own | Share::LowOrder => Ok(()),
        }
    }

    fn proof(&self, at: &str, proof: &Proof) -> Result<(), ReadError> {
        match proof {
            Proof::Run(run) => self.run(&format!("{at}/proof/run"), run),
            Proof::Forged(forged) => {
                let at = format!("{at}/proof/forged");
                self.principal(&format!("{at}/id"), &forged.id)?;
                self.principal(&format!("{at}/key"), &forged.key)?;
                match &forged.signature {
                    Signature::Run(run) => self.run(&format!("{at}/signature/run"), run),
                    Signature::Made | Signature::Junk => Ok(()),
                }
            }
        }
    }

    fn run(&self, place: &str, name: &str) -> Result<(), ReadError> {
        self.demand.one_of(place, "run", name, self.names.all())
    }

    fn principal(&self, place: &str, name: &str) -> Result<(), ReadError> {
        self.demand
            .one_of(place, "principal", name, PRINCIPALS.into_iter())
    }
}
