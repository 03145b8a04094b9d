//! `plugins hold`

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
  plugins hold demo
  plugins hold demo-1.0")]
pub(crate) struct Arguments {
    /// Installed plugins: NAME, NAME-LINE
    #[arg(value_name = "SPEC", required = true)]
    specs: Vec<OsString>,
}

/// Keeps plugins from updates.
pub(crate) fn run(
    arguments: &Arguments,
    session: &Session<'_>,
    report: &mut Report,
) -> Result<(), Problem> {
    let targets = session.targets(&arguments.specs, report)?;
    let task = Task::new(Depth::Packages, Answer::Yes, Aim::Registry);
    change(session, report, &task, &mut |desk| Ok(plan::hold(desk.state, &targets)?.into()))?;
    Ok(())
}
