//! Agents, an operator and a bus, each in a process of its own, from a shell.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use super::fixture::{RULES, deployment_text, key};
use super::program::{Place, printed, told};

const PEOPLE: [&str; 5] = ["alice", "bob", "carol", "olga", "bus"];

struct Shell {
    place: Place,
    url: String,
}

impl Shell {
    fn words<'a>(&'a self, name: &'a str, words: &[&'a str]) -> Vec<String> {
        let mut all: Vec<String> = words.iter().map(ToString::to_string).collect();
        let key = format!("{name}.key");
        for word in ["deployment.json", "--key", &key, "--server", &self.url] {
            all.push(word.to_owned());
        }
        all
    }

    fn run(&self, name: &str, words: &[&str], more: &[&str], input: &str) -> std::process::Output {
        let all = self.words(name, words);
        let all: Vec<&str> = all
            .iter()
            .map(String::as_str)
            .chain(more.iter().copied())
            .collect();
        self.place.run(&all, input)
    }

    fn send(&self, from: &str, to: &str, kind: &str, more: &[&str], payload: &str) -> String {
        let more = [&["--to", to, "--type", kind], more].concat();
        printed(&self.run(from, &["send"], &more, payload))
    }

    fn receive(&self, name: &str) -> String {
        let cursor = format!("{name}.cursor");
        printed(&self.run(name, &["receive"], &["--cursor", &cursor], ""))
    }
}

/// The word after this one.
fn after<'a>(text: &'a str, word: &str) -> &'a str {
    let mut words = text.split_whitespace().skip_while(|it| *it != word);
    words
        .nth(1)
        .unwrap_or_else(|| panic!("no {word} in {text}"))
}

#[test]
fn two_agents_and_an_operator_use_a_bus_from_a_shell() {
    let text = deployment_text(&["alice", "bob", "carol"], RULES, 1_000);
    let place = Place::new(&text, &PEOPLE);
    let served = place.serve();
    let shell = Shell {
        url: served.url.clone(),
        place,
    };
    let question = r#"{"question": "how far?", "deadline_at": 9007199254740991}"#;
    let sent = shell.send("alice", "bob", "ask", &[], question);
    assert!(sent.starts_with("delivered"), "{sent}");
    let digest = after(&sent, "delivered").to_owned();

    let received = shell.receive("bob");
    assert!(
        received.contains("how far?") && received.contains(&digest),
        "{received}"
    );
    assert_eq!(shell.receive("bob"), "", "each delivery once");
    let taken = shell.run("carol", &["receive"], &["--cursor", "bob.cursor"], "");
    let taken = told(&taken);
    assert!(
        taken.contains("says what spiffe://example.org/bob has"),
        "{taken}"
    );
    shell.send(
        "bob",
        "alice",
        "reply",
        &["--in-reply-to", &digest],
        r#"{"answer": 42}"#,
    );
    let answer = shell.receive("alice");
    assert!(
        answer.contains(r#"{"answer":42}"#) && answer.contains(&digest),
        "{answer}"
    );
    shell.send("alice", "bus", "notify", &[], r#"{"event": "finished"}"#);
    assert!(shell.receive("bob").contains("finished"));
    assert!(shell.receive("carol").contains("finished"));

    let task = r#"{"task": "pay", "input": 1, "deadline_at": 9007199254740991}"#;
    shell.send("alice", "bob", "delegate", &[], task);
    let sent = [(), ()].map(|()| shell.send("alice", "carol", "delegate", &[], task));
    let held = sent.map(|it| after(&it, "held").to_owned());
    assert_eq!(shell.receive("carol"), "");
    let list = || printed(&shell.run("olga", &["queue", "list"], &[], ""));
    let shown = list();
    let places = held
        .iter()
        .map(|digest| shown.find(digest.as_str()).unwrap());
    assert!(places.is_sorted(), "{shown}");

    // A digest that was changed, and one that is another's, are refused by the guard.
    let digit = if held[0].starts_with('0') { "1" } else { "0" };
    let changed = format!("{digit}{}", &held[0][1..]);
    for wrong in [&changed, &held[1]] {
        let refused = told(&shell.run("olga", &["queue", "approve"], &["0", wrong], ""));
        assert!(refused.contains("guard approval-binds"), "{refused}");
    }
    let stranger = told(&shell.run("alice", &["queue", "list"], &[], ""));
    assert!(stranger.contains("sender-active"), "{stranger}");
    let approved = printed(&shell.run("olga", &["queue", "approve"], &["0", &held[0]], ""));
    assert!(approved.starts_with("delivered"), "{approved}");
    printed(&shell.run("olga", &["queue", "deny"], &[&held[1]], ""));
    assert_eq!(list(), "");
    assert!(shell.receive("carol").contains(&held[0]));
    let denied = shell.receive("alice");
    assert!(
        denied.contains("rejected") && denied.contains(&held[1]),
        "{denied}"
    );

    assert_eq!(served.terminate(), Some(0));
    let public = key("bus").peer_key().to_string();
    let words = ["log", "verify", "bus.sqlite", "--key", &public];
    let verified = printed(&shell.place.run(&words, ""));
    assert!(verified.contains("MATCHES  11 of 11 records"), "{verified}");
    let listed = printed(
        &shell
            .place
            .run(&["log", "bus.sqlite", "--result", "pending"], ""),
    );
    assert_eq!(listed.matches("rejected").count(), 1, "{listed}");
}

#[test]
fn whoever_sends_slowly_keeps_nobody_waiting_and_no_bus_from_stopping() {
    let text = deployment_text(&["alice", "bob", "carol"], RULES, 1_000);
    let place = Place::new(&text, &PEOPLE);
    let served = place.serve();
    let address = served
        .url
        .trim_start_matches("http://")
        .trim_end_matches('/');
    let begun = |request: &str| {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        stream
    };
    let body = "POST / HTTP/1.1\r\nHost: bus\r\nContent-Length: 100\r\n\r\n{";
    let mut slow: Vec<TcpStream> = (0..300).map(|_| begun(body)).collect();
    slow.push(begun("POST / HTTP/1.1\r\nHo"));
    let shell = Shell {
        url: served.url.clone(),
        place,
    };
    let start = Instant::now();
    shell.send("alice", "bus", "notify", &[], r#"{"event": "finished"}"#);
    let took = start.elapsed();
    assert!(took < Duration::from_secs(4), "{took:?}");
    let mut answer = String::new();
    BufReader::new(&slow[0]).read_line(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
    // More than may be open at once, of which nothing ever comes.
    slow.extend((0..600).map(|_| begun("")));
    shell.send("alice", "bus", "notify", &[], r#"{"event": "finished"}"#);
    slow.push(begun(body));
    assert_eq!(served.terminate(), Some(0));
}

#[test]
fn what_an_operator_is_shown_cannot_look_like_something_else() {
    let text = deployment_text(&["alice", "bob", "carol"], RULES, 1_000);
    let place = Place::new(&text, &PEOPLE);
    let served = place.serve();
    let shell = Shell {
        url: served.url.clone(),
        place,
    };
    let task =
        "{\"task\": \"pay\", \"input\": \"\u{9b}2J\u{202e}04\", \"deadline_at\": 9007199254740991}";
    shell.send("alice", "carol", "delegate", &[], task);
    let shown = printed(&shell.run("olga", &["queue", "list"], &[], ""));
    assert!(shown.contains(r"\u009b2J\u202e04"), "{shown}");
    assert!(!shown.contains(['\u{9b}', '\u{202e}']), "{shown}");
    assert_eq!(served.terminate(), Some(0));
}

#[test]
fn a_bus_listens_to_this_machine_only_and_says_what_is_wrong() {
    let text = deployment_text(&["alice", "bob"], "", 10);
    let place = Place::new(&text, &PEOPLE);
    let serve = |key: &str, more: &[&str]| {
        let words = [
            "serve",
            "deployment.json",
            "--state",
            "bus.sqlite",
            "--key",
            key,
        ];
        told(&place.run(&[&words, more].concat(), ""))
    };
    let far = serve("bus.key", &["--listen", "0.0.0.0:0"]);
    assert!(
        far.contains("other machines") && far.contains("help:"),
        "{far}"
    );
    let wrong = serve("alice.key", &["--port", "0"]);
    assert!(wrong.contains("not one of the orchestrator"), "{wrong}");
}
