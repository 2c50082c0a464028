//! The flawed mechanisms, by name. What each does stands beside the right way, in
//! [`step`](crate::admission::step).

/// A flawed mechanism, in the place of the right one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mechanism {
    /// The replay store evicts its oldest entry when it is full.
    EvictsOldest,
    /// The replay store remembers a nonce before the signature is verified.
    InsertsBeforeAuthentication,
    /// The rate of the claimed sender is counted before the signature is verified.
    CountsBeforeAuthentication,
    /// A timestamp that is not a number passes, and every comparison with it is false.
    AdmitsNotANumber,
    /// The replay store is keyed by the nonce alone.
    KeyedByNonceAlone,
    /// The replay store is empty after a restart.
    ForgetsOnRestart,
    /// Each replica has a replay store of its own.
    StorePerReplica,
    /// Looking a nonce up and inserting it are two steps.
    ChecksThenInserts,
    /// Senders derive the nonce from their clock.
    NonceFromClock,
    /// The nonce that is looked up is not covered by the signature.
    NonceOutsideSignature,
    /// The receiver follows its wall clock when that steps back.
    FollowsWallClock,
    /// The key comes with the message.
    KeyFromMessage,
    /// The receiver attributes the message to the sender that the payload names.
    ActsOnInnerSender,
    /// The type is not covered by the signature.
    TypeOutsideSignature,
    /// The signature is verified over a canonical form other than RFC 8785.
    OtherCanonicalForm,
    /// Of a key that occurs twice the last value counts, as in most JSON readers.
    LastKeyWins,
    /// One reading of the text is checked and another acted upon.
    ParsesTwice,
    /// The recipient is not covered by the signature.
    RecipientOutsideSignature,
    /// An entry's lifetime counts from its receipt, not from the message's own time.
    LifetimeFromReceipt,
}
