//! The bus: exchanges, what operators and deadlines do to them, and a message that each guard refuses.

use countersign_replay::bus::action::Action;
use countersign_replay::bus::cast::{Kind, Message};
use countersign_replay::trace::Until;

pub(super) use self::stage::told;
use super::{Happens, Scenario};
use crate::cli::script::{START, Script, ask, delegate, notice, reply};

mod stage;

/// The exchanges, then one for each rejection in the order of the guard table.
pub(super) const TABLE: &[Scenario] = &[
    told_as(
        "exchanges/bus-ask-and-reply",
        "a question is asked, and answered without a rule of its own",
        ask_and_reply,
    ),
    told_as(
        "exchanges/bus-delegate",
        "a task is handed on, and its completion reported",
        delegated,
    ),
    told_as(
        "exchanges/bus-notify-all",
        "an event reaches everybody, and costs its sender each delivery",
        || {
            let told = Script::default().send(notice("m1", "alice"));
            told.receive("m1", "bob").receive("m1", "carol")
        },
    ),
    told_as(
        "exchanges/bus-held-and-approved",
        "what needs a human waits for one, and is delivered once",
        || approved().release("m1").receive("m1", "bob"),
    ),
    told_as(
        "exchanges/bus-held-and-rejected",
        "what a human rejects is gone, and its sender is told",
        || held().reject("m1").release("m1"),
    ),
    told_as(
        "exchanges/bus-deadline",
        "a request that nobody answers ends in an error",
        || asked_until(2).receive("m1", "bob").advance(3).advance(4),
    ),
    told_as(
        "exchanges/bus-deputy",
        "a deputy needs the approval that its principal would need",
        deputy,
    ),
    told_as(
        "exchanges/bus-junk-ignored",
        "junk in a sender's name costs that sender nothing",
        || {
            let junk = |name| Message {
                signer: Some("mallory".to_owned()),
                ..notice(name, "alice")
            };
            let junk = Script::default().send(junk("m1")).send(junk("m2"));
            junk.send(notice("m3", "alice"))
        },
    ),
    told_as(
        "rejected/not-admitted/bus-in-anothers-name",
        "nobody speaks in another's name",
        || {
            Script::default().send(Message {
                signer: Some("mallory".to_owned()),
                ..ask("m1", "alice", "bob")
            })
        },
    ),
    told_as(
        "rejected/too-fast/bus-second-notice",
        "a notice costs as many deliveries as there are others",
        || {
            let first = Script::default().send(notice("m1", "alice"));
            first.send(notice("m2", "alice"))
        },
    ),
    told_as(
        "rejected/party-inactive/bus-recipient-gone",
        "nothing is delivered to an agent that is no longer listed",
        || {
            let gone = Script::default().then(Action::Deactivate {
                agent: "bob".to_owned(),
            });
            gone.send(ask("m1", "alice", "bob"))
        },
    ),
    told_as(
        "rejected/self-addressed/bus-to-itself",
        "nobody sends to itself",
        || Script::default().send(ask("m1", "mallory", "mallory")),
    ),
    told_as(
        "rejected/expired/bus-approved-after-its-end",
        "an approval does not outlive the message",
        || {
            let message = Message {
                expires_at: Until(START),
                ..delegate("m1", "alice", "bob")
            };
            let held = Script::default().send(message).approve("m1", None);
            held.advance(2).release("m1")
        },
    ),
    told_as(
        "rejected/unasked/bus-answer-to-nothing",
        "nobody answers what it was not asked",
        || Script::default().send(reply("m1", "mallory", "alice", None, START)),
    ),
    told_as(
        "rejected/too-late/bus-after-the-deadline",
        "an answer after the deadline is not acted upon",
        || {
            let late = asked_until(2).receive("m1", "bob").advance(3);
            late.send(reply("m2", "bob", "alice", Some("m1"), 3))
        },
    ),
    told_as(
        "rejected/already-ended/bus-second-answer",
        "a request is answered once",
        || ask_and_reply().send(reply("m3", "bob", "alice", Some("m1"), START)),
    ),
    told_as(
        "rejected/denied/bus-denied-to-all",
        "what a broad rule denies, no narrow one lets through",
        || Script::default().send(delegate("m1", "carol", "bob")),
    ),
    told_as(
        "rejected/not-granted/bus-no-rule",
        "what nobody allowed is denied",
        || Script::default().send(ask("m1", "mallory", "carol")),
    ),
    told_as(
        "rejected/origin-not-granted/bus-deputy-of-a-stranger",
        "a deputy does nothing that its principal may not do",
        || {
            let asked = Script::default().send(ask("m1", "mallory", "bob"));
            asked.receive("m1", "bob").send(Message {
                conversation: Some("m1".to_owned()),
                ..ask("m2", "bob", "carol")
            })
        },
    ),
    told_as(
        "rejected/awaiting-approval/bus-held",
        "what needs a human waits for one",
        held,
    ),
    told_as(
        "rejected/not-what-was-approved/bus-queue-moved",
        "an approval is for what the operator saw, wherever it stands by now",
        || {
            let two = held().send(delegate("m2", "alice", "bob"));
            two.reject("m1").approve("m2", Some("m1")).release("m2")
        },
    ),
    told_as(
        "rejected/body-not-committed/bus-sealed",
        "nobody approves what it cannot read",
        || {
            let sealed = Message {
                sealed: true,
                answer_by: Until::ENDLESS,
                ..delegate("m1", "mallory", "carol")
            };
            Script::default()
                .send(sealed)
                .approve("m1", None)
                .release("m1")
        },
    ),
    told_as(
        "rejected/policy-changed/bus-rights-withdrawn",
        "an approval ends with the policy that it was given under",
        || {
            let changed = approved().then(Action::Withdraw {
                agent: "mallory".to_owned(),
            });
            changed.release("m1")
        },
    ),
    told_as(
        "rejected/approval-lapsed/bus-in-a-drawer",
        "an approval is used in time",
        || approved().advance(5).release("m1"),
    ),
    told_as(
        "rejected/approval-used/bus-second-release",
        "an approval is used once",
        || approved().release("m1").release("m1"),
    ),
    told_as(
        "rejected/not-mediated/bus-behind-its-back",
        "an agent takes nothing that the orchestrator did not let pass",
        || {
            let composed = Script::default().compose(ask("m1", "mallory", "alice"));
            composed.receive("m1", "alice")
        },
    ),
];

const fn told_as(path: &'static str, lesson: &'static str, happens: fn() -> Script) -> Scenario {
    Scenario {
        path,
        lesson,
        happens: Happens::Bus(happens),
    }
}

fn ask_and_reply() -> Script {
    let asked = Script::default().send(ask("m1", "alice", "bob"));
    let answered = asked.receive("m1", "bob");
    let answered = answered.send(reply("m2", "bob", "alice", Some("m1"), START));
    answered.receive("m2", "alice")
}

fn delegated() -> Script {
    let asked = Script::default().send(delegate("m1", "bob", "carol"));
    let report = Message {
        kind: Kind::Result,
        ..reply("m2", "carol", "bob", Some("m1"), 2)
    };
    let done = asked.receive("m1", "carol").advance(2).send(report);
    done.receive("m2", "bob")
}

fn held() -> Script {
    Script::default().send(delegate("m1", "alice", "bob"))
}

fn approved() -> Script {
    held().approve("m1", None)
}

fn asked_until(tick: u64) -> Script {
    Script::default().send(Message {
        answer_by: Until(tick),
        ..ask("m1", "alice", "bob")
    })
}

fn deputy() -> Script {
    let asked = Script::default().send(ask("m1", "alice", "bob"));
    let acting = Message {
        conversation: Some("m1".to_owned()),
        ..delegate("m2", "bob", "carol")
    };
    let held = asked.receive("m1", "bob").send(acting);
    let told = held.approve("m2", None).release("m2");
    told.receive("m2", "carol")
}
