//! `plugins unregister`

use std::ffi::OsString;

use clap::Args;
use client::{Depth, plan};
use console::{Answer, Report};
use serde_json::json;

use super::change::{Aim, Task, change};
use crate::failure::Problem;
use crate::session::Session;

/// What to take out of the registry.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  plugins unregister demo==1.0.2")]
pub(crate) struct Arguments {
    /// Registered plugins: NAME, NAME-LINE, NAME==VERSION
    #[arg(value_name = "SPEC", required = true)]
    specs: Vec<OsString>,
}

impl Arguments {
    /// Returns what `--unregister NAME==VERSION` asks for.
    pub(crate) fn one(plugin: OsString) -> Self {
        Self { specs: vec![plugin] }
    }
}

/// Takes plugins out of the registry.
pub(crate) fn run(
    arguments: &Arguments,
    session: &Session<'_>,
    report: &mut Report,
) -> Result<(), Problem> {
    let targets = session.targets(&arguments.specs, report)?;
    let task = Task::new(Depth::Packages, Answer::No, Aim::Registry);
    change(session, report, &task, &mut |desk| Ok(plan::unregister(desk.state, &targets)?.into()))?;
    session.conclude(report, &arguments.specs, "unregistered", &json!({}));
    Ok(())
}
