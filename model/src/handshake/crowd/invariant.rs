//! The invariants, in the crowd: what a commitment can rely on, from ground truth.
//!
//! Authentication is graded as Lowe does (<https://doi.org/10.1109/CSFW.1997.596782>). Where there has
//! to be a run of the peer, the one to look at is that which drew the share that was heard.
//!
//! The premises say which losses take a promise away: that of the peer's long-term secret before it was
//! accepted; for what rests on the session key, that of what either run drew; and, for what rests on the
//! seal, that of the keys that either run seals with. These are the minimal sets of the
//! [lattice](crate::handshake::lattice). The loss of one's own long-term secret, of what other runs drew and
//! of session keys takes nothing away.
//!
//! Never here: a guard. Otherwise the guard table would prove itself.

use super::exchange::Side;
use super::knowledge::LongTerm;
use super::record::Run;
use super::step::best_common;
use super::{Crowd, Scene};
use crate::domain::{Choice as _, Identity as _, Natural as _, Table as _, Truth};
use crate::handshake::promise::{InvariantId, Point};

impl<C: Crowd> Scene<'_, C> {
    /// Where `invariant` says something at these `points` in this world, into which the `commitment` led
    /// if there was one, and what must then be true. Of runs that are not `watched` nothing is asked.
    pub fn judged(
        &self,
        invariant: InvariantId,
        points: &[Point],
        commitment: Option<&(Point, C::Run)>,
        watched: impl Fn(&C::Run) -> C::Bool,
    ) -> (C::Bool, C::Bool) {
        if let Some(kept) = Confidence::of(invariant) {
            let concerns = |run: &C::Run| watched(run).and(&self.relies_on(kept, points, run));
            let nowhere = C::every_run(|run| concerns(run).not());
            let everywhere = C::every_run(|run| concerns(run).implies(&self.keeps(kept, run)));
            return (nowhere.not(), everywhere);
        }
        match commitment {
            Some((point, run)) if points.contains(point) => {
                let (premise, conclusion) = self.commitment(invariant, *point, run);
                (watched(run).and(&premise), conclusion)
            }
            _ => (C::Bool::constant(false), C::Bool::constant(true)),
        }
    }

    fn commitment(&self, invariant: InvariantId, point: Point, run: &C::Run) -> (C::Bool, C::Bool) {
        let me = self.world.runs.at(run);
        let peer = self.world.agents.at(&me.proof.peer);
        let always = C::Bool::constant(true);
        // Once the session key counts, whoever has it can speak for the peer.
        let unexposed = match point {
            Point::Confirmed => me.trusted.and(&self.is_exposed(&me).not()),
            Point::Answered | Point::Finished => me.trusted.clone(),
        };
        match invariant {
            InvariantId::Alive => (me.trusted.clone(), self.alive(run, &me)),
            InvariantId::Mutual => (unexposed, self.mutual(run, &me)),
            InvariantId::Agreed => (unexposed, self.agreed(run, &me, point)),
            InvariantId::Injective => (unexposed, self.injective(run, &me, point)),
            InvariantId::Confirmed => (unexposed, self.accepted_by_peer(run, &me)),
            InvariantId::Private => (always, me.agreed().is_zero().not()),
            InvariantId::Possessed => (peer.hostile, self.knows(&me.agreed(), LongTerm::Held)),
            InvariantId::Negotiated => (always, self.negotiated(&me)),
            InvariantId::Current => (always, self.world.version_floor.at_most(&me.version)),
            InvariantId::Capable => (always, C::suffices(&me.heard.capabilities, &me.me)),
            InvariantId::Intended => (me.begins.clone(), me.proof.peer.same(&me.meant)),
            InvariantId::Entitled => (always, peer.entitled),
            InvariantId::Secret | InvariantId::Forward | InvariantId::Concealed => {
                (C::Bool::constant(false), always)
            }
        }
    }

    /// Whether some other run of the peer of `me`, which is `run`, `holds`.
    fn some_partner(
        &self,
        run: &C::Run,
        me: &Run<C>,
        holds: impl Fn(&C::Run, &Run<C>) -> C::Bool,
    ) -> C::Bool {
        C::some_run(&C::drawer(&me.heard.share), |other| {
            let partner = self.world.runs.at(other);
            C::Bool::all([
                other.same(run).not(),
                partner.me.same(&me.proof.peer),
                holds(other, &partner),
            ])
        })
    }

    fn alive(&self, run: &C::Run, me: &Run<C>) -> C::Bool {
        self.some_partner(run, me, |_, partner| partner.begun.clone())
    }

    fn mutual(&self, run: &C::Run, me: &Run<C>) -> C::Bool {
        self.some_partner(run, me, |_, partner| partner.names(&me.me))
    }

    fn agreed(&self, run: &C::Run, me: &Run<C>, point: Point) -> C::Bool {
        self.some_partner(run, me, |_, partner| self.agrees(me, partner, point))
    }

    fn injective(&self, run: &C::Run, me: &Run<C>, point: Point) -> C::Bool {
        let alone = C::every_run(|twin| {
            let record = self.world.runs.at(twin);
            let alike = C::Bool::all([
                record.me.same(&me.me),
                record.has_come_to(point),
                record.proof.peer.same(&me.proof.peer),
                self.same_data(&record, me, point),
            ]);
            alike.implies(&twin.same(run))
        });
        self.agreed(run, me, point).and(&alone)
    }

    fn accepted_by_peer(&self, run: &C::Run, me: &Run<C>) -> C::Bool {
        self.some_partner(run, me, |_, partner| {
            C::Bool::all([
                partner.is(Side::Responder),
                partner.names(&me.me),
                self.same_data(me, partner, Point::Confirmed),
            ])
        })
    }

    /// Whether `partner` says of itself what `me` relies on at `point`.
    fn agrees(&self, me: &Run<C>, partner: &Run<C>, point: Point) -> C::Bool {
        let says = match point {
            // A responder that has answered does not know yet whom.
            Point::Answered => partner.begun.clone(),
            Point::Finished | Point::Confirmed => partner.names(&me.me),
        };
        C::Bool::all([
            same_truth(&partner.begins, &me.begins).not(),
            says,
            self.same_data(me, partner, point),
        ])
    }

    fn same_data(&self, one: &Run<C>, other: &Run<C>, point: Point) -> C::Bool {
        let terms = self.same_terms(one, other);
        match point {
            Point::Answered => terms,
            Point::Finished | Point::Confirmed => terms.and(&self.same_session(one, other)),
        }
    }

    /// The version is the best that both sides really offer, the suite one that an initiator offers, the
    /// capabilities those that the peer really has. Of a peer that is not honest, what it says is real.
    fn negotiated(&self, me: &Run<C>) -> C::Bool {
        let peer = self.world.agents.at(&me.proof.peer);
        let own = self.own_words(me).offers;
        let theirs = C::Offer::choose(&me.trusted, &peer.offers, &me.heard.offers);
        let initiator = C::Offer::choose(&me.begins, &own, &theirs);
        let responder = C::Offer::choose(&me.begins, &theirs, &own);
        C::Bool::all([
            me.version.same(&best_common::<C>(&initiator, &responder)),
            me.begins.implies(&C::offers(&me.me, &me.suite)),
            me.trusted
                .implies(&me.heard.capabilities.same(&peer.capabilities)),
        ])
    }

    /// Whether `run` has come to one of the `points`, relies on this staying secret, and it was not given
    /// away.
    fn relies_on(&self, kept: Confidence, points: &[Point], run: &C::Run) -> C::Bool {
        let me = self.world.runs.at(run);
        let elsewhere = points.iter().map(|point| me.has_come_to(*point).not());
        let relies = C::Bool::all([
            C::Bool::all(elsewhere).not(),
            me.trusted.clone(),
            self.is_exposed(&me).not(),
        ]);
        match kept {
            Confidence::Key(LongTerm::Held) => C::Bool::all([
                relies,
                self.is_given(&me).not(),
                self.peer_is_lost(&me).not(),
            ]),
            Confidence::Key(LongTerm::All) => relies.and(&self.is_given(&me).not()),
            Confidence::Proof => relies.and(&self.is_unsealed(&me).not()),
        }
    }

    fn keeps(&self, kept: Confidence, run: &C::Run) -> C::Bool {
        let me = self.world.runs.at(run);
        match kept {
            Confidence::Key(long_term) => self.knows(&me.agreed(), long_term).not(),
            Confidence::Proof => self.opens(&me).not(),
        }
    }
}

/// What must stay secret from the commitment on.
#[derive(Clone, Copy)]
enum Confidence {
    /// The session key, from an attacker with these long-term secrets.
    Key(LongTerm),
    /// The proof of an initiator.
    Proof,
}

impl Confidence {
    const fn of(invariant: InvariantId) -> Option<Self> {
        match invariant {
            InvariantId::Secret => Some(Self::Key(LongTerm::Held)),
            InvariantId::Forward => Some(Self::Key(LongTerm::All)),
            InvariantId::Concealed => Some(Self::Proof),
            InvariantId::Alive
            | InvariantId::Mutual
            | InvariantId::Agreed
            | InvariantId::Injective
            | InvariantId::Confirmed
            | InvariantId::Private
            | InvariantId::Possessed
            | InvariantId::Negotiated
            | InvariantId::Current
            | InvariantId::Capable
            | InvariantId::Intended
            | InvariantId::Entitled => None,
        }
    }
}

fn same_truth<B: Truth>(one: &B, other: &B) -> B {
    one.implies(other).and(&other.implies(one))
}
