//! `plugins trust remove`

use clap::Args;
use client::trust::Pattern;
use client::{Depth, plan};
use console::{Answer, Report};

use super::named;
use crate::command::change::{Aim, Draft, Task, change};
use crate::failure::Problem;
use crate::session::Session;

/// Whom to trust no more.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  plugins trust remove acme --for 'acme_*'")]
pub(super) struct Arguments {
    /// A whole fingerprint, or a file of keys by its name
    #[arg(value_name = "FPR|NAME")]
    which: String,
    /// For the plugins of this pattern only
    #[arg(long = "for", value_name = "PATTERN")]
    pattern: Option<Pattern>,
}

/// Trusts a certificate no more.
pub(super) fn run(
    arguments: &Arguments,
    session: &Session<'_>,
    report: &mut Report,
) -> Result<(), Problem> {
    let task = Task::new(Depth::Registry, Answer::No, Aim::Registry);
    change(session, report, &task, &mut |desk| {
        let certificates = named(&desk.state.trust, &arguments.which)?;
        let pattern = arguments.pattern.as_ref();
        Ok(Draft::from(plan::distrust(desk.state, &certificates, pattern)?))
    })?;
    Ok(())
}
