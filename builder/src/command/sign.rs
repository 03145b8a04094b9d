//! `fpb sign`

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use clap::{Args, ValueHint};
use console::printable::{count, path};
use console::{Failure, Interrupt, Report};
use jiff::Timestamp;
use packaging::Limits;
use packaging::signature::{Candidate, NotSigned, SignError, Signer, State};
use serde_json::json;

use super::key::Source;
use crate::environment::Environment;
use crate::failure::{Kind, require};

/// What to sign, and how.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  fpb sign my_plugin-1.0-1.0.0-1.noarch.rpm --key release.key
  fpb sign out/* --key 9F3A6C1B0D2E4F5A6B7C8D9E0F1A2B3C4D5E71C2
  fpb sign out/*.rpm --key release.key --passphrase-fd 3 3</run/credentials/release")]
pub(crate) struct Arguments {
    /// Files: .rpm, .deb, .fp or any other
    #[arg(value_name = "FILE", required = true, value_hint = ValueHint::FilePath)]
    files: Vec<PathBuf>,
    /// File with the secret key, or fingerprint of a key that gpg holds
    #[arg(long, value_name = "KEY", value_hint = ValueHint::FilePath)]
    key: PathBuf,
    #[command(flatten)]
    source: Source,
}

/// Checks all files, then signs them one after the other.
pub(crate) fn run(
    arguments: &Arguments,
    report: &mut Report,
    environment: &Environment,
) -> Result<(), Failure> {
    for file in &arguments.files {
        require(file)?;
    }
    let signer = arguments.source.open(&arguments.key, environment.now, report)?;
    let interrupt =
        Interrupt::watch().map_err(|error| Failure::from_error(Kind::Failed, &error))?;
    let mut candidates = Vec::new();
    for file in once_each(&arguments.files) {
        stop_if(&interrupt, "no file was signed")?;
        let checked = Candidate::check(file, &signer, environment.now, &Limits::default());
        candidates.push(checked.map_err(|error| unsigned(file, &error))?);
    }
    let mut signed = Vec::new();
    for candidate in &candidates {
        stop_if(&interrupt, &format!("{} signed", count(signed.len(), "file")))?;
        match sign(candidate, &signer, environment.now, report) {
            Ok(State::Unsigned) => signed.push(candidate.path()),
            Ok(State::Signed | State::Signature) => {}
            Err(error) => return Err(failed(candidate.path(), &error, &signed)),
        }
    }
    Ok(())
}

/// Signs a file unless that would change nothing; returns what it was before.
fn sign(
    candidate: &Candidate,
    signer: &Signer,
    at: Timestamp,
    report: &mut Report,
) -> Result<State, SignError> {
    let (file, key) = (path(candidate.path()), signer.fingerprint());
    let text = match candidate.state() {
        State::Signature => {
            report.step("skipped", &format!("{file}  a signature itself"));
            return Ok(State::Signature);
        }
        State::Signed => format!(" kept     {file}  signed already with {}", key.short()),
        State::Unsigned => {
            candidate.sign(signer, at)?;
            report.changed();
            format!(" signed   {file}  with {}", key.short())
        }
    };
    let result = json!({
        "path": candidate.path().to_string_lossy(),
        "signature": candidate.holder().to_string_lossy(),
        "key": key.as_str(),
        "changed": candidate.state() == State::Unsigned,
    });
    report.answer(&text, &result);
    Ok(candidate.state())
}

/// Leaves out files that were named before, be it by another path.
fn once_each(files: &[PathBuf]) -> Vec<&Path> {
    let mut seen = BTreeSet::new();
    let is_new = |file: &&PathBuf| seen.insert(fs_err::canonicalize(file).ok());
    files.iter().filter(is_new).map(PathBuf::as_path).collect()
}

fn stop_if(interrupt: &Interrupt, state: &str) -> Result<(), Failure> {
    if interrupt.came() {
        return Err(Failure::new(Kind::Interrupted, format!("interrupted; {state}")));
    }
    Ok(())
}

/// Returns why a file was not signed, when none has been.
pub(super) fn unsigned(file: &Path, error: &SignError) -> Failure {
    let kind = match error {
        SignError::Read(packaging::ReadError::Damaged { .. }) | SignError::Damaged(_) => {
            Kind::Damaged
        }
        SignError::Read(_) => Kind::Unreadable,
        _ => Kind::Failed,
    };
    let failure = Failure::from_error(kind, error);
    let message = format!("`{}` was not signed", file.display());
    let causes = [vec![failure.message], failure.causes].concat();
    let failure = Failure { message, causes, ..Failure::new(kind, "") };
    match error {
        SignError::NotSigned(NotSigned::Agent(_)) => failure.help(
            "unlock the key in gpg's agent first (`gpg --clear-sign` on a terminal), or name a key file",
        ),
        _ => failure,
    }
}

/// Returns the same when some have been.
fn failed(file: &Path, error: &SignError, signed: &[&Path]) -> Failure {
    let failure = unsigned(file, error);
    if signed.is_empty() {
        return failure;
    }
    let names: Vec<_> = signed.iter().map(|file| format!("`{}`", path(file))).collect();
    let done = count(signed.len(), "file");
    let message = format!("{}; {done} before it: {}", failure.message, names.join(", "));
    Failure { causes: failure.causes, ..Failure::new(Kind::Partly, message) }
        .help("mend that and run the command again: what is signed is left alone")
}
