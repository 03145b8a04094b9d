//! `fpb advisory remove`

use builder::repo::{Error, Word};
use clap::Args;
use console::{Failure, Report};
use serde_json::json;

use crate::command::repo::{Consent, Writing, agreed};
use crate::failure;

/// Which advisory.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  fpb advisory remove EX-2026-001 --yes")]
pub(crate) struct Arguments {
    /// Its name
    id: Word,
    /// Take it for success that there is none
    #[arg(long)]
    if_present: bool,
    #[command(flatten)]
    consent: Consent,
    #[command(flatten)]
    writing: Writing,
}

/// Takes an advisory back.
pub(crate) fn run(arguments: &Arguments, report: &mut Report) -> Result<(), Failure> {
    let Arguments { id, consent, .. } = arguments;
    let advisory = match arguments.writing.open()?.advisory(id) {
        Err(Error::NoAdvisory(_)) if arguments.if_present => return Ok(()),
        advisory => advisory.map_err(failure::repository)?,
    };
    report.line(&format!(" {}: {}", advisory.id, advisory.title));
    report.result(&json!({ "id": id, "removed": !consent.dry_run }));
    if consent.dry_run || !agreed(consent, "Remove this advisory?", report)? {
        return Ok(());
    }
    let (repository, lock) = arguments.writing.lock()?;
    repository.remove_advisory(id, &lock).map_err(failure::repository)?;
    report.changed();
    Ok(())
}
