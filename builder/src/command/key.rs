//! `fpb key`, and the key that other commands sign with.

mod create;
mod source;

use clap::Subcommand;
use console::{Failure, Report};

use crate::environment::Environment;

pub(crate) use source::Source;

/// What to do with keys.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Make a key to sign with
    ///
    /// Writes three files, none of them over another: the secret key, locked with a passphrase and
    /// readable by its owner alone; beside it the certificate, which hosts are given (`.asc`), and the
    /// certificate taken back (`.revoked.asc`), which hosts are given once the secret key is lost or
    /// stolen. The key is an Ed25519 one without an end; rpm, gpg and apt know it.
    Create(create::Arguments),
}

impl Verb {
    /// Returns the command's name.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Create(_) => "key create",
        }
    }

    /// Does it.
    pub(crate) fn run(self, report: &mut Report, environment: &Environment) -> Result<(), Failure> {
        match self {
            Self::Create(arguments) => create::run(&arguments, report, environment),
        }
    }
}
