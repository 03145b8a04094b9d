//! `plugins unhold`

use std::ffi::OsString;

use clap::Args;
use client::{Depth, plan};
use console::{Answer, Report};

use super::change::{Aim, Task, change};
use crate::failure::Problem;
use crate::session::Session;

/// Which plugins.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  plugins unhold demo
  plugins unhold demo-1.0")]
pub(crate) struct Arguments {
    /// Installed plugins: NAME, NAME-LINE
    #[arg(value_name = "SPEC", required = true)]
    specs: Vec<OsString>,
}

/// Lets plugins have updates again.
pub(crate) fn run(
    arguments: &Arguments,
    session: &Session<'_>,
    report: &mut Report,
) -> Result<(), Problem> {
    let targets = session.targets(&arguments.specs, report)?;
    let task = Task::new(Depth::Packages, Answer::Yes, Aim::Registry);
    change(session, report, &task, &mut |desk| Ok(plan::unhold(desk.state, &targets)?.into()))?;
    Ok(())
}
