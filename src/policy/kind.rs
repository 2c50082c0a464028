//! Which kinds of message rules decide, and in which place of a set of types each stands.

use countersign_model::bus::tiering::Types;

use crate::envelope::{Kind, Presence};

/// The kinds that a rule can name, in the order of the protocol: those that ask something of their
/// recipient or tell it something, and so may need a capability. Answers need no rule.
pub fn kinds() -> impl Iterator<Item = Kind> {
    let named = |kind: &Kind| kind.rule().capability == Presence::Optional;
    Kind::ALL.iter().copied().filter(named)
}

/// The kind in this place of a set of types.
pub fn kind_in(place: u8) -> Option<Kind> {
    kinds().nth(usize::from(place))
}

/// The set of this one kind; none if no rule can name it.
pub fn types_of(kind: Kind) -> Types {
    let place = kinds().position(|other| other == kind);
    let place = place.and_then(|place| u8::try_from(place).ok());
    place.map_or(Types::NONE, Types::one)
}

/// Every type that a rule can name.
pub fn every_type() -> Types {
    kinds().fold(Types::NONE, |types, kind| types.with(types_of(kind)))
}

/// Those that are answered: whoever receives one may write to its sender without a rule.
pub fn answered() -> Types {
    every_type().without(types_of(Kind::Notify))
}

/// The names of these types, in the order of the protocol.
pub fn names(types: Types) -> Vec<&'static str> {
    types
        .places()
        .filter_map(kind_in)
        .map(Kind::as_str)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_name_four_kinds_of_which_three_are_answered() {
        assert_eq!(names(every_type()), ["task", "ask", "delegate", "notify"]);
        assert_eq!(names(answered()), ["task", "ask", "delegate"]);
        assert_eq!(types_of(Kind::Reply), Types::NONE);
        for kind in kinds() {
            let places: Vec<u8> = types_of(kind).places().collect();
            assert_eq!(places.len(), 1);
            assert_eq!(kind_in(places[0]), Some(kind));
        }
    }
}
