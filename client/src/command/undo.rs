//! `plugins undo`

use clap::Args;
use client::{Depth, Refusal, plan};
use console::{Answer, Report};
use plugin::PluginName;
use registry::history::{Entry, Filter, Transaction};

use super::Allow;
use super::change::{Aim, Desk, Draft, Task, change};
use super::editions::known;
use super::offers::{Choice, Reach, to_restore};
use crate::failure::{Problem, general, refusal};
use crate::session::Session;

/// What to reverse.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  plugins undo
  plugins undo 42
  plugins undo demo")]
pub(crate) struct Arguments {
    /// A transaction's number, or a plugin whose last transaction is meant [default: the last]
    #[arg(value_name = "TXN|NAME")]
    which: Option<String>,
    #[command(flatten)]
    allow: Allow,
}

/// Which transaction.
enum Which {
    Last(Option<PluginName>),
    Numbered(Transaction),
}

/// Reverses a transaction.
pub(crate) fn run(
    arguments: &Arguments,
    session: &Session<'_>,
    report: &mut Report,
) -> Result<(), Problem> {
    let which = which(arguments.which.as_deref())?;
    let task = Task::new(Depth::Packages, Answer::Yes, Aim::Packages).allowing(&arguments.allow);
    let notices = known(session)?;
    let choice = Choice::of(&notices, &arguments.allow);
    change(session, report, &task, &mut |desk| {
        let history = session.reader(desk.host.places())?.history(&Filter::default())?;
        draft(desk, &history, &which, (session.reach(), choice))
    })?;
    Ok(())
}

fn draft(
    desk: &Desk<'_>,
    history: &[Entry],
    which: &Which,
    (reach, choice): (Reach, Choice<'_>),
) -> Result<Draft, Problem> {
    let entry = match which {
        Which::Last(None) => plan::newest(history, None).ok_or(Refusal::NothingToUndo)?,
        Which::Last(Some(name)) => plan::newest(history, Some(name)).ok_or_else(|| {
            let message = format!("nothing of `{name}` is left to undo");
            Problem::new(refusal::NOTHING_TO_UNDO, message)
                .help(format!("plugins history --plugin {name}"))
        })?,
        Which::Numbered(number) => {
            history.iter().find(|entry| entry.transaction == *number).ok_or_else(|| {
                Problem::new(general::NOT_FOUND, format!("there is no transaction {}", number.0))
                    .help("`plugins history` lists them")
            })?
        }
    };
    let sought = plan::packages_for(desk.state, entry);
    let offers = to_restore(desk, &sought, reach)?;
    choice.draft(plan::undo(desk.state, entry, &offers)?, offers)
}

fn which(text: Option<&str>) -> Result<Which, Problem> {
    let Some(text) = text else { return Ok(Which::Last(None)) };
    if let Ok(number) = text.parse() {
        return Ok(Which::Numbered(Transaction(number)));
    }
    let name = text
        .parse()
        .map_err(|error: plugin::BadName| Problem::from_error(general::SPECIFICATION, &error))?;
    Ok(Which::Last(Some(name)))
}
