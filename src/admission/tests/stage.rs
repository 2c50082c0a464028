//! Nothing is computed before its stage: no key is looked up, no signature verified and no store asked
//! for a message that is refused earlier.

use std::cell::Cell;

use countersign_model::admission::guard::{Rejection, Stage, table};

use super::fixture::{NOW_MS, Scene, bob};
use crate::admission::{Hardened, Mechanisms, Reading, Receiving};
use crate::domain::Real;
use crate::envelope::{Header, Kind};
use crate::identity::{PeerVerifyingKey, Registry};
use crate::json::{self, Object};
use crate::store::{Claim, Entry, MemoryStore, Occupancy, ReplayStore, StoreError};

/// The sound mechanisms, counting how often they are used.
#[derive(Default)]
struct Counting {
    texts: Cell<u32>,
    keys: Cell<u32>,
    inputs: Cell<u32>,
}

fn count(cell: &Cell<u32>) {
    cell.set(cell.get() + 1);
}

impl Mechanisms for Counting {
    fn read(&self, bytes: &[u8], limits: &json::Limits) -> Reading {
        count(&self.texts);
        Hardened.read(bytes, limits)
    }

    fn verifying_key(&self, registry: &Registry, header: &Header) -> Option<PeerVerifyingKey> {
        count(&self.keys);
        Hardened.verifying_key(registry, header)
    }

    fn verifying_input(&self, kind: Kind, text: &[u8], envelope: &Object) -> Vec<u8> {
        count(&self.inputs);
        Hardened.verifying_input(kind, text, envelope)
    }
}

/// A store that counts how often it is asked about a message.
struct Watched {
    store: MemoryStore,
    claims: u32,
}

impl ReplayStore for Watched {
    fn admit(
        &mut self,
        claim: &Claim<'_>,
        decide: &mut dyn FnMut(&Occupancy) -> Option<u64>,
    ) -> Result<(), StoreError> {
        self.claims += 1;
        self.store.admit(claim, decide)
    }

    fn sweep(&mut self, now_ms: u64) -> Result<u64, StoreError> {
        self.store.sweep(now_ms)
    }

    fn forget(&mut self, sender: &str, nonce: [u8; 16], now_ms: u64) -> Result<bool, StoreError> {
        self.store.forget(sender, nonce, now_ms)
    }

    fn advance(&mut self, wall_ms: u64) -> Result<u64, StoreError> {
        self.store.advance(wall_ms)
    }

    fn entries(&self) -> Result<Vec<Entry>, StoreError> {
        self.store.entries()
    }
}

/// How often a delivery had its text read, its key looked up, its signing input built, and the store
/// asked about it.
fn uses(scene: Scene) -> [u32; 4] {
    let store = Watched {
        store: scene.store,
        claims: 0,
    };
    let mechanisms = Counting::default();
    let mut receiving =
        Receiving::new(bob(), scene.registry, scene.limits, store, mechanisms).unwrap();
    let _verdict = receiving.receive(&scene.bytes, NOW_MS).unwrap();
    let Counting {
        texts,
        keys,
        inputs,
    } = receiving.mechanisms;
    [
        texts.get(),
        keys.get(),
        inputs.get(),
        receiving.store.claims,
    ]
}

#[test]
fn nothing_is_computed_before_the_stage_that_needs_it() {
    for rejection in Rejection::ALL {
        let guard = table::<Real>()
            .iter()
            .find(|guard| guard.rejects == *rejection)
            .unwrap();
        let expected = match guard.stage {
            Stage::Bytes => [0, 0, 0, 0],
            Stage::Text | Stage::Envelope | Stage::Sender => [1, 0, 0, 0],
            Stage::Signature | Stage::Purpose => [1, 1, 1, 0],
            Stage::Store => [1, 1, 1, 1],
        };
        let scene = Scene::with(&[*rejection]);
        assert_eq!(uses(scene), expected, "{}", rejection.code());
    }
    assert_eq!(uses(Scene::flawless()), [1, 1, 1, 1]);
}
