//! try
use countersign_model::admission::{
    invariant::InvariantId, scope::Scope, system::Admission, weakening::*,
};
use countersign_model::explorer::*;
use std::num::NonZeroUsize;
fn main() {
    let t = std::time::Instant::now();
    let scope = Scope {
        messages: std::env::args().nth(1).map_or(2, |s| s.parse().unwrap()),
        faults: std::env::args().nth(2).map_or(2, |s| s.parse().unwrap()),
        clock: std::env::args().nth(3).map_or(6, |s| s.parse().unwrap()),
        ..Scope::default()
    };
    let r = explore(
        &Admission::new(Ruleset::HARDENED, scope, InvariantId::ALL),
        NonZeroUsize::new(std::env::args().nth(4).map_or(1, |s| s.parse().unwrap())).unwrap(),
        &Cutoff::default(),
    );
    let broken = if let Ending::Broken(p) = &r.ending {
        for s in p {
            println!("{:?}", s.1);
        }
        true
    } else {
        false
    };
    println!(
        "hardened broken={broken} generated {} att {} distinct {} depth {} reached {:b} in {:?}",
        r.generated,
        r.attempted,
        r.distinct,
        r.depth,
        r.reached,
        t.elapsed()
    );
    for w in Weakening::TABLE {
        let t = std::time::Instant::now();
        let r = explore(
            &Admission::new(
                Ruleset::HARDENED.dangerously_with(w),
                w.scope(scope),
                &[w.breaks],
            ),
            NonZeroUsize::MIN,
            &Cutoff {
                states: Some(3_000_000),
                ..Default::default()
            },
        );
        let e = match &r.ending {
            Ending::Broken(p) => format!(
                "BROKEN {} {:?}",
                p.len() - 1,
                p.iter()
                    .filter_map(|s| s.1.map(|m| format!("{:?}", m.action)
                        .chars()
                        .take(14)
                        .collect::<String>()))
                    .collect::<Vec<_>>()
            ),
            e => format!("{e:?}"),
        };
        println!(
            "{:32} {:10} {} gen {} {:?}",
            w.name,
            w.breaks.name(),
            e,
            r.generated,
            t.elapsed()
        );
    }
}
