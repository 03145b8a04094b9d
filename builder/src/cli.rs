//! The command line: words in, exit status out.

mod historical;

use std::ffi::OsString;
use std::path::Path;

use clap::Parser;
use console::{Globals, Manner, Report, carry_out};

use crate::command::Command;
use crate::environment::Environment;
use crate::program::FPB;

/// Name under which the original builder was installed.
pub(crate) const HISTORICAL_NAME: &str = "fuel-plugin-builder";

/// Creates, checks and builds plugins.
#[derive(Debug, Parser)]
#[command(
    name = "fpb",
    version,
    max_term_width = 100,
    after_help = "\
Examples:
  fpb create my_plugin        make a plugin skeleton
  fpb check my_plugin         report all that is wrong with it
  fpb build my_plugin         make its package

Historical spelling:
  fpb --create NAME [--package-version VERSION]
  fpb --check DIR
  fpb --build DIR [--debug]"
)]
pub(crate) struct Cli {
    #[command(flatten)]
    globals: Globals,
    #[command(subcommand)]
    command: Command,
}

/// Carries out the command line `words`, the program's name first; returns the exit status.
pub(crate) fn run(mut words: Vec<OsString>, environment: &Environment) -> u8 {
    let name = program_name(words.first());
    words.splice(..words.len().min(1), [name.into()]);
    let early = Manner::early(&FPB, &words, environment.terminal);
    let line = match historical::modernize(&words) {
        Ok(line) => line,
        Err(error) => {
            return Report::new(early).finish(Err(FPB.misused(error.to_string())));
        }
    };
    match FPB.parse::<Cli>(&line.words) {
        Ok(Cli { globals, command }) => {
            let manner = globals.manner(&FPB, command.name(), line.spelling, environment.terminal);
            carry_out(manner, |report| command.run(line.spelling, report, environment))
        }
        Err(message) => Report::new(early).parsed(&message),
    }
}

fn program_name(called: Option<&OsString>) -> &'static str {
    let file_name = called.and_then(|name| Path::new(name).file_name());
    if file_name.is_some_and(|name| name == HISTORICAL_NAME) { HISTORICAL_NAME } else { "fpb" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_declarations_agree_with_each_other() {
        FPB.declarations::<Cli>().debug_assert();
    }

    #[test]
    fn the_historical_name_is_kept_and_no_other() {
        for (called, name) in [
            ("fuel-plugin-builder", "fuel-plugin-builder"),
            ("/usr/bin/fuel-plugin-builder", "fuel-plugin-builder"),
            ("./fpb", "fpb"),
            ("\x1b[31m", "fpb"),
        ] {
            assert_eq!(program_name(Some(&called.into())), name);
        }
        assert_eq!(program_name(None), "fpb");
    }
}
