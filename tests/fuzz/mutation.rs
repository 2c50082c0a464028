//! Texts that are nearly right: mutated ones, and soups of what readers trip over.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;

/// One change to a text.
#[derive(Clone, Debug)]
pub(crate) enum Mutation {
    Overwrite(Index, u8),
    Insert(Index, Vec<u8>),
    Remove(Index, usize),
    Repeat(Index, usize),
    Truncate(Index),
}

/// What a reader might trip over, in any place.
const TOKENS: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\"",
    "\\",
    "\\u0000",
    "\\ud800",
    " ",
    "\n",
    "null",
    "true",
    "-0",
    "1e999",
    "0.1",
    "9007199254740993",
    "\"to\":",
    "\"signature\":\"\",",
    "{\"a\":",
    "[[[[[[[[",
    "\u{e9}",
    "\u{feff}",
    "\0",
    "\u{ffff}",
];

/// Any one change.
pub(crate) fn mutation() -> impl Strategy<Value = Mutation> {
    let token = prop_oneof![
        3 => prop::sample::select(TOKENS).prop_map(|token| token.as_bytes().to_vec()),
        1 => vec(any::<u8>(), 1..4),
    ];
    prop_oneof![
        4 => (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Mutation::Overwrite(at, byte)),
        4 => (any::<Index>(), token).prop_map(|(at, bytes)| Mutation::Insert(at, bytes)),
        2 => (any::<Index>(), 1..20_usize).prop_map(|(at, length)| Mutation::Remove(at, length)),
        2 => (any::<Index>(), 1..40_usize).prop_map(|(at, length)| Mutation::Repeat(at, length)),
        1 => any::<Index>().prop_map(Mutation::Truncate),
    ]
}

/// The text after these changes, in order.
pub(crate) fn mutated(text: &[u8], mutations: &[Mutation]) -> Vec<u8> {
    let mut bytes = text.to_vec();
    for mutation in mutations {
        let place = |at: &Index| at.index(bytes.len() + 1);
        match mutation {
            Mutation::Overwrite(at, byte) => {
                let at = place(at);
                bytes.splice(at..bytes.len().min(at + 1), [*byte]);
            }
            Mutation::Insert(at, inserted) => {
                let at = place(at);
                bytes.splice(at..at, inserted.iter().copied());
            }
            Mutation::Remove(at, length) => {
                let at = place(at);
                bytes.drain(at..bytes.len().min(at + length));
            }
            Mutation::Repeat(at, length) => {
                let at = place(at);
                let repeated: Vec<u8> = bytes.iter().skip(at).take(*length).copied().collect();
                bytes.splice(at..at, repeated);
            }
            Mutation::Truncate(at) => {
                let at = place(at);
                bytes.truncate(at);
            }
        }
    }
    bytes
}

/// Bytes that are mostly structure.
pub(crate) fn token_soup() -> impl Strategy<Value = Vec<u8>> {
    vec(prop::sample::select(TOKENS), 0..24).prop_map(|tokens| tokens.concat().into_bytes())
}
