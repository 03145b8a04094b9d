//! `fpb repo export`

use std::path::PathBuf;

use builder::repo;
use clap::{Args, ValueHint};
use console::{Failure, Report};

use super::Place;
use super::trust::Choice;
use super::verify::outcome;
use crate::environment::Environment;

/// What to copy, and where to.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  fpb repo export --repo /srv/plugins /media/usb/plugins")]
pub(crate) struct Arguments {
    /// Folder to make
    #[arg(value_name = "DEST", value_hint = ValueHint::DirPath)]
    target: PathBuf,
    #[command(flatten)]
    place: Place,
    #[command(flatten)]
    trust: Choice,
}

/// Copies a published repository.
pub(crate) fn run(
    arguments: &Arguments,
    report: &mut Report,
    environment: &Environment,
) -> Result<(), Failure> {
    let place = &arguments.place.repo;
    let keys = arguments.trust.keys(place, environment, report)?;
    let exported = repo::export(place, &arguments.target, keys.trust(), environment.now);
    if exported.is_ok() {
        report.changed();
    }
    outcome(exported, "exported", report)
}
