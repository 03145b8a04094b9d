//! `fpb repo prune`

use builder::repo::Keep;
use clap::Args;
use console::{Failure, Report};

use super::remove::carry_out;
use super::{Consent, Writing};
use crate::failure;

/// How much to keep.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  fpb repo prune --keep 3 --dry-run
  fpb repo prune --keep 3 --yes")]
pub(crate) struct Arguments {
    /// How many versions of each release line stay; what an advisory tells hosts to install stays too
    #[arg(long, value_name = "N")]
    keep: Keep,
    #[command(flatten)]
    consent: Consent,
    #[command(flatten)]
    writing: Writing,
}

/// Removes old versions.
pub(crate) fn run(arguments: &Arguments, report: &mut Report) -> Result<(), Failure> {
    let repository = arguments.writing.open()?;
    let removal = repository.pruning(arguments.keep).map_err(failure::repository)?;
    carry_out(&repository, &removal, (&arguments.consent, &arguments.writing), report)
}
