//! `fpb repo publish`

use std::path::PathBuf;

use builder::repo::{Error, Key, Published, Request, Seal};
use clap::{Args, ValueHint};
use console::printable::count;
use console::{Failure, Report};
use serde_json::json;

use super::Writing;
use crate::command::key;
use crate::environment::Environment;
use crate::failure;

/// How to publish.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  fpb repo publish --key release.key --passphrase-file passphrase
  fpb repo publish --key 9F3A…
  fpb repo publish --unsigned")]
pub(crate) struct Arguments {
    #[command(flatten)]
    writing: Writing,
    /// File with the secret key to sign with, or fingerprint of a key that gpg holds
    #[arg(
        long,
        value_name = "KEY",
        env = "FPB_SIGN_KEY",
        hide_env_values = true,
        value_hint = ValueHint::FilePath
    )]
    key: Option<PathBuf>,
    #[command(flatten)]
    passphrase: key::Source,
    /// Publish without signatures, for tests
    #[arg(long, conflicts_with = "key")]
    unsigned: bool,
    /// Publish anew although nothing has changed, with a new date
    #[arg(long)]
    refresh: bool,
}

/// Publishes the pool.
pub(crate) fn run(
    arguments: &Arguments,
    report: &mut Report,
    environment: &Environment,
) -> Result<(), Failure> {
    let key = key(arguments, report, environment)?;
    let (repository, lock) = arguments.writing.lock()?;
    let request = Request {
        seal: key.as_ref().map(|key| key as &dyn Seal),
        now: u32::try_from(environment.now.as_second()).unwrap_or(u32::MAX),
        epoch: environment.epoch()?,
        again: arguments.refresh,
    };
    let published = repository.publish(&request, &lock).map_err(failure::repository)?;
    tell(&published, report);
    Ok(())
}

/// Opens the key; without one a repository is published only where that is asked for.
fn key(
    arguments: &Arguments,
    report: &mut Report,
    environment: &Environment,
) -> Result<Option<Key>, Failure> {
    let at = environment.now;
    match &arguments.key {
        _ if arguments.unsigned => Ok(None),
        None => Err(failure::repository(Error::NoKey)),
        Some(named) => {
            let signer = arguments.passphrase.open(named, at, report)?;
            Ok(Some(Key { signer, at }))
        }
    }
}

fn tell(published: &Published, report: &mut Report) {
    let Published { manifest, packages, advisories, changed } = published;
    if *changed {
        report.changed();
    }
    let done = if *changed { "published" } else { "unchanged" };
    let signer = manifest.signed_by.as_deref().unwrap_or("nobody");
    report.answer(
        &format!(
            " {done}  {}, {}, signed by {signer}, to be trusted until {}",
            count(*packages, "package"),
            if *advisories == 1 {
                "1 advisory".to_owned()
            } else {
                format!("{advisories} advisories")
            },
            manifest.valid_until
        ),
        &json!({
            "name": manifest.name,
            "date": manifest.date,
            "valid_until": manifest.valid_until,
            "signed_by": manifest.signed_by,
            "packages": packages,
            "advisories": advisories,
            "files": manifest.files.len(),
        }),
    );
}
