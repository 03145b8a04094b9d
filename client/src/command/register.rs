//! `plugins register`

use std::ffi::OsString;

use clap::Args;
use client::Depth;
use client::plan::{self, Registered};
use console::{Answer, Report};

use super::change::{Aim, Task, change};
use crate::failure::Problem;
use crate::session::Session;

/// What to register.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  plugins register demo==1.0.2
  plugins register demo-1.0")]
pub(crate) struct Arguments {
    /// Plugins in the plugins root: NAME-LINE, NAME==VERSION
    #[arg(value_name = "SPEC", required = true)]
    specs: Vec<OsString>,
    /// Read a legacy plugin that is registered already again
    #[arg(short, long)]
    force: bool,
}

impl Arguments {
    /// Returns what `--register NAME==VERSION [--force]` asks for.
    pub(crate) fn historical(plugin: OsString, force: bool) -> Self {
        Self { specs: vec![plugin], force }
    }
}

/// Registers plugins.
pub(crate) fn run(
    arguments: &Arguments,
    session: &Session<'_>,
    report: &mut Report,
) -> Result<(), Problem> {
    let targets = session.registrable(&arguments.specs, report)?;
    let registered = if arguments.force { Registered::Again } else { Registered::Stays };
    let task = Task::new(Depth::Packages, Answer::Yes, Aim::Registry);
    let outcome = change(session, report, &task, &mut |desk| {
        Ok(plan::register(desk.state, &targets, registered)?.into())
    })?;
    session.conclude_with_plugin(report, &arguments.specs, "registered", &outcome)
}
