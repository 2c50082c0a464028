//! Offers: what each side can do, and what follows from both (protocol section 6).
//!
//! Only computations. Whether what follows is good enough is for the guard table.

use std::fmt;

use crate::envelope::payload::{HandshakeAnswer, HandshakeHello};
use crate::envelope::{List, Name, SchemaError, Version};

/// The one cipher suite: X25519, ChaCha20-Poly1305 and HKDF over SHA-256.
pub const SUITE: &str = "x25519-chacha20poly1305-sha256";

/// What one side offers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offers {
    /// The versions that it speaks.
    pub versions: List<Version, 1, 16>,
    /// The cipher suites that it has, the preferred one first. Any other than [`SUITE`] is a name
    /// and no more: whatever is chosen, this code computes that one.
    pub suites: List<Name, 1, 16>,
    /// The capabilities that it has.
    pub capabilities: List<Name, 0, 64>,
}

impl Offers {
    /// What this code can do, with these capabilities.
    ///
    /// # Errors
    /// [`SchemaError`] for more than 64 capabilities, or one that occurs twice.
    pub fn current(capabilities: Vec<Name>) -> Result<Self, SchemaError> {
        Ok(Self {
            versions: List::new(vec![Version::CURRENT])?,
            suites: List::new(vec![Name::parse(SUITE)?])?,
            capabilities: List::new(capabilities)?,
        })
    }

    /// What an initiator offers.
    pub(crate) fn of_hello(hello: &HandshakeHello) -> Self {
        Self {
            versions: hello.versions.clone(),
            suites: hello.suites.clone(),
            capabilities: hello.capabilities.clone(),
        }
    }

    /// What a responder offers.
    pub(crate) fn of_answer(answer: &HandshakeAnswer) -> Self {
        Self {
            versions: answer.versions.clone(),
            suites: answer.suites.clone(),
            capabilities: answer.capabilities.clone(),
        }
    }

    /// The highest version that both offer. The same from either side.
    pub(crate) fn best_version(&self, theirs: &Self) -> Option<Version> {
        let common = |version: &&Version| theirs.versions.as_slice().contains(version);
        self.versions
            .as_slice()
            .iter()
            .filter(common)
            .max()
            .copied()
    }

    /// The version that this side, as responder, chooses: the best common one.
    ///
    /// Without one its own highest, which a guard refuses to go on with.
    pub(crate) fn choose_version(&self, theirs: &Self) -> Version {
        let highest = || self.versions.as_slice().iter().max().copied();
        let chosen = self.best_version(theirs).or_else(highest);
        // INVARIANT: a list of versions has an element.
        chosen.unwrap_or(Version::CURRENT)
    }

    /// The suite that this side, as responder, chooses: the first of its own that the initiator has.
    ///
    /// Without one its own first: the initiator sees what there is, and a guard of it refuses.
    #[expect(clippy::expect_used, reason = "the type says so: at least one element")]
    pub(crate) fn choose_suite(&self, theirs: &Self) -> &Name {
        let mine = self.suites.as_slice();
        let common = |suite: &&Name| theirs.suites.as_slice().contains(suite);
        let chosen = mine.iter().find(common).or(mine.first());
        chosen.expect("a list of suites has an element")
    }

    /// Whether everything in `required` is among the capabilities.
    pub(crate) fn suffices(&self, required: &List<Name, 0, 64>) -> bool {
        let has = |name| self.capabilities.as_slice().contains(name);
        required.as_slice().iter().all(has)
    }
}

impl fmt::Display for Offers {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let versions = listed(self.versions.as_slice());
        let suites = listed(self.suites.as_slice());
        let capabilities = listed(self.capabilities.as_slice());
        write!(
            formatter,
            "versions {versions}, suites {suites}, capabilities {capabilities}"
        )
    }
}

/// The elements as people read them.
pub(super) fn listed<T: fmt::Display>(elements: &[T]) -> String {
    if elements.is_empty() {
        return "none".to_owned();
    }
    let texts: Vec<String> = elements.iter().map(T::to_string).collect();
    texts.join(" ")
}

/// A version that is on its way out, and all before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retirement {
    /// The version.
    pub version: Version,
    /// The last millisecond at which it is accepted, Unix epoch.
    pub last_accepted_ms: u64,
}

/// Until when which version is accepted (RFC 9368 section 4).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VersionPolicy {
    /// The versions that are on their way out. All others are accepted for good.
    pub retirements: Vec<Retirement>,
}

impl VersionPolicy {
    /// The least [rank](Version::rank) that is accepted at `now_ms`: above every version whose last
    /// date has passed.
    pub(crate) fn floor_at(&self, now_ms: u64) -> u64 {
        let passed = |retirement: &&Retirement| retirement.last_accepted_ms < now_ms;
        let above = |retirement: &Retirement| retirement.version.rank() + 1;
        let retired = self.retirements.iter().filter(passed).map(above);
        retired.max().unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(text: &str) -> Version {
        Version::parse(text).unwrap()
    }

    fn offers(versions: &[&str], suites: &[&str]) -> Offers {
        let versions = versions.iter().map(|text| version(text)).collect();
        let suites = suites.iter().map(|text| Name::parse(text).unwrap());
        Offers {
            versions: List::new(versions).unwrap(),
            suites: List::new(suites.collect()).unwrap(),
            capabilities: List::new(Vec::new()).unwrap(),
        }
    }

    #[test]
    fn the_best_version_is_the_highest_common_one_from_either_side() {
        let rows = [
            (&["1.0"][..], &["1.0"][..], Some("1.0")),
            (&["1.0", "2.0"], &["2.0", "1.0", "3.0"], Some("2.0")),
            (&["1.9", "1.10"], &["1.10", "1.9"], Some("1.10")),
            (&["1.0"], &["1.1"], None),
        ];
        for (mine, theirs, best) in rows {
            let (mine, theirs) = (offers(mine, &["a"]), offers(theirs, &["a"]));
            assert_eq!(mine.best_version(&theirs), best.map(version));
            assert_eq!(theirs.best_version(&mine), best.map(version));
            let highest = mine.versions.as_slice().iter().max().copied();
            assert_eq!(
                Some(mine.choose_version(&theirs)),
                best.map(version).or(highest)
            );
        }
    }

    #[test]
    fn a_responder_chooses_the_first_of_its_own_suites_that_the_initiator_has() {
        let mine = offers(&["1.0"], &["a", "b", "c"]);
        for (theirs, chosen) in [(&["c", "b"][..], "b"), (&["c"], "c"), (&["d"], "a")] {
            assert_eq!(
                mine.choose_suite(&offers(&["1.0"], theirs)).as_str(),
                chosen
            );
        }
    }

    #[test]
    fn a_version_is_accepted_until_its_last_date_and_takes_all_before_it_along() {
        let retire = |text, last_accepted_ms| Retirement {
            version: version(text),
            last_accepted_ms,
        };
        let policy = VersionPolicy {
            retirements: vec![retire("2.1", 20), retire("1.5", 10)],
        };
        let accepted = |text, now_ms| policy.floor_at(now_ms) <= version(text).rank();
        for (now_ms, expected) in [
            (0, [true, true, true, true]),
            (10, [true, true, true, true]),
            (11, [false, true, true, true]),
            (20, [false, true, true, true]),
            (21, [false, false, false, true]),
        ] {
            let seen = ["1.5", "1.6", "2.1", "2.2"].map(|text| accepted(text, now_ms));
            assert_eq!(seen, expected, "at {now_ms}");
        }
        assert_eq!(VersionPolicy::default().floor_at(u64::MAX), 0);
    }

    #[test]
    fn what_this_code_offers_is_what_it_speaks() {
        let offers = Offers::current(vec![Name::parse("report").unwrap()]).unwrap();
        assert_eq!(
            offers.to_string(),
            "versions 1.0, suites x25519-chacha20poly1305-sha256, capabilities report"
        );
    }
}
