//! `plugins check-updates`, and what `plugins list` shows of repositories.

use std::collections::BTreeSet;

use clap::Args;
use client::host::Search;
use client::listing::{self, Book, Offered, Update};
use client::repository::Notices;
use console::printable::count;
use console::{Column, Report, Status, Table};
use plugin::PluginName;

use super::editions::{Told, Watch};
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
  plugins check-updates --security
  plugins check-updates -q || plugins update --yes")]
pub(crate) struct Arguments {
    /// Only these plugins
    #[arg(value_name = "NAME")]
    names: Vec<PluginName>,
    /// Only updates that mend what a security notice speaks of
    #[arg(long)]
    security: bool,
}

/// Shows newer versions that repositories have, and ends with 100 where any is for the taking.
pub(crate) fn run(
    arguments: &Arguments,
    session: &Session<'_>,
    report: &mut Report,
) -> Result<(), Problem> {
    let wanted = Wanted { names: &arguments.names, security: arguments.security };
    let updates = updates(&wanted, session, report)?;
    if updates.iter().any(|update| !update.held) {
        report.ending(Status::Updates);
    }
    Ok(())
}

/// Which updates are wanted.
pub(super) struct Wanted<'a> {
    /// Only these plugins, where any are named.
    pub(super) names: &'a [PluginName],
    /// Only fixes.
    pub(super) security: bool,
}

/// Shows newer versions of registered plugins.
pub(super) fn updates(
    wanted: &Wanted<'_>,
    session: &Session<'_>,
    report: &mut Report,
) -> Result<Vec<Update>, Problem> {
    let settings = session.settings()?;
    let host = session.host(&settings)?;
    let reader = session.reader(host.places())?;
    let (records, links, holds) = (reader.records()?, reader.links()?, reader.holds()?);
    let book = Book { records: &records, links: &links, holds: &holds, format: None };
    let notices = look(&Watch::new(session, &settings, &host)?, report)?;
    let packages: Vec<String> = host.packages()?.into_iter().map(|found| found.package).collect();
    let available = in_repositories(&host, Search::Packages(&packages), session.reach())?;
    let mut updates = listing::with_fixes(&book, listing::updates(&book, &available), &notices);
    updates.retain(|update| {
        (wanted.names.is_empty() || wanted.names.contains(&update.name))
            && (!wanted.security || !update.advisories.is_empty())
    });
    if updates.is_empty() {
        report.tell(nothing(wanted.security));
    } else {
        report.table(&updates_table(&updates));
        report.line(&summary(&updates));
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

/// Returns what repositories say of versions now; nothing of it is remembered.
fn look(watch: &Watch<'_>, report: &mut Report) -> Result<Notices, Problem> {
    let mut shown = watch.consult()?;
    watch.compare(&mut shown, Told::No)?;
    for note in &shown.notes {
        report.tell(&format!("note: {note}."));
    }
    Ok(shown.notices)
}

fn nothing(security: bool) -> &'static str {
    if security {
        "nothing that a security notice speaks of"
    } else {
        "no repository has a newer version"
    }
}

/// Returns how many updates there are, and how to have them: `2 updates (1 security) - ...`.
fn summary(updates: &[Update]) -> String {
    let open = || updates.iter().filter(|update| !update.held);
    let security = open().filter(|update| !update.advisories.is_empty()).count();
    let all = count(open().count(), "update");
    match security {
        0 => format!("{all} - plugins update"),
        some => format!("{all} ({some} security) - plugins update --security"),
    }
}

fn updates_table(updates: &[Update]) -> Table {
    let titles = ["name", "line", "from", "to", "kind", "repository", "state"].map(Column::left);
    let mut table = Table::new(std::iter::once(Column::right("id")).chain(titles));
    for update in updates {
        table.row([
            update.id.to_string(),
            update.name.to_string(),
            update.line.to_string(),
            update.from.to_string(),
            update.to.to_string(),
            if update.advisories.is_empty() { "update" } else { "security" }.to_owned(),
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
