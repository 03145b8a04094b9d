//! `plugins remove`

use std::ffi::OsString;

use clap::Args;
use client::Depth;
use client::plan::{self, RemoveOptions};
use console::{Answer, Report};
use serde_json::Value;

use super::change::{Aim, Task, change};
use crate::failure::Problem;
use crate::session::Session;

/// What to remove.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  plugins remove demo==1.0.2
  plugins remove demo-1.0 --if-present --yes")]
pub(crate) struct Arguments {
    /// Installed plugins: NAME, NAME-LINE, NAME==VERSION
    #[arg(value_name = "SPEC", required = true)]
    specs: Vec<OsString>,
    /// Do not fail where a plugin is not here
    #[arg(long)]
    if_present: bool,
    /// Leave the entry in the registry, marked as missing
    #[arg(long)]
    keep_registered: bool,
    /// Also drop kept packages and what dpkg keeps of the plugin, so that this cannot be undone
    #[arg(long)]
    purge: bool,
    /// Undo links that lead to the plugin first
    #[arg(long)]
    force: bool,
}

impl Arguments {
    /// Returns what `--remove NAME==VERSION` asks for.
    pub(crate) fn one(plugin: OsString) -> Self {
        Self {
            specs: vec![plugin],
            if_present: false,
            keep_registered: false,
            purge: false,
            force: false,
        }
    }
}

/// Removes plugins.
pub(crate) fn run(
    arguments: &Arguments,
    session: &Session<'_>,
    report: &mut Report,
) -> Result<(), Problem> {
    let targets = session.targets(&arguments.specs, report)?;
    let options = RemoveOptions {
        if_present: arguments.if_present,
        keep_registered: arguments.keep_registered,
        purge: arguments.purge,
        force: arguments.force,
    };
    let task = Task::new(Depth::Packages, Answer::No, Aim::Packages);
    change(session, report, &task, &mut |desk| {
        Ok(plan::remove(desk.state, &targets, options)?.into())
    })?;
    session.conclude(report, &arguments.specs, "removed", &Value::Null);
    Ok(())
}
