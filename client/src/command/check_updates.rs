//! `plugins check-updates`, and what `plugins list` shows of repositories.

use std::collections::BTreeSet;

use clap::Args;
use client::host::Search;
use client::listing::{self, Book, Offered, Update};
use console::{Column, Report, Status, Table};
use plugin::PluginName;

use super::offers::in_repositories;
use crate::failure::Problem;
use crate::session::Session;

/// Which plugins to look for.
#[derive(Debug, Args)]
#[command(after_help = "\
The exit status is 100 where there are updates, and 0 where there are none.

Examples:
  plugins check-updates
  plugins check-updates demo --json
  plugins check-updates -q || plugins update --yes")]
pub(crate) struct Arguments {
    /// Only these plugins
    #[arg(value_name = "NAME")]
    names: Vec<PluginName>,
}

/// Shows newer versions that repositories have, and ends with 100 where any is for the taking.
pub(crate) fn run(
    arguments: &Arguments,
    session: &Session<'_>,
    report: &mut Report,
) -> Result<(), Problem> {
    let updates = updates(&arguments.names, session, report)?;
    if updates.iter().any(|update| !update.held) {
        report.ending(Status::Updates);
    }
    Ok(())
}

/// Shows newer versions of registered plugins.
pub(super) fn updates(
    names: &[PluginName],
    session: &Session<'_>,
    report: &mut Report,
) -> Result<Vec<Update>, Problem> {
    let settings = session.settings()?;
    let host = session.host(&settings)?;
    let reader = session.reader(host.places())?;
    let (records, links, holds) = (reader.records()?, reader.links()?, reader.holds()?);
    let book = Book { records: &records, links: &links, holds: &holds, format: None };
    let packages: Vec<String> = host.packages()?.into_iter().map(|found| found.package).collect();
    let available = in_repositories(&host, Search::Packages(&packages), session.reach())?;
    let mut updates = listing::updates(&book, &available);
    updates.retain(|update| names.is_empty() || names.contains(&update.name));
    if updates.is_empty() {
        report.tell("no repository has a newer version");
    } else {
        report.table(&updates_table(&updates));
    }
    updates.iter().for_each(|update| report.result(update));
    Ok(updates)
}

/// Shows what repositories have.
pub(super) fn available(
    names: &[PluginName],
    session: &Session<'_>,
    report: &mut Report,
) -> Result<(), Problem> {
    let settings = session.settings()?;
    let host = session.host(&settings)?;
    let records = session.reader(host.places())?.records()?;
    let mut available = Vec::new();
    for name in names.iter().collect::<BTreeSet<_>>() {
        available.extend(in_repositories(&host, Search::Lines(name), session.reach())?);
    }
    if names.is_empty() {
        available = in_repositories(&host, Search::All, session.reach())?;
    }
    let offered = listing::offered(&records, available);
    if offered.is_empty() {
        report.tell("no repository has it");
    } else {
        report.table(&available_table(&offered));
    }
    offered.iter().for_each(|one| report.result(one));
    Ok(())
}

fn updates_table(updates: &[Update]) -> Table {
    let titles = ["name", "line", "from", "to", "repository", "state"].map(Column::left);
    let mut table = Table::new(std::iter::once(Column::right("id")).chain(titles));
    for update in updates {
        table.row([
            update.id.to_string(),
            update.name.to_string(),
            update.line.to_string(),
            update.from.to_string(),
            update.to.to_string(),
            update.repository.clone(),
            if update.held { "held".to_owned() } else { String::new() },
        ]);
    }
    table
}

fn available_table(offered: &[Offered]) -> Table {
    let titles = ["name", "line", "version", "repository", "registered"].map(Column::left);
    let mut table = Table::new(titles);
    for one in offered {
        table.row([
            one.name.to_string(),
            one.line.to_string(),
            one.version.to_string(),
            one.repository.clone(),
            one.registered.as_ref().map(ToString::to_string).unwrap_or_default(),
        ]);
    }
    table
}
