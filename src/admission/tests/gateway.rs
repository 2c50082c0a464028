//! The gateway: the same rows as an endpoint, for whoever is on record.

use countersign_model::admission::guard::Rejection;

use super::fixture::{NOW_MS, Scene, agent, bob};
use crate::admission::{Gate, Gateway};
use crate::identity::{Registry, SpiffeId};
use crate::store::MemoryStore;

fn gateway(me: SpiffeId, scene: &Scene) -> Gateway<MemoryStore> {
    let (registry, limits) = (scene.registry.clone(), scene.limits.clone());
    Gateway::new(me, registry, limits, scene.store.clone()).unwrap()
}

#[test]
fn what_an_endpoint_refuses_a_gateway_refuses_too_but_for_what_is_of_others() {
    for defect in Rejection::ALL {
        let scene = Scene::with(&[*defect]);
        let mut gateway = gateway(bob(), &scene);
        let judged = gateway.receive(&scene.bytes, NOW_MS).unwrap();
        let judged = judged.map(|_| ()).map_err(|refusal| refusal.rejection);
        match defect {
            // To carol, who is on record, and in a session that others hold.
            Rejection::WrongRecipient | Rejection::UnknownSession => assert_eq!(judged, Ok(())),
            _ => assert_eq!(judged, Err(*defect)),
        }
    }
}

#[test]
fn it_stands_for_every_agent_on_record_and_for_nobody_else() {
    let scene = Scene::flawless();
    let mut bus = gateway(agent("orchestrator"), &scene);
    let passing = bus.receive(&scene.bytes, NOW_MS).unwrap().unwrap();
    assert_eq!(passing.envelope().canonical_bytes(), scene.bytes);
    let again = bus.receive(&scene.bytes, NOW_MS).unwrap().unwrap_err();
    assert_eq!(again.rejection, Rejection::Replayed);

    // To carol, who is on record no more.
    let mut stray = Scene::with(&[Rejection::WrongRecipient]);
    let others = stray.registry.agents();
    let others = others.filter(|other| other.id != agent("carol")).cloned();
    let mut registry = Registry::new();
    others.for_each(|other| registry.enrol(other).unwrap());
    stray.registry = registry;
    let mut bus = gateway(agent("orchestrator"), &stray);
    let refusal = bus.receive(&stray.bytes, NOW_MS).unwrap().unwrap_err();
    assert_eq!(refusal.rejection, Rejection::WrongRecipient);
}

#[test]
fn what_a_gate_let_pass_is_asked_once_more_with_what_is_known_by_then() {
    let scene = Scene::flawless();
    let (registry, limits) = (scene.registry.clone(), scene.limits.clone());
    let gate = Gate::new(agent("orchestrator"), registry, limits.clone());
    let examined = || gate.examine(&scene.bytes, NOW_MS).unwrap();
    assert_eq!(*examined().sender(), agent("alice"));

    let suspended = Scene::with(&[Rejection::UnknownSender]);
    let mut other = gateway(agent("orchestrator"), &suspended);
    let refusal = other.admit(examined(), NOW_MS).unwrap().unwrap_err();
    assert_eq!(refusal.rejection, Rejection::UnknownSender);

    let mut bus = gateway(agent("orchestrator"), &scene);
    let late_ms = NOW_MS + limits.window_ms + 1;
    let refusal = bus.admit(examined(), late_ms).unwrap().unwrap_err();
    assert_eq!(refusal.rejection, Rejection::Stale);
    let mut bus = gateway(agent("orchestrator"), &scene);
    assert!(bus.admit(examined(), NOW_MS).unwrap().is_ok());
    let refusal = bus.admit(examined(), NOW_MS).unwrap().unwrap_err();
    assert_eq!(refusal.rejection, Rejection::Replayed);
}
