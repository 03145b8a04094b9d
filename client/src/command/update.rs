//! `plugins update`

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, ValueHint};
use client::{Depth, plan};
use console::{Answer, Report};

use super::change::{Aim, Task, change};
use super::editions::notices;
use super::offers::{Choice, any_by_name, to_update};
use super::{Allow, Contact};
use crate::failure::Problem;
use crate::session::Session;

/// What to update.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  plugins update
  plugins update demo
  plugins update --security
  plugins update ./demo-1.0-1.0.3-1.noarch.rpm")]
pub(crate) struct Arguments {
    /// Package files, or installed plugins: NAME, NAME-LINE, NAME==VERSION [default: all]
    #[arg(value_name = "SPEC", value_hint = ValueHint::FilePath)]
    specs: Vec<OsString>,
    /// A file with one such name per line, `#` beginning a remark
    #[arg(long, value_name = "LIST", value_hint = ValueHint::FilePath)]
    from_file: Option<PathBuf>,
    /// Only plugins with a fix for what a security notice says of them, to the highest version that has it
    #[arg(long)]
    security: bool,
    #[command(flatten)]
    contact: Contact,
    #[command(flatten)]
    allow: Allow,
}

impl Arguments {
    /// Returns what `--update FILE` asks for.
    pub(crate) fn one(file: OsString, (contact, allow): (Contact, Allow)) -> Self {
        Self { specs: vec![file], from_file: None, security: false, contact, allow }
    }
}

/// Updates plugins.
pub(crate) fn run(
    arguments: &Arguments,
    session: &Session<'_>,
    report: &mut Report,
) -> Result<(), Problem> {
    let given = session.listed(&arguments.specs, arguments.from_file.as_deref())?;
    let specs = session.package_specs(&given, report)?;
    let task = Task::new(Depth::Packages, Answer::Yes, Aim::Packages)
        .allowing(&arguments.allow)
        .offering(&arguments.contact);
    let by_name = specs.is_empty() || any_by_name(&specs);
    let notices = notices(session, report, by_name)?;
    let security = arguments.security;
    let choice = Choice { security, ..Choice::of(&notices, &arguments.allow) };
    let outcome = change(session, report, &task, &mut |desk| {
        let (offers, notes) = to_update(desk, &specs, session.reach(), choice)?;
        let mut plan = plan::update(desk.state, &offers)?;
        plan.notes.extend(notes);
        choice.draft(plan, offers)
    })?;
    session.conclude_with_plugin(report, &arguments.specs, "updated", &outcome)
}
