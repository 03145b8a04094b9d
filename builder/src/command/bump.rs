//! `fpb bump`

use std::path::PathBuf;

use builder::bump::{BumpError, Effect, Target, bump};
use clap::{Args, ValueHint};
use console::{Failure, Report};
use plugin::Version;

use crate::failure::{Kind, require_folder};

/// Which version to raise, and how far.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  fpb bump my_plugin              1.0.0 becomes 1.0.1
  fpb bump my_plugin --to 1.1.0")]
pub(crate) struct Arguments {
    /// Folder of the plugin
    #[arg(value_name = "DIR", value_hint = ValueHint::DirPath)]
    directory: PathBuf,
    /// Raise the last number: an update on the same release line (the default)
    #[arg(long, conflicts_with = "to")]
    patch: bool,
    /// Raise to this version
    #[arg(long, value_name = "VERSION")]
    to: Option<Version>,
    /// Show what would be changed, write nothing
    #[arg(long)]
    dry_run: bool,
}

/// Raises a plugin's version.
pub(crate) fn run(arguments: &Arguments, report: &mut Report) -> Result<(), Failure> {
    require_folder(&arguments.directory)?;
    let target = arguments.to.clone().map_or(Target::NextPatch, Target::To);
    let effect = if arguments.dry_run { Effect::DryRun } else { Effect::Write };
    let bump = bump(&arguments.directory, &target, effect).map_err(|error| failure(&error))?;
    if bump.written {
        report.changed();
    }
    report.answer(&bump.to_string(), &bump);
    Ok(())
}

fn failure(error: &BumpError) -> Failure {
    match error {
        BumpError::NotHigher { .. } => Failure::from_error(Kind::Refused, error),
        BumpError::Last(_) => Failure::from_error(Kind::Refused, error)
            .help("name a version on another line with `--to`"),
        _ => Failure::from_error(Kind::Failed, error),
    }
}
