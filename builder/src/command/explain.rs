//! `fpb explain`

use std::ffi::OsStr;

use builder::code::Explanation;
use builder::{Code, Severity};
use clap::builder::{PossibleValue, StringValueParser, TypedValueParser};
use clap::{Arg, Args, Command};
use serde_json::{Value, json};

use crate::failure::{Failure, Kind};
use crate::report::Report;

/// What to explain.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  fpb explain F0101
  fpb explain --list")]
pub(crate) struct Arguments {
    /// The code of a finding or failure [default: list all codes]
    #[arg(value_parser = Known, hide_possible_values = true)]
    code: Option<String>,
    /// List all codes with their titles
    #[arg(long, conflicts_with = "code")]
    list: bool,
}

/// Takes any text, and tells shells which codes there are.
#[derive(Clone, Copy, Debug)]
struct Known;

impl TypedValueParser for Known {
    type Value = String;

    fn parse_ref(
        &self,
        command: &Command,
        argument: Option<&Arg>,
        value: &OsStr,
    ) -> Result<String, clap::Error> {
        StringValueParser::new().parse_ref(command, argument, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(all().map(|(code, about)| PossibleValue::new(code).help(about.title))))
    }
}

/// Explains a code, or lists all.
pub(crate) fn run(arguments: &Arguments, report: &mut Report) -> Result<(), Failure> {
    let Some(typed) = &arguments.code else {
        for (code, about) in all() {
            let text = format!("{code}  {:<7}  {}", sort(code), about.title);
            report.answer(&text, &object(code, about));
        }
        return Ok(());
    };
    let (code, about) =
        all().find(|(code, _)| code.eq_ignore_ascii_case(typed)).ok_or_else(|| {
            Failure::new(Kind::NotFound, format!("there is no code `{typed}`"))
                .help("`fpb explain --list` lists all codes")
        })?;
    let Explanation { title, cause, effect, cure } = about;
    let text = format!(
        "{code} ({}): {title}\n\nCause:  {cause}\nEffect: {effect}\nCure:   {cure}",
        sort(code)
    );
    report.answer(&text, &object(code, about));
    Ok(())
}

/// Returns all codes and what they mean, the checker's first.
fn all() -> impl Iterator<Item = (&'static str, Explanation)> {
    let rules = Code::ALL.iter().map(|code| (code.as_str(), code.explanation()));
    rules.chain(Kind::ALL.into_iter().map(|kind| (kind.code(), kind.explanation())))
}

/// Returns what has this code: a finding that stops a build, one that does not, or a failed command.
fn sort(code: &str) -> &'static str {
    match code.parse::<Code>().map(Code::severity) {
        Ok(Severity::Error) => "error",
        Ok(Severity::Warning) => "warning",
        Err(_) => "failure",
    }
}

fn object(code: &str, about: Explanation) -> Value {
    let Explanation { title, cause, effect, cure } = about;
    json!({ "code": code, "sort": sort(code), "title": title, "cause": cause, "effect": effect, "cure": cure })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_means_one_thing_and_stands_in_order() {
        let codes: Vec<_> = all().map(|(code, _)| code).collect();
        assert!(codes.is_sorted_by(|a, b| a < b), "{codes:?}");
    }
}
