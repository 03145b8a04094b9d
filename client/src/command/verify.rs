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
  plugins verify demo-1.0
  plugins verify --deep")]
pub(crate) struct Arguments {
    /// Registered plugins: NAME, NAME-LINE, NAME==VERSION [default: all]
    #[arg(value_name = "SPEC")]
    specs: Vec<OsString>,
    /// Also compare every byte and mode with the kept package, and name what the package does not have
    #[arg(long)]
    deep: bool,
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
    let mut verified = verify::verify(&host, &state, &wanted)?;
    if arguments.deep {
        verify::deepen(&host, &state, &mut verified)?;
        let without = verified.iter().filter(|one| one.package.is_none()).count();
        if without > 0 {
            report.tell(&format!(
                "note: no package is kept of {without} of them; those were compared with the package \
                 database alone."
            ));
        }
    }
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
