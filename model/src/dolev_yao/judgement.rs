//! Judging what runs claim in a state: which premises are met, and which claims are wrong.

use super::claim::{self, Commitment};
use super::expression::Bindings;
use super::knowledge::Knowledge;
use super::level::Level;
use super::protocol::Protocol;
use super::reveal::Reveals;
use super::run::{Deeds, Said};
use super::term::{Arena, Sort, Symbol, Term};

/// A judgement, in the making.
pub(super) struct Judgement<'a> {
    pub(super) protocol: &'a Protocol,
    pub(super) reveals: Reveals,
    /// What every run has done.
    pub(super) all: &'a [&'a Deeds],
    pub(super) arena: &'a mut Arena,
    /// What the attacker knows.
    pub(super) knowledge: &'a mut Knowledge,
    /// What somebody knows who only listens; whatever it is, it is forgotten.
    pub(super) observer: &'a mut Knowledge,
    /// The premises that are met, as bits.
    pub(super) premises: u64,
    /// The claims that are wrong, as bits.
    pub(super) violations: u64,
}

/// Something that the attacker should not know.
#[derive(Clone, Copy)]
struct Confidence {
    point: u8,
    /// [`Level::Secret`], which tells of [`Level::Forward`] too, or [`Level::Concealed`].
    level: Level,
    term: Term,
}

impl Judgement<'_> {
    /// Judges what the run in `slot` committed itself to, from the `first` thing that it said on.
    pub(super) fn of_commitments(&mut self, slot: usize, first: usize) {
        let Some(deeds) = self.all.get(slot).filter(|_| self.is_watched(slot)) else {
            return;
        };
        let (premises, violations) = deeds.claims(first);
        self.premises |= premises;
        self.violations |= violations;
        for commitment in deeds.commitments(first) {
            let honest = self.is_honest(commitment.peer);
            if honest {
                self.premises |= claim::authentication(commitment.point);
                self.violations |= claim::unauthenticated(self.all, slot, &commitment);
            }
            if commitment.has_secret() {
                self.of_possession(&commitment, honest);
            }
        }
    }

    /// Judges whether those have the secret of `commitment` who should, and only they.
    fn of_possession(&mut self, commitment: &Commitment, honest: bool) {
        let public = self.is_public(commitment.secret);
        self.note(Level::Private.bit(commitment.point), public);
        if !honest {
            let possessed = self.knowledge.derives(self.arena, commitment.secret);
            self.note(Level::Possessed.bit(commitment.point), !possessed);
        }
    }

    /// Judges whether the run in `slot` has, from the `first` thing that it said on, committed itself to
    /// a secret that another run shares with somebody else. Either of the two may be mistaken.
    pub(super) fn of_sharing(&mut self, slot: usize, first: usize) {
        let all = self.all;
        let Some(own) = all.get(slot) else {
            return;
        };
        let others = || (0..).zip(all).filter(|(other, _)| *other != slot);
        for ours in own.commitments(first).filter(Commitment::has_secret) {
            for (other, deeds) in others() {
                for theirs in deeds.commitments(0).filter(|it| it.secret == ours.secret) {
                    let (here, there) = ((own.me, ours.peer), (deeds.me, theirs.peer));
                    let mistaken = here != there && here != (there.1, there.0);
                    for (slot, commitment) in [(slot, ours), (other, theirs)] {
                        if self.is_watched(slot) && self.is_honest(commitment.peer) {
                            self.note(Level::Exclusive.bit(commitment.point), mistaken);
                        }
                    }
                }
            }
        }
    }

    /// Judges what should be unknown to the attacker by now, whoever committed itself when.
    pub(super) fn of_secrets(&mut self) {
        let kept = self.confidences();
        if kept.is_empty() {
            return;
        }
        for one in &kept {
            let known = self.knowledge.derives(self.arena, one.term);
            self.note(one.level.bit(one.point), known);
        }
        let now = self.knowledge.mark();
        for agent in 0..self.protocol.honest {
            let secret = self.arena.name(Sort::LongTerm, agent);
            self.knowledge.learn(self.arena, secret);
        }
        for one in kept.iter().filter(|it| it.level == Level::Secret) {
            let known = self.knowledge.derives(self.arena, one.term);
            self.note(Level::Forward.bit(one.point), known);
        }
        self.knowledge.return_to(now);
    }

    /// What is watched, should be unknown to the attacker, and was not given to it.
    fn confidences(&self) -> Vec<Confidence> {
        let runs = self.all.iter().enumerate();
        runs.filter(|(slot, _)| self.is_watched(*slot))
            .flat_map(|(slot, deeds)| deeds.said.iter().map(move |said| (slot, said)))
            .filter_map(|(slot, said)| match *said {
                Said::Commit {
                    point,
                    peer,
                    secret,
                    ..
                } if secret != Term::NONE && !self.is_given(slot, secret) => {
                    Some((peer, point, Level::Secret, secret))
                }
                Said::Hidden { point, peer, term } => Some((peer, point, Level::Concealed, term)),
                Said::Commit { .. } | Said::Running { .. } | Said::Claim { .. } => None,
            })
            .filter(|(peer, ..)| self.is_honest(*peer))
            .map(|(_, point, level, term)| Confidence { point, level, term })
            .collect()
    }

    /// Whether it is told what the run in `slot` relies on: with reveals only of the first.
    fn is_watched(&self, slot: usize) -> bool {
        slot == 0 || self.reveals == Reveals::NONE
    }

    /// Whether the attacker is given `secret` by a reveal of another run than the one in `slot`.
    fn is_given(&self, slot: usize, secret: Term) -> bool {
        self.all.iter().enumerate().any(|(other, deeds)| {
            other != slot
                && self.reveals.of_run(other).1
                && deeds.commitments(0).any(|it| it.secret == secret)
        })
    }

    fn is_honest(&self, agent: Term) -> bool {
        match self.arena.symbol(agent) {
            Symbol::Name(Sort::Agent, number) => number < self.protocol.honest,
            _ => false,
        }
    }

    /// Whether `secret` follows from nothing but the messages.
    fn is_public(&mut self, secret: Term) -> bool {
        self.observer.clear();
        for known in &self.protocol.public {
            if let Some(term) = known.evaluate(self.arena, &Bindings::EMPTY) {
                self.observer.learn(self.arena, term);
            }
        }
        for deeds in self.all {
            for message in deeds.sent.iter().chain(&deeds.heard) {
                self.observer.learn(self.arena, *message);
            }
        }
        self.observer.derives(self.arena, secret)
    }

    fn note(&mut self, bit: u64, violated: bool) {
        self.premises |= bit;
        if violated {
            self.violations |= bit;
        }
    }
}

#[cfg(test)]
mod tests;
