//! `plugins downgrade`

use std::ffi::OsString;

use clap::{Args, ValueHint};
use client::{Depth, plan};
use console::{Answer, Report};

use super::change::{Aim, Task, change};
use super::editions::notices;
use super::offers::{Choice, any_by_name, to_downgrade};
use super::{Allow, Contact};
use crate::failure::Problem;
use crate::session::Session;

/// What to go back to.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  plugins downgrade demo
  plugins downgrade demo==1.0.1
  plugins downgrade ./demo-1.0-1.0.1-1.noarch.rpm")]
pub(crate) struct Arguments {
    /// Package files, or installed plugins: NAME, NAME-LINE, NAME==VERSION
    #[arg(value_name = "SPEC", required = true, value_hint = ValueHint::FilePath)]
    specs: Vec<OsString>,
    #[command(flatten)]
    contact: Contact,
    #[command(flatten)]
    allow: Allow,
}

impl Arguments {
    /// Returns what `--downgrade FILE` asks for.
    pub(crate) fn one(file: OsString, (contact, allow): (Contact, Allow)) -> Self {
        Self { specs: vec![file], contact, allow }
    }
}

/// Goes back to lower versions.
pub(crate) fn run(
    arguments: &Arguments,
    session: &Session<'_>,
    report: &mut Report,
) -> Result<(), Problem> {
    let specs = session.package_specs(&arguments.specs, report)?;
    let task = Task::new(Depth::Packages, Answer::No, Aim::Packages)
        .allowing(&arguments.allow)
        .offering(&arguments.contact);
    let notices = notices(session, report, any_by_name(&specs))?;
    let choice = Choice::of(&notices, &arguments.allow);
    let outcome = change(session, report, &task, &mut |desk| {
        let offers = to_downgrade(desk, &specs, session.reach())?;
        choice.draft(plan::downgrade(desk.state, &offers)?, offers)
    })?;
    session.conclude_with_plugin(report, &arguments.specs, "downgraded", &outcome)
}
