//! `plugins trust add`

use std::path::PathBuf;

use clap::{Args, ValueHint};
use client::trust::{Pattern, Scope};
use client::{Depth, plan};
use console::{Answer, Report};
use packaging::signature::Fingerprint;

use crate::command::allow::{agree, read};
use crate::command::change::{Aim, Draft, Task, change};
use crate::failure::Problem;
use crate::session::Session;

/// Whom to trust.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  plugins trust add acme.asc --for 'acme_*'")]
pub(super) struct Arguments {
    /// File that holds the certificate
    #[arg(value_name = "CERTFILE", value_hint = ValueHint::FilePath)]
    file: PathBuf,
    /// Plugins that it may publish; `*`, `?` and `[a-z]` stand for several
    #[arg(long = "for", value_name = "PATTERN", required = true, num_args = 1..)]
    plugins: Vec<Pattern>,
    /// Its packages may run scripts of their own as root
    #[arg(long)]
    allow_scripts: bool,
    /// Agree to the certificate with this whole fingerprint
    #[arg(long, value_name = "FPR")]
    accept_fingerprint: Option<Fingerprint>,
}

/// Trusts a certificate.
pub(super) fn run(
    arguments: &Arguments,
    session: &Session<'_>,
    report: &mut Report,
) -> Result<(), Problem> {
    let keys = read(&arguments.file)?;
    let scope = Scope { plugins: arguments.plugins.clone(), scripts: arguments.allow_scripts };
    if session.options.dry_run || session.options.assume_no {
        // What is not done needs no agreement.
    } else {
        agree(&keys, arguments.accept_fingerprint.as_ref(), report)?;
    }
    // Who has compared a fingerprint has said yes.
    let session = session.unasked(false);
    let task = Task::new(Depth::Registry, Answer::Yes, Aim::Registry);
    change(&session, report, &task, &mut |desk| {
        Ok(Draft::from(plan::entrust(desk.state, &keys, &scope)?))
    })?;
    Ok(())
}
