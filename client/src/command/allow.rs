//! What a change is allowed although the host's policy is against it, and keys that it meets first.

use std::path::{Path, PathBuf};

use clap::{Args, ValueHint};
use client::Intake;
use client::regular::{self, Unfit};
use client::trust::Allowances;
use console::{Answer, Confirmation, Report, Spelling};
use jiff::Timestamp;
use packaging::signature::{Fingerprint, TrustStore};
use serde_json::json;

use super::change::watch;
use crate::failure::{Problem, general, offer};
use crate::screen::key;

/// Keys and scopes are smaller than this.
const LARGEST: u64 = 1 << 20;

/// The name that a publisher's certificate has beside its packages.
const BESIDE: &str = "key.asc";

/// What a command may although the policy is against it. Nothing of it is remembered.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct Allow {
    /// Take packages that nobody vouches for; where `trust-policy` is legacy
    #[arg(long)]
    allow_unsigned: bool,
    /// Take packages that run scripts of their own as root
    #[arg(long)]
    allow_scripts: bool,
    /// Take packages of another publisher than the plugin had
    #[arg(long)]
    accept_publisher: bool,
    /// Take versions that a security notice withdraws
    #[arg(long)]
    allow_vulnerable: bool,
}

impl Allow {
    /// Returns it for the library.
    pub(crate) fn allowances(&self) -> Allowances {
        Allowances {
            unsigned: self.allow_unsigned,
            scripts: self.allow_scripts,
            publisher: self.accept_publisher,
            vulnerable: self.allow_vulnerable,
        }
    }
}

/// A key that is offered along with packages.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct Contact {
    /// Certificate of the packages' publisher, to be trusted for their plugins if you agree
    #[arg(long, value_name = "CERTFILE", value_hint = ValueHint::FilePath)]
    key: Option<PathBuf>,
    /// Agree to the certificate with this whole fingerprint
    #[arg(long, value_name = "FPR")]
    accept_fingerprint: Option<Fingerprint>,
}

impl Contact {
    /// Whether the key that signed a package and does not count for it is trusted from here on: the one
    /// that was offered, or that lies beside the package, if somebody agrees to it.
    pub(super) fn settles(
        &self,
        met: &Fingerprint,
        package: &Path,
        intake: &Intake,
        report: &mut Report,
    ) -> Result<bool, Problem> {
        let beside = package.with_file_name(BESIDE);
        let path = match &self.key {
            Some(path) => path,
            None if self.accept_fingerprint.is_some() || beside.exists() => &beside,
            None => return Ok(false),
        };
        let offered = read(path)?;
        if !offered.signs_as(met) {
            return Ok(false);
        }
        agree(&offered, self.accept_fingerprint.as_ref(), report)?;
        intake.accept(&offered).map_err(|error| unreadable(path, &error))?;
        Ok(true)
    }
}

/// Reads the certificate in a file: one, because one is compared.
pub(crate) fn read(path: &Path) -> Result<TrustStore, Problem> {
    let bytes = content(path)?;
    let mut keys = TrustStore::default();
    keys.add(&bytes).map_err(|error| unreadable(path, &error))?;
    match keys.certificates().count() {
        1 => Ok(keys),
        several => {
            let message = format!("`{}` holds {several} certificates", path.display());
            Err(Problem::new(offer::NO_CERTIFICATE, message).help("give each in a file of its own"))
        }
    }
}

/// Reads a file that should be a certificate. It may lie where others than root write.
pub(crate) fn content(path: &Path) -> Result<Vec<u8>, Problem> {
    regular::read(path, LARGEST).map_err(|unfit| match &unfit {
        Unfit::Io(error) if error.kind() == std::io::ErrorKind::NotFound => {
            Problem::from_error(general::NOT_FOUND, error)
        }
        Unfit::Io(error) => Problem::from_error(general::FAILED, error),
        Unfit::NotAFile(_) | Unfit::TooLarge { .. } => unreadable(path, &unfit),
    })
}

fn unreadable(path: &Path, error: &dyn std::error::Error) -> Problem {
    let message = format!("`{}` cannot be used", path.display());
    Problem::new(offer::NO_CERTIFICATE, message).cause(error)
}

/// Shows a certificate in full and has somebody agree to it; `--yes` is no agreement.
pub(crate) fn agree(
    keys: &TrustStore,
    agreed: Option<&Fingerprint>,
    report: &mut Report,
) -> Result<(), Problem> {
    let Some(certificate) = keys.certificates().next() else { return Ok(()) };
    let fingerprint = &certificate.fingerprint;
    let now = Timestamp::now();
    let standing = keys.standing(fingerprint, now);
    let state = key::state(standing.as_ref(), now);
    let kind = standing.map(|standing| standing.kind).unwrap_or_default();
    report.tell(&format!("certificate  {fingerprint}"));
    for user_id in &certificate.user_ids {
        report.tell(&format!("  says it is  {}", console::printable::line(user_id)));
    }
    report.tell(&format!("  made        {} ({kind})", certificate.created));
    report.tell(&format!("  state       {state}"));
    report.event(
        &json!({ "event": "certificate", "fingerprint": fingerprint.as_str(), "state": state }),
    );
    match agreed {
        Some(agreed) if agreed == fingerprint => return Ok(()),
        Some(agreed) => {
            let message = format!("the certificate is {fingerprint}, not {agreed}");
            return Err(Problem::new(offer::NOT_ACCEPTED, message));
        }
        None => {}
    }
    // Scripts of old give flags and are never asked.
    let answer = match report.spelling() {
        Spelling::Historical => Confirmation::CannotAsk,
        Spelling::Subcommand => report.confirm("Trust this key?", Answer::No, &watch()?)?,
    };
    match answer {
        Confirmation::Yes => Ok(()),
        Confirmation::No => {
            Err(Problem::new(offer::NOT_ACCEPTED, format!("{fingerprint} was not accepted")))
        }
        Confirmation::Interrupted => {
            Err(Problem::new(general::INTERRUPTED, "interrupted; nothing was changed"))
        }
        Confirmation::CannotAsk => {
            let message = format!("{fingerprint} is new here, and nobody can be asked");
            Err(Problem::new(offer::NOT_ACCEPTED, message)
                .help("compare the whole fingerprint and give it to `--accept-fingerprint`"))
        }
    }
}
