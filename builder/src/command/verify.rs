//! `fpb verify`

use std::path::{Path, PathBuf};

use builder::verify::{Verification, verify};
use clap::{Args, ValueHint};
use console::printable::count;
use console::{Failure, Report};
use packaging::signature::TrustStore;

use crate::environment::Environment;
use crate::failure::{Kind, require};

/// What to verify, and whom to trust.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  fpb verify my_plugin-1.0-1.0.0-1.noarch.rpm --trust release.asc
  fpb verify out/*.rpm out/*.deb --trust vendor.asc --trust team.gpg
  fpb verify my_plugin-1.0.0.fp --trust release.asc --json | jq -r '.results[].certificate'")]
pub(crate) struct Arguments {
    /// Files: .rpm, .deb, .fp or any other with its FILE.asc
    #[arg(value_name = "FILE", required = true, value_hint = ValueHint::FilePath)]
    files: Vec<PathBuf>,
    /// File with certificates to trust, armored or binary; may be given several times
    #[arg(long, value_name = "CERTFILE", required = true, value_hint = ValueHint::FilePath)]
    trust: Vec<PathBuf>,
}

/// Judges each file.
pub(crate) fn run(
    arguments: &Arguments,
    report: &mut Report,
    environment: &Environment,
) -> Result<(), Failure> {
    for file in arguments.trust.iter().chain(&arguments.files) {
        require(file)?;
    }
    let trust = trust(&arguments.trust)?;
    let mut refused = Vec::new();
    for file in &arguments.files {
        let verification = verify(file, &trust, environment.now)
            .map_err(|error| Failure::from_error(Kind::Failed, &error))?;
        report.answer(&verification.to_string(), &verification);
        warn(&verification, report);
        if !verification.ok {
            refused.push(verification.path);
        }
    }
    if refused.is_empty() { Ok(()) } else { Err(untrusted(&refused, arguments.files.len())) }
}

fn trust(files: &[PathBuf]) -> Result<TrustStore, Failure> {
    let mut trust = TrustStore::default();
    for file in files {
        let bytes =
            fs_err::read(file).map_err(|error| Failure::from_error(Kind::Failed, &error))?;
        trust.add(&bytes).map_err(|error| no_certificate(file, &error.to_string()))?;
    }
    Ok(trust)
}

fn no_certificate(file: &Path, problem: &str) -> Failure {
    Failure::new(Kind::Usage, format!("`{}` cannot be trusted: {problem}", file.display()))
        .help("export a certificate: `gpg --export --armor FINGERPRINT`")
}

fn warn(verification: &Verification, report: &mut Report) {
    for warning in &verification.warnings {
        let message = format!("`{}`: {}", verification.path, warning.message);
        report.warning(&Failure::new(Kind::Untrusted, message));
    }
}

fn untrusted(refused: &[String], all: usize) -> Failure {
    let message = match refused {
        [one] if all == 1 => format!("`{one}` is not vouched for"),
        _ => format!("{} of {} not vouched for", refused.len(), count(all, "file")),
    };
    Failure::new(Kind::Untrusted, message)
        .help("install nothing of that; `fpb explain F0912` tells what may be the matter")
}
