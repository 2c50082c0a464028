//! What each invariant promises, by name and in words. When one is kept is decided from ground truth;
//! guards and weakenings need no more of an invariant than its name.

use crate::rulebook::promises;

promises! {
    /// Whatever is delivered as from an agent, that agent signed.
    Attributed, "attributed", "what is delivered as from an agent, that agent signed";
    /// No agent acts on what did not pass the orchestrator.
    Mediated, "mediated", "no agent acts on what the orchestrator did not deliver to it";
    /// Sender and recipient are active when a message is delivered.
    Entitled, "entitled", "sender and recipient are active when a message is delivered";
    /// Whatever is delivered, the rules permit to whoever wanted it, and never to its own sender.
    Permitted, "permitted", "what is delivered, the rules permit, whoever wanted it sent";
    /// What needs an approval is delivered as it was read and approved, under the rights of then.
    Approved, "approved", "what needs an approval is delivered as a human read and approved it";
    /// A message is delivered to a recipient at most once.
    Once, "once", "a message is delivered at most once";
    /// Nothing is delivered past its end, the end of the request it answers, or of its approval.
    Timely, "timely", "nothing is delivered after its deadline";
    /// A reply reaches only who asked, from who was asked, once.
    Solicited, "solicited", "a reply reaches only who asked, from who was asked, once";
    /// No agent causes more deliveries in a period than its share.
    Bounded, "bounded", "no agent causes more deliveries in a period than its share";
    /// An honest message that the rules permit is delivered, whatever others send.
    Live, "live", "an honest message within its rights is delivered, whatever others send";
    /// Every request ends, in an answer or an error, by the longest deadline there is.
    Answered, "answered", "every request ends in a reply or an error, within the longest deadline";
}
