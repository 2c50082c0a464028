//! The words of handshake traces for what the model numbers: principals, versions, capabilities.

use countersign_model::handshake::script::{
    ALICE, BOB, CAROL, EVERY_CAPABILITY, HONEST, MALLORY, OTHER_SUITE, SUITE,
};

/// The principals: two honest ones, the attacker, and one whose key was revoked because the attacker
/// has it.
pub const PRINCIPALS: [&str; 4] = ["alice", "bob", "mallory", "carol"];
/// The attacker.
pub const MALLORY_NAME: &str = "mallory";
/// The versions, the newest last.
pub const VERSIONS: [&str; 3] = ["1.0", "2.0", "3.0"];
/// A version that nobody honest speaks: what is offered where no other is.
pub const UNHEARD_OF: &str = "9.0";
/// What can be required of a peer, and what it can do besides.
pub const CAPABILITIES: [&str; 2] = ["report", "summarise"];
/// The suite that the honest offer, and another.
pub const SUITES: [&str; 2] = ["x25519-chacha20poly1305-sha256", "x25519-aes256gcm-sha384"];

const _: () = assert!(ALICE == 0 && BOB == 1 && MALLORY == 2 && CAROL == 3);
const _: () = assert!(SUITE == 0 && OTHER_SUITE == 1);
const _: () = assert!(EVERY_CAPABILITY as usize == CAPABILITIES.len());

/// The name of a principal.
pub fn principal(number: u8) -> &'static str {
    PRINCIPALS
        .get(usize::from(number))
        .copied()
        .unwrap_or("nobody")
}

/// The number of a principal.
pub fn principal_number(name: &str) -> Option<u8> {
    place(&PRINCIPALS, name)
}

/// Whether a principal keeps to the protocol.
pub fn is_honest(name: &str) -> bool {
    principal_number(name).is_some_and(|number| number < HONEST)
}

/// The name of a version, of which the first has number 1.
pub fn version(number: u8) -> &'static str {
    let place = usize::from(number).checked_sub(1);
    place
        .and_then(|place| VERSIONS.get(place))
        .copied()
        .unwrap_or(UNHEARD_OF)
}

/// The number of a version.
pub fn version_number(name: &str) -> Option<u8> {
    place(&VERSIONS, name).map(|place| place + 1)
}

/// What is offered, the newest version first: bit `v - 1` for version `v`.
pub fn offers(set: u8) -> Vec<String> {
    let offered = (1..)
        .zip(VERSIONS)
        .filter(|(number, _)| set & (1 << (number - 1)) != 0);
    let mut names: Vec<String> = offered.map(|(_, name)| name.to_owned()).collect();
    names.reverse();
    if names.is_empty() {
        names.push(UNHEARD_OF.to_owned());
    }
    names
}

/// The set that is offered; none where the list is not as [`offers`] gives it.
pub fn offers_set(names: &[String]) -> Option<u8> {
    let numbers = names.iter().filter_map(|name| version_number(name));
    let set = numbers.fold(0, |set, number| set | 1 << (number - 1));
    (offers(set) == names).then_some(set)
}

/// What somebody with this level of capabilities can do.
pub fn capabilities(level: u8) -> Vec<String> {
    let some = CAPABILITIES.iter().take(usize::from(level));
    some.map(|name| (*name).to_owned()).collect()
}

/// The level; none where the list is not as [`capabilities`] gives it.
pub fn capabilities_level(names: &[String]) -> Option<u8> {
    let level = u8::try_from(names.len()).ok()?;
    (capabilities(level) == names).then_some(level)
}

/// The name of a suite.
pub fn suite(number: u8) -> &'static str {
    SUITES
        .get(usize::from(number))
        .copied()
        .unwrap_or("unknown")
}

/// The number of a suite.
pub fn suite_number(name: &str) -> Option<u8> {
    place(&SUITES, name)
}

fn place(names: &[&str], name: &str) -> Option<u8> {
    let place = names.iter().position(|one| *one == name)?;
    u8::try_from(place).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_numbers_turn_into_each_other() {
        for set in 0..8 {
            assert_eq!(offers_set(&offers(set)), Some(set));
        }
        assert_eq!(offers(0b101), ["3.0", "1.0"]);
        assert_eq!(offers_set(&["1.0".to_owned(), "3.0".to_owned()]), None);
        assert_eq!(offers_set(&[]), None, "a list has an element");
        for level in 0..=EVERY_CAPABILITY {
            assert_eq!(capabilities_level(&capabilities(level)), Some(level));
        }
        for number in 1..=3 {
            assert_eq!(version_number(version(number)), Some(number));
        }
        assert_eq!(version(0), UNHEARD_OF);
    }
}
