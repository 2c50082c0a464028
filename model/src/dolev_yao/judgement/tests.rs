//! What is private, possessed, secret and concealed, and when it is not.

use super::Judgement;
use crate::dolev_yao::expression::{Bindings, Expression};
use crate::dolev_yao::knowledge::Knowledge;
use crate::dolev_yao::level::Level;
use crate::dolev_yao::protocol::Protocol;
use crate::dolev_yao::reveal::{Reveal, Reveals};
use crate::dolev_yao::run::{Deeds, Participant, Run, Said};
use crate::dolev_yao::term::{Arena, Sort, Symbol, Term};
use crate::dolev_yao::weakness::Weaknesses;

/// What is judged: runs of whom, who sent and said what, and what the attacker knows.
#[derive(Default)]
struct Case {
    arena: Arena,
    runs: Vec<Deeds>,
    known: Vec<Term>,
    reveals: Reveals,
}

impl Case {
    fn agent(&mut self, number: u8) -> Term {
        self.arena.name(Sort::Agent, number)
    }

    fn key(&mut self) -> Term {
        self.arena.name(Sort::Key, 0)
    }

    /// A run of the `me`-th principal, who sent `sent` and committed to the `peer`-th and `secret`.
    fn commits(&mut self, me: u8, peer: u8, secret: Term, sent: &[Term]) {
        let said = Said::Commit {
            point: 0,
            peer: self.agent(peer),
            data: secret,
            secret,
        };
        self.says(me, said, sent);
    }

    /// A run of the `me`-th principal, who sent `sent` and said `said`.
    fn says(&mut self, me: u8, said: Said, sent: &[Term]) {
        let participant = Participant {
            role: 0,
            me,
            peer: None,
        };
        let run = Run {
            slot: 0,
            participant,
            at: 0,
            bindings: Bindings::EMPTY,
        };
        let me = self.agent(me);
        self.runs.push(Deeds {
            run,
            me,
            sent: sent.to_vec(),
            received: 0,
            heard: Vec::new(),
            exponents: Vec::new(),
            keys: Vec::new(),
            said: vec![said],
        });
    }

    /// Of what is claimed in the end, where the run in `slot` has come last, the levels besides those of
    /// authentication: each with whether it is violated.
    fn judged(mut self, slot: usize) -> Vec<(Level, bool)> {
        let public = [0, 1, 2].map(|number| Expression::Name(Sort::Agent, number));
        let protocol = Protocol {
            roles: Vec::new(),
            participants: Vec::new(),
            honest: 2,
            interchangeable: false,
            public: public.to_vec(),
            hostile: Vec::new(),
            weaknesses: Weaknesses::NONE,
        };
        let mut knowledge = Knowledge::default();
        let sent = self.runs.iter().flat_map(|deeds| &deeds.sent);
        for term in self.known.iter().chain(sent) {
            knowledge.learn(&mut self.arena, *term);
        }
        let all: Vec<&Deeds> = self.runs.iter().collect();
        let mut judgement = Judgement {
            protocol: &protocol,
            reveals: self.reveals,
            all: &all,
            arena: &mut self.arena,
            knowledge: &mut knowledge,
            observer: &mut Knowledge::default(),
            premises: 0,
            violations: 0,
        };
        judgement.of_commitments(slot, 0);
        judgement.of_sharing(slot, 0);
        judgement.of_secrets();
        let (premises, violations) = (judgement.premises, judgement.violations);
        judgement.of_secrets();
        let again = (judgement.premises, judgement.violations);
        assert_eq!(
            (premises, violations),
            again,
            "judging teaches the attacker nothing"
        );
        assert_eq!(
            violations & !premises,
            0,
            "what nobody claims is not violated"
        );
        let levels = Level::ALL.into_iter().skip(Level::Secret as usize);
        levels
            .filter(|level| premises & level.bit(0) != 0)
            .map(|level| (level, violations & level.bit(0) != 0))
            .collect()
    }
}

const KEPT: [(Level, bool); 3] = [
    (Level::Secret, false),
    (Level::Forward, false),
    (Level::Private, false),
];

#[test]
fn a_secret_that_nobody_else_has_is_kept() {
    let mut case = Case::default();
    let key = case.key();
    case.commits(0, 1, key, &[]);
    assert_eq!(case.judged(0), KEPT);
}

#[test]
fn a_secret_that_the_attacker_has_is_lost_though_the_wire_does_not_give_it_away() {
    let mut case = Case::default();
    let key = case.key();
    case.known.push(key);
    case.commits(0, 1, key, &[]);
    let lost = [
        (Level::Secret, true),
        (Level::Forward, true),
        (Level::Private, false),
    ];
    assert_eq!(case.judged(0), lost);
}

#[test]
fn a_secret_under_a_long_term_key_is_lost_with_it_only() {
    let mut case = Case::default();
    let key = case.key();
    let secret = case.arena.name(Sort::LongTerm, 1);
    let public = case.arena.term(Symbol::Public, &[secret]);
    let encrypted = case.arena.term(Symbol::Encrypted, &[public, key]);
    case.commits(0, 1, key, &[encrypted]);
    let later = [
        (Level::Secret, false),
        (Level::Forward, true),
        (Level::Private, false),
    ];
    assert_eq!(case.judged(0), later);
}

#[test]
fn a_secret_on_the_wire_is_not_private() {
    let mut case = Case::default();
    let key = case.key();
    case.commits(0, 1, key, &[key]);
    let lost = [
        (Level::Secret, true),
        (Level::Forward, true),
        (Level::Private, true),
    ];
    assert_eq!(case.judged(0), lost);
}

#[test]
fn of_a_hostile_peer_possession_is_judged_and_secrecy_is_not() {
    for possessed in [false, true] {
        let mut case = Case::default();
        let key = case.key();
        case.known.extend(possessed.then_some(key));
        case.commits(0, 2, key, &[]);
        let judged = [(Level::Private, false), (Level::Possessed, !possessed)];
        assert_eq!(case.judged(0), judged);
    }
}

#[test]
fn a_key_is_exclusive_if_all_share_it_within_the_same_pair() {
    // The other run, by whom it is and whom it means, and whether the first is mistaken.
    for (me, peer, mistaken) in [(1, 0, false), (0, 1, false), (1, 2, true), (0, 2, true)] {
        for last in [0, 1] {
            let mut case = Case::default();
            let key = case.key();
            case.commits(0, 1, key, &[]);
            case.commits(me, peer, key, &[]);
            let exclusive = (Level::Exclusive, mistaken);
            assert!(case.judged(last).contains(&exclusive), "{me} {peer} {last}");
        }
    }
}

#[test]
fn exclusiveness_is_not_claimed_of_keys_that_nobody_else_has() {
    let mut case = Case::default();
    let (key, other) = (case.key(), case.arena.name(Sort::Key, 1));
    case.commits(0, 1, key, &[]);
    case.commits(1, 2, other, &[]);
    assert_eq!(case.judged(0), KEPT);
}

#[test]
fn with_reveals_only_the_first_run_is_watched() {
    let watched = |slot| {
        let mut case = Case::default();
        let key = case.key();
        case.reveals = Reveals::NONE.with(Reveal::OwnEphemeral);
        let other = case.arena.name(Sort::Key, 1);
        case.known.push(other);
        case.commits(0, 1, key, &[]);
        case.commits(1, 0, other, &[]);
        case.judged(slot)
    };
    assert_eq!(watched(0), KEPT);
    // The first run's secret is judged whoever has come last.
    assert_eq!(watched(1), KEPT[..2]);
}

#[test]
fn a_secret_that_was_given_is_not_judged() {
    let mut case = Case::default();
    let key = case.key();
    case.reveals = Reveals::NONE.with(Reveal::OtherSession);
    case.known.push(key);
    case.commits(0, 1, key, &[]);
    case.commits(1, 0, key, &[]);
    assert_eq!(
        case.judged(0),
        [(Level::Private, false), (Level::Exclusive, false)]
    );
}

#[test]
fn what_two_runs_lose_is_lost() {
    let mut case = Case::default();
    let (key, other) = (case.key(), case.arena.name(Sort::Key, 1));
    case.known.extend([key, other]);
    case.commits(0, 1, key, &[]);
    case.commits(1, 0, other, &[]);
    let lost = [
        (Level::Secret, true),
        (Level::Forward, true),
        (Level::Private, false),
    ];
    assert_eq!(case.judged(0), lost);
}

#[test]
fn a_secret_that_two_runs_have_is_judged_where_none_was_given() {
    let mut case = Case::default();
    let key = case.key();
    case.known.push(key);
    case.commits(0, 1, key, &[]);
    case.commits(1, 0, key, &[]);
    let lost = [
        (Level::Secret, true),
        (Level::Forward, true),
        (Level::Private, false),
        (Level::Exclusive, false),
    ];
    assert_eq!(case.judged(0), lost);
}

#[test]
fn a_secret_is_judged_though_another_was_given() {
    let mut case = Case::default();
    let (key, other) = (case.key(), case.arena.name(Sort::Key, 1));
    case.reveals = Reveals::NONE.with(Reveal::OtherSession);
    case.known.push(other);
    case.commits(0, 1, key, &[]);
    case.commits(1, 0, other, &[]);
    assert_eq!(case.judged(0), KEPT);
}

#[test]
fn what_everybody_knows_is_not_private() {
    let mut case = Case::default();
    let name = case.agent(1);
    case.known.push(name);
    case.commits(0, 1, name, &[]);
    let lost = [
        (Level::Secret, true),
        (Level::Forward, true),
        (Level::Private, true),
    ];
    assert_eq!(case.judged(0), lost);
}

#[test]
fn of_a_commitment_to_no_secret_no_secrecy_is_judged() {
    let mut case = Case::default();
    case.commits(0, 1, Term::NONE, &[]);
    assert_eq!(case.judged(0), []);
}

#[test]
fn what_is_to_stay_between_two_is_judged_as_of_now() {
    for known in [false, true] {
        let mut case = Case::default();
        let term = case.key();
        case.known.extend(known.then_some(term));
        let peer = case.agent(1);
        let said = Said::Hidden {
            point: 0,
            peer,
            term,
        };
        case.says(0, said, &[]);
        assert_eq!(case.judged(0), [(Level::Concealed, known)]);
    }
}

#[test]
fn exclusiveness_is_claimed_of_honest_peers_by_runs_that_are_watched() {
    let claimed = |peers: [u8; 2], reveals| {
        let mut case = Case::default();
        let key = case.key();
        case.reveals = reveals;
        case.commits(0, peers[0], key, &[]);
        case.commits(1, peers[1], key, &[]);
        let judged = case.judged(1);
        judged.iter().any(|(level, _)| *level == Level::Exclusive)
    };
    let revealed = Reveals::NONE.with(Reveal::OwnEphemeral);
    assert!(!claimed([2, 2], Reveals::NONE));
    assert!(claimed([2, 0], Reveals::NONE));
    assert!(!claimed([2, 0], revealed));
    assert!(claimed([1, 0], revealed));
}
