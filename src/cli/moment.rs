//! Instants as people write them: RFC 3339, in UTC, to the millisecond.

use std::time::{Duration, UNIX_EPOCH};

/// The last millisecond of the year 9999: RFC 3339 has no later one (section 1).
const LAST_MS: u64 = 253_402_300_799_999;

/// An instant, given in milliseconds since the Unix epoch; as that number where RFC 3339 has no words.
pub(crate) fn told(at_ms: u64) -> String {
    if at_ms > LAST_MS {
        return format!("{at_ms} ms");
    }
    humantime::format_rfc3339_millis(UNIX_EPOCH + Duration::from_millis(at_ms)).to_string()
}

/// An instant, in milliseconds since the Unix epoch.
///
/// # Errors
/// What is expected instead.
pub(crate) fn read(text: &str) -> Result<u64, String> {
    let expected = "expected a time in UTC, as in 2026-11-21T15:00:00Z";
    let at = humantime::parse_rfc3339_weak(text).map_err(|error| format!("{expected}: {error}"))?;
    let since = at.duration_since(UNIX_EPOCH);
    let since = since.map_err(|_| format!("{expected}, not before 1970"))?;
    u64::try_from(since.as_millis()).map_err(|_| expected.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_is_read_as_it_was_told() {
        for at_ms in [0, 1, 1_700_000_000_123, LAST_MS] {
            assert_eq!(read(&told(at_ms)), Ok(at_ms));
        }
        assert_eq!(told(1_700_000_000_123), "2023-11-14T22:13:20.123Z");
        assert_eq!(told(LAST_MS + 1), "253402300800000 ms");
        assert_eq!(read("2026-11-21 15:00:00"), Ok(1_795_273_200_000));
    }

    #[test]
    fn what_is_no_time_is_told_what_one_is() {
        for text in ["", "1795273200000", "yesterday", "2026-13-01T00:00:00Z"] {
            let error = read(text).unwrap_err();
            assert!(error.contains("2026-11-21T15:00:00Z"), "{error}");
        }
    }
}
