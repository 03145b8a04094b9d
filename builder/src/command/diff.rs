//! `fpb diff`

use std::path::PathBuf;

use builder::diff::diff;
use clap::{Args, ValueHint};
use console::{Failure, Report};
use packaging::Limits;

use crate::failure::{damaged, require, unreadable};

/// What to compare.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  fpb diff my_plugin-1.0-1.0.0-1.noarch.rpm my_plugin-1.0-1.0.1-1.noarch.rpm")]
pub(crate) struct Arguments {
    /// The older package
    #[arg(value_hint = ValueHint::FilePath)]
    old: PathBuf,
    /// The newer package
    #[arg(value_hint = ValueHint::FilePath)]
    new: PathBuf,
}

/// Shows what differs between two packages.
pub(crate) fn run(arguments: &Arguments, report: &mut Report) -> Result<(), Failure> {
    require(&arguments.old)?;
    require(&arguments.new)?;
    let difference = diff(&arguments.old, &arguments.new, &Limits::default())
        .map_err(|error| unreadable(&error))?;
    report.answer(&difference.to_string(), &difference);
    let sides = [&difference.old, &difference.new].into_iter();
    let bad: Vec<_> =
        sides.filter(|side| !side.damage.is_empty()).map(|side| &*side.file).collect();
    damaged(&bad).map_or(Ok(()), Err)
}
