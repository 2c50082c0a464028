//! Who an agent is, and with which keys it speaks (protocol section 1).
//!
//! A principal is named by a [`SpiffeId`], signs with a [`SigningKey`], and is verified with the
//! [`PeerVerifyingKey`] that the [`Registry`] holds for it under a [`KeyId`]. The module says what
//! is on record; it never decides whether a message is admitted, and it knows no envelope, no
//! clock and no network. Entropy is drawn in one place, a function of [`key`].

pub mod base64url;
pub mod key;
pub mod key_id;
pub mod label;
pub mod record;
pub mod registry;
pub mod spiffe;

pub use key::{EntropyError, PeerKeyError, PeerVerifyingKey, SecretKeyFileError, SigningKey};
pub use key_id::{KeyId, KeyIdError};
pub use label::{Label, LabelError};
pub use record::RegistryError;
pub use registry::change::{EnrolError, RetireError, RevokeError, RotateError};
pub use registry::{Agent, KeyRecord, Registry, Standing, Trust};
pub use spiffe::{SpiffeId, SpiffeIdError};
