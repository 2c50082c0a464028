//! `countersign policy`: who may send what to whom, and what follows from it.

use std::process::ExitCode;

use countersign::deployment::{Deployment, generate};
use countersign::envelope::Kind;
use countersign::policy::{Question, kinds, types_of};

use crate::cli::args::{PolicyCommand, PolicyOptions, ReachOptions};
use crate::cli::deployment::read;
use crate::cli::misuse::Misuse;
use crate::cli::policy::{difference, matrix, reach};
use crate::cli::screen;

/// An agent that no rule names.
const ANYONE_ELSE: &str = "*";

pub(crate) fn run(options: &PolicyOptions) -> Result<ExitCode, Misuse> {
    let (text, code) = match (&options.command, &options.deployment) {
        (Some(PolicyCommand::Diff(options)), _) => {
            let (old, new) = (read(&options.old)?, read(&options.new)?);
            difference::told(&old, &new, &options.answer)
        }
        (Some(PolicyCommand::Generate(options)), _) => {
            (generate(options.agents, options.rules, options.seed), 0)
        }
        (None, Some(path)) => {
            let deployment = read(path)?;
            match question(&deployment, &options.question)? {
                Some(question) => {
                    let write = options.question.write.as_deref();
                    reach::told(&deployment, &question, &options.answer, write)?
                }
                None => matrix::told(&deployment, &options.answer),
            }
        }
        // INVARIANT: the command line demands one of the two.
        (None, None) => (String::new(), 2),
    };
    screen::print(&text);
    Ok(ExitCode::from(code))
}

/// The question about chains, if there is one.
fn question(deployment: &Deployment, options: &ReachOptions) -> Result<Option<Question>, Misuse> {
    let (Some(can), Some(reach)) = (&options.can, &options.reach) else {
        return Ok(None);
    };
    if can == reach && can != ANYONE_ELSE {
        return Err(Misuse::new(
            format!("--can and --reach both name '{can}', and nobody writes to itself"),
            "name two agents",
        ));
    }
    let (from, to) = (agent(deployment, can)?, agent(deployment, reach)?);
    // Of agents that no rule names one may be a deputy of the other.
    let to = if to == deployment.agents() {
        to + 1
    } else {
        to
    };
    let by = options.kind.as_deref().map(|word| {
        let kind = Kind::parse(word).ok();
        let kind = kind.filter(|kind| !types_of(*kind).is_empty());
        kind.map(types_of).ok_or_else(|| {
            let known: Vec<&str> = kinds().map(Kind::as_str).collect();
            let help = format!("rules decide {}", known.join(", "));
            Misuse::new(
                format!("no rule decides type '{}'", word.escape_debug()),
                help,
            )
        })
    });
    Ok(Some(Question {
        from,
        to,
        by: by.transpose()?,
        without_approval: options.without_approval,
        declared: options.declared,
        answers: !options.requests_only,
    }))
}

/// The number of an agent.
fn agent(deployment: &Deployment, word: &str) -> Result<u32, Misuse> {
    if word == ANYONE_ELSE {
        return Ok(deployment.agents());
    }
    deployment.number(word).ok_or_else(|| {
        let known = deployment.names().iter().map(String::as_str);
        let list = format!("countersign policy {}", deployment.file());
        Misuse::unknown("agent", word, known, &list)
    })
}
