//! `fpb explain`

use builder::{Code, Severity};
use clap::Args;
use console::explain::{Codes, Entry};
use console::{Failure, Report};

use crate::failure::Kind;

/// What to explain.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  fpb explain F0101
  fpb explain --list")]
pub(crate) struct Arguments {
    /// The code of a finding or failure [default: list all codes]
    #[arg(value_parser = CODES, hide_possible_values = true)]
    code: Option<String>,
    /// List all codes with their titles
    #[arg(long, conflicts_with = "code")]
    list: bool,
}

/// All codes.
const CODES: Codes = Codes(all);

/// Explains a code, or lists all.
pub(crate) fn run(arguments: &Arguments, report: &mut Report) -> Result<(), Failure> {
    match &arguments.code {
        Some(typed) => CODES.explain(typed, Kind::NotFound, report),
        None => {
            CODES.list(report);
            Ok(())
        }
    }
}

/// Returns all codes and what they mean, the checker's first.
fn all() -> Vec<Entry> {
    Code::ALL.iter().copied().map(rule).chain(Kind::ALL.into_iter().map(Entry::of)).collect()
}

fn rule(code: Code) -> Entry {
    let sort = match code.severity() {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    Entry { code: code.as_str(), sort, about: code.explanation() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_means_one_thing_and_stands_in_order() {
        let codes: Vec<_> = all().into_iter().map(|entry| entry.code).collect();
        assert!(codes.is_sorted_by(|a, b| a < b), "{codes:?}");
    }
}
