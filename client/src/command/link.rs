//! `plugins link`

use std::ffi::OsString;

use clap::Args;
use client::plan::{self, Crossing};
use client::{Depth, Target};
use console::{Answer, Report};
use plugin::{PluginName, Version};

use super::change::{Aim, Task, change};
use crate::failure::{Problem, general};
use crate::session::Session;

/// Which versions are to have whose content.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  plugins link old --to 2.0.2
  plugins link old==2.0.0 old==2.0.1 --to 2.0.2")]
pub(crate) struct Arguments {
    /// Old versions of one plugin: NAME==VERSION, or NAME for all lower ones
    #[arg(value_name = "SPEC", required = true)]
    specs: Vec<OsString>,
    /// The version whose content they get
    #[arg(long, value_name = "VERSION")]
    to: Version,
    /// Let links lead to another release line
    #[arg(long)]
    force: bool,
}

/// Makes links.
pub(crate) fn run(
    arguments: &Arguments,
    session: &Session<'_>,
    report: &mut Report,
) -> Result<(), Problem> {
    let (name, olds) = versions(&arguments.specs, session, report)?;
    let crossing = if arguments.force { Crossing::Forced } else { Crossing::Refused };
    let task = Task::new(Depth::Packages, Answer::Yes, Aim::Packages);
    change(session, report, &task, &mut |desk| {
        Ok(plan::link(desk.state, &name, &olds, &arguments.to, crossing)?.into())
    })?;
    Ok(())
}

/// Reads versions of one plugin: `demo==2.0.0 demo==2.0.1` or `demo 2.0.0 2.0.1`.
pub(super) fn versions(
    specs: &[OsString],
    session: &Session<'_>,
    report: &Report,
) -> Result<(PluginName, Vec<Version>), Problem> {
    let mut name: Option<PluginName> = None;
    let mut versions = Vec::new();
    for spec in specs {
        let bare = spec.to_str().and_then(|text| text.parse::<Version>().ok());
        if let (Some(version), Some(_)) = (bare, &name) {
            versions.push(version);
            continue;
        }
        for target in session.targets(std::slice::from_ref(spec), report)? {
            if name.as_ref().is_some_and(|known| known != target.name()) {
                return Err(Problem::new(general::USAGE, "all versions must be of one plugin"));
            }
            name = Some(target.name().clone());
            match target {
                Target::Name(_) => {}
                Target::Exact(_, version) => versions.push(version),
                Target::Line(..) => {
                    return Err(Problem::new(general::USAGE, "name versions, not release lines"));
                }
            }
        }
    }
    let name = name.expect("at least one word is required");
    Ok((name, versions))
}
