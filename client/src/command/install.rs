//! `plugins install`

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, ValueEnum, ValueHint};
use client::{Depth, Offer, plan};
use console::{Answer, Report};

use super::change::{Aim, Task, change};
use super::editions::notices;
use super::offers::{Choice, any_by_name, to_install};
use super::{Allow, Contact};
use crate::failure::{Problem, offer};
use crate::session::Session;

/// What to install.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  plugins install demo-1.0-1.0.2-1.noarch.rpm
  plugins install demo-1.0 --dry-run
  plugins install old-1.0.0.fp --strategy always")]
pub(crate) struct Arguments {
    /// Package files, or plugins in repositories: NAME, NAME-LINE, NAME==VERSION
    #[arg(value_name = "SPEC", required_unless_present = "from_file", value_hint = ValueHint::FilePath)]
    specs: Vec<OsString>,
    /// A file with one such name per line, `#` beginning a remark
    #[arg(long, value_name = "LIST", value_hint = ValueHint::FilePath)]
    from_file: Option<PathBuf>,
    /// What becomes of a plugin that is there already
    #[arg(long, default_value = "upgrade")]
    strategy: Strategy,
    /// Leave the registry as it is; `plugins register` adds the plugins later
    #[arg(long)]
    no_register: bool,
    /// SHA-256 that the one package must have
    #[arg(long, value_name = "HEX")]
    sha256: Option<String>,
    #[command(flatten)]
    contact: Contact,
    #[command(flatten)]
    allow: Allow,
}

/// What becomes of a version that is there already.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Strategy {
    /// It stays; only what is not there at all is installed
    OnlyNew,
    /// A higher version replaces it
    Upgrade,
    /// A higher one replaces it, and the same is installed again
    Always,
}

impl From<Strategy> for plan::Strategy {
    fn from(strategy: Strategy) -> Self {
        match strategy {
            Strategy::OnlyNew => Self::OnlyNew,
            Strategy::Upgrade => Self::Upgrade,
            Strategy::Always => Self::Always,
        }
    }
}

impl Arguments {
    /// Returns what `--install FILE [--force]` asks for.
    pub(crate) fn historical(file: OsString, force: bool, met: (Contact, Allow)) -> Self {
        let strategy = if force { Strategy::Always } else { Strategy::Upgrade };
        let (contact, allow) = met;
        let specs = vec![file];
        Self { specs, from_file: None, strategy, no_register: false, sha256: None, contact, allow }
    }
}

/// Installs plugins.
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
    let notices = notices(session, report, any_by_name(&specs))?;
    let choice = Choice::of(&notices, &arguments.allow);
    let outcome = change(session, report, &task, &mut |desk| {
        let (offers, notes) = to_install(desk, &specs, session.reach(), choice)?;
        check(arguments.sha256.as_deref(), &offers)?;
        let plan = plan::install(desk.state, &offers, arguments.strategy.into())?;
        let mut plan = if arguments.no_register { plan.without_registration() } else { plan };
        plan.notes.extend(notes);
        choice.draft(plan, offers)
    })?;
    session.conclude_with_plugin(report, &arguments.specs, "installed", &outcome)
}

/// Fails where the one package has not the SHA-256 that is wanted.
fn check(wanted: Option<&str>, offers: &[Offer]) -> Result<(), Problem> {
    let Some(wanted) = wanted else { return Ok(()) };
    let message = match offers {
        [one] if one.sha256.eq_ignore_ascii_case(wanted) => return Ok(()),
        [one] => format!("{} has SHA-256 {}, not {wanted}", one.package, one.sha256),
        several => format!("`--sha256` is for one package, and {} are given", several.len()),
    };
    Err(Problem::new(offer::DIGEST, message))
}
