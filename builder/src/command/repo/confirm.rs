//! Asking before something goes away.

use clap::Args;
use console::{Answer, Confirmation, Failure, Interrupt, Report};

use crate::failure::Kind;

/// What is agreed to.
#[derive(Debug, Args)]
pub(crate) struct Consent {
    /// Do not ask
    #[arg(short, long)]
    yes: bool,
    /// Answer every question with no
    #[arg(long, conflicts_with = "yes")]
    assume_no: bool,
    /// Show what would go, remove nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// Whether the user agrees; asked only where that is not known. The default is no.
pub(crate) fn agreed(
    consent: &Consent,
    question: &str,
    report: &mut Report,
) -> Result<bool, Failure> {
    if consent.yes || consent.assume_no {
        return Ok(consent.yes);
    }
    let interrupt =
        Interrupt::watch().map_err(|error| Failure::from_error(Kind::Failed, &error))?;
    match report.confirm(question, Answer::No, &interrupt)? {
        Confirmation::Yes => Ok(true),
        Confirmation::No => Ok(false),
        Confirmation::Interrupted => {
            Err(Failure::new(Kind::Interrupted, "interrupted; nothing was removed"))
        }
        Confirmation::CannotAsk => {
            Err(report.program().misused("there is nobody to ask: say `--yes` or `--dry-run`"))
        }
    }
}
