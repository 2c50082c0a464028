//! Every row of the guard table and every mechanism is needed: without it a promise is broken, in as few
//! deliveries as there can be, and the hardened rules stop the attack.

use countersign_model::dolev_yao::reveal::{Reveal, Reveals};
use countersign_model::explorer::Ending;
use countersign_model::handshake::Handshake;
use countersign_model::handshake::attack::{attacked, promised};
use countersign_model::handshake::guard::{GuardId, Rejection};
use countersign_model::handshake::performance::{Delivered, Performance};
use countersign_model::handshake::promise::InvariantId;
use countersign_model::handshake::story::Story;
use countersign_model::handshake::weakening::Mechanism;
use countersign_model::rulebook::{Book as _, Change, Ruleset, Weakening};

use super::searched;

/// How many deliveries each attack takes, and how the hardened rules answer it: with a rejection, or
/// by giving nothing away.
const ATTACKS: [(&str, usize, Option<Rejection>); 20] = [
    (
        "without-version-common",
        2,
        Some(Rejection::NoCommonVersion),
    ),
    (
        "without-version-current",
        1,
        Some(Rejection::VersionDeprecated),
    ),
    (
        "without-capabilities-sufficient",
        1,
        Some(Rejection::CapabilityMissing),
    ),
    (
        "without-version-best",
        1,
        Some(Rejection::VersionDowngraded),
    ),
    ("without-suite-offered", 1, Some(Rejection::SuiteNotOffered)),
    (
        "without-share-contributes",
        1,
        Some(Rejection::ShareDegenerate),
    ),
    ("without-proof-opens", 3, Some(Rejection::ProofDoesNotOpen)),
    (
        "without-identity-bound",
        2,
        Some(Rejection::IdentityUnbound),
    ),
    ("without-key-of-peer", 1, Some(Rejection::UnknownKey)),
    ("without-peer-entitled", 2, Some(Rejection::PeerNotEntitled)),
    ("without-peer-is-other", 2, Some(Rejection::PeerIsSelf)),
    ("without-peer-intended", 1, Some(Rejection::WrongPeer)),
    ("without-signature-valid", 1, Some(Rejection::BadSignature)),
    (
        "without-confirmation-valid",
        3,
        Some(Rejection::NotConfirmed),
    ),
    (
        "offers-outside-transcript",
        2,
        Some(Rejection::ProofDoesNotOpen),
    ),
    (
        "capabilities-outside-transcript",
        2,
        Some(Rejection::ProofDoesNotOpen),
    ),
    (
        "signs-shares-in-the-clear",
        3,
        Some(Rejection::ProofDoesNotOpen),
    ),
    ("signs-own-share", 2, Some(Rejection::BadSignature)),
    ("raw-shared-secret", 3, None),
    ("static-shares", 2, None),
];

/// A shortest run to a broken promise under `weakening`, and the bits of the promise.
fn attack(weakening: &Weakening<Handshake>) -> (Story, u64) {
    let hardened = attacked(Ruleset::HARDENED, 2, weakening.needs, 0);
    // Some promises are off with secrets revealed, whatever the rules.
    let off = searched(&hardened).violated;
    let watched = promised(weakening.breaks) & !off;
    let system = attacked(weakening.rules(), 2, weakening.needs, watched);
    let Ending::Broken(path) = searched(&system).ending else {
        panic!("{} breaks nothing", weakening.name);
    };
    (Story::of_path(&system, weakening.rules(), &path), watched)
}

/// What becomes of the deliveries of `story` under `rules`.
fn performed(story: &Story, rules: Ruleset<Handshake>) -> Vec<Delivered> {
    let mut runs = Performance::new(rules, story.participants.clone(), story.reveals);
    let deliveries = story.deliveries.iter();
    deliveries
        .map(|(slot, message)| runs.deliver(*slot, message))
        .collect()
}

fn violated(verdicts: &[Delivered]) -> u64 {
    verdicts.iter().fold(0, |bits, verdict| match verdict {
        Delivered::Accepted { violated, .. } => bits | violated,
        Delivered::Refused(_) | Delivered::Impossible => bits,
    })
}

#[test]
fn every_weakening_breaks_its_promise_and_the_hardened_rules_keep_it() {
    assert_eq!(ATTACKS.len(), Handshake::WEAKENINGS.len());
    for (weakening, (name, deliveries, answer)) in Handshake::WEAKENINGS.iter().zip(ATTACKS) {
        assert_eq!(weakening.name, name);
        let (story, watched) = attack(weakening);
        assert_eq!(story.deliveries.len(), deliveries, "{name}");
        let weakened = performed(&story, weakening.rules());
        assert_ne!(
            violated(&weakened) & watched,
            0,
            "{name} does not break on being performed"
        );

        let hardened = performed(&story, Ruleset::HARDENED);
        assert_eq!(
            violated(&hardened) & watched,
            0,
            "{name} breaks the hardened rules"
        );
        let refused = hardened.iter().find_map(|verdict| match verdict {
            Delivered::Refused(rejection) => Some(*rejection),
            Delivered::Accepted { .. } | Delivered::Impossible => None,
        });
        assert_eq!(refused, answer, "{name}");
    }
}

#[test]
fn every_guard_and_every_mechanism_has_its_weakening() {
    let weakens = |guard: &GuardId| {
        Handshake::WEAKENINGS
            .iter()
            .any(|it| matches!(it.change, Change::Without(off) if off == *guard))
    };
    assert!(GuardId::ALL.iter().all(weakens));
    let flaws = |mechanism: &Mechanism| {
        Handshake::WEAKENINGS
            .iter()
            .any(|it| matches!(it.change, Change::With(flawed, _) if flawed == *mechanism))
    };
    assert!(Mechanism::ALL.iter().all(flaws));
}

#[test]
fn seal_and_mac_stand_in_for_each_other_until_the_keys_that_seal_are_lost() {
    let weakening = |name| Weakening::<Handshake>::of_name(name).unwrap();
    let seal = weakening("without-proof-opens");
    let mac = weakening("without-identity-bound");
    let every = InvariantId::ALL.iter();
    let every = every.fold(0, |marks, invariant| marks | promised(*invariant));
    let fewest = |rules: Ruleset<Handshake>, reveals: Reveals| {
        let off = searched(&attacked(Ruleset::HARDENED, 2, reveals, 0)).violated;
        match searched(&attacked(rules, 2, reveals, every & !off)).ending {
            Ending::Broken(path) => Some(path.len() - 1),
            Ending::Exhausted => None,
            other => panic!("{other:?}"),
        }
    };
    let lost = Reveals::NONE.with(Reveal::SealingKeys);
    let both = seal.rules().dangerously_with(mac);
    for (rules, nothing_lost, keys_lost) in [
        (seal.rules(), None, Some(3)),
        (mac.rules(), None, Some(2)),
        (both, Some(1), Some(1)),
    ] {
        let found = (fewest(rules, Reveals::NONE), fewest(rules, lost));
        assert_eq!(found, (nothing_lost, keys_lost), "{}", rules.described());
    }
}
