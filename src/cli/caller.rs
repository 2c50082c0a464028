//! Whoever speaks to a bus from a shell: its key, its deployment, and what to say of a failure.

use countersign::discovery::Stamp;
use countersign::envelope::{Digest, MessageId, Nonce, Timestamp};
use countersign::identity::{KeyId, Label, SpiffeId};
use countersign::service::client::{CallError, Client};

use super::ambient;
use super::args::CallerOptions;
use super::command::keygen;
use super::deployment;
use super::misuse::Misuse;

/// How long a request may be on its way, in milliseconds.
const REQUEST_MS: u64 = 60_000;

/// A client, and the key that it signs with.
pub(crate) struct Caller {
    pub(crate) client: Client,
    key_id: KeyId,
}

impl Caller {
    pub(crate) fn new(options: &CallerOptions) -> Result<Self, Misuse> {
        let deployment = deployment::read(&options.deployment)?;
        let key = keygen::read_secret(&options.key)?;
        let key_id = key.key_id();
        let client = Client::new(&deployment, key, options.server.clone()).ok_or_else(|| {
            let file = options.deployment.display();
            Misuse::new(
                format!("{file} lists no orchestrator, or nobody with key {key_id}"),
                "list the key there, and an orchestrator",
            )
        })?;
        Ok(Self { client, key_id })
    }

    /// What makes a message unlike every other, and when it is made.
    pub(crate) fn stamp(&self, expires_in_ms: u64) -> Result<Stamp, Misuse> {
        let now_ms = ambient::now_ms()?;
        let time = |ms| {
            let no_time = || Misuse::new("there is no such time", "shorten --expires-in");
            Timestamp::from_ms(ms).ok_or_else(no_time)
        };
        Ok(Stamp {
            id: MessageId::from_bytes(ambient::random_16()?),
            nonce: Nonce::from_bytes(ambient::random_16()?),
            issued_at: time(now_ms)?,
            expires_at: time(now_ms.saturating_add(expires_in_ms))?,
            key_id: self.key_id,
        })
    }

    /// The stamp of a request to the bus itself.
    pub(crate) fn request_stamp(&self) -> Result<Stamp, Misuse> {
        self.stamp(REQUEST_MS)
    }

    /// Whoever has this name in the deployment.
    pub(crate) fn named(&self, name: &str) -> Result<SpiffeId, Misuse> {
        let registry = self.client.registry();
        registry.handle_holder(name).cloned().ok_or_else(|| {
            let known = registry.agents().filter_map(|agent| agent.handle.as_ref());
            let known = known.map(Label::as_str);
            Misuse::unknown("recipient", name, known, "countersign policy DEPLOYMENT")
        })
    }
}

/// Reads the digest of an envelope.
pub(crate) fn digest(text: &str) -> Result<Digest, Misuse> {
    Digest::parse(text).map_err(|error| Misuse::new(error, "copy the digest whole"))
}

/// What to tell of a call that came to nothing.
pub(crate) fn failed(error: CallError) -> Misuse {
    match error {
        CallError::Http { .. } => {
            let help =
                "start the bus with: countersign serve; or say where it listens with --server";
            Misuse::new(error, help)
        }
        CallError::Refused {
            ref guard,
            ref remedy,
            ..
        } => {
            let by = guard.as_ref().map(|guard| format!(" (guard {guard})"));
            Misuse::new(format!("{error}{}", by.unwrap_or_default()), remedy)
        }
        other => Misuse::failed(other),
    }
}
