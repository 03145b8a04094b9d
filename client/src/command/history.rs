//! `plugins history`

use clap::Args;
use console::{Column, Report, Table};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use plugin::PluginName;
use registry::history::{Entry, Filter};

use crate::failure::registry::HISTORY_BROKEN;
use crate::failure::{Problem, general};
use crate::screen::deed::past;
use crate::session::Session;

/// What to show.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  plugins history
  plugins history 42
  plugins history --plugin demo --since 2026-01-01T00:00:00Z --json")]
pub(crate) struct Arguments {
    /// Only this transaction
    #[arg(value_name = "TXN")]
    transaction: Option<i64>,
    /// Only what concerned this plugin
    #[arg(long, value_name = "NAME")]
    plugin: Option<PluginName>,
    /// Only what happened then or later, as RFC 3339 writes times
    #[arg(long, value_name = "TIME")]
    since: Option<Timestamp>,
    /// Check that no entry was altered, dropped or moved
    #[arg(long)]
    verify: bool,
}

/// Shows what changed, newest first.
pub(crate) fn run(
    arguments: &Arguments,
    session: &Session<'_>,
    report: &mut Report,
) -> Result<(), Problem> {
    let settings = session.settings()?;
    let reader = session.reader(&session.places(&settings)?)?;
    let filter =
        Filter { plugin: arguments.plugin.clone(), since: arguments.since, ..Filter::default() };
    let mut entries = reader.history(&filter)?;
    if let Some(number) = arguments.transaction {
        entries.retain(|entry| entry.transaction.0 == number);
        if entries.is_empty() {
            let message = format!("there is no transaction {number}");
            return Err(Problem::new(general::NOT_FOUND, message));
        }
    }
    if entries.is_empty() {
        report.tell("the history has no such entry");
    } else {
        report.table(&table(&entries));
    }
    entries.iter().for_each(|entry| report.result(entry));
    if arguments.verify {
        let breaks = reader.verify_history()?;
        if let Some(first) = breaks.first() {
            let failure = Problem::new(HISTORY_BROKEN, first.to_string());
            return Err(breaks[1..].iter().fold(failure, Problem::cause));
        }
        report.line("the history is as it was written");
    }
    Ok(())
}

fn table(entries: &[Entry]) -> Table {
    let titles = ["time", "who", "what", "command"].map(Column::left);
    let mut table = Table::new(std::iter::once(Column::right("txn")).chain(titles));
    for entry in entries {
        let deeds: Vec<_> = entry.events.iter().filter_map(past).collect();
        table.row([
            entry.transaction.0.to_string(),
            local(entry.time),
            entry.actor.clone(),
            deeds.join(", "),
            entry.command.clone(),
        ]);
    }
    table
}

/// Returns a time in the reader's zone, which is named.
fn local(time: Timestamp) -> String {
    time.to_zoned(TimeZone::system()).strftime("%Y-%m-%d %H:%M:%S %z").to_string()
}
