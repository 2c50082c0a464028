//! The handshake in a crowd: any number of runs, principals and sessions, for the prover.
//!
//! Where a search [enumerates terms](super::script), this says of each run what it has heard, and of the
//! attacker what it [can know](knowledge); a proof then needs no list of messages. What is compared is
//! the *content* of transcripts and keys, part by part: two digests are the same exactly if what they
//! digest is. A fresh value carries its owner, the run that drew it, so that no lemma has to say that
//! "there is" a run. The decision on each flight is the guard table's.
//!
//! Taken for granted, besides perfect cryptography:
//! * every principal that is not the attacker follows the script, and so do all its runs at once;
//! * parts of a message are not mistaken for parts of another kind;
//! * what the attacker can know is what [`knowledge`] says;
//! * whoever is listed, with which key, offers and capabilities, does not change while runs last;
//! * numbers are mathematical integers.
//!
//! What is assumed of the individuals themselves stands in [`assumption`], by name. Read [`record`], then
//! [`step`], [`invariant`] and [`lemma`].
//!
//! Never here: a decision about a flight. Those are rows of the guard table.

use crate::domain::{Choice, Domain, Identity, Table, Value};

pub mod assumption;
pub mod exchange;
pub mod invariant;
pub mod knowledge;
pub mod lemma;
pub mod record;
pub mod step;

use record::World;

use super::Handshake;
use crate::rulebook::Ruleset;

/// What the crowd needs of a domain: the individuals of a handshake, and what is true of them for good.
pub trait Crowd: Domain {
    /// A run of an honest principal.
    type Run: Identity<Self::Bool> + Value;
    /// A public Diffie-Hellman share.
    type Share: Identity<Self::Bool> + Value;
    /// A public key for signatures.
    type Key: Identity<Self::Bool> + Value;
    /// A set of versions.
    type Offer: Identity<Self::Bool> + Value;
    /// A set of capabilities.
    type Capabilities: Identity<Self::Bool> + Value;
    /// A cipher suite.
    type Suite: Identity<Self::Bool> + Value;
    /// Bytes that no honest run would have sent.
    type Bytes: Identity<Self::Bool> + Value;
    /// A table over principals.
    type PerAgent<V: Choice<Self::Bool> + 'static>: Table<Self::Bool, Self::Agent, V>;
    /// A table over runs.
    type PerRun<V: Choice<Self::Bool> + 'static>: Table<Self::Bool, Self::Run, V>;

    /// The run that drew the secret of `share`, if any run did.
    fn drawer(share: &Self::Share) -> Self::Run;
    /// Whether `share` is of low order (RFC 7748 section 6.1).
    fn low_order(share: &Self::Share) -> Self::Bool;
    /// The principal whose key it really is.
    fn owner(key: &Self::Key) -> Self::Agent;
    /// Whether an initiator's and a responder's offer have a version in common.
    fn common(initiator: &Self::Offer, responder: &Self::Offer) -> Self::Bool;
    /// The best version that they have in common, where they have one.
    fn best(initiator: &Self::Offer, responder: &Self::Offer) -> Self::Nat;
    /// The best version of an offer by itself.
    fn newest(offer: &Self::Offer) -> Self::Nat;
    /// Whether `agent` offers `suite`.
    fn offers(agent: &Self::Agent, suite: &Self::Suite) -> Self::Bool;
    /// Whether `capabilities` are all that `agent` requires of a peer.
    fn suffices(capabilities: &Self::Capabilities, agent: &Self::Agent) -> Self::Bool;

    /// Whether `holds` is true of every run.
    fn every_run(holds: impl Fn(&Self::Run) -> Self::Bool) -> Self::Bool;
    /// Whether `holds` is true of some run. Whoever has to prove it may look at `candidate` alone.
    fn some_run(candidate: &Self::Run, holds: impl Fn(&Self::Run) -> Self::Bool) -> Self::Bool;
}

/// A world, and the rules that are kept in it.
pub struct Scene<'a, C: Crowd> {
    /// The rules.
    pub rules: Ruleset<Handshake>,
    /// The world.
    pub world: &'a World<C>,
}

#[cfg(test)]
mod tests;
