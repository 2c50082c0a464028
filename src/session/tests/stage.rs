//! Real sessions in the places of those of the model, on which moves of the model are performed.

use std::collections::HashMap;

use countersign_model::domain::{Concrete, Table as _};
use countersign_model::session::attacker::Move;
use countersign_model::session::guard::Rejection;
use countersign_model::session::record::{Presented, Record as Content};
use countersign_model::session::scope::{ALICE, MALLORY, START, Scope};
use countersign_model::session::step::Action;
use countersign_model::session::world::{Sender, Session as Modelled, World};

use super::fixture::{NOW_MS, end, key_id, notification, principal, registry, secret, session_id};
use crate::envelope::{Digest, Kind, Payload};
use crate::identity::Registry;
use crate::json;
use crate::session::record::{Head, Record, additional_data};
use crate::session::schedule::Traffic;
use crate::session::{Limits, Role, SealError, Session};

const TICK_MS: u64 = 1000;

fn instant(tick: u8) -> u64 {
    NOW_MS + u64::from(tick) * TICK_MS - u64::from(START) * TICK_MS
}

/// Real sessions in the places of those of the model, and what is on the network.
pub(super) struct Stage {
    registry: Registry,
    mine: Vec<Session>,
    theirs: Vec<Session>,
    bytes: HashMap<Content<Concrete>, Vec<u8>>,
    /// What the attacker was given, by session and by whether it is of what this end seals.
    leaked: HashMap<(u8, bool), Traffic>,
    now_ms: u64,
}

const ME: &str = "me";
const NAMES: [&str; 2] = ["alice", "mallory"];

fn peer(session: u8) -> &'static str {
    NAMES[usize::from(if session == 1 { MALLORY } else { ALICE })]
}

impl Stage {
    pub(super) fn new(scope: &Scope) -> Self {
        let limits = Limits {
            lifetime_ms: u64::from(scope.lifetime) * TICK_MS,
            width: scope.width.into(),
            ahead: scope.ahead.into(),
            share: scope.share.into(),
            period_ms: u64::from(scope.period) * TICK_MS,
        };
        let sessions = || 0..scope.sessions;
        Self {
            registry: registry(&[ME, NAMES[0], NAMES[1]]),
            mine: sessions()
                .map(|it| end(it, Role::Initiator, peer(it), limits))
                .collect(),
            theirs: sessions()
                .map(|it| end(it, Role::Responder, ME, limits))
                .collect(),
            bytes: HashMap::new(),
            leaked: HashMap::new(),
            now_ms: instant(START),
        }
    }

    /// Performs a move; gives the rejection where something was refused.
    pub(super) fn perform(
        &mut self,
        world: &World<Concrete>,
        next: &Move,
    ) -> Result<(), Rejection> {
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
                let content = content(slot);
                assert!(self.reads(&content), "{content:?}");
                Ok(())
            }
            Action::Advance(to) => {
                self.now_ms = instant(*to);
                Ok(())
            }
            Action::Reconnect(session) => {
                self.mine[usize::from(*session)].close();
                Ok(())
            }
            Action::Withdraw(peer) => {
                let name = NAMES[usize::from(*peer)];
                let revoked = self.registry.revoke(&principal(name), &key_id(name));
                assert!(revoked.is_ok());
                Ok(())
            }
            Action::Reveal(session) => {
                let place = usize::from(*session);
                let keys = self.mine[place].exchange.keys.as_ref().unwrap();
                let (out, inward) = (&keys.sending.traffic, &keys.receiving.traffic);
                self.leaked.insert((*session, true), out.revealed());
                self.leaked.insert((*session, false), inward.revealed());
                // Forward: no record of an epoch that was over opens with what was lost.
                for content in self.bytes.keys().filter(|it| it.session == *session) {
                    let lost = &self.leaked[&(*session, content.mine)];
                    let over = u64::from(content.epoch) < lost.epoch();
                    let composed_or_readable = content.composed || !over;
                    assert!(composed_or_readable || !self.reads(content), "{content:?}");
                }
                Ok(())
            }
        }
    }

    fn seal(&mut self, content: &Content<Concrete>) -> Result<(), Rejection> {
        let ends = if content.mine {
            &mut self.mine
        } else {
            &mut self.theirs
        };
        let end = &mut ends[usize::from(content.session)];
        let text = text(content);
        match end.seal_bytes(&covered(false), &text, &self.registry, self.now_ms) {
            Ok(record) => {
                self.bytes.insert(*content, record.as_bytes().to_vec());
                Ok(())
            }
            Err(SealError::Refused(rejection)) => Err(rejection),
            Err(other) => panic!("{other}"),
        }
    }

    fn deliver(
        &mut self,
        content: &Content<Concrete>,
        presented: &Presented<Concrete>,
    ) -> Result<(), Rejection> {
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
        let opened = end.open_bytes(&covered, &bytes, &self.registry, self.now_ms, read);
        let opened = opened.map_err(|refusal| refusal.rejection)?;
        assert_eq!(opened.sequence(), u64::from(content.sequence));
        assert_eq!(opened.epoch(), u64::from(content.epoch));
        Ok(())
    }

    /// A record that the attacker makes: junk, or sealed with a key that it has.
    fn forged(&self, content: &Content<Concrete>) -> Vec<u8> {
        let head = head(content);
        let mut record = Record::begin(&head, &text(content));
        if !content.sealed {
            return record.end([0; 16]).as_bytes().to_vec();
        }
        let traffic = if peer(content.session) == NAMES[usize::from(MALLORY)] {
            let inward = Role::Initiator.inward();
            Traffic::first(&secret(content.session), &head.session, inward)
        } else {
            self.leaked[&(content.session, false)].revealed()
        };
        let traffic = reaching(traffic, head.epoch).unwrap();
        let inward = Role::Initiator.inward();
        let additional = additional_data(&head, inward, &covered(false));
        let tag = traffic.seal(head.sequence, &additional, record.text_mut());
        record.end(tag.unwrap()).as_bytes().to_vec()
    }

    /// Whether the attacker opens a record with the keys that it was given.
    fn reads(&self, content: &Content<Concrete>) -> bool {
        let head = head(content);
        let lost = self.leaked[&(content.session, content.mine)].revealed();
        let role = Role::Initiator;
        let direction = if content.mine {
            role.outward()
        } else {
            role.inward()
        };
        let additional = additional_data(&head, direction, &covered(false));
        let bytes = &self.bytes[content];
        let (text, tag) = bytes[33..].split_last_chunk().unwrap();
        // Whatever follows from them: no later key opens an earlier record either.
        let mut traffic = lost;
        for _ in 0..4 {
            if traffic.open(head.sequence, &additional, &mut text.to_vec(), *tag) {
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
            let keys = mine.exchange.keys.as_ref();
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
fn sender(session: &Session) -> Option<[u64; 4]> {
    let sending = &session.exchange.keys.as_ref()?.sending;
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

fn covered(altered: bool) -> Digest {
    Digest::from_bytes([altered.into(); 32])
}

fn reaching(mut traffic: Traffic, epoch: u64) -> Option<Traffic> {
    while traffic.epoch() < epoch {
        traffic = traffic.next();
    }
    (traffic.epoch() == epoch).then_some(traffic)
}
