//! `fpb advisory show`

use builder::repo::{Spec, Word};
use clap::Args;
use console::{Failure, Report};

use crate::command::repo::Place;
use crate::failure;

/// Which advisory.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  fpb advisory show EX-2026-001")]
pub(crate) struct Arguments {
    /// Its name
    id: Word,
    #[command(flatten)]
    place: Place,
}

/// Shows an advisory.
pub(crate) fn run(arguments: &Arguments, report: &mut Report) -> Result<(), Failure> {
    let it = arguments.place.open()?.advisory(&arguments.id).map_err(failure::repository)?;
    let specs = |specs: &[Spec]| specs.iter().map(Spec::to_string).collect::<Vec<_>>().join(" ");
    let mut lines = vec![format!("{}: {}", it.id, it.title)];
    let mut field = |name: &str, value: String| {
        if !value.is_empty() {
            lines.push(format!("  {name:<11}{value}"));
        }
    };
    field("severity", it.severity.name().to_owned());
    field("issued", it.issued.to_string());
    field("fixes", specs(&it.fixes));
    field("withdraws", specs(&it.withdraws));
    field("cves", it.cves.iter().map(Word::as_str).collect::<Vec<_>>().join(" "));
    for reference in &it.references {
        field("reference", reference.to_string());
    }
    field("reboot", if it.reboot { "yes".to_owned() } else { String::new() });
    field("restart", if it.restart { "yes".to_owned() } else { String::new() });
    if !it.description.is_empty() {
        lines.push(format!("\n{}", it.description));
    }
    report.answer(&lines.join("\n"), &it);
    Ok(())
}
