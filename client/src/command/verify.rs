//! `plugins verify`

use std::ffi::OsString;

use clap::Args;
use client::{Depth, verify};
use console::Report;

use crate::failure::{Problem, machine};
use crate::screen;
use crate::session::Session;

/// What to verify.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  plugins verify
  plugins verify demo-1.0")]
pub(crate) struct Arguments {
    /// Registered plugins: NAME, NAME-LINE, NAME==VERSION [default: all]
    #[arg(value_name = "SPEC")]
    specs: Vec<OsString>,
}

/// Compares plugins with what was installed.
pub(crate) fn run(
    arguments: &Arguments,
    session: &Session<'_>,
    report: &mut Report,
) -> Result<(), Problem> {
    let targets = session.targets(&arguments.specs, report)?;
    let settings = session.settings()?;
    let host = session.host(&settings)?;
    let reader = session.reader(host.places())?;
    let state = session.observe(&settings, &host, &reader, Depth::Packages)?;
    let wanted = session.records(&state.records, &targets)?;
    let verified = verify::verify(&host, &state, &wanted)?;
    let mut ill = 0;
    for one in &verified {
        ill += usize::from(!one.is_clean());
        report.answer(&screen::verify::text(one), one);
    }
    if ill > 0 {
        let message = format!("{} not as installed", screen::are(ill, "plugin"));
        return Err(Problem::new(machine::ILL, message).help("plugins doctor"));
    }
    Ok(())
}
