//! `fpb inspect`

use std::path::PathBuf;

use builder::inspect::{Sections, inspect};
use clap::{Args, ValueHint};
use console::{Failure, Report};
use packaging::Limits;

use crate::failure::{damaged, require, unreadable};

/// What to inspect.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  fpb inspect my_plugin-1.0-1.0.0-1.noarch.rpm
  fpb inspect my_plugin-1.0_1.0.0-1_all.deb --scripts --relations
  fpb inspect my_plugin-1.0.0.fp --json")]
pub(crate) struct Arguments {
    /// Package: .rpm, .deb or .fp
    #[arg(value_hint = ValueHint::FilePath)]
    file: PathBuf,
    #[command(flatten)]
    parts: Parts,
}

/// Parts of a package; none stands for all of them.
#[derive(Debug, Args)]
#[command(next_help_heading = "Show these parts only")]
struct Parts {
    /// Header tags or control fields
    #[arg(long)]
    fields: bool,
    /// What it provides, requires, conflicts with
    #[arg(long)]
    relations: bool,
    /// Its own digests and signatures
    #[arg(long)]
    integrity: bool,
    /// Scripts that run on the host
    #[arg(long)]
    scripts: bool,
    /// Files, folders and links
    #[arg(long)]
    files: bool,
}

/// Shows a package.
pub(crate) fn run(arguments: &Arguments, report: &mut Report) -> Result<(), Failure> {
    require(&arguments.file)?;
    let inspection = inspect(&arguments.file, &Limits::default(), arguments.parts.sections())
        .map_err(|error| unreadable(&error))?;
    report.answer(&inspection.to_string(), &inspection);
    match &*inspection.damage {
        [] => Ok(()),
        _ => damaged(&[&inspection.file]).map_or(Ok(()), Err),
    }
}

impl Parts {
    fn sections(&self) -> Sections {
        let &Self { fields, relations, integrity, scripts, files } = self;
        let chosen = Sections { fields, relations, scripts, files, integrity };
        if chosen == Sections::NONE { Sections::default() } else { chosen }
    }
}
