//! `countersign log`: what the audit trail says, and whether it can be believed.
//!
//! Whoever may read the file may read all of it; that an agent is told of its own messages only is for the
//! bus to see to, which asks the same rules.

use std::path::Path;
use std::process::ExitCode;

use countersign::audit::{
    End, Entry, Fault, FileError, Filter, Found, Policy, SqliteFile, Verified, Verifier, What,
};
use countersign::envelope::{Digest, Kind, MessageId};
use countersign::identity::PeerVerifyingKey;
use serde_json::{Value, json};

use super::sign::agent;
use crate::cli::args::{LogCommand, LogFormat, LogOptions, LogVerifyOptions};
use crate::cli::misuse::Misuse;
use crate::cli::status::Status;
use crate::cli::{kept, moment, screen};

/// The first word of a memory: what the file is, and the version of its form.
const MEMORY_FORMAT: &str = "countersign-log-memory/1";
/// The exit code where nobody knows.
const UNKNOWN: u8 = 3;

pub(crate) fn run(options: &LogOptions) -> Result<ExitCode, Misuse> {
    if let Some(LogCommand::Verify(options)) = &options.command {
        return verify(options);
    }
    let Some(path) = &options.file else {
        return Err(Misuse::new("no log is named", "name the file of the log"));
    };
    let filter = filter(options)?;
    let file = SqliteFile::open_to_read(path).map_err(Misuse::failed)?;
    let found = file.list(&filter).map_err(Misuse::failed)?;
    let text = match options.format {
        LogFormat::Text => found.iter().map(line).collect(),
        LogFormat::Json => pretty(&found.iter().map(object).collect()),
    };
    screen::print(&text);
    Ok(ExitCode::SUCCESS)
}

fn filter(options: &LogOptions) -> Result<Filter, Misuse> {
    let id = options.agent.as_deref().map(|id| agent("agent", id));
    let kind = options.kind.as_deref().map(Kind::parse);
    let policy = options.result.as_deref().map(policy);
    let correlation_id = options.correlation_id.as_deref().map(MessageId::parse);
    Ok(Filter {
        agent: id.transpose()?,
        since_ms: options.since,
        until_ms: options.until,
        kind: kind.transpose().map_err(Misuse::failed)?,
        policy: policy.transpose()?,
        correlation_id: correlation_id.transpose().map_err(Misuse::failed)?,
        limit: options.limit,
    })
}

fn policy(word: &str) -> Result<Policy, Misuse> {
    let known = Policy::ALL.iter();
    let found = known.copied().find(|policy| policy.as_str() == word);
    let words = Policy::ALL.iter().map(|policy| policy.as_str());
    found.ok_or_else(|| Misuse::unknown("result", word, words, "countersign log --help"))
}

/// A record in a line.
fn line(found: &Found) -> String {
    let Found { number, entry } = found;
    let Entry {
        at,
        id,
        kind,
        from,
        to,
        policy,
        ..
    } = entry;
    let approval = entry.approval.map_or("", |approval| approval.as_str());
    let of = entry.correlation_id.map(|id| format!("  of {id}"));
    format!(
        "{number:>8}  {}  {kind:<8}  {:<7}  {approval:<8}  {from} -> {to}  {id}{}\n",
        moment::told(at.as_ms()),
        policy.as_str(),
        of.unwrap_or_default(),
    )
}

/// A record as the log has it, with its number.
fn object(found: &Found) -> Value {
    let record: Value = serde_json::from_slice(&found.entry.to_bytes()).unwrap_or_default();
    json!({"number": found.number, "record": record})
}

fn pretty(value: &Value) -> String {
    let mut text = serde_json::to_string_pretty(value).unwrap_or_default();
    text.push('\n');
    text
}

fn verify(options: &LogVerifyOptions) -> Result<ExitCode, Misuse> {
    let remembered = match &options.remember {
        Some(path) => memory(path)?,
        None => End::GENESIS,
    };
    let mut verifier = match &options.key {
        Some(text) => {
            let key = PeerVerifyingKey::parse(text);
            let key = key.map_err(|error| {
                Misuse::new(error, "'countersign keygen' prints it as public_key")
            })?;
            Verifier::remembering(key, remembered)
        }
        None => Verifier::without_key(remembered),
    };
    let file = SqliteFile::open_to_read(&options.file).map_err(Misuse::failed)?;
    let answer = match file.check() {
        Ok(()) => verifier.verify(&file).map_err(Misuse::failed)?,
        Err(FileError::Altered { found, .. }) => {
            return Ok(answered(options, Answer::Altered(found)));
        }
        Err(error) => return Err(Misuse::failed(error)),
    };
    Ok(match answer {
        Ok(found) => {
            if let Some(path) = &options.remember {
                remember(path, verifier.remembered())?;
            }
            answered(options, Answer::Verified(found))
        }
        Err(fault) => answered(options, Answer::Fault(fault)),
    })
}

/// What became of a log.
enum Answer {
    Verified(Verified),
    Fault(Fault),
    Altered(String),
}

fn answered(options: &LogVerifyOptions, answer: Answer) -> ExitCode {
    let (status, code, words, object) = match answer {
        Answer::Verified(it) => (
            Status::Matches,
            ExitCode::SUCCESS,
            covered(&it),
            json!({"records": it.count, "covered": it.covered, "signed_at_ms": it.signed_at_ms}),
        ),
        Answer::Fault(it) if it.what == What::NoKey => (
            Status::Unknown,
            ExitCode::from(UNKNOWN),
            it.to_string(),
            json!({"what": it.to_string()}),
        ),
        Answer::Fault(it) => (
            Status::Broken,
            ExitCode::FAILURE,
            format!("{}\n{:11}{it}", it.rejection.code(), ""),
            json!({
                "rejection": it.rejection.code(),
                "first_bad_record": it.records.map(|(first, last)| [first, last]),
                "what": it.to_string(),
            }),
        ),
        Answer::Altered(found) => (
            Status::Broken,
            ExitCode::FAILURE,
            format!("the file was altered\n{:11}{found}", ""),
            json!({"what": found}),
        ),
    };
    screen::print(&match options.format {
        LogFormat::Text => format!("{status}  {words}\n"),
        LogFormat::Json => pretty(&json!({"status": status, "log": object})),
    });
    code
}

/// How far a log is vouched for.
fn covered(it: &Verified) -> String {
    let Verified {
        count,
        covered,
        signed_at_ms,
    } = it;
    let words = format!(
        "{covered} of {count} records, signed at {}",
        moment::told(*signed_at_ms)
    );
    let tail = count.saturating_sub(*covered);
    if tail == 0 {
        return words;
    }
    format!(
        "{words}\n{:11}no checkpoint vouches for the last {tail}",
        ""
    )
}

/// What was seen of a log before; nothing where there is no file yet.
fn memory(path: &Path) -> Result<End, Misuse> {
    let Some(text) = kept::read(path)? else {
        return Ok(End::GENESIS);
    };
    let mut words = text.trim_end().split(' ');
    let end = (|| {
        (words.next()? == MEMORY_FORMAT).then_some(())?;
        let count = words.next()?.parse().ok()?;
        let link = Digest::parse(words.next()?).ok()?;
        words.next().is_none().then_some(End { count, link })
    })();
    end.ok_or_else(|| {
        Misuse::new(
            format!("{} does not say what was seen of a log", path.display()),
            "restore the file that an earlier --remember wrote",
        )
    })
}

fn remember(path: &Path, end: End) -> Result<(), Misuse> {
    let text = format!("{MEMORY_FORMAT} {} {}\n", end.count, end.link);
    kept::write(path, &text)
}
