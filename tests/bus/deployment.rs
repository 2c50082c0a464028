//! Runs as a deployment has them: more agents than any search, a rate period of many ticks, conversations of
//! several askers. The model foretells them, and the real orchestrator does the same.

use countersign::lab::BusLab;
use countersign_model::bus::Bus;
use countersign_model::bus::guard::Rejection;
use countersign_replay::bus::action::Action;
use countersign_replay::bus::cast::{Agent, EVERYBODY, Kind, Message, Roll, Rule, Setting};
use countersign_replay::form::Form as _;
use countersign_replay::teller::START_MS;
use countersign_replay::trace::{Clock, Expect, FORMAT, Seed, Step, Until};
use countersign_replay::{Outcome, Trace, Verdict, replay, rulebook};

const AGENTS: usize = 150;
/// A second, where a tick is a millisecond.
const PERIOD: u64 = 1_000;

fn name(number: usize) -> String {
    format!("agent-{number}")
}

fn rule(from: &str, to: &str, kinds: &[Kind]) -> Rule {
    Rule {
        from: from.to_owned(),
        to: to.to_owned(),
        allow: kinds.to_vec(),
        ..Rule::default()
    }
}

fn message(number: usize, kind: Kind, (from, to): (usize, usize), issued_at: u64) -> Message {
    Message {
        name: format!("m{number}"),
        kind,
        from: name(from),
        to: name(to),
        signer: None,
        issued_at,
        expires_at: Until::ENDLESS,
        answer_by: Until::ENDLESS,
        answers: None,
        conversation: None,
        id_of: None,
        sealed: false,
        respelled: false,
    }
}

/// What each verdict is, if every message is submitted when it was issued and the clock runs along.
fn performed(rules: Vec<Rule>, rate: u64, messages: Vec<Message>) -> Vec<Verdict<Rejection>> {
    let mut steps = Vec::new();
    let mut now = 1;
    for message in &messages {
        if message.issued_at > now {
            now = message.issued_at;
            steps.push(Action::Advance { to: now });
        }
        steps.push(Action::Submit {
            message: message.name.clone(),
        });
    }
    let agents = (0..AGENTS).map(|number| Agent {
        name: name(number),
        // Nothing is known of what agents are like.
        hostile: true,
    });
    let trace: Trace<Bus> = Trace {
        format: FORMAT.to_owned(),
        system: Bus::NAME.to_owned(),
        rulebook: rulebook::digest::<Bus>(),
        lesson: "a run of a deployment".to_owned(),
        weakenings: Vec::new(),
        setting: Setting {
            window: 500,
            approval: 10_000,
            request: 10_000,
            rate,
            period: PERIOD,
            rules,
        },
        clock: Clock {
            start_ms: START_MS,
            tick_ms: 1,
            start: 1,
        },
        seed: Seed([7; 16]),
        cast: Roll {
            agents: agents.collect(),
            messages,
        },
        steps: steps
            .into_iter()
            .map(|action| Step {
                action,
                expect: Expect::default(),
                bytes: Vec::new(),
            })
            .collect(),
        violates: None,
        transcript: None,
    };
    let told = trace.foretell(None).unwrap();
    let report = replay(&told, BusLab::hardened).unwrap();
    assert_eq!(report.outcome, Outcome::Matches);
    let verdicts = told.steps.iter().flat_map(|step| &step.expect.verdicts);
    verdicts.copied().collect()
}

#[test]
fn a_rate_counts_what_a_sender_caused_in_the_period_that_ends_now() {
    let times = [1, 400, 999, 1_000, 1_001, 1_002, 1_399, 1_400];
    let messages = times.iter().zip(1..);
    let messages =
        messages.map(|(issued_at, number)| message(number, Kind::Ask, (0, 149), *issued_at));
    let rules = vec![rule(EVERYBODY, &name(149), &[Kind::Ask])];
    let found = performed(rules, 3, messages.collect());
    let fast = Verdict::Refused(Rejection::TooFast);
    let passed = Verdict::Admitted;
    // The one of tick 1 counts until 1,000, that of 400 until 1,399.
    let expected = [passed, passed, passed, fast, passed, fast, fast, passed];
    assert_eq!(found, expected);
}

#[test]
fn a_notice_reaches_as_many_as_there_are() {
    let notice = |number| Message {
        to: EVERYBODY.to_owned(),
        ..message(number, Kind::Notify, (7, 8), 1)
    };
    let rules = vec![rule(&name(7), EVERYBODY, &[Kind::Notify])];
    let found = performed(rules.clone(), 149, vec![notice(1), notice(2)]);
    let fast = Verdict::Refused(Rejection::TooFast);
    assert_eq!(found, [Verdict::Admitted, fast]);
    assert_eq!(performed(rules, 148, vec![notice(1)]), [fast]);
}

#[test]
fn a_deputy_of_two_needs_the_rights_of_both() {
    let in_one = |message: Message| Message {
        conversation: Some("m1".to_owned()),
        ..message
    };
    let asks = |second: usize| {
        vec![
            message(1, Kind::Ask, (100, 120), 1),
            in_one(message(2, Kind::Ask, (second, 120), 1)),
            in_one(message(3, Kind::Ask, (120, 140), 1)),
        ]
    };
    let rules = vec![
        rule(EVERYBODY, &name(120), &[Kind::Ask]),
        rule(&name(120), &name(140), &[Kind::Ask]),
        rule(&name(100), &name(140), &[Kind::Ask]),
        rule(&name(101), &name(140), &[Kind::Ask]),
    ];
    let last = |second| performed(rules.clone(), 10, asks(second)).pop();
    assert_eq!(last(101), Some(Verdict::Admitted));
    let stranger = Verdict::Refused(Rejection::OriginNotGranted);
    assert_eq!(last(102), Some(stranger));
}

#[test]
fn kinds_are_what_they_are_in_an_envelope() {
    for told in Kind::ALL {
        let kind = countersign::envelope::Kind::parse(told.as_str()).unwrap();
        assert_eq!(
            countersign::bus::is_request(kind),
            told.is_request(),
            "{kind}"
        );
        assert_eq!(
            countersign::bus::is_answer(kind),
            told.is_answer(),
            "{kind}"
        );
        let place = countersign::policy::types_of(kind).places().next();
        assert_eq!(place, told.is_ruled().then(|| told.place()), "{kind}");
    }
}
