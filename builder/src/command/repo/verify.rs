//! `fpb repo verify`

use std::path::PathBuf;

use builder::repo::{self, Error, Verified};
use clap::{Args, ValueHint};
use console::printable::{Size, count};
use console::{Failure, Report};
use serde_json::json;

use super::trust::Choice;
use crate::environment::Environment;
use crate::failure::{self, require_directory};

/// What to judge.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  fpb repo verify /srv/plugins
  fpb repo verify --trust release.asc /media/plugins")]
pub(crate) struct Arguments {
    /// Folder of a repository, or a published tree
    #[arg(value_name = "DIR", default_value = ".", value_hint = ValueHint::DirPath)]
    directory: PathBuf,
    #[command(flatten)]
    trust: Choice,
}

/// Judges a published repository.
pub(crate) fn run(
    arguments: &Arguments,
    report: &mut Report,
    environment: &Environment,
) -> Result<(), Failure> {
    require_directory(&arguments.directory)?;
    let keys = arguments.trust.keys(&arguments.directory, environment, report)?;
    let verified = repo::verify(&arguments.directory, keys.trust(), environment.now);
    outcome(verified, "sound", report)
}

/// Tells what came of judging a tree: each problem, or that there is none.
pub(crate) fn outcome(
    verified: Result<Verified, Error>,
    done: &str,
    report: &mut Report,
) -> Result<(), Failure> {
    match verified {
        Ok(verified) => {
            let signer = verified.signed_by.as_deref().unwrap_or("nobody");
            report.answer(
                &format!(
                    " {done:<8} {}, {}, signed by {signer}, to be trusted until {}",
                    count(verified.files, "file"),
                    Size(verified.bytes),
                    verified.valid_until
                ),
                &verified,
            );
            Ok(())
        }
        Err(Error::Unsound { folder, problems }) => {
            for problem in &problems {
                report.answer(&format!(" problem  {problem}"), &json!({ "problem": problem }));
            }
            Err(failure::repository(Error::Unsound { folder, problems }))
        }
        Err(error) => Err(failure::repository(error)),
    }
}
