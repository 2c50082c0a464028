//! `countersign sign`: a payload in, a signed envelope out.
//!
//! The clock and entropy of the machine enter here: `issued_at`, `id` and `nonce`.

use std::path::Path;
use std::process::ExitCode;

use countersign::envelope::{
    Digest, Draft, Envelope, Kind, MessageId, Nonce, SessionId, Timestamp, Version,
};
use countersign::identity::{Registry, SpiffeId, base64url};
use countersign::json::{self, Object, Value};

use super::keygen;
use crate::cli::args::SignOptions;
use crate::cli::misuse::Misuse;
use crate::cli::{ambient, input, screen};

pub(crate) fn run(options: &SignOptions) -> Result<ExitCode, Misuse> {
    let key = keygen::read_secret(&options.key)?;
    let registry = read_registry(&options.registry)?;
    let key_id = key.key_id();
    let from = match &options.from {
        Some(from) => agent("from", from)?,
        None => registry.key_holder(&key_id).cloned().ok_or_else(|| {
            Misuse::new(
                format!("the registry lists nobody with key {key_id}"),
                "list the key in the registry, or name the sender with --from",
            )
        })?,
    };
    let kind = Kind::parse(&options.kind).map_err(|_| {
        let known = Kind::ALL.iter().map(|kind| kind.as_str());
        Misuse::unknown(
            "message type",
            &options.kind,
            known,
            "countersign sign --help",
        )
    })?;
    let now_ms = match options.now_ms {
        Some(now_ms) => now_ms,
        None => ambient::now_ms()?,
    };
    let until_ms = now_ms.saturating_add(options.expires_in.saturating_mul(1000));
    let mut envelope = Object::new();
    envelope.insert("version", Version::CURRENT.to_string());
    envelope.insert("type", kind.as_str());
    envelope.insert(
        "id",
        MessageId::from_bytes(ambient::random_16()?).to_string(),
    );
    envelope.insert(
        "nonce",
        Nonce::from_bytes(ambient::random_16()?).to_string(),
    );
    envelope.insert("from", from.as_str());
    envelope.insert("to", agent("to", &options.to)?.as_str());
    envelope.insert("issued_at", instant(now_ms)?);
    envelope.insert("expires_at", instant(until_ms)?);
    envelope.insert("key_id", key_id.to_string());
    if let Some(digest) = &options.in_reply_to {
        let digest = Digest::parse(digest).map_err(|error| field("in-reply-to", &error))?;
        envelope.insert("in_reply_to", digest.to_string());
    }
    if let Some(session) = &options.session {
        let session = SessionId::parse(session).map_err(|error| field("session", &error))?;
        envelope.insert("session", session.to_string());
    }
    envelope.insert("payload", payload()?);
    envelope.insert("signature", base64url::encode(&[0; 64]));
    let unsigned = Envelope::from_value(&Value::Object(envelope)).map_err(|error| {
        Misuse::new(
            format!("not a message of type {kind}: {error}"),
            format!("compare it with docs/schema/payload_{kind}.json"),
        )
    })?;
    let draft = Draft::new(unsigned.header().clone(), unsigned.body().clone());
    let signed = draft.map_err(Misuse::failed)?.sign(&key);
    screen::print(&String::from_utf8_lossy(&signed.canonical_bytes()));
    Ok(ExitCode::SUCCESS)
}

/// Reads a registry file.
pub(super) fn read_registry(path: &Path) -> Result<Registry, Misuse> {
    let remedy = "leave out agents that nobody writes to";
    let bytes = input::file(path, Registry::FILE_LENGTH_MAX, remedy)?;
    Registry::read(&bytes).map_err(|error| Misuse::failed(format!("{}: {error}", path.display())))
}

/// Reads the id of an agent.
pub(super) fn agent(option: &str, text: &str) -> Result<SpiffeId, Misuse> {
    SpiffeId::parse_agent(text).map_err(|error| {
        let help = format!("give --{option} spiffe://example.org/agent/name");
        Misuse::new(format!("--{option}: {error}"), help)
    })
}

/// The payload on stdin, in any spelling.
pub(super) fn payload() -> Result<Value, Misuse> {
    let limits = json::Limits::default();
    let text = input::from_stdin(limits.bytes_max)?;
    json::read(&text, &limits).map_err(|error| {
        Misuse::new(
            format!("the payload on stdin: {error}"),
            "give a JSON object",
        )
    })
}

fn instant(instant_ms: u64) -> Result<Value, Misuse> {
    let instant = Timestamp::from_ms(instant_ms).map(Timestamp::as_ms);
    let number = instant.and_then(|instant| i64::try_from(instant).ok());
    number.map(Value::Integer).ok_or_else(|| {
        Misuse::new(
            format!(
                "instant {instant_ms} ms, expected at most {} ms",
                Timestamp::MAX.as_ms()
            ),
            "shorten --expires-in",
        )
    })
}

fn field(option: &str, error: &impl std::fmt::Display) -> Misuse {
    Misuse::failed(format!("--{option}: {error}"))
}
