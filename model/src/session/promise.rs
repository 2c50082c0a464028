//! What each invariant promises, by name and in words. When one is kept, [`super::invariant`] decides
//! from ground truth; guards and weakenings need no more of an invariant than its name.

use crate::rulebook::promises;

promises! {
    /// Nothing changes an end unless its peer sealed exactly that, number included, for this end, in
    /// this session.
    Authentic, "authentic", "nothing changes an end unless its peer sealed exactly that for it, in this session";
    /// A record is accepted at most once.
    Once, "once", "a record is accepted at most once";
    /// No two records are ever sealed under one key and nonce (RFC 8439 section 2.8).
    Unique, "unique", "no two records are sealed under one key and nonce";
    /// Nothing is sealed or accepted in a session that is over.
    Timely, "timely", "nothing is sealed or accepted in a session that is over";
    /// Nothing is sealed for, or accepted from, a peer that is no longer entitled to the session.
    Entitled, "entitled", "nothing is sealed for or accepted from a peer that lost its standing";
    /// What is acted upon satisfies its schema.
    Schema, "schema", "what is acted upon satisfies the schema of its type";
    /// A record of an honest peer is accepted while the window still reaches back to it.
    Live, "live", "an honest record within the window is accepted, whatever others send";
    /// Nothing that is not yet authenticated costs more than a few derivations of keys.
    Bounded, "bounded", "a record costs no more than so many derivations before it is authenticated";
    /// No key seals more records, or for longer, than it may.
    Renewed, "renewed", "no key seals more records, or for longer, than its share";
    /// Whoever gets the keys of an end reads no record of an epoch that was over.
    Forward, "forward", "lost keys open no record of an epoch that was over when they were lost";
}
