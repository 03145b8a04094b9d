//! `fpb migrate`

use std::path::PathBuf;

use builder::bump::Effect;
use builder::migrate::{MigrateError, Migration, migrate};
use clap::{Args, ValueHint};
use console::{Failure, Report};
use plugin::Generation;

use crate::failure::{Kind, require_folder};

/// Where to move a plugin.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  fpb migrate my_plugin --to 5.0.0 --dry-run
  fpb migrate my_plugin --to 5.0.0")]
pub(crate) struct Arguments {
    /// Folder of the plugin
    #[arg(value_name = "DIR", value_hint = ValueHint::DirPath)]
    directory: PathBuf,
    /// Package version to move to
    #[arg(long, value_name = "VERSION", value_parser = super::package_version())]
    to: Generation,
    /// Show what would be changed, write nothing
    #[arg(long)]
    dry_run: bool,
}

/// Moves a plugin to a newer package version.
pub(crate) fn run(arguments: &Arguments, report: &mut Report) -> Result<(), Failure> {
    require_folder(&arguments.directory)?;
    let effect = if arguments.dry_run { Effect::DryRun } else { Effect::Write };
    let outcome = migrate(&arguments.directory, arguments.to, effect);
    if has_written(&outcome) {
        report.changed();
    }
    let migration = outcome.map_err(|error| failure(&error))?;
    report.answer(&migration.to_string(), &migration);
    Ok(())
}

fn has_written(outcome: &Result<Migration, MigrateError>) -> bool {
    match outcome {
        Ok(migration) => migration.written,
        Err(MigrateError::Write { written, .. }) => !written.is_empty(),
        Err(_) => false,
    }
}

fn failure(error: &MigrateError) -> Failure {
    match error {
        MigrateError::Older { .. } => Failure::from_error(Kind::Refused, error),
        MigrateError::Write { .. } => Failure::from_error(Kind::Failed, error)
            .help("mend the cause and run it again: it goes on from what is written"),
        _ => Failure::from_error(Kind::Failed, error),
    }
}
