//! `plugins man`

mod page;

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::{Args, Command, ValueHint};
use console::printable::path;
use console::{Report, man};
use packaging::durable;
use serde_json::json;

use crate::cli::Cli;
use crate::failure::{Problem, general};
use crate::program::PLUGINS;

/// Which man pages.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  plugins man | man -l -
  plugins man -o /usr/share/man/man1")]
pub(crate) struct Arguments {
    /// Write the pages of plugins and of each command into this folder
    #[arg(short, long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    output: Option<PathBuf>,
}

/// Prints the man page of `plugins`, or writes all of them.
pub(crate) fn run(arguments: &Arguments, report: &mut Report) -> Result<(), Problem> {
    let program = program();
    let Some(folder) = &arguments.output else {
        report.document(&page::text(&program));
        return Ok(());
    };
    let failed = |error: std::io::Error| Problem::from_error(general::FAILED, &error);
    fs_err::create_dir_all(folder).map_err(failed)?;
    for man::Page { file, text } in man::pages(&program, page::text) {
        let file = folder.join(file);
        write(&file, &text).map_err(failed)?;
        report.changed();
        report.answer(
            &format!(" wrote    {}", path(&file)),
            &json!({ "path": file.to_string_lossy() }),
        );
    }
    Ok(())
}

/// Returns the command line's declarations, as the pages tell them.
fn program() -> Command {
    man::told(PLUGINS.declarations::<Cli>())
}

fn write(file: &Path, text: &str) -> std::io::Result<()> {
    durable::replace(file, |out| out.write_all(text.as_bytes()))
}
