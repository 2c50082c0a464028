//! Real sessions in the places of those of the model, on which moves of the model are performed.

#![expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "records of the model are looked at, not taken"
)]

use std::collections::HashMap;

use countersign_model::domain::{Concrete, Table as _};
use countersign_model::session::attacker::Move;
use countersign_model::session::guard::{GuardId, Rejection};
use countersign_model::session::record::{Presented, Record as Content};
use countersign_model::session::scope::{ALICE, MALLORY, START, Scope};
use countersign_model::session::step::Action;
use countersign_model::session::world::{Sender, Session as Modelled, World};

use super::fixture::{
    NOW_MS, establishment, key_id, notification, principal, registry, secret, session_id,
};
use crate::envelope::{Digest, Kind, Payload};
use crate::handshake::Role;
use crate::identity::Registry;
use crate::json;
use crate::session::exchange::Exchange;
use crate::session::mechanism::Mechanisms;
use crate::session::record::{Arrived, Cover, Head, Record};
use crate::session::schedule::{Direction, Traffic};
use crate::session::{Limits, SealError};

const TICK_MS: u64 = 1000;

fn instant(tick: u8) -> u64 {
    NOW_MS + u64::from(tick) * TICK_MS - u64::from(START) * TICK_MS
}

/// Real sessions in the places of those of the model, and what is on the network.
pub(super) struct Stage<M> {
    registry: Registry,
    mine: Vec<Exchange<M>>,
    theirs: Vec<Exchange<M>>,
    bytes: HashMap<Content<Concrete>, Vec<u8>>,
    /// What the attacker was given, by session and by whether it is of what this end seals.
    leaked: HashMap<(u8, bool), Traffic>,
    /// Records sealed in every respect like one before.
    resealed: usize,
    now_ms: u64,
}

/// What came of a move.
pub(super) type Performed = Result<(), Option<Rejection>>;

/// The role of the end that the model is about.
const ROLE: Role = Role::Initiator;
const ME: &str = "me";
const NAMES: [&str; 2] = ["alice", "mallory"];

fn peer(session: u8) -> &'static str {
    NAMES[usize::from(if session == 1 { MALLORY } else { ALICE })]
}

impl<M: Mechanisms> Stage<M> {
    /// Ends with these mechanisms, by session, its secret and role.
    pub(super) fn new(scope: &Scope, mechanisms: impl Fn(u8, Role) -> M) -> Self {
        let limits = Limits {
            lifetime_ms: u64::from(scope.lifetime) * TICK_MS,
            width: scope.width.into(),
            ahead: scope.ahead.into(),
            share: scope.share.into(),
            period_ms: u64::from(scope.period) * TICK_MS,
        };
        let sessions = || 0..scope.sessions;
        let exchange = |number, role, peer: &str, mechanisms| {
            Exchange::new(establishment(number, role, peer), limits, mechanisms)
        };
        Self {
            registry: registry(&[ME, NAMES[0], NAMES[1]]),
            mine: sessions()
                .map(|it| {
                    exchange(
                        it,
                        Role::Initiator,
                        peer(it),
                        mechanisms(it, Role::Initiator),
                    )
                })
                .collect(),
            theirs: sessions()
                .map(|it| exchange(it, Role::Responder, ME, mechanisms(it, Role::Responder)))
                .collect(),
            bytes: HashMap::new(),
            leaked: HashMap::new(),
            resealed: 0,
            now_ms: instant(START),
        }
    }

    /// Performs a move; gives the rejection where something was refused, and none where it is the
    /// attacker or the honest end that cannot do what the move says.
    pub(super) fn perform(&mut self, world: &World<Concrete>, next: &Move) -> Performed {
        let content = |slot: &u8| next.introduces.unwrap_or_else(|| world.records.at(slot));
        match &next.action {
            Action::Seal(slot) => self.seal(&content(slot)),
            Action::Deliver(slot, presented) => {
                if next.introduces.is_some() {
                    let bytes = self.forged(&content(slot));
                    self.bytes.insert(content(slot), bytes);
                }
                self.deliver(&content(slot), presented)
            }
            Action::Read(slot) => {
                let read = self.reads(&content(slot));
                if read { Ok(()) } else { Err(None) }
            }
            Action::Advance(to) => {
                self.now_ms = instant(*to);
                Ok(())
            }
            Action::Reconnect(session) => {
                let now_ms = self.now_ms;
                self.mine[usize::from(*session)].reconnect(now_ms);
                Ok(())
            }
            Action::Withdraw(peer) => {
                let name = NAMES[usize::from(*peer)];
                let revoked = self.registry.revoke(&principal(name), &key_id(name));
                assert!(revoked.is_ok());
                Ok(())
            }
            Action::Reveal(session) => {
                let end = &self.mine[usize::from(*session)];
                let keys = end.keys.as_ref().unwrap();
                let given = |traffic, direction| end.mechanisms.given_away(traffic, direction);
                let out = given(&keys.sending.traffic, Direction::outward(ROLE));
                let inward = given(&keys.receiving.traffic, Direction::inward(ROLE));
                self.leaked.insert((*session, true), out);
                self.leaked.insert((*session, false), inward);
                Ok(())
            }
        }
    }

    /// The honest records of epochs that were over when keys were lost, and that these open all the
    /// same.
    pub(super) fn betrayed(&self) -> usize {
        let betrayed = |content: &&Content<Concrete>| {
            let lost = self.leaked.get(&(content.session, content.mine));
            let over = lost.is_some_and(|lost| u64::from(content.epoch) < lost.epoch());
            over && !content.composed && self.reads(content)
        };
        self.bytes.keys().filter(betrayed).count()
    }

    /// The pairs of honest records with the same sealed text: all say the same, so that they share key
    /// and nonce.
    pub(super) fn repeated(&self) -> usize {
        let honest: Vec<_> = self.bytes.iter().filter(|(it, _)| !it.composed).collect();
        let sealed = |bytes: &[u8]| bytes[33..bytes.len() - 16].to_vec();
        let places = 0..honest.len();
        let pairs = places.flat_map(|one| (0..one).map(move |other| (one, other)));
        let same =
            |(one, other): &(usize, usize)| sealed(honest[*one].1) == sealed(honest[*other].1);
        self.resealed + pairs.filter(same).count()
    }

    fn seal(&mut self, content: &Content<Concrete>) -> Performed {
        let ends = if content.mine {
            &mut self.mine
        } else {
            &mut self.theirs
        };
        let end = &mut ends[usize::from(content.session)];
        let text = text(content);
        match end.seal(&covered(false), &text, &self.registry, self.now_ms) {
            Ok(record) => {
                let sealed = Arrived::read(record.as_bytes()).map(|arrived| arrived.head);
                let before = self.bytes.insert(*content, record.as_bytes().to_vec());
                self.resealed += usize::from(before.is_some());
                if sealed == Some(head(content)) {
                    Ok(())
                } else {
                    Err(None)
                }
            }
            Err(SealError::Refused(rejection)) => Err(Some(rejection)),
            Err(other) => panic!("{other}"),
        }
    }

    fn deliver(
        &mut self,
        content: &Content<Concrete>,
        presented: &Presented<Concrete>,
    ) -> Performed {
        let mut bytes = self.bytes[content].clone();
        bytes[1..17].copy_from_slice(session_id(presented.session).as_bytes());
        bytes[17..25].copy_from_slice(&u64::from(presented.epoch).to_be_bytes());
        bytes[25..33].copy_from_slice(&u64::from(presented.sequence).to_be_bytes());
        let end = &mut self.mine[usize::from(presented.session)];
        let covered = covered(presented.altered);
        let read = |text: &[u8]| {
            let value = json::read_canonical(text, &json::Limits::default()).ok()?;
            Payload::from_value(Kind::Notify, &value).ok()
        };
        // Whoever does not enforce the schema hands out whatever it is.
        let lenient = !end.mechanisms.rules().enforces(GuardId::PlaintextSchema);
        let read = |text: &[u8]| read(text).map(|_| ()).or(lenient.then_some(()));
        let opened = end.open(&covered, &bytes, &self.registry, self.now_ms, read);
        let opened = opened.map_err(|refusal| Some(refusal.rejection))?;
        assert_eq!(opened.sequence(), u64::from(presented.sequence));
        assert_eq!(opened.epoch(), u64::from(presented.epoch));
        Ok(())
    }

    /// A record that the attacker makes: junk, or sealed with a key that it has.
    fn forged(&self, content: &Content<Concrete>) -> Vec<u8> {
        let (head, inward) = (head(content), Direction::inward(ROLE));
        let mechanisms = &self.mine[usize::from(content.session)].mechanisms;
        let prefix = mechanisms.prefix(head.sequence);
        let mut record = Record::begin(&head, &prefix, &text(content));
        if !content.sealed {
            return record.end([0; 16]).as_bytes().to_vec();
        }
        let first = if peer(content.session) == NAMES[usize::from(MALLORY)] {
            mechanisms.first(&secret(content.session), &head.session, inward)
        } else {
            self.leaked[&(content.session, false)].revealed()
        };
        let traffic = first.later(head.epoch).unwrap_or(first);
        assert_eq!(traffic.epoch(), head.epoch);
        let additional = mechanisms.additional_data(&head, inward, &covered(false));
        let (number, _) = mechanisms.nonce(head.sequence, &prefix);
        let tag = traffic.seal(number, &additional, record.text_mut(prefix.len()));
        record.end(tag.unwrap()).as_bytes().to_vec()
    }

    /// Whether the attacker opens a record with the keys that it was given.
    fn reads(&self, content: &Content<Concrete>) -> bool {
        let head = head(content);
        let mechanisms = &self.mine[usize::from(content.session)].mechanisms;
        let direction = if content.mine {
            Direction::outward(ROLE)
        } else {
            Direction::inward(ROLE)
        };
        let additional = mechanisms.additional_data(&head, direction, &covered(false));
        let arrived = Arrived::read(&self.bytes[content]).unwrap();
        let (number, text) = mechanisms.nonce(head.sequence, arrived.text);
        // Whatever follows from them: no later key opens an earlier record either.
        let mut traffic = self.leaked[&(content.session, content.mine)].revealed();
        for _ in 0..4 {
            if traffic.open(number, &additional, &mut text.to_vec(), arrived.tag) {
                return true;
            }
            traffic = traffic.next();
        }
        false
    }

    /// Compares everything that both know.
    pub(super) fn compare(&self, scope: &Scope, world: &World<Concrete>) {
        for (number, (mine, theirs)) in (0u8..).zip(self.mine.iter().zip(&self.theirs)) {
            let modelled = world.sessions.at(&number);
            let keys = mine.keys.as_ref();
            assert_eq!(keys.is_some(), modelled.held);
            if let Some(keys) = keys {
                assert_eq!(sender(mine), Some(told(&modelled.sending)));
                let receiving = &keys.receiving;
                let reach = (receiving.traffic.epoch(), receiving.window.top());
                let expected = (modelled.receiving.epoch, modelled.receiving.top);
                assert_eq!(reach, (expected.0.into(), expected.1.into()));
                for sequence in 0..4 {
                    let remembered = receiving.window.remembers(sequence.into());
                    assert_eq!(
                        remembered,
                        remembers(scope, world, number, &modelled, sequence)
                    );
                }
            }
            if peer(number) != NAMES[usize::from(MALLORY)] {
                assert_eq!(sender(theirs), Some(told(&modelled.peer_sending)));
            }
        }
        for (name, peer) in NAMES.iter().zip(world.peers.0) {
            let key = self.registry.key(&principal(name), &key_id(name));
            assert_eq!(!key.unwrap().is_revoked(), peer.entitled);
        }
    }
}

fn remembers(
    scope: &Scope,
    world: &World<Concrete>,
    number: u8,
    session: &Modelled<Concrete>,
    sequence: u8,
) -> bool {
    let top = session.receiving.top;
    world.marks.at(&(number, sequence)).marked && sequence < top && top <= sequence + scope.width
}

/// Epoch, next number, since when, how many.
fn sender<M>(end: &Exchange<M>) -> Option<[u64; 4]> {
    let sending = &end.keys.as_ref()?.sending;
    Some([
        sending.traffic.epoch(),
        sending.next,
        sending.since_ms,
        sending.count,
    ])
}

fn told(sender: &Sender<Concrete>) -> [u64; 4] {
    [
        sender.epoch.into(),
        sender.next.into(),
        instant(sender.since),
        sender.count.into(),
    ]
}

fn head(content: &Content<Concrete>) -> Head {
    Head {
        session: session_id(content.session),
        epoch: content.epoch.into(),
        sequence: content.sequence.into(),
    }
}

fn text(content: &Content<Concrete>) -> Vec<u8> {
    if content.schema_valid {
        json::write(&notification("event").to_value())
    } else {
        b"{}".to_vec()
    }
}

fn covered(altered: bool) -> Cover {
    Cover::of_digest(&Digest::from_bytes([altered.into(); 32]))
}
