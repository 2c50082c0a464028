//! What a run of the handshake claims besides authentication and secrecy.

use super::heard::Heard;
use super::vocabulary::{
    CAROL, EVERY_CAPABILITY, EVERY_VERSION, HONEST, REQUIRED_CAPABILITY, SUITE, VERSION_FLOOR,
    Word, best_version, principal,
};
use crate::dolev_yao::expression::Bindings;
use crate::dolev_yao::role::{Check, Event, PEER, Step};
use crate::dolev_yao::term::{Arena, Term};
use crate::handshake::promise::InvariantId;
use crate::rulebook::Row as _;

/// What a run claims at `point`, as steps of its script. Only an initiator meant somebody.
pub(super) fn claims(heard: Heard, point: u8, initiator: bool) -> Vec<Step> {
    let mut claims = vec![
        (
            InvariantId::Negotiated,
            Check::new(move |arena, it| negotiated(arena, it, heard)),
        ),
        (
            InvariantId::Current,
            Check::new(move |arena, it| {
                Word::Version.of(arena, it.at(heard.version)) >= Some(VERSION_FLOOR)
            }),
        ),
        (
            InvariantId::Capable,
            Check::new(move |arena, it| {
                Word::Capability.of(arena, it.at(heard.capabilities)) >= Some(REQUIRED_CAPABILITY)
            }),
        ),
        (
            InvariantId::Entitled,
            Check::new(move |arena, it| principal(arena, it.at(heard.id)) != Some(CAROL)),
        ),
    ];
    if initiator {
        let meant = Check::new(move |_, it: &Bindings| it.at(heard.id) == it.at(PEER));
        claims.push((InvariantId::Intended, meant));
    }
    let claim = |(id, holds): (InvariantId, Check)| {
        Step::Say(Event::Claim {
            point,
            level: id.place(),
            premise: Check::new(|_, _| true),
            holds,
        })
    };
    claims.into_iter().map(claim).collect()
}

/// The version is the best that both sides really offer, the suite one that the receiver offers, the
/// capabilities those that the peer really has.
fn negotiated(arena: &mut Arena, bindings: &Bindings, heard: Heard) -> bool {
    let word = |word: Word, term: Term| word.of(arena, term);
    let honest = principal(arena, bindings.at(heard.id)).is_some_and(|peer| peer < HONEST);
    // What an honest principal really offers and has, the script says; of others, what they say.
    let (offered, has) = if honest {
        (Some(EVERY_VERSION), Some(EVERY_CAPABILITY))
    } else {
        (
            word(Word::Offer, bindings.at(heard.offers)),
            word(Word::Capability, bindings.at(heard.capabilities)),
        )
    };
    word(Word::Version, bindings.at(heard.version)) == offered.map(best_version)
        && word(Word::Suite, bindings.at(heard.suite)) == Some(SUITE)
        && word(Word::Capability, bindings.at(heard.capabilities)) == has
}

#[cfg(test)]
mod tests {
    use super::{Event, Heard, InvariantId, Step, claims};
    use crate::dolev_yao::role::Role;
    use crate::rulebook::Row as _;

    #[test]
    fn only_an_initiator_claims_that_it_reached_whom_it_meant() {
        let heard = Heard::new(&mut Role::new("claimant"));
        let intended = InvariantId::Intended.place();
        for initiator in [false, true] {
            let claims = claims(heard, 0, initiator);
            let claimed = claims.iter().any(
                |step| matches!(step, Step::Say(Event::Claim { level, .. }) if *level == intended),
            );
            assert_eq!(claimed, initiator);
        }
    }
}
