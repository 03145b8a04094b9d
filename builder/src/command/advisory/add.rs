//! `fpb advisory add`

use std::path::PathBuf;

use builder::repo::{Advisory, Line, Severity, Spec, Word};
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, ValueHint};
use console::{Failure, Report};
use jiff::Timestamp;

use crate::command::repo::Writing;
use crate::environment::Environment;
use crate::failure::{self, Kind, require};

/// What to tell.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  fpb advisory add --id EX-2026-001 --severity important --title 'Passwords in the log' \\
    --fixes my_plugin==1.0.3 --cve CVE-2026-0001 --withdraws my_plugin==1.0.2")]
pub(crate) struct Arguments {
    /// Its name
    #[arg(long)]
    id: Word,
    /// How bad it is
    #[arg(long, value_parser = severity())]
    severity: Severity,
    /// One line
    #[arg(long)]
    title: Line,
    /// What is wrong and what to do
    #[arg(long, value_name = "TEXT")]
    description: Option<String>,
    /// A file that says so
    #[arg(long, value_name = "FILE", conflicts_with = "description", value_hint = ValueHint::FilePath)]
    description_file: Option<PathBuf>,
    /// Version that mends it: NAME==VERSION; may be given several times
    #[arg(long, value_name = "SPEC", value_delimiter = ',', required_unless_present = "withdraws")]
    fixes: Vec<Spec>,
    /// Version that nobody should install any more; may be given several times
    #[arg(long, value_name = "SPEC", value_delimiter = ',')]
    withdraws: Vec<Spec>,
    /// Its name in the world: CVE-2026-0001; may be given several times
    #[arg(long = "cve", value_name = "CVE", value_delimiter = ',')]
    cves: Vec<Word>,
    /// Address of more about it; may be given several times
    #[arg(long = "reference", value_name = "URL")]
    references: Vec<Line>,
    /// Hosts have to be started again
    #[arg(long)]
    reboot: bool,
    /// Programs that use the plugin have to be started again
    #[arg(long)]
    restart: bool,
    #[command(flatten)]
    writing: Writing,
}

/// Adds an advisory.
pub(crate) fn run(
    arguments: Arguments,
    report: &mut Report,
    environment: &Environment,
) -> Result<(), Failure> {
    let (repository, lock) = arguments.writing.lock()?;
    let advisory = advisory(arguments, environment)?;
    let done = if repository.add_advisory(&advisory, &lock).map_err(failure::repository)? {
        report.changed();
        "added"
    } else {
        "present"
    };
    report.answer(&format!(" {done:<8} {}: {}", advisory.id, advisory.title), &advisory);
    Ok(())
}

fn advisory(arguments: Arguments, environment: &Environment) -> Result<Advisory, Failure> {
    let description = match (arguments.description, &arguments.description_file) {
        (Some(text), _) => text,
        (None, Some(file)) => {
            require(file)?;
            let text = fs_err::read_to_string(file);
            text.map_err(|error| Failure::from_error(Kind::Failed, &error))?
        }
        (None, None) => String::new(),
    };
    let issued = match environment.epoch()? {
        Some(epoch) => Timestamp::from_second(epoch.into()).unwrap_or_default(),
        // A notice says the second, as yum does.
        None => Timestamp::from_second(environment.now.as_second()).unwrap_or_default(),
    };
    Ok(Advisory {
        id: arguments.id,
        severity: arguments.severity,
        title: arguments.title,
        description: description.trim_end().to_owned(),
        issued,
        fixes: arguments.fixes,
        withdraws: arguments.withdraws,
        cves: arguments.cves,
        references: arguments.references,
        reboot: arguments.reboot,
        restart: arguments.restart,
    })
}

/// Takes the severities that there are, and tells shells which those are.
fn severity() -> impl TypedValueParser<Value = Severity> {
    PossibleValuesParser::new(Severity::ALL.map(Severity::name)).map(|text| {
        let found = Severity::ALL.into_iter().find(|severity| severity.name() == text);
        found.expect("only severities get here")
    })
}
