//! The lemmas that the prover assumes before each step are true in every state that the explorer
//! reaches: the strengthening says nothing false.

use countersign_model::admission::invariant::InvariantId;
use countersign_model::admission::lemma::{Claim, Lemma};
use countersign_model::admission::system::Reception;
use countersign_model::admission::world::{Setting, World};
use countersign_model::domain::{AGENTS, Concrete, KEYS, MESSAGES, NONCES};
use countersign_model::rulebook::Ruleset;

use crate::scopes::SMALL;
use crate::walk::Walk;

fn holds(claim: &Claim<Concrete>, setting: &Setting<Concrete>, world: &World<Concrete>) -> bool {
    let individuals = |count: usize| (0u8..).take(count);
    match claim {
        Claim::Agent(claim) => individuals(AGENTS).all(|agent| claim(setting, world, &agent)),
        Claim::Key(claim) => individuals(KEYS).all(|key| claim(world, &key)),
        Claim::Message(claim) => {
            individuals(MESSAGES).all(|message| claim(setting, world, &message))
        }
        Claim::Messages(claim) => individuals(MESSAGES)
            .all(|one| individuals(MESSAGES).all(|other| claim(world, &one, &other))),
        Claim::Place(claim) => individuals(AGENTS)
            .all(|agent| individuals(NONCES).all(|nonce| claim(world, &agent, &nonce))),
    }
}

#[test]
fn every_lemma_is_true_in_every_state() {
    let admission = Reception::new(Ruleset::HARDENED, SMALL, InvariantId::ALL);
    let walk = Walk::of(&admission);
    for lemma in Lemma::<Concrete>::TABLE {
        for state in walk.states() {
            let holds = holds(&lemma.claim, admission.setting(), &state.world);
            assert!(holds, "{} in {state:?}", lemma.id.name());
        }
    }
}
