//! `plugins sync`

use std::collections::BTreeSet;

use clap::Args;
use client::engine::End;
use client::{Depth, plan};
use console::{Answer, Failure, Report, Spelling};
use registry::RecordId;
use registry::sync::{Outcome, Scope};
use serde_json::Value;

use super::change::{Aim, Task, change};
use crate::failure::{Problem, general, machine};
use crate::screen;
use crate::session::Session;

/// What to make agree.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  plugins sync
  plugins sync --plugin 3,7
  plugins sync --check")]
pub(crate) struct Arguments {
    /// Only these numbers, separated by commas or blanks; nothing new is registered then
    #[arg(long = "plugin", visible_alias = "plugin-id", value_name = "IDS", num_args = 1.., value_delimiter = ',')]
    ids: Vec<String>,
    /// Only look: status 8 where something does not agree
    #[arg(long)]
    check: bool,
    /// Take entries away whose files are gone
    #[arg(long)]
    prune: bool,
}

impl Arguments {
    /// Returns what `--sync [--plugin IDS]` asks for.
    pub(crate) fn of(ids: Vec<String>) -> Self {
        Self { ids, check: false, prune: false }
    }
}

/// Makes the registry agree with the disk.
pub(crate) fn run(
    arguments: &Arguments,
    session: &Session<'_>,
    report: &mut Report,
) -> Result<(), Problem> {
    let scope = Scope { only: ids(&arguments.ids)?, prune: arguments.prune };
    // It changes nothing but the registry, and tells the truth only; so nobody is asked.
    let session = session.unasked(arguments.check);
    let mut reports = Vec::new();
    // The package manager is only asked where it was told to keep something.
    let holds = session.reader(&session.places(&session.settings()?)?)?.holds()?;
    let depth = if holds.is_empty() { Depth::Folders } else { Depth::Packages };
    let task = Task::new(depth, Answer::Yes, Aim::Registry);
    let outcome = change(&session, report, &task, &mut |desk| {
        let synced = plan::sync(desk.state, &scope)?;
        reports = synced.reports;
        Ok(synced.plan.into())
    })?;
    for one in &reports {
        if let Some((code, message)) = screen::sync::fault(one) {
            report.warning(&Failure::new(code, message));
        }
    }
    if arguments.check && outcome.end != End::Nothing {
        return Err(Problem::new(
            machine::NOT_IN_STEP,
            "the registry does not agree with the disk",
        )
        .help("plugins sync"));
    }
    if report.spelling() == Spelling::Historical {
        session.answer(report, "Plugins were successfully synchronized.", &Value::Null);
    }
    let broken = reports.iter().filter(|one| matches!(one, Outcome::Broken { .. })).count();
    if broken > 0 && report.spelling() == Spelling::Subcommand {
        let what = console::printable::count(broken, "folder");
        let message = format!("{what} in the plugins root cannot be read as plugins");
        return Err(Problem::new(machine::BROKEN_PLUGIN, message).help("plugins doctor"));
    }
    Ok(())
}

/// Reads numbers, separated by commas or blanks; `None` where no list was given.
fn ids(texts: &[String]) -> Result<Option<BTreeSet<RecordId>>, Problem> {
    let words =
        texts.iter().flat_map(|text| text.split([',', ' '])).filter(|word| !word.is_empty());
    let ids: BTreeSet<_> = words
        .map(|word| {
            word.parse().map(RecordId).map_err(|_| {
                Problem::new(general::USAGE, format!("`{word}` is not the number of a plugin"))
                    .help("`plugins list` shows the numbers")
            })
        })
        .collect::<Result<_, _>>()?;
    // An empty list names no plugin: it must not stand for all.
    Ok((!texts.is_empty()).then_some(ids))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_separated_by_commas_or_blanks() {
        let read = |texts: &[&str]| {
            let texts: Vec<_> = texts.iter().map(|text| (*text).to_owned()).collect();
            ids(&texts).map(|ids| ids.map(|ids| ids.into_iter().map(|id| id.0).collect::<Vec<_>>()))
        };
        assert_eq!(read(&[]).unwrap(), None);
        assert_eq!(read(&[""]).unwrap(), Some(vec![]));
        assert_eq!(read(&["3,1", "2"]).unwrap(), Some(vec![1, 2, 3]));
        assert_eq!(read(&["1 2", " 3,"]).unwrap(), Some(vec![1, 2, 3]));
        assert!(read(&["1,x"]).is_err());
    }
}
