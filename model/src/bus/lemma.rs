//! What every reachable world satisfies: the inductive strengthening of the invariants.
//!
//! An invariant is about one step and is rarely inductive by itself; the lemmas say what earlier steps
//! have left behind. The prover assumes them before a step and proves them after it, for any number of
//! agents, rules and messages. A lemma claims something of each individual of its kind.
//!
//! Never here: anything that a guard would have to look at. Lemmas are proved, not enforced.

use super::mail::Mail;
use super::world::{Setting, World};
use crate::domain::{Choice, Identity as _, Natural as _, Table as _, Truth as _};

/// A row of the table of lemmas.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LemmaId {
    /// An agent is charged for what it caused, and for nothing else.
    ChargeIsTrue,
    /// What was accepted is signed by whom it names.
    AcceptedIsSigned,
    /// Whoever really wanted a message sent, the orchestrator counts among those it is sent for.
    WanterIsKnown,
    /// An honest agent spells its recipient as everybody does, and what it acts on was delivered to it
    /// and was no answer.
    HonestIsTruthful,
    /// No reply has to wait for a human.
    HeldIsNoReply,
    /// What was delivered after it had to wait left the queue and has used its approval, and nothing
    /// else has.
    DeliveredIsUsed,
    /// The orchestrator takes for what was shown what the human saw.
    ShownIsSeen,
    /// An approval lasts as long as it says.
    ApprovalIsTrue,
    /// An approval is outdated exactly when the policy is another one.
    OutdatedIsOlder,
    /// Whoever waits for an answer can still get it, and the reverse.
    WaitingIsOpen,
    /// A request can be answered as long as its sender wants, and no longer than anyone may.
    DeadlineIsTrue,
    /// What waits approved has not been told that it ended.
    ApprovedIsOpen,
}

/// Of whom a lemma claims something, and what.
#[expect(clippy::type_complexity, reason = "each row says what it may look at")]
pub enum Claim<U: Mail> {
    /// Something of each agent.
    Agent(fn(&World<U>, &U::Agent) -> U::Bool),
    /// Something of each message.
    Message(fn(&Setting<U>, &World<U>, &U::Message) -> U::Bool),
    /// Something of each message and each agent.
    Party(fn(&World<U>, &U::Message, &U::Agent) -> U::Bool),
}

/// One lemma.
pub struct Lemma<U: Mail> {
    /// Which row it is.
    pub id: LemmaId,
    /// What it claims.
    pub claim: Claim<U>,
}

impl LemmaId {
    /// Every lemma, in the order of the table.
    pub const ALL: &[Self] = &[
        Self::ChargeIsTrue,
        Self::AcceptedIsSigned,
        Self::WanterIsKnown,
        Self::HonestIsTruthful,
        Self::HeldIsNoReply,
        Self::DeliveredIsUsed,
        Self::ShownIsSeen,
        Self::ApprovalIsTrue,
        Self::OutdatedIsOlder,
        Self::WaitingIsOpen,
        Self::DeadlineIsTrue,
        Self::ApprovedIsOpen,
    ];

    /// The stable name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::ChargeIsTrue => "charge-is-true",
            Self::AcceptedIsSigned => "accepted-is-signed",
            Self::WanterIsKnown => "wanter-is-known",
            Self::HonestIsTruthful => "honest-is-truthful",
            Self::HeldIsNoReply => "held-is-no-reply",
            Self::DeliveredIsUsed => "delivered-is-used",
            Self::ShownIsSeen => "shown-is-seen",
            Self::ApprovalIsTrue => "approval-is-true",
            Self::OutdatedIsOlder => "outdated-is-older",
            Self::WaitingIsOpen => "waiting-is-open",
            Self::DeadlineIsTrue => "deadline-is-true",
            Self::ApprovedIsOpen => "approved-is-open",
        }
    }
}

impl<U: Mail> Lemma<U> {
    /// The table.
    pub const TABLE: &[Self] = &[
        Self {
            id: LemmaId::ChargeIsTrue,
            claim: Claim::Agent(|world, agent| {
                let agent = world.agents.at(agent);
                agent.charged.same(&agent.caused)
            }),
        },
        Self {
            id: LemmaId::AcceptedIsSigned,
            claim: Claim::Message(|_, world, message| {
                let (content, fate) = (world.messages.at(message), world.fates.at(message));
                let accepted = fate.delivered.or(&fate.hold.held);
                accepted.implies(&content.claimed.same(&content.signer))
            }),
        },
        Self {
            id: LemmaId::WanterIsKnown,
            claim: Claim::Party(|world, message, agent| {
                let wanted = world.wanters.at(message).at(agent);
                wanted.implies(&world.parties.at(message).at(agent))
            }),
        },
        Self {
            id: LemmaId::HonestIsTruthful,
            claim: Claim::Message(|_, world, message| {
                let (content, fate) = (world.messages.at(message), world.fates.at(message));
                let cause = world.messages.at(&content.cause);
                let addressed = Choice::choose(
                    &cause.to_all,
                    &cause.claimed.same(&content.signer).not(),
                    &cause.to.same(&content.signer),
                );
                let accepted = fate.delivered.or(&fate.hold.held);
                let honest = world.agents.at(&content.signer).hostile.not();
                let told = U::Bool::all([
                    world.fates.at(&content.cause).delivered,
                    cause.is_reply.not(),
                    addressed,
                ]);
                let truthful = content.respelled.not().and(&content.acts.implies(&told));
                accepted.and(&honest).implies(&truthful)
            }),
        },
        Self {
            id: LemmaId::HeldIsNoReply,
            claim: Claim::Message(|_, world, message| {
                let held = world.fates.at(message).hold.held;
                held.implies(&world.messages.at(message).is_reply.not())
            }),
        },
        Self {
            id: LemmaId::DeliveredIsUsed,
            claim: Claim::Message(|_, world, message| {
                let fate = world.fates.at(message);
                let used = fate.hold.used.clone();
                let delivered = fate.delivered.clone();
                let gone = used.and(&fate.hold.left);
                let held = fate.hold.held.and(&delivered).implies(&gone);
                held.and(&used.implies(&delivered))
            }),
        },
        Self {
            id: LemmaId::ShownIsSeen,
            claim: Claim::Message(|_, world, message| {
                let hold = world.fates.at(message).hold;
                let seen = hold.saw.same(message);
                let both = hold.shown.implies(&seen).and(&seen.implies(&hold.shown));
                hold.approved.implies(&both)
            }),
        },
        Self {
            id: LemmaId::ApprovalIsTrue,
            claim: Claim::Message(|setting, world, message| {
                let hold = world.fates.at(message).hold;
                let until = hold.approved_at.plus(&setting.patience);
                hold.approved.implies(&hold.until.same(&until))
            }),
        },
        Self {
            id: LemmaId::OutdatedIsOlder,
            claim: Claim::Message(|_, world, message| {
                let hold = world.fates.at(message).hold;
                let older = hold.under.below(&world.version);
                let current = hold.under.same(&world.version);
                let outdated = hold.outdated.and(&older);
                let valid = hold.outdated.not().and(&current);
                hold.approved.implies(&outdated.or(&valid))
            }),
        },
        Self {
            id: LemmaId::WaitingIsOpen,
            claim: Claim::Message(|_, world, message| {
                let request = world.fates.at(message).request;
                let open = request.waiting.implies(&request.open);
                open.and(&request.open.implies(&request.waiting))
            }),
        },
        Self {
            id: LemmaId::DeadlineIsTrue,
            claim: Claim::Message(|setting, world, message| {
                let request = world.fates.at(message).request;
                let wanted = world.messages.at(message).wanted;
                let end = |for_how_long: &U::Nat| {
                    let end = request.asked_at.plus(for_how_long);
                    (
                        request.answer_by.at_most(&end),
                        request.answer_by.same(&end),
                    )
                };
                let (by_wanted, is_wanted) = end(&wanted);
                let (by_longest, is_longest) = end(&setting.longest);
                let exactly = is_wanted.or(&is_longest);
                request
                    .open
                    .implies(&by_wanted.and(&by_longest).and(&exactly))
            }),
        },
        Self {
            id: LemmaId::ApprovedIsOpen,
            claim: Claim::Message(|_, world, message| {
                let (content, fate) = (world.messages.at(message), world.fates.at(message));
                let waits = fate.hold.held.and(&fate.delivered.not());
                let live = waits.and(&fate.hold.left.not().or(&fate.hold.approved));
                live.and(&content.is_request).implies(&fate.request.open)
            }),
        },
    ];

    /// The row of `id`.
    pub fn of(id: LemmaId) -> &'static Self {
        // INVARIANT: the table holds every id in the order of the enum (a test says so).
        #[expect(clippy::indexing_slicing, reason = "one row per id, in order")]
        &Self::TABLE[id as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::{Lemma, LemmaId};
    use crate::domain::Concrete;

    #[test]
    fn the_table_holds_every_lemma_in_order() {
        let ids: Vec<LemmaId> = Lemma::<Concrete>::TABLE.iter().map(|row| row.id).collect();
        assert_eq!(ids, LemmaId::ALL);
    }
}
