//! `fpb check`

use std::path::{Path, PathBuf};

use builder::{Source, check};
use clap::{Args, ValueHint};
use console::printable::{count, path};
use console::{Failure, Report, Spelling};

use crate::failure::{Kind, invalid, require_folder};
use crate::report::{self, Tally};

/// What to check.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  fpb check my_plugin
  fpb check --strict plugins/*
  fpb check my_plugin --json | jq -r '.results[].message'")]
pub(crate) struct Arguments {
    /// Folders of plugins
    #[arg(value_name = "DIR", required = true, value_hint = ValueHint::DirPath)]
    directories: Vec<PathBuf>,
    /// Take warnings as errors
    #[arg(long)]
    strict: bool,
}

/// Checks each plugin, and all of them against each other.
pub(crate) fn run(
    arguments: &Arguments,
    spelling: Spelling,
    report: &mut Report,
) -> Result<(), Failure> {
    if spelling == Spelling::Historical && arguments.directories.len() > 1 {
        return Err(Failure::new(Kind::Usage, "`--check` takes one folder")
            .help("check several with `fpb check DIR...`"));
    }
    for directory in &arguments.directories {
        require_folder(directory)?;
    }
    let tally = check_all(arguments, report)?;
    report.warnings_are_the_answer();
    if tally != Tally::default() {
        report::summary(report, tally);
    }
    if tally.errors > 0 {
        return Err(broken_rules(&arguments.directories, tally));
    }
    report.success("Plugin is valid");
    Ok(())
}

fn check_all(arguments: &Arguments, report: &mut Report) -> Result<Tally, Failure> {
    let sources =
        arguments.directories.iter().map(|path| read(path)).collect::<Result<Vec<_>, _>>()?;
    let mut found: Vec<_> = sources.iter().map(check::check).collect();
    for collision in check::collisions(&sources) {
        found[collision.second].push(collision.finding);
    }
    let mut total = Tally::default();
    for (source, findings) in sources.iter().zip(&found) {
        let tally = report::findings(report, source, findings, arguments.strict.into());
        if tally.errors == 0 {
            report.line(&format!(" checked  {}", path(&source.directory)));
        }
        total += tally;
    }
    Ok(total)
}

fn read(directory: &Path) -> Result<Source, Failure> {
    Source::read(directory).map_err(|error| Failure::from_error(Kind::Failed, &error))
}

fn broken_rules(directories: &[PathBuf], tally: Tally) -> Failure {
    let errors = count(tally.errors, "error");
    let place = match directories {
        [one] => format!("`{}`", one.display()),
        several => count(several.len(), "plugin"),
    };
    invalid(&format!("{errors} in {place}")).help("`fpb explain CODE` tells more about a finding")
}
