//! `plugins explain`

use clap::Args;
use console::Report;
use console::explain::Codes;

use crate::failure::{self, Problem, general};

/// What to explain.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  plugins explain P0207
  plugins explain --list")]
pub(crate) struct Arguments {
    /// The code of a failure [default: list all codes]
    #[arg(value_parser = CODES, hide_possible_values = true)]
    code: Option<String>,
    /// List all codes with their titles
    #[arg(long, conflicts_with = "code")]
    list: bool,
}

/// All codes.
const CODES: Codes = Codes(failure::entries);

/// Explains a code, or lists all.
pub(crate) fn run(arguments: &Arguments, report: &mut Report) -> Result<(), Problem> {
    match &arguments.code {
        Some(typed) => Ok(CODES.explain(typed, general::NOT_FOUND, report)?),
        None => {
            CODES.list(report);
            Ok(())
        }
    }
}
