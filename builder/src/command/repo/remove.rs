//! `fpb repo remove`

use builder::repo::{Item, Removal, Repository, Spec};
use clap::Args;
use console::printable::{Size, count};
use console::{Column, Failure, Report, Table};
use serde_json::json;

use super::{Consent, Writing, agreed};
use crate::failure;

/// What to remove.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  fpb repo remove my_plugin==1.0.0
  fpb repo remove my_plugin==1.0.0 --dry-run")]
pub(crate) struct Arguments {
    /// Versions: NAME==VERSION
    #[arg(value_name = "SPEC", required = true)]
    specs: Vec<Spec>,
    /// Take it for success that a version is not there
    #[arg(long)]
    if_present: bool,
    #[command(flatten)]
    consent: Consent,
    #[command(flatten)]
    writing: Writing,
}

/// Removes versions.
pub(crate) fn run(arguments: &Arguments, report: &mut Report) -> Result<(), Failure> {
    let repository = arguments.writing.open()?;
    let mut specs = arguments.specs.clone();
    if arguments.if_present {
        let items = repository.items().map_err(failure::repository)?;
        specs.retain(|spec| items.iter().any(|item| spec.names(item)));
    }
    let removal = repository.removal(&specs).map_err(failure::repository)?;
    carry_out(&repository, &removal, (&arguments.consent, &arguments.writing), report)
}

/// Shows what is to go, asks, and removes it.
pub(crate) fn carry_out(
    repository: &Repository,
    removal: &Removal,
    (consent, writing): (&Consent, &Writing),
    report: &mut Report,
) -> Result<(), Failure> {
    if removal.items.is_empty() {
        report.line(" nothing to remove");
        return Ok(());
    }
    let mut table = Table::new([
        Column::left("name"),
        Column::left("version"),
        Column::left("file"),
        Column::right("size"),
    ]);
    for Item { name, version, file, size, sha256, .. } in &removal.items {
        table.row([name, version, file, &Size(*size).to_string()]);
        report.result(&json!({
            "file": file, "name": name, "version": version, "size": size, "sha256": sha256,
            "removed": !consent.dry_run,
        }));
    }
    report.table(&table);
    let question = format!("Remove {}?", count(removal.items.len(), "package"));
    if consent.dry_run || !agreed(consent, &question, report)? {
        return Ok(());
    }
    let (_, lock) = writing.lock()?;
    repository.remove(removal, &lock).map_err(failure::repository)?;
    report.changed();
    report.step("removed", &count(removal.items.len(), "package"));
    Ok(())
}
