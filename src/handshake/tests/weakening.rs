//! Every weakening of the table lets its attack pass a real end, and the hardened one refuses it.

use std::sync::Arc;

use countersign_model::handshake::Handshake;
use countersign_model::handshake::guard::{Flight, GuardId, Rejection};
use countersign_model::handshake::weakening::Mechanism;
use countersign_model::rulebook::{Ruleset, Weakening};

use super::fixture::{
    NOW_MS, Pair, fresh, id, key, names, party, registry, same, same_secret, versions,
};
use super::precedence::{TABLE, hear, rejection, waiting};
use super::scene::{Scene, honest_flights, members, record};
use crate::envelope::payload::{HandshakeAnswer, HandshakeFinish, HandshakeHello, HandshakeProof};
use crate::envelope::{Opaque, Record as _};
use crate::flawed::handshake::FlawedHandshake;
use crate::handshake::flight::{object_of, write};
use crate::handshake::mechanism::Mechanisms as _;
use crate::handshake::proof::{ProofKeys, SEALED_MAX, SealingKey, Statement, carried};
use crate::handshake::responder::Responding;
use crate::handshake::schedule::{PseudorandomKey, Purpose, SessionSecret};
use crate::handshake::transcript::{Covered, TranscriptHash};
use crate::handshake::{Established, Refusal, Role};
use crate::json;

/// The rules with this weakening alone, and those without any.
fn weakened(name: &str) -> [FlawedHandshake; 2] {
    let rules = Weakening::<Handshake>::of_name(name).unwrap().rules();
    [rules, Ruleset::HARDENED].map(FlawedHandshake::new)
}

/// An exchange on the way of which flights are changed.
fn exchange(
    mechanisms: FlawedHandshake,
    carry: impl FnMut(Flight, Vec<u8>) -> Vec<u8>,
) -> Result<[Established; 2], Refusal> {
    Pair::new(&mechanisms).exchange(carry)
}

#[test]
fn a_guard_that_is_off_lets_its_defect_pass_wherever_it_is_asked() {
    let said = honest_flights();
    for (flight, defect, code, _) in TABLE {
        let [weak, _] = weakened(defect.guard().weakening_name());
        let mut pair = waiting(&weak, *flight, &said);
        let defects = [*defect];
        let scene = Scene::with(&defects);
        pair.registry = scene.registry();
        let bytes = scene.flight(*flight, &said, &said[*flight as usize]);
        let heard = hear(&mut pair, *flight, &bytes);
        match (flight, defect) {
            // An initiator asks twice: no choice is the best of none, and it means somebody else.
            (Flight::Answer, Rejection::NoCommonVersion) => {
                assert_eq!(rejection(heard), Rejection::VersionDowngraded);
            }
            (Flight::Answer, Rejection::PeerIsSelf) => {
                assert_eq!(rejection(heard), Rejection::WrongPeer);
            }
            _ => assert!(heard.is_ok(), "{} {code}: {heard:?}", flight.name()),
        }
    }
    let told = |guard: &GuardId| TABLE.iter().any(|row| row.1.guard() == *guard);
    assert!(GuardId::ALL.iter().all(told));
}

#[test]
fn offers_outside_the_transcript_can_be_lowered_on_the_way() {
    let lower = |flight, bytes: Vec<u8>| match flight {
        Flight::Hello => {
            let mut hello: HandshakeHello = record(&bytes);
            hello.versions = versions(&["1.0"]);
            write(object_of(&hello))
        }
        Flight::Answer => {
            let mut answer: HandshakeAnswer = record(&bytes);
            answer.versions = versions(&["1.0"]);
            write(object_of(&answer))
        }
        Flight::Finish | Flight::Confirm => bytes,
    };
    let [weak, hard] = weakened("offers-outside-transcript");
    let ends = exchange(weak, lower).unwrap();
    assert!(ends.iter().all(|end| end.version().to_string() == "1.0"));
    assert_eq!(
        rejection(exchange(hard, lower)),
        Rejection::ProofDoesNotOpen
    );
}

#[test]
fn capabilities_outside_the_transcript_can_be_added_on_the_way() {
    let add = |flight, bytes: Vec<u8>| match flight {
        Flight::Answer => {
            let mut answer: HandshakeAnswer = record(&bytes);
            answer.capabilities = names(&["report", "delete"]);
            write(object_of(&answer))
        }
        Flight::Hello | Flight::Finish | Flight::Confirm => bytes,
    };
    let [weak, hard] = weakened("capabilities-outside-transcript");
    let [at_alice, at_bob] = exchange(weak, add).unwrap();
    assert_ne!(at_alice.peer_capabilities(), at_bob.capabilities());
    assert_eq!(rejection(exchange(hard, add)), Rejection::ProofDoesNotOpen);
}

/// An exchange in which bob has yet to hear the finish: both ends, and the flights that were said.
fn before_finish(mechanisms: FlawedHandshake) -> (Pair<FlawedHandshake>, [Vec<u8>; 3]) {
    let mut pair = Pair::new(&mechanisms);
    let hello = pair.hello.clone();
    let answer = pair.tell_bob(&hello).unwrap().flight.unwrap();
    let finish = pair.tell_alice(&answer).unwrap().flight.unwrap();
    (pair, [hello, answer, finish])
}

/// What the initiator states in an exchange that began with these flights.
fn statement_of(mechanisms: FlawedHandshake, hello: &[u8], answer: &[u8]) -> Statement {
    let covered = |bytes| Covered::of(&members(bytes), mechanisms.left_out());
    Statement {
        role: Role::Initiator,
        transcript: TranscriptHash::of_answer(&covered(hello), &covered(answer)),
        initiator_share: record::<HandshakeHello>(hello).ephemeral_key,
        responder_share: record::<HandshakeAnswer>(answer).ephemeral_key,
    }
}

/// The proof that mallory gives of a statement.
fn mallorys(
    mechanisms: FlawedHandshake,
    statement: &Statement,
    keys: Option<&ProofKeys>,
) -> HandshakeProof {
    let (id, signing) = (id("mallory"), key("mallory"));
    HandshakeProof {
        key_id: signing.key_id(),
        signature: signing.sign(&mechanisms.signing_input(statement)),
        mac: keys.map_or([0; 32], |keys| keys.mac(&id, &signing.key_id())),
        id,
    }
}

/// The finish that carries this proof.
fn finish(proof: Opaque<SEALED_MAX>) -> Vec<u8> {
    write(object_of(&HandshakeFinish { proof }))
}

/// The secret of the session that follows these flights, from what keys are derived from.
fn session(mechanisms: FlawedHandshake, key: &PseudorandomKey, said: [&[u8]; 3]) -> SessionSecret {
    let [hello, answer, finish] =
        said.map(|bytes| Covered::of(&members(bytes), mechanisms.left_out()));
    let transcript = TranscriptHash::of_finish(&hello, &answer, &finish);
    SessionSecret::of(mechanisms.derive(key, Purpose::Session, &transcript))
}

/// Mallory has no secret of the exchange, and puts its own proof in the place of alice's: bob takes
/// alice's share for mallory's.
#[test]
fn who_signs_shares_in_the_clear_is_taken_for_another_signer() {
    let misbind = |mechanisms: FlawedHandshake| {
        let (mut pair, [hello, answer, _]) = before_finish(mechanisms);
        let statement = statement_of(mechanisms, &hello, &answer);
        let proof = mallorys(mechanisms, &statement, None);
        pair.tell_bob(&finish(carried(&json::write(&proof.to_value()))))
    };
    let [weak, hard] = weakened("signs-shares-in-the-clear");
    assert_eq!(
        *misbind(weak).unwrap().established.unwrap().peer(),
        id("mallory")
    );
    assert_eq!(rejection(misbind(hard)), Rejection::ProofDoesNotOpen);
}

/// The key that alice's proof of a statement is sealed under, as it is given to mallory.
fn revealed(mechanisms: FlawedHandshake, statement: &Statement) -> SealingKey {
    let shared = fresh(1).agree(&statement.responder_share);
    SealingKey::of(&mechanisms, &mechanisms.extract(&shared), statement)
}

/// Given the key that seals, and nothing that a MAC could be made with, mallory puts its own proof in the
/// place of alice's.
#[test]
fn who_has_the_key_that_seals_is_taken_for_another_where_no_mac_binds_the_identity() {
    let misbind = |mechanisms: FlawedHandshake| {
        let (mut pair, [hello, answer, _]) = before_finish(mechanisms);
        let statement = statement_of(mechanisms, &hello, &answer);
        let proof = mallorys(mechanisms, &statement, None);
        let sealed = revealed(mechanisms, &statement).seal(&proof, &statement.transcript);
        pair.tell_bob(&finish(sealed))
    };
    let [weak, hard] = weakened("without-identity-bound");
    assert_eq!(
        *misbind(weak).unwrap().established.unwrap().peer(),
        id("mallory")
    );
    assert_eq!(rejection(misbind(hard)), Rejection::IdentityUnbound);
}

/// Given the same key, mallory takes alice's proof out of its seal: bob has the key of another transcript.
#[test]
fn a_proof_that_counts_unsealed_leaves_the_ends_with_different_keys() {
    let unseal = |mechanisms: FlawedHandshake| {
        let (mut pair, [hello, answer, said]) = before_finish(mechanisms);
        let statement = statement_of(mechanisms, &hello, &answer);
        let sealed = record::<HandshakeFinish>(&said).proof;
        let key = revealed(mechanisms, &statement);
        let proof = key.open(&sealed, &statement.transcript).unwrap();
        let heard = pair.tell_bob(&finish(carried(&json::write(&proof.to_value()))));
        heard.map(|reply| (reply, pair))
    };
    let [weak, hard] = weakened("without-proof-opens");
    let (reply, mut pair) = unseal(weak).unwrap();
    assert_eq!(*reply.established.unwrap().peer(), id("alice"));
    let confirmed = pair.tell_alice(&reply.flight.unwrap());
    assert_eq!(rejection(confirmed), Rejection::NotConfirmed);
    let refused = unseal(hard).map(|(reply, _)| reply);
    assert_eq!(rejection(refused), Rejection::ProofDoesNotOpen);
}

/// Given the secret of a share that alice used once: she signed it, so it speaks for her ever after.
#[test]
fn a_signed_share_serves_again_once_its_secret_is_lost() {
    let impersonate = |mechanisms: FlawedHandshake| {
        let revealed = || fresh(1);
        let (_, [hello, answer, said]) = before_finish(mechanisms);
        let statement = statement_of(mechanisms, &hello, &answer);
        let shared = revealed().agree(&statement.responder_share);
        let keys = ProofKeys::of(&mechanisms, &mechanisms.extract(&shared), &statement);
        let sealed = record::<HandshakeFinish>(&said).proof;
        let old = keys.open(&sealed, &statement.transcript).unwrap();

        let mut hello: HandshakeHello = record(&hello);
        hello.random = [77; 32];
        let hello = write(object_of(&hello));
        let bob = Arc::new(party("bob"));
        let mut bob = Responding::begin(bob, fresh(3), mechanisms);
        let registry = registry();
        let answer = bob.hear(&hello, &registry, NOW_MS).unwrap().flight.unwrap();
        let statement = statement_of(mechanisms, &hello, &answer);
        let key = mechanisms.extract(&revealed().agree(&statement.responder_share));
        let keys = ProofKeys::of(&mechanisms, &key, &statement);
        let proof = HandshakeProof {
            mac: keys.mac(&old.id, &old.key_id),
            ..old
        };
        let finish = finish(keys.seal(&proof, &statement.transcript));
        let known = session(mechanisms, &key, [&hello, &answer, &finish]);
        let heard = bob.hear(&finish, &registry, NOW_MS);
        heard.map(|reply| (reply, known))
    };
    let [weak, hard] = weakened("signs-own-share");
    let (reply, known) = impersonate(weak).unwrap();
    let at_bob = reply.established.unwrap();
    assert_eq!(*at_bob.peer(), id("alice"));
    assert!(same(at_bob.secret(), &known), "and mallory has the key");
    let refused = impersonate(hard).map(|(reply, _)| reply);
    assert_eq!(rejection(refused), Rejection::BadSignature);
}

/// Given the key of the session that alice is about to have: it is the key of her proof too.
#[test]
fn one_key_for_everything_opens_and_forges_the_proof() {
    let forge = |mechanisms: FlawedHandshake| {
        let [revealed, _] = exchange(mechanisms, |_, bytes| bytes).unwrap();
        let key = FlawedHandshake::guess(revealed.secret());
        let (mut pair, [hello, answer, said]) = before_finish(mechanisms);
        let statement = statement_of(mechanisms, &hello, &answer);
        let keys = ProofKeys::of(&mechanisms, &key, &statement);
        let sealed = record::<HandshakeFinish>(&said).proof;
        let opened = keys.open(&sealed, &statement.transcript);
        let proof = mallorys(mechanisms, &statement, Some(&keys));
        let forged = finish(keys.seal(&proof, &statement.transcript));
        (opened.map(|proof| proof.id), pair.tell_bob(&forged))
    };
    let [weak, hard] = weakened("raw-shared-secret");
    let (opened, taken) = forge(weak);
    assert_eq!(
        opened,
        Some(id("alice")),
        "who she is was meant for bob alone"
    );
    let at_bob = taken.unwrap().established.unwrap();
    assert_eq!(*at_bob.peer(), id("mallory"));
    let (opened, refused) = forge(hard);
    assert_eq!(opened, None);
    assert_eq!(rejection(refused), Rejection::ProofDoesNotOpen);
}

/// Given a long-term key once all is over, and what was said.
#[test]
fn a_share_for_life_gives_every_session_away_with_the_long_term_key() {
    let [weak, hard] = weakened("static-shares");
    for (mechanisms, is_lost) in [(weak, true), (hard, false)] {
        let mut said = Vec::new();
        let [at_alice, at_bob] = exchange(mechanisms, |_, bytes| {
            said.push(bytes.clone());
            bytes
        })
        .unwrap();
        assert!(same_secret(&at_alice, &at_bob));
        let [hello, answer, finish, _] = &said[..] else {
            panic!("four flights");
        };
        let for_life = mechanisms.fresh(fresh(9), &key("alice"));
        let share = record::<HandshakeAnswer>(answer).ephemeral_key;
        let key = mechanisms.extract(&for_life.agree(&share));
        let found = session(mechanisms, &key, [hello, answer, finish]);
        assert_eq!(same(at_alice.secret(), &found), is_lost);
    }
}

#[test]
fn every_flawed_mechanism_has_its_attack_here() {
    let source = include_str!("weakening.rs");
    for mechanism in Mechanism::ALL {
        let quoted = format!("weakened({:?})", mechanism.weakening_name());
        assert!(source.contains(&quoted), "{quoted}");
    }
}
