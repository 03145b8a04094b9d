//! `fpb repo list`

use builder::repo::Level;
use clap::Args;
use console::printable::Size;
use console::{Column, Failure, Report, Table};

use super::Place;
use crate::failure;

/// Of which repository.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  fpb repo list --repo /srv/plugins
  fpb repo list my_plugin --json")]
pub(crate) struct Arguments {
    /// Only what is of this name
    name: Option<String>,
    #[command(flatten)]
    place: Place,
}

/// Lists what is in the pool.
pub(crate) fn run(arguments: &Arguments, report: &mut Report) -> Result<(), Failure> {
    let mut table = Table::new([
        Column::left("name"),
        Column::left("line"),
        Column::left("version"),
        Column::left("products"),
        Column::left("support"),
        Column::left("formats"),
        Column::right("size"),
        Column::left("advisories"),
    ]);
    let mut rows = arguments.place.open()?.rows().map_err(failure::repository)?;
    rows.retain(|row| arguments.name.as_ref().is_none_or(|name| *name == row.name));
    for row in rows {
        let formats: Vec<_> = row.formats.iter().copied().collect();
        let mut advisories: Vec<_> = row.fixes.iter().map(|id| format!("fixes {id}")).collect();
        advisories.extend(row.vulnerable.iter().map(|id| format!("vulnerable: {id}")));
        advisories.extend(row.withdrawn.iter().map(|id| format!("withdrawn by {id}")));
        table.row([
            row.name.clone(),
            row.line.clone().unwrap_or_else(|| "-".to_owned()),
            row.version.clone(),
            row.products.join(" "),
            row.support.map_or("-", Level::name).to_owned(),
            formats.join(" "),
            Size(row.size).to_string(),
            advisories.join(", "),
        ]);
        report.result(&row);
    }
    report.table(&table);
    Ok(())
}
