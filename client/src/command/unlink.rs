//! `plugins unlink`

use std::ffi::OsString;

use clap::Args;
use client::{Depth, plan};
use console::{Answer, Report};

use super::change::{Aim, Task, change};
use super::link::versions;
use crate::failure::Problem;
use crate::session::Session;

/// Which versions are to have their own content again.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  plugins unlink old
  plugins unlink old==2.0.0")]
pub(crate) struct Arguments {
    /// Linked versions of one plugin: NAME==VERSION, or NAME for all
    #[arg(value_name = "SPEC", required = true)]
    specs: Vec<OsString>,
}

/// Undoes links.
pub(crate) fn run(
    arguments: &Arguments,
    session: &Session<'_>,
    report: &mut Report,
) -> Result<(), Problem> {
    let (name, olds) = versions(&arguments.specs, session, report)?;
    let task = Task::new(Depth::Packages, Answer::Yes, Aim::Packages);
    change(session, report, &task, &mut |desk| Ok(plan::unlink(desk.state, &name, &olds)?.into()))?;
    Ok(())
}
