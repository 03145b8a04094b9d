//! `fpb advisory list`

use builder::repo::Spec;
use clap::Args;
use console::{Column, Failure, Report, Table};

use crate::command::repo::Place;
use crate::failure;

/// Of which repository.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  fpb advisory list --repo /srv/plugins")]
pub(crate) struct Arguments {
    #[command(flatten)]
    place: Place,
}

/// Lists all advisories.
pub(crate) fn run(arguments: &Arguments, report: &mut Report) -> Result<(), Failure> {
    let mut table = Table::new([
        Column::left("id"),
        Column::left("severity"),
        Column::left("issued"),
        Column::left("fixes"),
        Column::left("title"),
    ]);
    for advisory in arguments.place.open()?.advisories().map_err(failure::repository)?.0 {
        let fixes: Vec<_> = advisory.fixes.iter().map(Spec::to_string).collect();
        table.row([
            advisory.id.to_string(),
            advisory.severity.name().to_owned(),
            advisory.issued.to_string(),
            fixes.join(" "),
            advisory.title.to_string(),
        ]);
        report.result(&advisory);
    }
    report.table(&table);
    Ok(())
}
