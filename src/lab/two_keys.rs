//! One ciphertext of ChaCha20-Poly1305 that opens under two keys, to a text each.
//!
//! RFC 8439 seals so that whoever has *the* key notices any change. Who has two keys can do this: Poly1305
//! is a polynomial in its key, linear in each block, so one free block makes the tags under both the same
//! (<https://doi.org/10.1007/978-3-319-96884-1_6> does it to AES-GCM). The texts stand one after the other;
//! each key turns the place of the other's text into noise, which a reader must be ready to overlook.
//!
//! Never here: anything that honest code seals with. That is [`crate::sealing`], which commits to its key.

use chacha20::ChaCha20;
use chacha20::cipher::{KeyIvInit as _, StreamCipher as _};
use num_bigint::{BigInt, Sign};

/// Bytes that Poly1305 takes at a time.
const BLOCK: usize = 16;

/// What one key opens the ciphertext to, at its place.
#[derive(Clone, Copy)]
pub struct Reading<'a> {
    /// The key: 32 bytes.
    pub key: &'a [u8; 32],
    /// The nonce that it is opened with: 12 bytes.
    pub nonce: &'a [u8; 12],
    /// The associated data that it is opened with.
    pub associated: &'a [u8],
    /// The text.
    pub text: &'a [u8],
}

/// A ciphertext that two keys open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedTwice {
    /// Ciphertext and tag, as RFC 8439 section 2.8 puts them.
    pub bytes: Vec<u8>,
    /// Where in what each key opens it to its text begins, in bytes.
    pub begins: [usize; 2],
}

/// Seals two texts so that each key opens the same bytes to its text. None where keys and nonces are the
/// same.
pub fn seal_twice(readings: [Reading<'_>; 2]) -> Option<SealedTwice> {
    let lengths = readings.map(|it| it.text.len().next_multiple_of(BLOCK));
    let begins = [0, lengths[0]];
    let texts = lengths[0] + lengths[1];
    let pads = readings.map(|it| Pad::new(&it, texts));
    let mut body = Vec::with_capacity(texts + 2 * BLOCK);
    for ((reading, begin), (length, pad)) in
        readings.iter().zip(begins).zip(lengths.iter().zip(&pads))
    {
        let text = reading.text.iter().chain(std::iter::repeat(&0));
        let stream = pad.stream.iter().skip(begin).take(*length);
        body.extend(text.zip(stream).map(|(text, stream)| text ^ stream));
    }
    // Whether a free block exists is as chance has it. Another block before it is another chance.
    (0..=u8::MAX).find_map(|chance| {
        let known = [body.as_slice(), &[chance; BLOCK]].concat();
        let (free, tag) = free_block(&known, &pads)?;
        let bytes = [known.as_slice(), &free, &tag].concat();
        Some(SealedTwice { bytes, begins })
    })
}

/// What a key and a nonce give: the key of Poly1305 and the stream that is added to the text.
struct Pad {
    associated: Vec<u8>,
    /// The point that the polynomial is taken at, clamped.
    point: BigInt,
    /// What is added to it.
    offset: BigInt,
    stream: Vec<u8>,
}

impl Pad {
    fn new(reading: &Reading<'_>, length: usize) -> Self {
        let Reading { key, nonce, .. } = *reading;
        // RFC 8439 section 2.6: the first block of the stream is for Poly1305, the text begins with the next.
        let mut stream = vec![0; 4 * BLOCK + length];
        ChaCha20::new(key.into(), nonce.into()).apply_keystream(&mut stream);
        let text = stream.split_off(4 * BLOCK);
        let half = |half: usize| stream.iter().skip(half * BLOCK).take(BLOCK);
        // RFC 8439 section 2.5.1.
        let clamp = |(place, byte): (usize, &u8)| match place {
            3 | 7 | 11 | 15 => byte & 0x0f,
            4 | 8 | 12 => byte & 0xfc,
            _ => *byte,
        };
        let point: Vec<u8> = half(0).enumerate().map(clamp).collect();
        let offset: Vec<u8> = half(1).copied().collect();
        Self {
            associated: reading.associated.to_vec(),
            point: number(&point),
            offset: number(&offset),
            stream: text,
        }
    }

    /// The polynomial over associated data, the `known` blocks of a ciphertext, nothing in the place of one
    /// more, and the lengths of both (RFC 8439 sections 2.5 and 2.8).
    fn polynomial(&self, known: &[u8]) -> Option<BigInt> {
        let length = |length: usize| u64::try_from(length).ok().map(u64::to_le_bytes);
        let lengths = [length(self.associated.len())?, length(known.len() + BLOCK)?];
        let bytes = self.associated.chunks(BLOCK).chain(known.chunks(BLOCK));
        let last = [BigInt::ZERO, block(&lengths.concat())];
        let add = |sum: BigInt, block: BigInt| (sum + block) * &self.point % prime();
        Some(bytes.map(block).chain(last).fold(BigInt::ZERO, add))
    }
}

/// The block after the `known` ones of a ciphertext for which the tags under both pads are the same, and
/// that tag. None where no block is.
fn free_block(known: &[u8], pads: &[Pad; 2]) -> Option<([u8; BLOCK], [u8; BLOCK])> {
    let [one, other] = pads;
    let known = [one.polynomial(known)?, other.polynomial(known)?];
    // The free block stands last but one, and so is multiplied by the square of the point.
    let slopes = pads.each_ref().map(|pad| &pad.point * &pad.point % prime());
    let inverse = positive(&slopes[0] - &slopes[1]).modinv(&prime())?;
    // The polynomials are taken modulo 2^130 - 5, the tags modulo 2^128: they may differ by some of the latter.
    (-5..=5).find_map(|multiple| {
        let apart = &other.offset - &one.offset + BigInt::from(multiple) * two_to(128);
        let free = positive((apart + &known[1] - &known[0]) * &inverse);
        let tags = pads
            .iter()
            .zip(&known)
            .zip(&slopes)
            .map(|((pad, known), slope)| {
                (positive(known + &free * slope) + &pad.offset) % two_to(128)
            });
        let tags: Vec<BigInt> = tags.collect();
        let bytes = bytes_of(&(free - two_to(128)))?;
        match tags.as_slice() {
            [tag, same] if tag == same => Some((bytes, bytes_of(tag)?)),
            _ => None,
        }
    })
}

/// A block as Poly1305 reads it: filled up with zeros (RFC 8439 section 2.8) and a bit beyond.
fn block(bytes: &[u8]) -> BigInt {
    number(bytes) + two_to(128)
}

fn number(bytes: &[u8]) -> BigInt {
    BigInt::from_bytes_le(Sign::Plus, bytes)
}

/// The bytes of a number, if it is one of 16 bytes.
fn bytes_of(number: &BigInt) -> Option<[u8; BLOCK]> {
    let (sign, mut bytes) = number.to_bytes_le();
    let fits = sign != Sign::Minus && bytes.len() <= BLOCK;
    bytes.resize(BLOCK, 0);
    bytes.try_into().ok().filter(|_| fits)
}

fn two_to(exponent: u32) -> BigInt {
    BigInt::from(1) << exponent
}

/// 2^130 - 5.
fn prime() -> BigInt {
    two_to(130) - 5
}

/// The least number that is not negative and the same modulo the prime.
fn positive(number: BigInt) -> BigInt {
    ((number % prime()) + prime()) % prime()
}

#[cfg(test)]
mod tests;
