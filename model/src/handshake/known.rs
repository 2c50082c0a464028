//! What the attacker of a performance has learnt, in words.

use super::performance::Performance;
use super::script::{MALLORY, Purpose};
use crate::dolev_yao::run::drawn_by;
use crate::dolev_yao::term::{Arena, Sort, Symbol, Term};

/// How principals and runs are called.
#[derive(Clone, Copy, Debug)]
pub struct Calling {
    /// The principal with this number.
    pub principal: fn(u8) -> &'static str,
    /// The run in this slot.
    pub run: fn(u8) -> String,
}

impl Performance {
    /// Everything that the attacker has learnt by now, part by part and in order, but for what everybody
    /// knows and what is its own. Terms are equal throughout a performance where they stand for the same.
    pub fn learnt(&self, calling: Calling) -> Vec<(Term, String)> {
        self.attacked
            .look_at(&self.state(), |arena, _, knowledge, _| {
                let terms = knowledge.terms().iter();
                let told = terms.filter_map(|term| Some((*term, words(arena, *term, calling)?)));
                told.collect()
            })
    }
}

/// A term in words; nothing for what everybody knows, what is the attacker's own, and tuples, whose parts
/// are learnt too.
fn words(arena: &Arena, term: Term, calling: Calling) -> Option<String> {
    let part = |place| arena.argument(term, place);
    let owner = |secret| holder(arena, secret, calling);
    match arena.symbol(term) {
        Symbol::Name(Sort::LongTerm, number) => {
            (number != MALLORY).then(|| format!("long-term key of {}", (calling.principal)(number)))
        }
        Symbol::Name(Sort::Exponent, number) => {
            let slot = drawn_by(number)?;
            Some(format!("ephemeral key of {}", (calling.run)(slot)))
        }
        Symbol::Share => {
            let own = Symbol::Name(Sort::Exponent, MALLORY);
            let is_own = arena.symbol(part(0)) == own;
            (!is_own).then(|| format!("share of {}", owner(part(0))))
        }
        Symbol::Shared => Some(format!(
            "shared secret of {} and {}",
            owner(part(0)),
            owner(part(1))
        )),
        Symbol::Sealed | Symbol::SealedTwice => {
            let faces = arena.faces(term).into_iter();
            let provers = faces.map(|[_, plain]| named(arena, arena.argument(plain, 0), calling));
            let provers: Vec<&str> = provers.collect();
            Some(format!("sealed proof of {}", provers.join(" or of ")))
        }
        Symbol::Signature => Some(format!("signature of {}", owner(part(0)))),
        Symbol::Mac => match arena.symbol(part(1)) {
            Symbol::Tuple => {
                let prover = arena.argument(part(1), 0);
                let prover = named(arena, prover, calling);
                Some(format!("MAC over the identity of {prover}"))
            }
            _ => Some("confirmation".to_owned()),
        },
        Symbol::Derived(purpose) => Some(Purpose::words(purpose).to_owned()),
        Symbol::Name(Sort::Agent | Sort::Key | Sort::Nonce | Sort::Constant, _)
        | Symbol::Tuple
        | Symbol::Public
        | Symbol::NoSecret
        | Symbol::LowOrderShare
        | Symbol::Zero
        | Symbol::Encrypted
        | Symbol::Hash => None,
    }
}

/// Whose a secret is.
fn holder(arena: &Arena, secret: Term, calling: Calling) -> String {
    match arena.symbol(secret) {
        Symbol::Name(Sort::Exponent, number) => drawn_by(number).map_or_else(
            || (calling.principal)(MALLORY).to_owned(),
            |slot| (calling.run)(slot),
        ),
        Symbol::Name(_, number) => (calling.principal)(number).to_owned(),
        _ => "nobody".to_owned(),
    }
}

/// The principal that a term names.
fn named(arena: &Arena, term: Term, calling: Calling) -> &'static str {
    match arena.symbol(term) {
        Symbol::Name(Sort::Agent, number) => (calling.principal)(number),
        _ => "nobody",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dolev_yao::reveal::Reveals;
    use crate::dolev_yao::run::Participant;
    use crate::handshake::Handshake;
    use crate::handshake::attack::{INITIATOR, RESPONDER};
    use crate::handshake::flight::{Message, Share, Words};
    use crate::handshake::script::{ALICE, BOB};
    use crate::rulebook::{Ruleset, Weakening};

    fn performed(rules: Ruleset<Handshake>) -> Vec<String> {
        let run = |role, me, peer| Participant { role, me, peer };
        let both = vec![run(INITIATOR, ALICE, Some(BOB)), run(RESPONDER, BOB, None)];
        let mut performance = Performance::new(rules, both, Reveals::NONE);
        let hello = Message::Hello(Words {
            offers: 0b111,
            capabilities: 2,
            share: Share::Run(0),
        });
        performance.deliver(1, &hello);
        let calling = Calling {
            principal: |number| ["alice", "bob", "mallory", "carol"][usize::from(number)],
            run: |slot| format!("r{slot}"),
        };
        let learnt = performance.learnt(calling).into_iter();
        learnt.map(|(_, words)| words).collect()
    }

    #[test]
    fn an_answer_gives_away_a_share_and_a_proof_that_stays_sealed() {
        let hardened = ["long-term key of carol", "share of r0", "share of r1"];
        let sealed = [hardened.as_slice(), &["sealed proof of bob"]].concat();
        assert_eq!(performed(Ruleset::HARDENED), sealed);
        let row = Weakening::<Handshake>::of_name("signs-shares-in-the-clear");
        let bare = [hardened.as_slice(), &["signature of bob"]].concat();
        assert_eq!(performed(row.expect("a row").rules()), bare);
    }
}
