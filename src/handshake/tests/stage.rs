//! Nothing is computed before its stage: no key is derived, no proof opened and no signature verified
//! for a flight that is refused earlier.

use std::cell::Cell;
use std::rc::Rc;

use countersign_model::handshake::guard::{Flight, Stage, table};

use super::precedence::{TABLE, hear, rejection, waiting};
use super::scene::{Scene, honest_flights};
use crate::domain::Real;
use crate::envelope::Opaque;
use crate::envelope::payload::HandshakeProof;
use crate::handshake::mechanism::{Hardened, Mechanisms};
use crate::handshake::proof::{ProofKeys, SEALED_MAX, Statement};
use crate::handshake::schedule::PseudorandomKey;
use crate::handshake::share::SharedSecret;
use crate::handshake::transcript::TranscriptHash;

/// The sound mechanisms, counting how often they are used.
#[derive(Clone, Default)]
struct Counting {
    uses: Rc<Cell<[u32; 3]>>,
}

impl Counting {
    fn count(&self, place: usize) {
        let mut uses = self.uses.get();
        uses[place] += 1;
        self.uses.set(uses);
    }
}

impl Mechanisms for Counting {
    fn extract(&self, shared: &SharedSecret) -> PseudorandomKey {
        self.count(0);
        Hardened.extract(shared)
    }

    fn open(
        &self,
        keys: &ProofKeys,
        sealed: &Opaque<SEALED_MAX>,
        transcript: &TranscriptHash,
    ) -> Option<HandshakeProof> {
        self.count(1);
        Hardened.open(keys, sealed, transcript)
    }

    fn signing_input(&self, statement: &Statement) -> Vec<u8> {
        self.count(2);
        Hardened.signing_input(statement)
    }
}

#[test]
fn nothing_is_computed_before_the_stage_that_needs_it() {
    let said = honest_flights();
    for (flight, defect, code, _) in TABLE {
        let mechanisms = Counting::default();
        let mut pair = waiting(&mechanisms, *flight, &said);
        let defects = [*defect];
        let scene = Scene::with(&defects);
        pair.registry = scene.registry();
        let bytes = scene.flight(*flight, &said, &said[*flight as usize]);
        mechanisms.uses.set([0; 3]);
        assert_eq!(rejection(hear(&mut pair, *flight, &bytes)), *defect);
        let guard = table::<Real>()
            .iter()
            .find(|guard| guard.rejects == *defect);
        let [proof, signature] = match guard.unwrap().stage {
            Stage::Offer | Stage::Choice | Stage::Share | Stage::Confirmation => [0, 0],
            Stage::Proof | Stage::Identity | Stage::Intention => [1, 0],
            Stage::Signature => [1, 1],
        };
        // The responder extracted when it heard the hello.
        let extracted = if *flight == Flight::Answer { proof } else { 0 };
        let expected = [extracted, proof, signature];
        assert_eq!(mechanisms.uses.get(), expected, "{} {code}", flight.name());
    }
}
