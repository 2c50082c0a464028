//! Every flight that there is to deliver, sensible or not: what conformance tries in every state.

use super::flight::{Confirmation, Forged, Message, Proof, Share, Signature, Words};
use super::guard::Flight;
use super::script::{self, PRINCIPALS};

/// Every `flight` that can be told of, where there are `runs` runs.
pub fn every(flight: Flight, runs: u8) -> Vec<Message> {
    match flight {
        Flight::Hello => words(runs).map(Message::Hello).collect(),
        Flight::Answer => {
            let proofs = proofs(runs);
            let choices = words(runs).flat_map(|words| {
                let versions = script::versions();
                versions.flat_map(move |version| {
                    script::suites().map(move |suite| (words, version, suite))
                })
            });
            choices
                .flat_map(|(words, version, suite)| {
                    proofs.iter().map(move |proof| Message::Answer {
                        words,
                        version,
                        suite,
                        proof: *proof,
                    })
                })
                .collect()
        }
        Flight::Finish => proofs(runs).into_iter().map(Message::Finish).collect(),
        Flight::Confirm => {
            let passed_on = (0..runs).map(Confirmation::Run);
            passed_on
                .chain([Confirmation::Made, Confirmation::Junk])
                .map(Message::Confirm)
                .collect()
        }
    }
}

fn words(runs: u8) -> impl Iterator<Item = Words> {
    script::OFFERS.into_iter().flat_map(move |offers| {
        script::capability_levels().flat_map(move |capabilities| {
            let shares = (0..runs).map(Share::Run);
            let shares = shares.chain([Share::Own, Share::LowOrder]);
            shares.map(move |share| Words {
                offers,
                capabilities,
                share,
            })
        })
    })
}

fn proofs(runs: u8) -> Vec<Proof> {
    let signatures = (0..runs).map(Signature::Of);
    let signatures: Vec<Signature> = signatures
        .chain([Signature::Made, Signature::Junk])
        .collect();
    let mut all: Vec<Proof> = (0..runs).map(Proof::Run).collect();
    for id in 0..PRINCIPALS {
        for key in 0..PRINCIPALS {
            for signature in &signatures {
                let forms = [(true, true), (true, false), (false, true), (false, false)];
                all.extend(forms.map(|(sealed, bound)| {
                    Proof::Forged(Forged {
                        id,
                        key,
                        signature: *signature,
                        sealed,
                        bound,
                    })
                }));
            }
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_combination_is_there_once() {
        let counts = Flight::ALL.map(|flight| every(flight, 2).len());
        assert_eq!(counts, [4 * 3 * 4, 48 * 3 * 2 * 258, 258, 4]);
    }
}
