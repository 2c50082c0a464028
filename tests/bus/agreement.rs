//! Runs drawn at random from all that the explorer allows, performed on the real code: whatever the
//! model foretells of each step is what is seen, refusals included.

use countersign::lab::BusLab;
use countersign_model::bus::Bus;
use countersign_model::bus::scope::Scope;
use countersign_model::bus::story::Story;
use countersign_model::bus::system::Office;
use countersign_model::explorer::System as _;
use countersign_model::rulebook::{Book as _, Ruleset};
use countersign_replay::bus::teller::tell;
use countersign_replay::divergence::Difference;
use countersign_replay::trace::Seed;
use countersign_replay::{Outcome, replay};

/// Three messages, and time for each of them to be held, approved, answered and late.
fn scope() -> Scope {
    Scope {
        messages: 3,
        clock: 5,
        faults: 2,
        window: 1,
        patience: 1,
        longest: 2,
        rate: 3,
        ..Scope::default()
    }
}

/// Where flawed code and its model part, once more has happened than the flaw needs: what comes twice waits
/// twice in a real queue, an id in another spelling is a stranger's also where nobody asks who is listed, the
/// first recipient is the first that is active, and what is sealed does not say until when it wants an answer.
const ONLY_ALIKE: [&str; 5] = [
    "without-admitted",
    "without-parties-active",
    "broadcast-unchecked",
    "sender-sets-deadline",
    "held-is-exempt",
];

const RUNS: u64 = 400;
const RUNS_EACH: u64 = 40;
const STEPS: usize = 14;

/// A generator that is as good as its purpose (the constants of MMIX).
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        let (factor, term) = (6_364_136_223_846_793_005, 1_442_695_040_888_963_407);
        self.0 = self.0.wrapping_mul(factor).wrapping_add(term);
        usize::try_from(self.0 >> 33).unwrap() % bound
    }
}

/// A run of at most so many steps.
fn run(office: &Office, dice: &mut Dice) -> Story {
    let mut firsts = office.first();
    let mut state = firsts.swap_remove(dice.below(firsts.len()));
    let mut path = Vec::new();
    let mut moves = Vec::new();
    for _ in 0..STEPS {
        moves.clear();
        office.moves(&state, &mut moves);
        // Most of what can happen is refused; every other step is one that changes something.
        let at = dice.below(moves.len());
        moves.rotate_left(at);
        let changes = dice.below(2) == 0;
        let found = moves.iter().find_map(|next| {
            let outcome = office.take(&state, next)?;
            (outcome.state.is_some() || !changes).then_some((*next, outcome.state))
        });
        let Some((next, after)) = found else { break };
        path.push((state, Some(next)));
        state = after.unwrap_or(state);
    }
    path.push((state, None));
    Story::of_path(office, &scope(), &path)
}

#[test]
fn whatever_happens_is_what_the_model_foretells() {
    let office = Office::new(Ruleset::HARDENED, scope(), &[]);
    let (mut accepted, mut refused, mut left_out) = (0, 0, 0);
    for number in 0..RUNS {
        let story = run(&office, &mut Dice(number));
        // An envelope names its conversation, the explorer's message what it acts on: where two agents asked
        // one there, it speaks for both of them, and may not say what the explorer lets it say.
        let Ok(trace) = tell(&story, &[], None, "drawn at random", Seed([7; 16])) else {
            left_out += 1;
            continue;
        };
        let report = replay(&trace, BusLab::hardened).unwrap();
        assert_eq!(report.outcome, Outcome::Matches, "run {number}: {trace:#?}");
        for verdict in trace.steps.iter().flat_map(|step| &step.expect.verdicts) {
            if verdict.admits() {
                accepted += 1;
            } else {
                refused += 1;
            }
        }
    }
    assert_eq!((accepted, refused, left_out), (682, 2_160, 1));
}

#[test]
fn flawed_code_does_what_its_model_foretells_too() {
    let mut otherwise = Vec::new();
    for row in Bus::WEAKENINGS {
        let office = Office::new(row.rules(), scope(), &[]);
        let mut as_told = true;
        for number in 0..RUNS_EACH {
            let story = run(&office, &mut Dice(number));
            let seed = Seed([7; 16]);
            let told = tell(&story, &[row.name], None, "drawn at random", seed);
            let Ok(trace) = told else { continue };
            let outcome = replay(&trace, BusLab::new).unwrap().outcome;
            as_told &= match &outcome {
                Outcome::Matches => true,
                // Everything is as foretold, and by then a promise may well be broken.
                Outcome::Diverges(it) => matches!(it.difference, Difference::Violates(_)),
                _ => false,
            };
        }
        if !as_told {
            otherwise.push(row.name);
        }
    }
    assert_eq!(otherwise, ONLY_ALIKE);
}
