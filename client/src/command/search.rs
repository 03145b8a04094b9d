//! `plugins search`

use clap::Args;
use client::listing::{self, Hit};
use console::{Column, Report, Table};

use super::Reach;
use crate::failure::Problem;
use crate::session::Session;

/// What to look for.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  plugins search ldap
  plugins search users directory --offline")]
pub(crate) struct Arguments {
    /// Words that a plugin's name, title or description has, each of them
    #[arg(value_name = "WORD", required = true)]
    words: Vec<String>,
}

/// Shows the plugins that words fit, registered ones and those of repositories.
pub(crate) fn run(
    arguments: &Arguments,
    session: &Session<'_>,
    report: &mut Report,
) -> Result<(), Problem> {
    let settings = session.settings()?;
    let host = session.host(&settings)?;
    let records = session.reader(host.places())?.records()?;
    let available = match session.reach() {
        Reach::Online => host.described()?,
        Reach::Offline => Vec::new(),
    };
    let hits = listing::search(&arguments.words, &records, available);
    if hits.is_empty() {
        report.tell("no plugin is like that");
    } else {
        report.table(&table(&hits));
    }
    hits.iter().for_each(|hit| report.result(hit));
    Ok(())
}

fn table(hits: &[Hit]) -> Table {
    let titles = ["name", "line", "version", "repository", "title"].map(Column::left);
    let mut table = Table::new(std::iter::once(Column::right("id")).chain(titles));
    for hit in hits {
        table.row([
            hit.id.map(|id| id.to_string()).unwrap_or_default(),
            hit.name.to_string(),
            hit.line.to_string(),
            hit.version.to_string(),
            hit.repository.clone().unwrap_or_default(),
            console::printable::line(&hit.title).into_owned(),
        ]);
    }
    table
}
