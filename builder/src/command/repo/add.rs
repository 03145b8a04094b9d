//! `fpb repo add`

use std::path::PathBuf;

use clap::{Args, ValueHint};
use console::printable::path;
use console::{Failure, Report, Verbosity};
use serde_json::json;

use super::Writing;
use crate::failure::{repository, require};

/// What to add.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  fpb repo add my_plugin-1.0-1.0.1-1.noarch.rpm my_plugin-1.0_1.0.1-1_all.deb
  fpb repo add --repo /srv/plugins packages/*")]
pub(crate) struct Arguments {
    /// Packages: .rpm, .deb or .fp
    #[arg(value_name = "FILE", required = true, value_hint = ValueHint::FilePath)]
    files: Vec<PathBuf>,
    #[command(flatten)]
    writing: Writing,
}

/// Adds packages.
pub(crate) fn run(arguments: &Arguments, report: &mut Report) -> Result<(), Failure> {
    for file in &arguments.files {
        require(file)?;
    }
    let (target, lock) = arguments.writing.lock()?;
    let added = target.add(&arguments.files, &lock, &mut |file| {
        report.detail(Verbosity::Verbose, &format!("copying {}", path(file)));
    });
    for added in added.map_err(repository)? {
        let item = &added.item;
        let done = if added.new { "added" } else { "present" };
        if added.new {
            report.changed();
        }
        report.answer(
            &format!(" {done:<8} {}  sha256 {}", item.file, item.sha256),
            &json!({
                "file": item.file,
                "name": item.name,
                "line": item.line,
                "version": item.version,
                "size": item.size,
                "sha256": item.sha256,
                "added": added.new,
            }),
        );
    }
    Ok(())
}
