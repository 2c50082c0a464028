//! `countersign queue`: what waits for an approval, and an operator's word on it.

use std::process::ExitCode;

use countersign::envelope::{Body, Digest, Envelope, Sequence};
use countersign::json::{self, Value};
use countersign::service::client::Asking;
use countersign::service::{Approving, Denying, Listing};

use crate::cli::args::{CallerOptions, QueueCommand, QueueOptions};
use crate::cli::caller::{self, Caller};
use crate::cli::misuse::Misuse;
use crate::cli::{ambient, moment, screen};

pub(crate) fn run(options: &QueueOptions) -> Result<ExitCode, Misuse> {
    match &options.command {
        QueueCommand::List(options) => list(options),
        QueueCommand::Approve(options) => {
            let place = Sequence::from_number(options.place);
            let approving = Approving {
                digest: caller::digest(&options.digest)?,
                place: place.ok_or_else(|| Misuse::failed("there is no such place"))?,
            };
            decide(&options.caller, &approving)
        }
        QueueCommand::Deny(options) => {
            let digest = caller::digest(&options.digest)?;
            decide(&options.caller, &Denying { digest })
        }
    }
}

fn list(options: &CallerOptions) -> Result<ExitCode, Misuse> {
    let caller = Caller::new(options)?;
    let mut first = 0;
    loop {
        let listing = Listing {
            first: Sequence::from_number(first),
        };
        let answer = caller.client.ask(&listing, &caller.request_stamp()?);
        let answer = answer.map_err(caller::failed)?;
        let wrong = || Misuse::failed("the answer is not one of a bus");
        let members = answer.as_object().ok_or_else(wrong)?;
        let Some(Value::Array(entries)) = members.get("entries") else {
            return Err(wrong());
        };
        for entry in entries {
            screen::print(&line(entry).ok_or_else(wrong)?);
        }
        first += entries.len() as u64;
        let waiting = members.get("waiting").and_then(number);
        if entries.is_empty() || waiting.is_none_or(|waiting| first >= waiting) {
            return Ok(ExitCode::SUCCESS);
        }
    }
}

/// A message that waits. Its digest is computed of what is printed, not believed.
fn line(entry: &Value) -> Option<String> {
    let entry = entry.as_object()?;
    let text = entry.get("envelope")?.as_str()?;
    let value = json::read_canonical(text.as_bytes(), &json::Limits::default()).ok()?;
    let envelope = Envelope::from_value(&value).ok()?;
    let header = envelope.header();
    let body = match envelope.body() {
        Body::Payload(payload) => {
            screen::legible(&String::from_utf8_lossy(&json::write(&payload.to_value())))
        }
        Body::Sealed(_) => "sealed: nobody can approve what nobody can read".to_owned(),
    };
    Some(format!(
        "{:>6}  {}  {:<8}  {} -> {}  until {}\n{:8}{body}\n",
        number(entry.get("place")?)?,
        Digest::of(text.as_bytes()),
        header.kind,
        header.from,
        header.to,
        moment::told(number(entry.get("held_until")?)?),
        ""
    ))
}

fn decide<T: Asking>(options: &CallerOptions, word: &T) -> Result<ExitCode, Misuse> {
    let caller = Caller::new(options)?;
    let stamp = caller.request_stamp()?;
    let request = caller.client.request(word, &stamp);
    let request = request.map_err(Misuse::failed)?;
    let answer = caller.client.call(T::METHOD, &request);
    let (digest, now_ms) = (request.digest(), ambient::now_ms()?);
    let receipt = answer.and_then(|it| caller.client.receipt(&it, &digest, now_ms));
    let receipt = receipt.map_err(caller::failed)?;
    let record = receipt.record.as_number();
    screen::print(&format!("{:<9}  record {record}\n", receipt.outcome));
    Ok(ExitCode::SUCCESS)
}

fn number(value: &Value) -> Option<u64> {
    match value {
        Value::Integer(integer) => u64::try_from(*integer).ok(),
        _ => None,
    }
}
