//! From an assignment to a story: who runs what, and where each part of each delivery comes from.

use countersign_model::dolev_yao::run::Participant;
use countersign_model::domain::{Identity, Table as _, Truth as _};
use countersign_model::handshake::attack::{INITIATOR, RESPONDER};
use countersign_model::handshake::crowd::exchange::Side;
use countersign_model::handshake::crowd::knowledge::LongTerm;
use countersign_model::handshake::crowd::record::Run;
use countersign_model::handshake::crowd::step::{Action, Evidence};
use countersign_model::handshake::crowd::{Crowd, Scene, record};
use countersign_model::handshake::flight::{
    Confirmation, Forged, Message, Proof, Share, Signature, Words,
};
use countersign_model::handshake::script::{OFFERS, PRINCIPALS};
use countersign_model::handshake::story::Story;
use z3::Model;
use z3::ast::{Bool, Int};

use super::cast::{LEVELS, SUITES, agent, capabilities, key, offer, suite};
use super::cast::{RUNS, Reading};
use super::encoding::{self, run};
use super::within::Within;
use crate::bounded;
use crate::symbolic::{Formula, Individual, Number, species};
use crate::system::System as _;

/// The story of the run of `system` that takes the actions with these names.
pub(super) fn story(system: &Within, names: &[&str], model: &Model) -> Story {
    let assignment = Assignment { model };
    let mut world = system.first();
    let participants = (0..RUNS).map(|number| assignment.participant(&world.runs.at(&run(number))));
    let participants = participants.collect();
    let mut deliveries = Vec::new();
    for (step, name) in names.iter().enumerate() {
        let at = bounded::end(step);
        let mut actions = encoding::actions(&at).into_iter();
        let Some(action) = actions.find(|action| encoding::name(action) == *name) else {
            continue;
        };
        let scene = Scene {
            rules: system.rules,
            world: &world,
        };
        deliveries.extend(assignment.delivery(&scene, &action));
        world = world.step(system.rules, &action).after;
    }
    Story {
        participants,
        reveals: system.reveals,
        deliveries,
    }
}

/// The assignment, read.
struct Assignment<'a> {
    model: &'a Model,
}

impl Assignment<'_> {
    fn holds(&self, formula: &Formula) -> bool {
        let value: Option<Bool> = self.model.eval(&formula.0, true);
        value.and_then(|value| value.as_bool()).unwrap_or_default()
    }

    fn number(&self, number: &Number) -> u8 {
        let value: Option<Int> = self.model.eval(&number.0, true);
        let value = value.and_then(|value| value.as_u64()).unwrap_or_default();
        u8::try_from(value).unwrap_or(u8::MAX)
    }

    /// The first of `all` that `value` is.
    fn which<T, V>(&self, value: &T, all: impl IntoIterator<Item = (V, T)>) -> V
    where
        T: Identity<Formula>,
        V: Default,
    {
        let found = all.into_iter().find(|(_, it)| self.holds(&value.same(it)));
        found.map(|(which, _)| which).unwrap_or_default()
    }

    fn agent(&self, individual: &Individual<species::Agent>) -> u8 {
        self.which(individual, (0..PRINCIPALS).map(|it| (it, agent(it))))
    }

    fn run(&self, individual: &Individual<species::Run>) -> u8 {
        self.which(individual, (0u8..).zip((0..RUNS).map(run)))
    }

    fn participant(&self, record: &Run<Reading>) -> Participant {
        let begins = self.holds(&record.begins);
        Participant {
            role: if begins { INITIATOR } else { RESPONDER },
            me: self.agent(&record.me),
            peer: begins.then(|| self.agent(&record.meant)),
        }
    }

    /// What `action` delivers in `scene`, and to whom.
    fn delivery(
        &self,
        scene: &Scene<'_, Reading>,
        action: &Action<Reading>,
    ) -> Option<(u8, Message)> {
        let record = |run| scene.world.runs.at(run);
        let (receiver, message) = match action {
            Action::Hello(run, words) => (run, Message::Hello(self.words(scene, words))),
            Action::Answer(run, words, version, suite_chosen, evidence) => {
                let after = Run {
                    heard: words.clone(),
                    version: version.clone(),
                    suite: suite_chosen.clone(),
                    ..record(run)
                };
                let answer = Message::Answer {
                    words: self.words(scene, words),
                    version: self.number(version),
                    suite: self.which(suite_chosen, SUITES.map(|it| (it, suite(it)))),
                    proof: self.proof(scene, &after, Side::Responder, evidence),
                };
                (run, answer)
            }
            Action::Finish(run, evidence) => {
                let proof = self.proof(scene, &record(run), Side::Initiator, evidence);
                (run, Message::Finish(proof))
            }
            Action::Confirm(run, valid, source) => {
                let known = scene.knows(&record(run).agreed(), LongTerm::Held);
                let confirmation = if !self.holds(valid) {
                    Confirmation::Junk
                } else if self.holds(&known) {
                    Confirmation::Made
                } else {
                    Confirmation::Run(self.run(source))
                };
                (run, Message::Confirm(confirmation))
            }
            Action::Begin(_)
            | Action::LoseLongTerm(_)
            | Action::LoseEphemeral(_)
            | Action::LoseSession(_)
            | Action::LoseSealing(_) => return None,
        };
        Some((self.run(receiver), message))
    }

    fn words(&self, scene: &Scene<'_, Reading>, words: &record::Words<Reading>) -> Words {
        let offers = (0..OFFERS.len()).map(offer);
        let share = if self.holds(&scene.is_drawn(&words.share)) {
            Share::Run(self.run(&Reading::drawer(&words.share)))
        } else if self.holds(&Reading::low_order(&words.share)) {
            Share::LowOrder
        } else {
            Share::Own
        };
        Words {
            offers: self.which(&words.offers, OFFERS.into_iter().zip(offers)),
            capabilities: self.which(
                &words.capabilities,
                LEVELS.map(|level| (level, capabilities(level))),
            ),
            share,
        }
    }

    /// The proof of `side` that `evidence` is to `record`.
    fn proof(
        &self,
        scene: &Scene<'_, Reading>,
        record: &Run<Reading>,
        side: Side,
        evidence: &Evidence<Reading>,
    ) -> Proof {
        let delivered = evidence.proof();
        let source = scene.world.runs.at(&evidence.source);
        let passed_on = scene.passes_on(record, side, &delivered, &source);
        if self.holds(&delivered.sound.and(&passed_on)) {
            return Proof::Run(self.run(&evidence.source));
        }
        let owner = Reading::owner(&evidence.key);
        let signature = if !self.holds(&evidence.signed) {
            Signature::Junk
        } else if self.holds(&scene.world.agents.at(&owner).held()) {
            Signature::Made
        } else {
            Signature::Of(self.run(&evidence.source))
        };
        Proof::Forged(Forged {
            id: self.agent(&evidence.peer),
            key: self.which(&evidence.key, (0..PRINCIPALS).map(|it| (it, key(it)))),
            signature,
            sealed: self.holds(&evidence.sealed),
            bound: self.holds(&evidence.bound),
        })
    }
}
