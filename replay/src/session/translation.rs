//! The names of a trace as individuals of the model, and back.

use countersign_model::domain::Ledger;
use countersign_model::session::facts::Limits;
use countersign_model::session::record::{Presented as Shown, Record};
use countersign_model::session::step;
use countersign_model::session::story::Story;
use countersign_model::session::world;

use super::action::{Action, Presented};
use super::cast::{ATTACKER, Held, Peer, Roll, Setting};
use crate::tell_error::TellError;

/// The names of honest peers, in order.
const PEERS: [&str; 3] = ["alice", "carol", "dave"];
/// The name of the end that is looked at.
const ME: &str = "bob";

/// What stays fixed, as the model has it.
pub(super) fn setting(told: &Setting) -> world::Setting<Ledger> {
    let Setting {
        lifetime,
        width,
        ahead,
        share,
        period,
    } = *told;
    world::Setting {
        limits: Limits {
            lifetime,
            width,
            ahead,
        },
        share,
        period,
    }
}

/// The same as a trace tells it.
pub(super) fn told_setting(setting: &world::Setting<Ledger>) -> Setting {
    let limits = &setting.limits;
    Setting {
        lifetime: limits.lifetime,
        width: limits.width,
        ahead: limits.ahead,
        share: setting.share,
        period: setting.period,
    }
}

/// The names of a story: peers and sessions by number, as far as something happens to them.
pub(super) struct Naming<'a> {
    story: &'a Story,
    peers: Vec<String>,
    sessions: Vec<String>,
}

impl<'a> Naming<'a> {
    pub(super) fn of(story: &'a Story) -> Self {
        let mut honest = PEERS.into_iter();
        let peers: Vec<String> = story
            .hostile
            .iter()
            .map(|hostile| {
                let name = if *hostile {
                    Some(ATTACKER)
                } else {
                    honest.next()
                };
                name.unwrap_or("somebody").to_owned()
            })
            .collect();
        let mut sessions: Vec<String> = Vec::new();
        for peer in &story.sessions {
            let name = peers.get(*peer as usize).map_or("somebody", String::as_str);
            let earlier = story.sessions.iter().take(sessions.len());
            let earlier = earlier.filter(|other| *other == peer).count();
            sessions.push(format!("{name}-{}", earlier + 1));
        }
        Self {
            story,
            peers,
            sessions,
        }
    }

    /// Everybody and everything that something happens to.
    pub(super) fn roll(&self) -> Result<Roll, TellError> {
        let mut sessions: Vec<u32> = Vec::new();
        let mut peers: Vec<u32> = Vec::new();
        for action in &self.story.actions {
            match action {
                step::Action::Seal(record) | step::Action::Read(record) => {
                    sessions.push(self.record(*record)?.session);
                }
                step::Action::Deliver(record, shown) => {
                    sessions.extend([self.record(*record)?.session, shown.session]);
                }
                step::Action::Reconnect(session) | step::Action::Reveal(session) => {
                    sessions.push(*session);
                }
                step::Action::Withdraw(peer) => peers.push(*peer),
                step::Action::Advance(_) => {}
            }
        }
        sessions.sort_unstable();
        sessions.dedup();
        let mut held = Vec::new();
        for session in sessions {
            let peer = self.story.sessions.get(session as usize).copied();
            let peer = peer.ok_or(nobody("session", session))?;
            peers.push(peer);
            held.push(Held {
                name: self.session(session)?,
                peer: self.peer(peer)?,
            });
        }
        peers.sort_unstable();
        peers.dedup();
        let hostile = |peer: u32| self.story.hostile.get(peer as usize) == Some(&true);
        let peers = peers.into_iter().map(|peer| {
            let name = self.peer(peer)?;
            let hostile = hostile(peer);
            Ok(Peer { name, hostile })
        });
        Ok(Roll {
            me: ME.to_owned(),
            peers: peers.collect::<Result<_, TellError>>()?,
            sessions: held,
        })
    }

    /// An action; `new` says whether it is the first that names its record.
    pub(super) fn action(
        &self,
        action: &step::Action<Ledger>,
        new: bool,
    ) -> Result<Action, TellError> {
        Ok(match action {
            step::Action::Seal(number) => {
                let content = self.record(*number)?;
                let peer = self.story.sessions.get(content.session as usize);
                let peer = peer.ok_or(nobody("session", content.session))?;
                Action::Seal {
                    record: handle(*number),
                    by: if content.mine {
                        ME.to_owned()
                    } else {
                        self.peer(*peer)?
                    },
                    session: self.session(content.session)?,
                    epoch: content.epoch,
                    number: content.sequence,
                }
            }
            step::Action::Deliver(number, shown) => {
                let content = self.record(*number)?;
                if new && content.composed {
                    return Ok(Action::Inject {
                        record: handle(*number),
                        session: self.session(shown.session)?,
                        epoch: shown.epoch,
                        number: shown.sequence,
                        junk: !content.sealed,
                        malformed: !content.schema_valid,
                    });
                }
                Action::Deliver {
                    record: handle(*number),
                    presented: self.presented(content, shown)?,
                }
            }
            step::Action::Read(number) => Action::Read {
                record: handle(*number),
            },
            step::Action::Advance(to) => Action::Advance { to: *to },
            step::Action::Reconnect(session) => Action::Reconnect {
                session: self.session(*session)?,
            },
            step::Action::Withdraw(peer) => Action::Withdraw {
                peer: self.peer(*peer)?,
            },
            step::Action::Reveal(session) => Action::Reveal {
                session: self.session(*session)?,
            },
        })
    }

    fn presented(
        &self,
        content: &Record<Ledger>,
        shown: &Shown<Ledger>,
    ) -> Result<Presented, TellError> {
        let elsewhere = shown.session != content.session;
        Ok(Presented {
            session: elsewhere.then(|| self.session(shown.session)).transpose()?,
            epoch: (shown.epoch != content.epoch).then_some(shown.epoch),
            number: (shown.sequence != content.sequence).then_some(shown.sequence),
            altered: shown.altered,
        })
    }

    fn record(&self, number: u32) -> Result<&Record<Ledger>, TellError> {
        let record = self.story.records.get(number as usize);
        record.ok_or(nobody("record", number))
    }

    fn session(&self, number: u32) -> Result<String, TellError> {
        let name = self.sessions.get(number as usize).cloned();
        name.ok_or(nobody("session", number))
    }

    fn peer(&self, number: u32) -> Result<String, TellError> {
        let name = self.peers.get(number as usize).cloned();
        name.ok_or(nobody("peer", number))
    }
}

fn handle(number: u32) -> String {
    format!("r{}", number.saturating_add(1))
}

fn nobody(what: &'static str, number: u32) -> TellError {
    TellError::Nobody { what, number }
}
