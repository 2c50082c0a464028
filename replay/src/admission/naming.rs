//! Names for the individuals of a story, which are numbers there.
//!
//! The receiver is `bob`, the attacker `mallory`, everybody else `alice`, `carol` and so on; `alice-2` is
//! the second key of alice, `unlisted-1` a key that no registry ever lists.

use std::collections::{BTreeMap, BTreeSet};

use countersign_model::admission::message as model;
use countersign_model::admission::step::Action as Move;
use countersign_model::admission::story::Story;
use countersign_model::domain::{Ledger, Universe as _};

use super::action::{Action, Defect, Message, Presented};
use super::cast::{ANYONE, KINDS, nonce_name};
use super::roll::{Key, Principal, Roll};
use crate::tell_error::TellError;
use crate::trace::Until;

/// Honest principals besides the receiver, in the order in which they are named.
const HONEST: &[&str] = &["alice", "carol", "dave", "erin", "frank", "grace", "heidi"];

/// What the individuals of a story are called.
pub(crate) struct Naming {
    principals: Vec<String>,
    /// Names of the keys that take part; others are left out.
    keys: BTreeMap<u32, String>,
}

impl Naming {
    pub(crate) fn of(story: &Story) -> Self {
        let mut honest = HONEST.iter().map(|name| (*name).to_owned());
        let mut hostile = 0;
        let mut principals = Vec::new();
        for (number, is_hostile) in (0u32..).zip(&story.hostile) {
            let name = if *is_hostile {
                hostile += 1;
                (hostile == 1).then_some("mallory".to_owned())
            } else if number == story.setting.me {
                Some("bob".to_owned())
            } else {
                honest.next()
            };
            principals.push(name.unwrap_or_else(|| format!("principal-{number}")));
        }
        let used = used_keys(story);
        let successors: BTreeSet<u32> = story
            .actions
            .iter()
            .filter_map(|next| match next {
                Move::Rotate(_, new) => Some(*new),
                _ => None,
            })
            .collect();
        let mut counts: BTreeMap<String, u32> = BTreeMap::new();
        let mut keys = BTreeMap::new();
        for (number, key) in (0u32..).zip(&story.keys) {
            let owner = principals.get(key.owner as usize);
            let Some(owner) = owner.filter(|_| key.listed || used.contains(&number)) else {
                continue;
            };
            let listable = key.listed || successors.contains(&number);
            let stem = if listable { owner.as_str() } else { "unlisted" };
            let count = counts.entry(stem.to_owned()).or_default();
            *count += 1;
            keys.insert(number, format!("{stem}-{count}"));
        }
        Self { principals, keys }
    }

    pub(crate) fn principal(&self, number: u32) -> Result<&str, TellError> {
        let name = self.principals.get(number as usize);
        name.map(String::as_str).ok_or(TellError::Nobody {
            what: "principal",
            number,
        })
    }

    fn key(&self, number: u32) -> Result<String, TellError> {
        let name = self.keys.get(&number);
        name.cloned().ok_or(TellError::Nobody {
            what: "key",
            number,
        })
    }

    pub(crate) fn roll(&self, story: &Story) -> Result<Roll, TellError> {
        let mut roll = Roll::default();
        for (name, hostile) in self.principals.iter().zip(&story.hostile) {
            roll.principals.push(Principal {
                name: name.clone(),
                hostile: *hostile,
            });
        }
        for (number, key) in (0u32..).zip(&story.keys) {
            let Some(name) = self.keys.get(&number) else {
                continue;
            };
            roll.keys.push(Key {
                name: name.clone(),
                owner: self.principal(key.owner)?.to_owned(),
                listed: key.listed,
                not_before: key.not_before,
                not_after: Until(key.not_after),
                revoked: key.revoked,
                compromised: key.compromised,
            });
        }
        Ok(roll)
    }

    pub(crate) fn action(
        &self,
        story: &Story,
        next: &Move<Ledger>,
        introduced: &mut BTreeMap<u32, String>,
    ) -> Result<Action, TellError> {
        Ok(match next {
            Move::Send(number) => Action::Send {
                message: self.message(story, *number, introduced)?,
            },
            Move::Deliver(number, shown) => self.delivery(story, *number, shown, 1, introduced)?,
            Move::DeliverTwice(number, shown) => {
                self.delivery(story, *number, shown, 2, introduced)?
            }
            Move::Advance(to) => Action::Advance { to: *to },
            Move::SetBack(to) => Action::SetBack { to: *to },
            Move::Forget(agent, nonce) => Action::Forget {
                sender: if *agent == Ledger::anyone() {
                    ANYONE.to_owned()
                } else {
                    self.principal(*agent)?.to_owned()
                },
                nonce: nonce_name(*nonce),
            },
            Move::Restart => Action::Restart,
            Move::FailOver => Action::FailOver,
            Move::Compromise(key) => Action::Compromise {
                key: self.key(*key)?,
            },
            Move::Rotate(old, new) => Action::Rotate {
                old: self.key(*old)?,
                new: self.key(*new)?,
            },
            Move::Revoke(key) => Action::Revoke {
                key: self.key(*key)?,
            },
            Move::Retire(agent) => Action::Retire {
                agent: self.principal(*agent)?.to_owned(),
            },
        })
    }

    fn delivery(
        &self,
        story: &Story,
        number: u32,
        shown: &model::Presented<Ledger>,
        copies: u32,
        introduced: &mut BTreeMap<u32, String>,
    ) -> Result<Action, TellError> {
        let content = content(story, number)?;
        let presented = Presented {
            to: (shown.to != content.to)
                .then(|| self.principal(shown.to).map(str::to_owned))
                .transpose()?,
            nonce: (shown.nonce != content.nonce).then(|| nonce_name(shown.nonce)),
            kind: (shown.kind != content.kind)
                .then(|| kind_name(shown.kind))
                .transpose()?,
            respelled: shown.respelled,
            altered: shown.altered,
        };
        Ok(match introduced.get(&number) {
            Some(handle) => Action::Deliver {
                message: handle.clone(),
                presented,
                copies,
            },
            None => Action::Inject {
                message: self.message(story, number, introduced)?,
                presented,
                copies,
                times: 1,
            },
        })
    }

    /// The message in full, which from here on goes by its handle.
    fn message(
        &self,
        story: &Story,
        number: u32,
        introduced: &mut BTreeMap<u32, String>,
    ) -> Result<Message, TellError> {
        let content = content(story, number)?;
        let handle = format!("m{}", introduced.len() + 1);
        introduced.insert(number, handle.clone());
        let flaws = [
            (content.size_bounded, Defect::TooLarge),
            (content.well_formed, Defect::Malformed),
            (content.canonical, Defect::NotCanonical),
            (content.version_supported, Defect::UnsupportedVersion),
            (content.schema_valid, Defect::SchemaMismatch),
            (content.session_known, Defect::UnknownSession),
        ];
        let defects = flaws.into_iter().filter(|(flawless, _)| !flawless);
        Ok(Message {
            handle,
            author: self.principal(content.author)?.to_owned(),
            from: self.principal(content.from)?.to_owned(),
            inner_from: self.principal(content.inner_from)?.to_owned(),
            to: self.principal(content.to)?.to_owned(),
            nonce: nonce_name(content.nonce),
            kind: kind_name(content.kind)?,
            issued_at: content.issued_at,
            timed: content.timed,
            expires_at: Until(content.expires_at),
            key: self.key(content.key)?,
            signed: content.signed,
            intricate: content.intricate,
            defects: defects.map(|(_, defect)| defect).collect(),
        })
    }
}

/// The keys that some message or step names.
fn used_keys(story: &Story) -> BTreeSet<u32> {
    let named = story.messages.iter().map(|message| message.key);
    let mut used: BTreeSet<u32> = named.collect();
    for next in &story.actions {
        match next {
            Move::Compromise(key) | Move::Revoke(key) => used.extend([*key]),
            Move::Rotate(old, new) => used.extend([*old, *new]),
            Move::Send(_)
            | Move::Deliver(..)
            | Move::DeliverTwice(..)
            | Move::Advance(_)
            | Move::SetBack(_)
            | Move::Forget(..)
            | Move::Restart
            | Move::FailOver
            | Move::Retire(_) => {}
        }
    }
    used
}

fn content(story: &Story, number: u32) -> Result<&model::Message<Ledger>, TellError> {
    let content = story.messages.get(number as usize);
    content.ok_or(TellError::Nobody {
        what: "message",
        number,
    })
}

fn kind_name(number: u32) -> Result<String, TellError> {
    let name = KINDS.get(number as usize);
    name.map(|name| (*name).to_owned())
        .ok_or(TellError::Nobody {
            what: "message type",
            number,
        })
}
