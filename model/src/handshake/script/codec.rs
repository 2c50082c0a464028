//! Terms of the scripts as recipes, and recipes as terms.
//!
//! The shapes of the flights that runs send are those of [`super::initiator`] and [`super::responder`].

use super::Script;
use super::heard::{Heard, party};
use super::vocabulary::{self, Word, junk, owner_of, principal};
use crate::dolev_yao::expression::{Bindings, Expression, Variable};
use crate::dolev_yao::knowledge::Knowledge;
use crate::dolev_yao::role::{Demand, Step};
use crate::dolev_yao::run::{Deeds, Run};
use crate::dolev_yao::term::{Arena, Sort, Symbol, Term};
use crate::handshake::Handshake;
use crate::handshake::attack::INITIATOR;
use crate::handshake::flight::{Confirmation, Forged, Message, Proof, Share, Signature, Words};
use crate::handshake::guard::{Flight, Rejection};
use crate::rulebook::{Ruleset, judge};

/// What the runs have made of which there is only one each.
#[derive(Clone, Copy)]
struct Made<'a>(&'a Deeds);

impl Made<'_> {
    fn initiates(self) -> bool {
        self.0.run.participant.role == INITIATOR
    }

    fn sent(self, place: usize) -> Option<Term> {
        self.0.sent.get(place).copied()
    }

    fn share(self, arena: &Arena) -> Option<Term> {
        let place = if self.initiates() { 2 } else { 4 };
        self.sent(0).map(|words| arena.argument(words, place))
    }

    fn proof(self, arena: &Arena) -> Option<Term> {
        if self.initiates() {
            self.sent(1)
        } else {
            self.sent(0).map(|answer| arena.argument(answer, 5))
        }
    }

    fn signature(self, arena: &Arena) -> Option<Term> {
        let proof = self.proof(arena)?;
        Some(arena.argument(body_of(arena, proof), 2))
    }

    fn confirmation(self) -> Option<Term> {
        self.sent(1).filter(|_| !self.initiates())
    }
}

/// What a proof says, sealed or not.
fn body_of(arena: &Arena, proof: Term) -> Term {
    match arena.symbol(proof) {
        Symbol::Sealed => arena.argument(proof, 1),
        _ => proof,
    }
}

/// The number of the first run of which `made` is `term`.
fn maker(all: &[&Deeds], term: Term, made: impl Fn(Made<'_>) -> Option<Term>) -> Option<u8> {
    (0..)
        .zip(all)
        .find(|(_, deeds)| made(Made(deeds)) == Some(term))
        .map(|(number, _)| number)
}

impl Script {
    /// The flight that a run waits for which has received `count` of them.
    pub(in crate::handshake) fn awaits(role: u8, count: usize) -> Option<Flight> {
        match (role == INITIATOR, count) {
            (true, 0) => Some(Flight::Answer),
            (true, 1) => Some(Flight::Confirm),
            (false, 0) => Some(Flight::Hello),
            (false, 1) => Some(Flight::Finish),
            _ => None,
        }
    }

    /// What the run must have been delivered as its `flight` to have come to `bindings`.
    pub(in crate::handshake) fn decode(
        &self,
        arena: &mut Arena,
        knowledge: &Knowledge,
        all: &[&Deeds],
        flight: Flight,
        bindings: &Bindings,
    ) -> Message {
        let heard = self.heard;
        let number = |arena: &Arena, word: Word, variable| {
            word.of(arena, bindings.at(variable)).unwrap_or_default()
        };
        let words = Words {
            offers: number(arena, Word::Offer, heard.offers),
            capabilities: number(arena, Word::Capability, heard.capabilities),
            share: share_of(arena, all, bindings.at(heard.share)),
        };
        match flight {
            Flight::Hello => Message::Hello(words),
            Flight::Answer => Message::Answer {
                words,
                version: number(arena, Word::Version, heard.version),
                suite: number(arena, Word::Suite, heard.suite),
                proof: proof_of(arena, knowledge, all, heard, bindings),
            },
            Flight::Finish => Message::Finish(proof_of(arena, knowledge, all, heard, bindings)),
            Flight::Confirm => {
                Message::Confirm(confirmation_of(arena, all, bindings.at(heard.confirmation)))
            }
        }
    }

    /// What the variables of `run` are bound to when `message` is delivered to it; none where the
    /// attacker cannot make it.
    pub(in crate::handshake) fn encode(
        &self,
        arena: &mut Arena,
        knowledge: &mut Knowledge,
        all: &[&Deeds],
        run: &Run,
        message: &Message,
    ) -> Option<Bindings> {
        let heard = self.heard;
        let Some(Step::Receive(demands)) = self.role.steps.get(usize::from(run.at)) else {
            return None;
        };
        let mut bindings = run.bindings;
        let mut delivered = Vec::new();
        if let Message::Hello(words) | Message::Answer { words, .. } = message {
            let share = share_term(arena, all, words.share)?;
            let offers = vocabulary::offer(words.offers);
            let capabilities = vocabulary::capabilities(words.capabilities);
            bindings.bind(heard.offers, constant_term(arena, &offers)?);
            bindings.bind(heard.capabilities, constant_term(arena, &capabilities)?);
            bindings.bind(heard.share, share);
            delivered.push(share);
        }
        if let Message::Answer { version, suite, .. } = message {
            let version = vocabulary::version(*version);
            bindings.bind(heard.version, constant_term(arena, &version)?);
            let suite = vocabulary::suite(*suite);
            bindings.bind(heard.suite, constant_term(arena, &suite)?);
        }
        for demand in demands {
            match demand {
                Demand::Let(variable, value) => {
                    if let Some(value) = value.evaluate(arena, &bindings) {
                        bindings.bind(*variable, value);
                    }
                }
                Demand::Either(_) => {
                    delivered.push(match message {
                        Message::Answer { proof, .. } | Message::Finish(proof) => {
                            self.put_proof(arena, all, demands, *proof, &mut bindings)?
                        }
                        Message::Confirm(confirmation) => {
                            let term =
                                confirmation_term(arena, all, heard, *confirmation, &bindings)?;
                            bindings.bind(heard.confirmation, term);
                            term
                        }
                        Message::Hello(_) => return None,
                    });
                }
                Demand::Part(_)
                | Demand::Check(_)
                | Demand::Opened(..)
                | Demand::Overheard(_)
                | Demand::Derived(_) => {}
            }
        }
        delivered
            .iter()
            .all(|term| knowledge.derives(arena, *term))
            .then_some(bindings)
    }

    /// What the guards say to `flight`, as `bindings` tell it.
    pub(in crate::handshake) fn judge(
        &self,
        arena: &mut Arena,
        rules: Ruleset<Handshake>,
        flight: Flight,
        bindings: &Bindings,
    ) -> Result<(), Rejection> {
        let facts = self.heard.facts(arena, bindings);
        let me = party(arena, bindings);
        for stage in flight.asks() {
            judge(rules, |asked| asked == *stage, &facts, &me)?;
        }
        let proves = matches!(flight, Flight::Answer | Flight::Finish);
        if proves && bindings.at(self.heard.id) == Term::NONE {
            // Nobody can act on a proof that does not say whose it is, whatever the rules.
            return Err(Rejection::ProofDoesNotOpen);
        }
        Ok(())
    }

    /// Binds what the receiver reads in `proof`; gives the proof.
    fn put_proof(
        &self,
        arena: &mut Arena,
        all: &[&Deeds],
        demands: &[Demand],
        proof: Proof,
        bindings: &mut Bindings,
    ) -> Option<Term> {
        let heard = self.heard;
        let sealing_key = bindings.at(heard.sealing_key);
        let term = match proof {
            Proof::Run(number) => Made(all.get(usize::from(number))?).proof(arena)?,
            Proof::Forged(Forged {
                id,
                key,
                signature,
                sealed,
                bound,
            }) => {
                let secret = arena.name(Sort::LongTerm, key);
                let named = [
                    arena.name(Sort::Agent, id),
                    arena.term(Symbol::Public, &[secret]),
                ];
                let [id, key] = named;
                bindings.bind(heard.id, id);
                bindings.bind(heard.key, key);
                let valid = |arena: &mut Arena, variable| {
                    definition(demands, variable)?.evaluate(arena, bindings)
                };
                let nothing = constant_term(arena, &junk())?;
                let signature = match signature {
                    Signature::Made => valid(arena, heard.valid_signature)?,
                    Signature::Of(number) => {
                        Made(all.get(usize::from(number))?).signature(arena)?
                    }
                    Signature::Junk => nothing,
                };
                let mac = if bound {
                    valid(arena, heard.valid_mac)?
                } else {
                    nothing
                };
                let body = arena.term(Symbol::Tuple, &[id, key, signature, mac]);
                if sealed {
                    arena.term(Symbol::Sealed, &[sealing_key, body])
                } else {
                    body
                }
            }
        };
        bindings.bind(heard.proof, term);
        let readable = match arena.symbol(term) {
            Symbol::Sealed => arena.argument(term, 0) == sealing_key,
            symbol => symbol == Symbol::Tuple,
        };
        let body = body_of(arena, term);
        for (place, variable) in [heard.id, heard.key, heard.signature, heard.mac]
            .into_iter()
            .enumerate()
        {
            let read = if readable {
                arena.argument(body, place)
            } else {
                Term::NONE
            };
            bindings.bind(variable, read);
        }
        Some(term)
    }
}

/// How `variable` is computed.
fn definition(demands: &[Demand], variable: Variable) -> Option<&Expression> {
    demands.iter().find_map(|demand| match demand {
        Demand::Let(bound, value) if *bound == variable => Some(value),
        _ => None,
    })
}

fn constant_term(arena: &mut Arena, constant: &Expression) -> Option<Term> {
    constant.evaluate(arena, &Bindings::EMPTY)
}

fn share_of(arena: &Arena, all: &[&Deeds], term: Term) -> Share {
    if arena.symbol(term) == Symbol::LowOrderShare {
        return Share::LowOrder;
    }
    maker(all, term, |made| made.share(arena)).map_or(Share::Own, Share::Run)
}

fn share_term(arena: &mut Arena, all: &[&Deeds], share: Share) -> Option<Term> {
    match share {
        Share::Run(number) => Made(all.get(usize::from(number))?).share(arena),
        Share::Own => {
            let exponent = arena.name(Sort::Exponent, vocabulary::MALLORY);
            Some(arena.term(Symbol::Share, &[exponent]))
        }
        Share::LowOrder => Some(arena.term(Symbol::LowOrderShare, &[])),
    }
}

fn proof_of(
    arena: &mut Arena,
    knowledge: &Knowledge,
    all: &[&Deeds],
    heard: Heard,
    bindings: &Bindings,
) -> Proof {
    let proof = bindings.at(heard.proof);
    if let Some(number) = maker(all, proof, |made| made.proof(arena)) {
        return Proof::Run(number);
    }
    let signature = bindings.at(heard.signature);
    let secret = arena.argument(signature, 0);
    let signature = match maker(all, signature, |made| made.signature(arena)) {
        _ if knowledge.knows(secret) => Signature::Made,
        Some(number) => Signature::Of(number),
        None => Signature::Junk,
    };
    Proof::Forged(Forged {
        id: principal(arena, bindings.at(heard.id)).unwrap_or_default(),
        key: owner_of(arena, bindings.at(heard.key)).unwrap_or_default(),
        signature,
        sealed: arena.symbol(proof) == Symbol::Sealed,
        bound: bindings.at(heard.mac) == bindings.at(heard.valid_mac),
    })
}

fn confirmation_of(arena: &Arena, all: &[&Deeds], term: Term) -> Confirmation {
    let confirmation = |made: Made<'_>| made.confirmation();
    match maker(all, term, confirmation) {
        Some(number) => Confirmation::Run(number),
        None if arena.symbol(term) == Symbol::Mac => Confirmation::Made,
        None => Confirmation::Junk,
    }
}

fn confirmation_term(
    arena: &mut Arena,
    all: &[&Deeds],
    heard: Heard,
    confirmation: Confirmation,
    bindings: &Bindings,
) -> Option<Term> {
    match confirmation {
        Confirmation::Run(number) => Made(all.get(usize::from(number))?).confirmation(),
        Confirmation::Made => Some(bindings.at(heard.valid_confirmation)),
        Confirmation::Junk => constant_term(arena, &junk()),
    }
}
