//! The strict reader: a text is an I-JSON value within limits, or an error with its place.

use super::{
    error::{ReadError, ReadErrorKind},
    members::Members,
    number::read_number,
    spanned::Spanned,
    string::read_string,
    tree::Tree,
    value::Value,
    writer::{first_difference, is_written_as},
};

/// How many arrays and objects may be open at once, whatever the limits say: the reader and what
/// walks its values are recursive, and this bounds their stack.
pub const DEPTH_MAX: usize = 64;

/// What a text may cost. Beyond a limit it is refused, never cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Length of the text, in bytes.
    pub bytes_max: usize,
    /// How many arrays and objects may be open at once. Above [`DEPTH_MAX`] it counts as that.
    pub depth_max: usize,
    /// Members of all objects and elements of all arrays together.
    pub members_max: usize,
}

impl Default for Limits {
    /// 128 KiB, 64 levels, 4,096 members and elements.
    fn default() -> Self {
        Self {
            bytes_max: 128 * 1024,
            depth_max: DEPTH_MAX,
            members_max: 4096,
        }
    }
}

/// Reads an I-JSON text (RFC 7493) with any white space, member order and spelling.
///
/// # Errors
/// The first reason in reading order; size, byte order mark and UTF-8 are judged before the rest.
pub fn read(bytes: &[u8], limits: &Limits) -> Result<Value, ReadError> {
    read_spelled(bytes, limits).map(|(value, _)| value)
}

/// Reads as [`read`] does, and remembers where each value and each member's name stands.
///
/// # Errors
/// Those of [`read`].
pub fn read_spanned(bytes: &[u8], limits: &Limits) -> Result<Spanned, ReadError> {
    read_spelled(bytes, limits).map(|(value, _)| value)
}

/// Reads a text that is canonical (RFC 8785): exactly what [`write()`](super::write()) makes of its
/// value. Costs no second copy of the text, and no second pass over it.
///
/// # Errors
/// Those of [`read`], then [`NotCanonical`](ReadErrorKind::NotCanonical).
pub fn read_canonical(bytes: &[u8], limits: &Limits) -> Result<Value, ReadError> {
    let (value, spelling) = read_spelled::<Value>(bytes, limits)?;
    // Debug builds, every test and fuzz target among them, hold the reader to the writer each time.
    let is_compared = spelling == Spelling::Other || cfg!(debug_assertions);
    let difference = is_compared
        .then(|| first_difference(&value, bytes))
        .flatten();
    debug_assert_eq!(difference.is_none(), spelling == Spelling::Canonical);
    match difference {
        None => Ok(value),
        Some(offset) => Err(ReadErrorKind::NotCanonical.at(offset)),
    }
}

/// Whether a text is what the writer makes of its value, as far as the reader has seen.
///
/// Between two texts of one value only these can differ: the spelling of a number or of an escaped
/// character, the order of members, white space. The reader judges each where it stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Spelling {
    /// It is.
    Canonical,
    /// It is not. Where the first difference is, only the writer can tell.
    Other,
}

/// Reads a text and says how it is spelled.
fn read_spelled<T: Tree>(bytes: &[u8], limits: &Limits) -> Result<(T, Spelling), ReadError> {
    let Limits {
        bytes_max,
        depth_max,
        members_max,
    } = *limits;
    if bytes.len() > bytes_max {
        return Err(ReadErrorKind::TooLarge {
            bytes: bytes.len(),
            bytes_max,
        }
        .at(bytes_max));
    }
    if bytes.starts_with("\u{feff}".as_bytes()) {
        return Err(ReadErrorKind::ByteOrderMark.at(0));
    }
    // RFC 7493 section 2.1: I-JSON messages MUST be encoded using UTF-8.
    let text = std::str::from_utf8(bytes)
        .map_err(|error| ReadErrorKind::InvalidUtf8.at(error.valid_up_to()))?;
    let depth_max = depth_max.min(DEPTH_MAX);
    let mut reader = Reader {
        text,
        at: 0,
        depth: 0,
        depth_max,
        members: 0,
        members_max,
        spelling: Spelling::Canonical,
    };
    reader.pass_white_space();
    let value = reader.read_value()?;
    reader.pass_white_space();
    if reader.at < text.len() {
        return Err(ReadErrorKind::TrailingBytes.at(reader.at));
    }
    Ok((value, reader.spelling))
}

/// A place in a text, and what was used and seen up to there.
struct Reader<'text> {
    text: &'text str,
    at: usize,
    depth: usize,
    depth_max: usize,
    members: usize,
    members_max: usize,
    spelling: Spelling,
}

impl Reader<'_> {
    fn read_value<T: Tree>(&mut self) -> Result<T, ReadError> {
        let start = self.at;
        let scalar = match self.peek() {
            Some(b'{') => return Ok(T::object(self.read_object()?, start)),
            Some(b'[') => return Ok(T::array(self.read_array()?, start)),
            _ => self.read_scalar()?,
        };
        Ok(T::scalar(scalar, start))
    }

    fn read_scalar(&mut self) -> Result<Value, ReadError> {
        match self.peek() {
            Some(b'"') => self.read_string().map(Value::String),
            Some(b'-' | b'0'..=b'9') => {
                let start = self.at;
                let (number, after) = read_number(self.text, start)?;
                self.at = after;
                self.judge(first_difference(&number, self.since(start)).is_none());
                Ok(number)
            }
            Some(b't') => self.read_word("true", "`true`", Value::Bool(true)),
            Some(b'f') => self.read_word("false", "`false`", Value::Bool(false)),
            Some(b'n') => self.read_word("null", "`null`", Value::Null),
            _ => Err(self.not_a_value()),
        }
    }

    fn read_object<T: Tree>(&mut self) -> Result<Members<T>, ReadError> {
        self.descend()?;
        let mut members = Members::new();
        if !self.passes(b'}') {
            loop {
                self.count_member()?;
                let name_start = self.at;
                let name = match self.peek() {
                    Some(b'"') => self.read_string()?,
                    _ => return Err(self.unexpected("a member name")),
                };
                // RFC 7493 section 2.3: objects MUST NOT have members with duplicate names.
                if members.contains(&name) {
                    return Err(ReadErrorKind::DuplicateKey { name }.at(name_start));
                }
                self.pass_white_space();
                if !self.passes(b':') {
                    return Err(self.unexpected("`:`"));
                }
                self.pass_white_space();
                let value: T = self.read_value()?;
                members.push(name, value.named(name_start));
                if !self.continues(b'}', "`,` or `}`")? {
                    break;
                }
            }
        }
        self.depth -= 1;
        self.judge(members.are_ordered());
        Ok(members)
    }

    fn read_array<T: Tree>(&mut self) -> Result<Vec<T>, ReadError> {
        self.descend()?;
        let mut elements = Vec::new();
        if !self.passes(b']') {
            loop {
                self.count_member()?;
                elements.push(self.read_value()?);
                if !self.continues(b']', "`,` or `]`")? {
                    break;
                }
            }
        }
        self.depth -= 1;
        Ok(elements)
    }

    fn read_string(&mut self) -> Result<String, ReadError> {
        let start = self.at;
        let (string, after) = read_string(self.text, start)?;
        self.at = after;
        // Every escape is longer than its character: without one there are two quotation marks more.
        let is_plain = after - start == string.len() + 2;
        self.judge(is_plain || is_written_as(&string, self.since(start)));
        Ok(string)
    }

    fn read_word(
        &mut self,
        word: &str,
        expected: &'static str,
        value: Value,
    ) -> Result<Value, ReadError> {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        let common = rest
            .iter()
            .zip(word.as_bytes())
            .take_while(|(a, b)| a == b)
            .count();
        self.at += common;
        if common == word.len() {
            Ok(value)
        } else {
            Err(self.unexpected(expected))
        }
    }

    /// Passes an opening bracket and the white space after it.
    fn descend(&mut self) -> Result<(), ReadError> {
        if self.depth == self.depth_max {
            return Err(ReadErrorKind::TooDeep {
                depth_max: self.depth_max,
            }
            .at(self.at));
        }
        self.depth += 1;
        self.at += 1;
        self.pass_white_space();
        Ok(())
    }

    /// Counts the member or element that starts here.
    fn count_member(&mut self) -> Result<(), ReadError> {
        if self.members == self.members_max {
            return Err(ReadErrorKind::TooManyMembers {
                members_max: self.members_max,
            }
            .at(self.at));
        }
        self.members += 1;
        Ok(())
    }

    /// After a member: passes a comma and says that another one follows, or closes.
    fn continues(&mut self, close: u8, expected: &'static str) -> Result<bool, ReadError> {
        self.pass_white_space();
        if self.passes(close) {
            return Ok(false);
        }
        if !self.passes(b',') {
            return Err(self.unexpected(expected));
        }
        self.pass_white_space();
        Ok(true)
    }

    /// Passes this byte if it stands here, and says whether it does.
    fn passes(&mut self, byte: u8) -> bool {
        let there = self.peek() == Some(byte);
        self.at += usize::from(there);
        there
    }

    fn pass_white_space(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.at += 1;
            self.judge(false);
        }
    }

    /// Notes whether the writer would have spelled as the text does what was just read.
    fn judge(&mut self, is_canonical: bool) {
        if !is_canonical {
            self.spelling = Spelling::Other;
        }
    }

    /// What was read since `start`.
    fn since(&self, start: usize) -> &[u8] {
        self.text.as_bytes().get(start..self.at).unwrap_or_default()
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    #[cold]
    fn not_a_value(&self) -> ReadError {
        let rest = self.text.get(self.at..).unwrap_or_default();
        match ["NaN", "Infinity"]
            .into_iter()
            .find(|token| rest.starts_with(token))
        {
            Some(token) => ReadErrorKind::NotANumber { token }.at(self.at),
            None => self.unexpected("a value"),
        }
    }

    #[cold]
    fn unexpected(&self, expected: &'static str) -> ReadError {
        match self
            .text
            .get(self.at..)
            .and_then(|rest| rest.chars().next())
        {
            Some(found) => ReadErrorKind::UnexpectedByte { expected, found }.at(self.at),
            None => ReadErrorKind::UnexpectedEnd { expected }.at(self.at),
        }
    }
}
