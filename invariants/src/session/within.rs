//! The session from its first state, under the limits of a scope: what a bounded search explores.
//!
//! The first state is the explorer's, but for the number of sessions and peers: all sessions are held
//! since the start, every peer is entitled, nothing is sealed. Any number of peers may be the
//! attacker, who is as free as the rules leave it: more free than in the explorer, which alters one
//! field at a time.

use countersign_model::domain::{Natural as _, Table as _, Truth as _};
use countersign_model::rulebook::{Row as _, Ruleset};
use countersign_model::session::Session as Rules;
use countersign_model::session::facts::Limits;
use countersign_model::session::invariant::InvariantId;
use countersign_model::session::scope::{START, Scope};
use countersign_model::session::world::{Peer, Sender, Session, Setting, World};

use super::encoding::{self, parameter, record};
use crate::bounded;
use crate::symbolic::{AtMost, Formula, Function, Individual, Number, Symbolic, species};
use crate::system::{Bounded, Hypothesis, System, Taken};

/// The longest run that a search can name.
pub const STEPS_MAX: usize = 8;

/// The latest time that a run can reach, and the highest number and epoch that it can name.
const NUMBER_MAX: u64 = 99;

/// The terms of a bounded run.
pub(super) type Reading = Symbolic<AtMost<STEPS_MAX>>;

/// Sessions within the limits of a scope, around one invariant.
pub(super) struct Within {
    pub(super) rules: Ruleset<Rules>,
    pub(super) invariant: InvariantId,
    pub(super) scope: Scope,
}

impl Within {
    fn setting(&self) -> Setting<Reading> {
        let Scope {
            lifetime,
            width,
            ahead,
            share,
            period,
            ..
        } = self.scope;
        let number = |value: u8| Number::constant(value.into());
        Setting {
            limits: Limits {
                lifetime: number(lifetime),
                width: number(width),
                ahead: number(ahead),
            },
            share: number(share),
            period: number(period),
        }
    }
}

impl System for Within {
    type State = World<Reading>;

    fn property(&self) -> &'static str {
        self.invariant.name()
    }

    fn assumptions(&self) -> Vec<Hypothesis> {
        Vec::new()
    }

    fn first(&self) -> Self::State {
        let first: World<Reading> = encoding::any_first_world();
        let (peers, sessions) = (first.peers.clone(), first.sessions.clone());
        let start = || Number::constant(START.into());
        World {
            now: start(),
            peers: Function::new(move |peer: &Individual<species::Agent>| Peer {
                entitled: Formula::constant(true),
                ..peers.at(peer)
            }),
            sessions: Function::new(move |session: &Individual<species::Session>| {
                let any = sessions.at(session);
                let sender = |sender: Sender<Reading>| Sender {
                    since: start(),
                    used_since: start(),
                    ..sender
                };
                Session {
                    established_at: start(),
                    held: Formula::constant(true),
                    sending: sender(any.sending.clone()),
                    peer_sending: sender(any.peer_sending.clone()),
                    ..any
                }
            }),
            ..first
        }
    }

    fn steps(&self, state: &Self::State, at: &str) -> Vec<Taken<Self::State>> {
        encoding::steps(self.rules, self.invariant, &self.setting(), state, at)
    }
}

impl Bounded for Within {
    fn parameters(&self, at: &str) -> Formula {
        let content = self.first().records.at(&record(at));
        let shown = encoding::presented::<AtMost<STEPS_MAX>>(at);
        let natural = |number: &Number| {
            let (least, most) = (Number::constant(0), Number::constant(NUMBER_MAX));
            least.at_most(number).and(&number.at_most(&most))
        };
        Formula::all([
            natural(&parameter("instant", at)),
            natural(&content.epoch),
            natural(&content.sequence),
            natural(&shown.epoch),
            natural(&shown.sequence),
        ])
    }

    fn wishes(&self, at: &str) -> Vec<Formula> {
        let content = self.first().records.at(&record(at));
        let shown = encoding::presented::<AtMost<STEPS_MAX>>(at);
        let few = |number: &Number| number.at_most(&Number::constant(3));
        let instant: Number = parameter("instant", at);
        vec![
            bounded::chosen("advance", at).implies(&few(&instant.predecessor())),
            shown.means(&content),
            few(&content.sequence),
            few(&content.epoch),
            content.schema_valid,
        ]
    }

    fn choose(condition: &Formula, then: &Self::State, otherwise: &Self::State) -> Self::State {
        encoding::choose_world(condition, then, otherwise)
    }
}
