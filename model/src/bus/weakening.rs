//! The weakenings of the bus: every guard off, then every flawed mechanism.

use self::Mechanism as M;
use super::Bus;
use super::guard::GuardId as G;
use super::promise::InvariantId as I;
use crate::rulebook::{Weakening, mechanisms, rows};

mechanisms! {
    /// The limiter charges the sender that an envelope claims, before anybody authenticated it.
    ChargesClaimedSender, "charges-claimed-sender";
    /// A broadcast is charged as one delivery.
    BroadcastCostsOne, "broadcast-costs-one";
    /// Sender and recipient are compared by their spelling, and spellings differ.
    SpellingCompared, "spelling-compared";
    /// A rule with an empty list counts as no rule.
    EmptyListIgnored, "empty-list-ignored";
    /// A rule shadows lower tiers only for the types that it names.
    ShadowsByType, "shadows-by-type";
    /// Only the most specific tier is asked whether it denies or holds.
    DecidingTierAlone, "deciding-tier-alone";
    /// Within a tier the first rule of the file wins.
    FirstRuleWins, "first-rule-wins";
    /// Rules for the sender and rules for the recipient take precedence in the order of the file.
    WildcardsInFileOrder, "wildcards-in-file-order";
    /// A broadcast is decided once, for the first recipient.
    BroadcastUnchecked, "broadcast-unchecked";
    /// Whether an approval is needed is asked of the sender alone, not of the agent it acts for.
    OriginNotHeld, "origin-not-held";
    /// A reply needs a rule of its own.
    RepliesNeedRule, "replies-need-rule";
    /// A request lives as long as its sender says.
    SenderSetsDeadline, "sender-sets-deadline";
    /// Nobody ends a request that is not answered.
    NeverEnds, "never-ends";
    /// A request that is refused or rejected ends without a word to its sender.
    DenialIsSilent, "denial-is-silent";
    /// An approval names the message's id, which another message can carry.
    BindsIdAlone, "binds-id-alone";
    /// An approval names a place in the queue.
    BindsPlace, "binds-place";
    /// An approved message is delivered without being judged again.
    ReleasesUnchecked, "releases-unchecked";
    /// What waits in the queue must be fresh when it is released.
    HeldGrowsStale, "held-grows-stale";
    /// What is to be held is exempt from freshness, while its nonce is forgotten as any other.
    HeldIsExempt, "held-is-exempt";
}

/// What a search needs in order to see a weakening.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Need {
    /// Messages.
    pub messages: u8,
}

rows!(Bus, needing Need { messages: 2 });

/// The table.
#[rustfmt::skip]
pub(super) const ROWS: &[Weakening<Bus>] = &[
    //      guard off              breaks          flaws     lesson
    without(G::Admitted,           I::Attributed,  &[34],    "whoever names a sender is that sender"),
    without(G::RateWithin,         I::Bounded,     &[51],    "one agent floods all others"),
    without(G::PartiesActive,      I::Entitled,    &[46],    "what a revoked agent left in the queue is still delivered"),
    without(G::NotSelfAddressed,   I::Permitted,   &[50],    "an agent talks to itself"),
    without(G::NotExpired,         I::Timely,      &[47],    "approved after its end, and executed"),
    without(G::ReplyExpected,      I::Solicited,   &[40],    "whoever guesses what was asked answers it"),
    without(G::ReplyInTime,        I::Timely,      &[41],    "an answer after the deadline is acted upon"),
    without(G::RequestOpen,        I::Solicited,   &[41],    "a request is answered twice").messages(3),
    without(G::NotDenied,          I::Permitted,   &[35],    "what a broader rule denies, a narrower one lets through"),
    without(G::Granted,            I::Permitted,   &[],      "what nobody allowed is allowed"),
    without(G::OriginGranted,      I::Permitted,   &[37],    "a deputy does what its principal may not"),
    without(G::ApprovalGiven,      I::Approved,    &[36],    "nobody is asked"),
    without(G::ApprovalBinds,      I::Approved,    &[43, 45], "one message is approved, another is sent"),
    without(G::BodyCommitted,      I::Approved,    &[48],    "the approver reads one text, the recipient another"),
    without(G::ApprovalCurrent,    I::Approved,    &[46],    "an approval outlives the rights that it was given under"),
    without(G::ApprovalInTime,     I::Timely,      &[47],    "an approval is kept in a drawer"),
    without(G::ApprovalUnused,     I::Once,        &[44],    "one approval, two payments"),
    without(G::Countersigned,      I::Mediated,    &[],      "agents talk behind the orchestrator's back"),
    //   mechanism                 breaks          flaws     lesson
    with(M::ChargesClaimedSender,  I::Live,        &[49],    "junk in an agent's name uses up its share"),
    with(M::BroadcastCostsOne,     I::Bounded,     &[51],    "one message, as many deliveries as there are agents"),
    with(M::SpellingCompared,      I::Permitted,   &[50],    "upper and lower case make two of one agent"),
    with(M::EmptyListIgnored,      I::Permitted,   &[35],    "a rule that allows nothing cannot deny"),
    with(M::ShadowsByType,         I::Permitted,   &[36],    "a delegation that needs approval goes as a question"),
    with(M::DecidingTierAlone,     I::Permitted,   &[36],    "a rule for a pair loosens the rule for all"),
    with(M::FirstRuleWins,         I::Permitted,   &[38],    "reordering the file changes who may do what"),
    with(M::WildcardsInFileOrder,  I::Permitted,   &[38],    "rules for the sender and for the recipient have no order"),
    with(M::BroadcastUnchecked,    I::Permitted,   &[39],    "what is told to all reaches those who may not hear it"),
    with(M::OriginNotHeld,         I::Approved,    &[37],    "the deputy needs no approval, so its principal needs none"),
    with(M::RepliesNeedRule,       I::Live,        &[40],    "a reply is in no allow list"),
    with(M::SenderSetsDeadline,    I::Answered,    &[42],    "a request that never ends"),
    with(M::NeverEnds,             I::Answered,    &[42],    "whoever asks waits for ever"),
    with(M::DenialIsSilent,        I::Answered,    &[],      "whoever is refused waits for ever"),
    with(M::BindsIdAlone,          I::Approved,    &[43],    "the message behind the id is exchanged after it was read"),
    with(M::BindsPlace,            I::Approved,    &[45],    "the queue moves while the operator presses the key"),
    with(M::ReleasesUnchecked,     I::Permitted,   &[46],    "the right was withdrawn while the message waited"),
    with(M::HeldGrowsStale,        I::Live,        &[13],    "a human is slower than the window"),
    with(M::HeldIsExempt,          I::Once,        &[13],    "what was exempt because it waited comes again"),
];

impl Weakening<Bus> {
    const fn messages(mut self, messages: u8) -> Self {
        self.needs = Need { messages };
        self
    }
}
