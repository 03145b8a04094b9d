//! The historical spelling, `fpb --build DIR`, put into today's, `fpb build DIR`. Pure.
//!
//! Words that have no action flag among them pass unchanged. An action flag moves to the front as a
//! subcommand and its value to the end, behind `--`, so that no value can be read as an option.
//! Everything else is left for the parser to judge.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;

use console::Spelling;

/// A command line in today's spelling.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Line {
    /// The program's name, then its arguments.
    pub(crate) words: Vec<OsString>,
    /// How it was spelled.
    pub(crate) spelling: Spelling,
}

/// More than one action flag.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` and `{1}` cannot be used together")]
pub(crate) struct TwoActions(&'static str, &'static str);

const ACTIONS: [(&str, &str); 3] =
    [("--create", "create"), ("--build", "build"), ("--check", "check")];

/// An action flag as found: which, where, and the value behind its `=`.
struct Found<'a> {
    flag: &'static str,
    verb: &'static str,
    at: usize,
    value: Option<&'a OsStr>,
}

/// Puts `words`, the program's name and its arguments, into today's spelling.
pub(crate) fn modernize(words: &[OsString]) -> Result<Line, TwoActions> {
    let options = words.iter().position(|word| word == "--").unwrap_or(words.len());
    let mut actions =
        words[..options].iter().enumerate().skip(1).filter_map(|(at, word)| action(at, word));
    let Some(found) = actions.next() else {
        return Ok(Line { words: words.to_vec(), spelling: Spelling::Subcommand });
    };
    if let Some(second) = actions.next() {
        return Err(TwoActions(found.flag, second.flag));
    }
    let next = words[..options].get(found.at + 1).map(OsString::as_os_str);
    let (value, taken) = match (found.value, next) {
        (Some(value), _) => (Some(value), 1),
        (None, Some(next)) if !next.as_bytes().starts_with(b"-") => (Some(next), 2),
        (None, _) => (None, 1),
    };
    let mut modern = vec![words[0].clone(), found.verb.into()];
    modern.extend_from_slice(&words[1..found.at]);
    modern.extend_from_slice(&words[found.at + taken..options]);
    modern.push("--".into());
    modern.extend(value.map(OsStr::to_owned));
    modern.extend_from_slice(words.get(options + 1..).unwrap_or_default());
    Ok(Line { words: modern, spelling: Spelling::Historical })
}

fn action(at: usize, word: &OsStr) -> Option<Found<'_>> {
    ACTIONS.into_iter().find_map(|(flag, verb)| {
        let rest = word.as_bytes().strip_prefix(flag.as_bytes())?;
        let value = match rest {
            [] => None,
            [b'=', value @ ..] => Some(OsStr::from_bytes(value)),
            _ => return None,
        };
        Some(Found { flag, verb, at, value })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn modern(line: &str) -> (String, Spelling) {
        let words: Vec<_> = line.split(' ').map(OsString::from).collect();
        let line = modernize(&words).unwrap();
        let words: Vec<_> = line.words.iter().map(|word| word.to_str().unwrap()).collect();
        (words.join(" "), line.spelling)
    }

    #[test]
    fn an_action_flag_becomes_a_subcommand_and_its_value_the_last_word() {
        let table = [
            ("fpb --build demo", "fpb build -- demo"),
            ("fpb --build=demo", "fpb build -- demo"),
            ("fpb --build=-x", "fpb build -- -x"),
            ("fpb --build=", "fpb build -- "),
            ("fpb --check demo/ --debug", "fpb check --debug -- demo/"),
            ("fpb --debug --check .", "fpb check --debug -- ."),
            (
                "fpb --package-version 3.0.0 --create demo",
                "fpb create --package-version 3.0.0 -- demo",
            ),
            (
                "fpb --create demo --package-version 3.0.0",
                "fpb create --package-version 3.0.0 -- demo",
            ),
            ("fpb --json --build demo -v", "fpb build --json -v -- demo"),
            ("fpb --build", "fpb build --"),
            ("fpb --build --debug", "fpb build --debug --"),
            ("fpb --build a b", "fpb build b -- a"),
            ("fpb check --build demo", "fpb build check -- demo"),
            ("fpb --build -- demo", "fpb build -- demo"),
            ("fuel-plugin-builder --build demo", "fuel-plugin-builder build -- demo"),
        ];
        for (given, expected) in table {
            assert_eq!(modern(given), (expected.to_owned(), Spelling::Historical), "{given}");
        }
    }

    #[test]
    fn words_without_an_action_flag_pass_unchanged() {
        for line in
            ["fpb", "fpb build demo", "fpb --help", "fpb check -- --build", "fpb --builder x"]
        {
            assert_eq!(modern(line), (line.to_owned(), Spelling::Subcommand));
        }
    }

    #[test]
    fn two_action_flags_are_refused() {
        for line in
            ["fpb --build a --check b", "fpb --check a --check b", "fpb --create=a --build=b"]
        {
            let words: Vec<_> = line.split(' ').map(OsString::from).collect();
            assert!(modernize(&words).is_err(), "{line}");
        }
    }
}
