//! `plugins files`

use std::ffi::OsString;
use std::path::Path;

use clap::Args;
use client::listing::{self, Files};
use client::{Depth, Spec, Target};
use console::{Report, printable};

use crate::failure::Problem;
use crate::session::Session;

/// Whose files to show.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  plugins files demo
  plugins files ./demo-1.0-1.0.2-1.noarch.rpm
  plugins files demo --json | jq -r '.results[].files[]'")]
pub(crate) struct Arguments {
    /// Registered plugins, NAME, NAME-LINE, NAME==VERSION, or package files
    #[arg(value_name = "SPEC", required = true)]
    specs: Vec<OsString>,
}

/// Shows the files of plugins and of packages, one per line.
pub(crate) fn run(
    arguments: &Arguments,
    session: &Session<'_>,
    report: &mut Report,
) -> Result<(), Problem> {
    let mut targets = Vec::new();
    for spec in session.package_specs(&arguments.specs, report)? {
        match spec {
            Spec::File(path) => tell(report, &of_package(&path)?),
            Spec::Plugin(target) => targets.push(target),
        }
    }
    if targets.is_empty() { Ok(()) } else { installed(&targets, session, report) }
}

fn installed(
    targets: &[Target],
    session: &Session<'_>,
    report: &mut Report,
) -> Result<(), Problem> {
    let settings = session.settings()?;
    let host = session.host(&settings)?;
    let reader = session.reader(host.places())?;
    let state = session.observe(&settings, &host, &reader, Depth::Packages)?;
    for id in session.records(&state.records, targets)? {
        let records = state.records.iter().filter(|record| record.id == id);
        for record in records {
            tell(report, &listing::files(&host, &state, &record.plugin.id)?);
        }
    }
    Ok(())
}

/// Reads a package file as it is, whoever made it: nothing is installed from it.
fn of_package(path: &Path) -> Result<Files, Problem> {
    let contents = client::contents(path)?;
    let files = listing::own(contents.files, Path::new(plugin::PLUGINS_ROOT));
    Ok(Files { plugin: contents.plugin, package: Some(contents.package), files })
}

fn tell(report: &mut Report, files: &Files) {
    let plugin = files.plugin.as_ref().map(ToString::to_string).unwrap_or_default();
    report.tell(&match &files.package {
        Some(package) => format!("{plugin}: package {package}"),
        None => format!("{plugin}: no package"),
    });
    let lines: Vec<_> = files.files.iter().map(|path| printable::path(path).to_string()).collect();
    report.answer(&lines.join("\n"), files);
}
