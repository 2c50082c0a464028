//! What to do about each rejection.

use countersign_model::{admission, bus};

pub(super) fn of_admission(rejection: admission::guard::Rejection) -> &'static str {
    use admission::guard::Rejection as It;
    match rejection {
        It::TooLarge => "send less, or send it in parts",
        It::Malformed => "send I-JSON (RFC 7493)",
        It::NotCanonical => "write the text in the form of RFC 8785",
        It::UnsupportedVersion => "speak a version that the deployment names",
        It::SchemaMismatch => "compare the envelope with docs/schema/envelope.json",
        It::UnknownSender => {
            "have the sender listed in the deployment, for what it asks for, and active"
        }
        It::UnknownKey => "sign with a key that the deployment lists for the sender",
        It::KeyExpired | It::KeyRevoked => "sign with a key that is valid now",
        It::BadSignature => "sign the canonical bytes without the signature",
        It::WrongRecipient => "address an agent of the deployment, or the orchestrator",
        It::SelfAddressed => "address somebody else",
        It::UnknownSession => "ask the orchestrator without a session",
        It::Stale => "sign a new envelope now; check the clocks",
        It::FromFuture => "check the clocks",
        It::Expired => "sign a new envelope that expires later",
        It::Replayed => "nothing if it was answered before; else sign a new envelope",
        It::StoreFull | It::TooFast => "send more slowly",
    }
}

pub(super) fn of_bus(rejection: bus::guard::Rejection) -> &'static str {
    use bus::guard::Rejection as It;
    match rejection {
        It::NotAdmitted => "sign a new envelope",
        It::TooFast => "send more slowly; a broadcast counts each recipient",
        It::PartyInactive => "address agents that the deployment lists as active",
        It::SelfAddressed => "address somebody else; it went round in a circle",
        It::Expired => "send it again, expiring later",
        It::Unasked => "answer what was asked of you, by its digest, to whom asked it",
        It::TooLate => "answer before the deadline of the request",
        It::AlreadyEnded => "nothing: the request has its answer, or its error",
        It::Denied => "have the rule that denies it changed: countersign policy",
        It::NotGranted => "have a rule added that grants it: countersign policy",
        It::OriginNotGranted => "have whoever asked for it send it, if that one may",
        It::AwaitingApproval => "wait for an operator",
        It::NotWhatWasApproved => "look at the queue again, and approve what it shows",
        It::BodyNotCommitted => "send it in the clear: nobody approves what nobody can read",
        It::PolicyChanged => "look at the queue again: the rules have changed since",
        It::ApprovalLapsed => "look at the queue again, and approve sooner",
        It::ApprovalUsed => "send it again, if it is to happen again",
        It::NotMediated => "take deliveries from the orchestrator only",
    }
}
