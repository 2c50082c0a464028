//! `countersign send`: a payload in, a message on the bus, the receipt out.

use std::process::ExitCode;

use countersign::envelope::{Envelope, Header, Kind, MessageId, Payload};
use countersign::json::Value;
use countersign::service::Method;

use super::sign::payload;
use crate::cli::args::SendOptions;
use crate::cli::caller::{self, Caller};
use crate::cli::misuse::Misuse;
use crate::cli::{ambient, screen};

pub(crate) fn run(options: &SendOptions) -> Result<ExitCode, Misuse> {
    let caller = Caller::new(&options.caller)?;
    let kind = Kind::parse(&options.kind).map_err(|_| {
        let known = Kind::ALL.iter().map(|kind| kind.as_str());
        Misuse::unknown(
            "message type",
            &options.kind,
            known,
            "countersign send --help",
        )
    })?;
    let to = caller.named(&options.to)?;
    let stamp = caller.stamp(options.expires_in.saturating_mul(1000))?;
    let mut header = caller.client.header(kind, to, &stamp);
    header.in_reply_to = match &options.in_reply_to {
        Some(text) => Some(caller::digest(text)?),
        None => None,
    };
    header.correlation_id = match &options.correlation_id {
        Some(text) => Some(MessageId::parse(text).map_err(Misuse::failed)?),
        None => None,
    };
    let envelope = signed(&caller, header, &payload()?)?;
    let digest = envelope.digest();
    let answer = caller.client.call(Method::SendMessage, &envelope);
    let now_ms = ambient::now_ms()?;
    let receipt = answer.and_then(|it| caller.client.receipt(&it, &digest, now_ms));
    let receipt = receipt.map_err(caller::failed)?;
    screen::print(&format!(
        "{:<9}  {digest}  id {}  record {}\n",
        receipt.outcome,
        envelope.header().id,
        receipt.record.as_number()
    ));
    Ok(ExitCode::SUCCESS)
}

/// The message with this payload, if that is one of its type.
fn signed(caller: &Caller, header: Header, payload: &Value) -> Result<Envelope, Misuse> {
    let kind = header.kind;
    let read = Payload::from_value(kind, payload).map_err(|error| {
        Misuse::new(
            format!("not a message of type {kind}: {error}"),
            format!("compare it with docs/schema/payload_{kind}.json"),
        )
    })?;
    caller.client.sign(header, read).map_err(Misuse::failed)
}
