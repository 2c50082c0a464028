//! Flights of a trace as recipes of the model, and back.

use countersign_model::dolev_yao::reveal::{Reveal, Reveals};
use countersign_model::dolev_yao::run::Participant as Player;
use countersign_model::handshake::attack::{INITIATOR, RESPONDER};
use countersign_model::handshake::flight::{self as model, Message, Words};

use super::cast::{Names, Participant, Role, Roll, Setting};
use super::flight::{Confirmation, Flight, Forged, Proof, Share, Signature};
use super::vocabulary::{
    self, capabilities_level, offers_set, principal_number, suite_number, version_number,
};
use crate::suggestion::{NameError, Suggestion};

/// The name of the run at `place`.
pub fn run_name(place: u8) -> String {
    format!("r{place}")
}

/// What is revealed.
pub fn reveals(setting: &Setting) -> Result<Reveals, NameError> {
    let kinds = setting.reveals.iter();
    kinds
        .map(|name| Reveal::of_name(name).ok_or_else(|| unknown("reveal", name)))
        .collect()
}

/// Who takes part.
pub(super) fn players(roll: &Roll) -> Result<Vec<Player>, NameError> {
    let number = |name: &String| principal_number(name).ok_or_else(|| unknown("principal", name));
    let player = |run: &Participant| {
        Ok(Player {
            role: match run.role {
                Role::Initiator => INITIATOR,
                Role::Responder => RESPONDER,
            },
            me: number(&run.me)?,
            peer: run.peer.as_ref().map(number).transpose()?,
        })
    };
    roll.runs.iter().map(player).collect()
}

/// The same as a trace names them.
pub(super) fn roll(players: &[Player]) -> Roll {
    let runs = (0..).zip(players).map(|(place, player)| Participant {
        name: run_name(place),
        role: if player.role == INITIATOR {
            Role::Initiator
        } else {
            Role::Responder
        },
        me: vocabulary::principal(player.me).to_owned(),
        peer: player
            .peer
            .map(|peer| vocabulary::principal(peer).to_owned()),
    });
    Roll {
        runs: runs.collect(),
    }
}

/// A flight as a recipe.
pub fn message(flight: &Flight, names: &Names) -> Result<Message, NameError> {
    Ok(match flight {
        Flight::Hello {
            versions,
            capabilities,
            share,
        } => Message::Hello(words(versions, capabilities, share, names)?),
        Flight::Answer {
            versions,
            capabilities,
            share,
            version,
            suite,
            proof,
        } => Message::Answer {
            words: words(versions, capabilities, share, names)?,
            version: version_number(version).ok_or_else(|| unknown("version", version))?,
            suite: suite_number(suite).ok_or_else(|| unknown("suite", suite))?,
            proof: recipe(proof, names)?,
        },
        Flight::Finish { proof } => Message::Finish(recipe(proof, names)?),
        Flight::Confirm { confirmation } => Message::Confirm(match confirmation {
            Confirmation::Run(run) => model::Confirmation::Run(names.place(run)?),
            Confirmation::Made => model::Confirmation::Made,
            Confirmation::Junk => model::Confirmation::Junk,
        }),
    })
}

fn words(
    versions: &[String],
    capabilities: &[String],
    share: &Share,
    names: &Names,
) -> Result<Words, NameError> {
    let unlisted = |what, list: &[String]| unknown(what, &list.join(" "));
    Ok(Words {
        offers: offers_set(versions).ok_or_else(|| unlisted("versions", versions))?,
        capabilities: capabilities_level(capabilities)
            .ok_or_else(|| unlisted("capabilities", capabilities))?,
        share: match share {
            Share::Run(run) => model::Share::Run(names.place(run)?),
            Share::Own => model::Share::Own,
            Share::LowOrder => model::Share::LowOrder,
        },
    })
}

fn recipe(proof: &Proof, names: &Names) -> Result<model::Proof, NameError> {
    let number = |name: &String| principal_number(name).ok_or_else(|| unknown("principal", name));
    Ok(match proof {
        Proof::Run(run) => model::Proof::Run(names.place(run)?),
        Proof::Forged(forged) => model::Proof::Forged(model::Forged {
            id: number(&forged.id)?,
            key: number(&forged.key)?,
            signature: match &forged.signature {
                Signature::Made => model::Signature::Made,
                Signature::Run(run) => model::Signature::Of(names.place(run)?),
                Signature::Junk => model::Signature::Junk,
            },
            sealed: !forged.bare,
            bound: !forged.unbound,
        }),
    })
}

/// A recipe as a trace tells it.
pub fn flight(message: &Message) -> Flight {
    let share = |share| match share {
        model::Share::Run(place) => Share::Run(run_name(place)),
        model::Share::Own => Share::Own,
        model::Share::LowOrder => Share::LowOrder,
    };
    match *message {
        Message::Hello(words) => Flight::Hello {
            versions: vocabulary::offers(words.offers),
            capabilities: vocabulary::capabilities(words.capabilities),
            share: share(words.share),
        },
        Message::Answer {
            words,
            version,
            suite,
            proof,
        } => Flight::Answer {
            versions: vocabulary::offers(words.offers),
            capabilities: vocabulary::capabilities(words.capabilities),
            share: share(words.share),
            version: vocabulary::version(version).to_owned(),
            suite: vocabulary::suite(suite).to_owned(),
            proof: told(proof),
        },
        Message::Finish(proof) => Flight::Finish { proof: told(proof) },
        Message::Confirm(confirmation) => Flight::Confirm {
            confirmation: match confirmation {
                model::Confirmation::Run(place) => Confirmation::Run(run_name(place)),
                model::Confirmation::Made => Confirmation::Made,
                model::Confirmation::Junk => Confirmation::Junk,
            },
        },
    }
}

fn told(proof: model::Proof) -> Proof {
    match proof {
        model::Proof::Run(place) => Proof::Run(run_name(place)),
        model::Proof::Forged(forged) => Proof::Forged(Forged {
            id: vocabulary::principal(forged.id).to_owned(),
            key: vocabulary::principal(forged.key).to_owned(),
            signature: match forged.signature {
                model::Signature::Made => Signature::Made,
                model::Signature::Of(place) => Signature::Run(run_name(place)),
                model::Signature::Junk => Signature::Junk,
            },
            bare: !forged.sealed,
            unbound: !forged.bound,
        }),
    }
}

fn unknown(what: &'static str, name: &str) -> NameError {
    NameError {
        what,
        name: name.to_owned(),
        suggestion: Suggestion::default(),
    }
}
