//! The name of a principal: a SPIFFE ID, checked once and compared byte for byte.
//!
//! The rules are those of the SPIFFE-ID standard, sections 2.1 to 2.3, and the answer to a text
//! that breaks one is a refusal. Nothing here may lower a case, decode an escape or resolve a dot
//! segment: two readers that normalise differently would disagree about who sent a message.

use std::borrow::Borrow;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use thiserror::Error;

/// The scheme and the separator that every id begins with, in this case only.
const PREFIX: &str = "spiffe://";

/// A valid SPIFFE ID: `spiffe://`, a trust domain, and a path that may be empty.
///
/// The text is kept exactly as it was read, so equality, order and hash are those of its bytes.
/// An id without a path names a whole trust domain; an agent's id comes from
/// [`SpiffeId::parse_agent`]. A clone shares the text.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SpiffeId(Arc<str>);

impl SpiffeId {
    /// The longest id, in bytes. Section 2.3: implementations MUST support 2,048 bytes and MUST
    /// NOT generate more.
    pub const LENGTH_MAX: usize = 2_048;

    /// The longest trust domain, in bytes (section 2.3, from the host of RFC 3986).
    pub const TRUST_DOMAIN_LENGTH_MAX: usize = 255;

    /// Reads the id of an agent or of a trust domain.
    ///
    /// # Errors
    /// The first rule that the text breaks, in the order in which [`SpiffeIdError`] lists them.
    pub fn parse(text: &str) -> Result<Self, SpiffeIdError> {
        if text.len() > Self::LENGTH_MAX {
            return Err(SpiffeIdError::TooLong {
                length_bytes: text.len(),
            });
        }
        let rest = text
            .strip_prefix(PREFIX)
            .ok_or_else(|| SpiffeIdError::WrongScheme {
                found: text.chars().take(PREFIX.len()).collect(),
            })?;
        // RFC 3986 section 3.2: the authority ends at the first of these, or with the text.
        let authority_length = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (trust_domain, path) = rest.split_at(authority_length);
        check_trust_domain(trust_domain)?;
        check_path(path, PREFIX.len() + authority_length)?;
        Ok(Self(text.into()))
    }

    /// Reads the id of an agent, which must have a path.
    ///
    /// # Errors
    /// Those of [`SpiffeId::parse`], and [`SpiffeIdError::NoPath`] for the id of a trust domain,
    /// which X.509-SVID section 2 reserves for signing certificates.
    pub fn parse_agent(text: &str) -> Result<Self, SpiffeIdError> {
        let id = Self::parse(text)?;
        if id.path().is_empty() {
            return Err(SpiffeIdError::NoPath);
        }
        Ok(id)
    }

    /// An id that no agent has, because it has no path; stands where nothing is known yet.
    pub(crate) fn nobody() -> Self {
        Self("spiffe://nobody.invalid".into())
    }

    /// The whole id, byte for byte as it was read.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The trust domain: 1 to 255 bytes of `[a-z0-9._-]`.
    pub fn trust_domain(&self) -> &str {
        self.parts().0
    }

    /// The path with its leading slash, or the empty text for the id of a trust domain.
    pub fn path(&self) -> &str {
        self.parts().1
    }

    fn parts(&self) -> (&str, &str) {
        // INVARIANT: every constructor sees to it that the prefix is there.
        let rest = self.0.strip_prefix(PREFIX).unwrap_or_default();
        rest.split_at(rest.find('/').unwrap_or(rest.len()))
    }
}

/// Why a text is not a SPIFFE ID. Offsets count bytes from the start of the text.
///
/// A text that breaks several rules is refused for the first one, in this order; within the path,
/// characters are judged before segments.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum SpiffeIdError {
    /// The text is longer than [`SpiffeId::LENGTH_MAX`] (section 2.3).
    #[error(
        "id is {length_bytes} bytes long, at most {} are allowed",
        SpiffeId::LENGTH_MAX
    )]
    TooLong {
        /// The length of the text, in bytes.
        length_bytes: usize,
    },
    /// The text does not begin with `spiffe://` in lower case (section 2).
    #[error("id begins with {found:?}, expected \"spiffe://\"")]
    WrongScheme {
        /// The first characters of the text, as many as the prefix has.
        found: String,
    },
    /// Nothing stands between `spiffe://` and the path (section 2.1).
    #[error("trust domain is empty, expected a name after \"spiffe://\"")]
    EmptyTrustDomain,
    /// The authority names a user (section 2.1).
    #[error("user information ends at byte {offset}, but an id has none")]
    UserInformation {
        /// Where the `@` stands.
        offset: usize,
    },
    /// The authority names a port (section 2.1).
    #[error("port begins at byte {offset}, but an id has none")]
    Port {
        /// Where the `:` stands.
        offset: usize,
    },
    /// The trust domain or the path is percent-encoded (sections 2.1 and 2.2).
    #[error("percent-encoding at byte {offset}, but an id is written without it")]
    PercentEncoding {
        /// Where the `%` stands.
        offset: usize,
    },
    /// The trust domain contains a character outside `[a-z0-9._-]` (section 2.1).
    #[error("{character:?} at byte {offset} of the trust domain, expected one of a-z 0-9 . _ -")]
    TrustDomainCharacter {
        /// The first such character.
        character: char,
        /// Where it stands.
        offset: usize,
    },
    /// The trust domain is longer than [`SpiffeId::TRUST_DOMAIN_LENGTH_MAX`] (section 2.3).
    #[error(
        "trust domain is {length_bytes} bytes long, at most {} are allowed",
        SpiffeId::TRUST_DOMAIN_LENGTH_MAX
    )]
    TrustDomainTooLong {
        /// The length of the trust domain, in bytes.
        length_bytes: usize,
    },
    /// The text has a query (section 2).
    #[error("query begins at byte {offset}, but an id has none")]
    Query {
        /// Where the `?` stands.
        offset: usize,
    },
    /// The text has a fragment (section 2).
    #[error("fragment begins at byte {offset}, but an id has none")]
    Fragment {
        /// Where the `#` stands.
        offset: usize,
    },
    /// The path contains a character outside `[A-Za-z0-9._-]` (section 2.2).
    #[error("{character:?} at byte {offset} of the path, expected one of A-Z a-z 0-9 . _ -")]
    PathCharacter {
        /// The first such character.
        character: char,
        /// Where it stands.
        offset: usize,
    },
    /// The path ends with a slash (section 2.2).
    #[error("path ends with the slash at byte {offset}, expected a segment after it")]
    TrailingSlash {
        /// Where the slash stands.
        offset: usize,
    },
    /// Two slashes follow each other (section 2.2).
    #[error("empty path segment at byte {offset}, expected at least one character")]
    EmptySegment {
        /// Where the segment should begin.
        offset: usize,
    },
    /// A segment is `.` or `..` (section 2.2).
    #[error("path segment {segment:?} at byte {offset} is relative, expected a name")]
    DotSegment {
        /// The segment.
        segment: String,
        /// Where it begins.
        offset: usize,
    },
    /// The id names a trust domain where an agent is meant (X.509-SVID section 2).
    #[error("id has no path and names a whole trust domain, expected the id of one agent")]
    NoPath,
}

/// The MUSTs of section 2.1, and the length of section 2.3.
fn check_trust_domain(authority: &str) -> Result<(), SpiffeIdError> {
    if authority.is_empty() {
        return Err(SpiffeIdError::EmptyTrustDomain);
    }
    // The user before the port: in `user:password@host` the colon does not begin a port.
    if let Some(index) = authority.find('@') {
        return Err(SpiffeIdError::UserInformation {
            offset: PREFIX.len() + index,
        });
    }
    if let Some(index) = authority.find(':') {
        return Err(SpiffeIdError::Port {
            offset: PREFIX.len() + index,
        });
    }
    let allowed = |c: char| matches!(c, 'a'..='z' | '0'..='9' | '.' | '_' | '-');
    if let Some((index, character)) = authority.char_indices().find(|&(_, c)| !allowed(c)) {
        let offset = PREFIX.len() + index;
        return Err(match character {
            '%' => SpiffeIdError::PercentEncoding { offset },
            _ => SpiffeIdError::TrustDomainCharacter { character, offset },
        });
    }
    if authority.len() > SpiffeId::TRUST_DOMAIN_LENGTH_MAX {
        return Err(SpiffeIdError::TrustDomainTooLong {
            length_bytes: authority.len(),
        });
    }
    Ok(())
}

/// The MUSTs of section 2.2, for everything behind the authority, which begins at `start`.
fn check_path(path: &str, start: usize) -> Result<(), SpiffeIdError> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '/');
    if let Some((index, character)) = path.char_indices().find(|&(_, c)| !allowed(c)) {
        let offset = start + index;
        return Err(match character {
            '%' => SpiffeIdError::PercentEncoding { offset },
            '?' => SpiffeIdError::Query { offset },
            '#' => SpiffeIdError::Fragment { offset },
            _ => SpiffeIdError::PathCharacter { character, offset },
        });
    }
    if path.ends_with('/') {
        return Err(SpiffeIdError::TrailingSlash {
            offset: start + path.len() - 1,
        });
    }
    let mut offset = start;
    for segment in path.split('/').skip(1) {
        offset += 1;
        match segment {
            "" => return Err(SpiffeIdError::EmptySegment { offset }),
            "." | ".." => {
                return Err(SpiffeIdError::DotSegment {
                    segment: segment.to_owned(),
                    offset,
                });
            }
            _ => offset += segment.len(),
        }
    }
    Ok(())
}

impl FromStr for SpiffeId {
    type Err = SpiffeIdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl Borrow<str> for SpiffeId {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SpiffeId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(&self.0)
    }
}

impl fmt::Debug for SpiffeId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "SpiffeId({})", self.0)
    }
}

#[cfg(test)]
mod tests;
