//! `countersign receive`: what came for an agent, each delivery once.
//!
//! A delivery that was printed is acknowledged the next time; one that comes again meanwhile has its
//! old number and is not printed again.

use std::path::Path;
use std::process::ExitCode;
use std::thread;
use std::time::Duration;

use countersign::bus::Delivered;
use countersign::envelope::{Body, Sequence};
use countersign::identity::SpiffeId;
use countersign::json;
use countersign::service::Poll;
use serde_json::{Value, json};

use crate::cli::ambient::{self, Stopwatch};
use crate::cli::args::{LogFormat, ReceiveOptions};
use crate::cli::caller::{self, Caller};
use crate::cli::misuse::Misuse;
use crate::cli::{kept, screen};

/// The first word of a cursor: what the file is, and the version of its form.
const CURSOR_FORMAT: &str = "countersign-cursor/1";
/// How long to wait before asking again.
const PAUSE: Duration = Duration::from_millis(500);

pub(crate) fn run(options: &ReceiveOptions) -> Result<ExitCode, Misuse> {
    let caller = Caller::new(&options.caller)?;
    let after = cursor(&options.cursor, caller.client.me())?;
    let (watch, wait) = (Stopwatch::start(), Duration::from_secs(options.wait));
    let found = loop {
        let poll = Poll { after, limit: None };
        let answer = caller.client.ask(&poll, &caller.request_stamp()?);
        let now_ms = ambient::now_ms()?;
        let found = answer.and_then(|it| caller.client.deliveries(&it, after, now_ms));
        let found = found.map_err(caller::failed)?;
        if !found.is_empty() || watch.elapsed() >= wait {
            break found;
        }
        thread::sleep(PAUSE);
    };
    for delivered in &found {
        screen::print(&match options.format {
            LogFormat::Text => line(delivered),
            LogFormat::Json => format!("{}\n", object(delivered)),
        });
    }
    // Only now, so that what was not printed comes again.
    if let Some(last) = found.last() {
        let (number, me) = (last.sequence().as_number(), caller.client.me());
        let text = format!("{CURSOR_FORMAT} {number} {me}\n");
        kept::write(&options.cursor, &text)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn line(delivered: &Delivered) -> String {
    let envelope = delivered.envelope();
    let header = envelope.header();
    let body = match envelope.body() {
        Body::Payload(payload) => {
            screen::legible(&String::from_utf8_lossy(&json::write(&payload.to_value())))
        }
        Body::Sealed(_) => "sealed".to_owned(),
    };
    let answers = header.in_reply_to.map(|it| format!("  answers {it}"));
    format!(
        "{:>6}  {:<8}  from {}  {}{}\n{:8}{body}\n",
        delivered.sequence().as_number(),
        header.kind,
        header.from,
        envelope.digest(),
        answers.unwrap_or_default(),
        ""
    )
}

fn object(delivered: &Delivered) -> Value {
    let envelope = delivered.envelope();
    let value: Value = serde_json::from_slice(&envelope.canonical_bytes()).unwrap_or_default();
    json!({
        "sequence": delivered.sequence().as_number(),
        "digest": envelope.digest().to_string(),
        "envelope": value,
    })
}

/// What the agent has; nothing where there is no file yet. With another's it would acknowledge what it
/// never saw.
fn cursor(path: &Path, me: &SpiffeId) -> Result<Sequence, Misuse> {
    let text = kept::read(path)?.unwrap_or_else(|| format!("{CURSOR_FORMAT} 0 {me}"));
    let mut words = text.split_whitespace();
    let is_cursor = words.next() == Some(CURSOR_FORMAT);
    let number = words.next().filter(|_| is_cursor);
    let number = number.and_then(|number| number.parse().ok());
    let (number, whose) = (number.and_then(Sequence::from_number), words.next());
    if let (Some(_), Some(whose)) = (number, whose)
        && whose != me.as_str()
    {
        return Err(Misuse::new(
            format!("{} says what {whose} has, not {me}", path.display()),
            "give every agent a --cursor of its own",
        ));
    }
    number.filter(|_| whose.is_some()).ok_or_else(|| {
        Misuse::new(
            format!("{} does not say what the agent has", path.display()),
            "restore the file that an earlier --cursor wrote, or begin with a new one",
        )
    })
}
