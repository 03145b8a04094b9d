//! What a program's codes mean, for its command `explain`.

use std::ffi::OsStr;

use clap::builder::{PossibleValue, StringValueParser, TypedValueParser};
use clap::{Arg, Command};
use serde_json::{Value, json};

use crate::{Failure, Kind, Report};

/// What there is to say about a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// What is wrong, in a few words.
    pub title: &'static str,
    /// How it comes about.
    pub cause: &'static str,
    /// What happens because of it.
    pub effect: &'static str,
    /// What to do.
    pub cure: &'static str,
}

/// A code that can be explained.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The code: `F0906`.
    pub code: &'static str,
    /// What has this code: `failure`, or what else the program gives codes to.
    pub sort: &'static str,
    /// What it means.
    pub about: Explanation,
}

impl Entry {
    /// Returns the entry of a sort of failures.
    pub fn of(kind: impl Kind) -> Self {
        Self { code: kind.code(), sort: "failure", about: kind.explanation() }
    }

    fn object(&self) -> Value {
        let Self { code, sort, about: Explanation { title, cause, effect, cure } } = self;
        json!({ "code": code, "sort": sort, "title": title, "cause": cause, "effect": effect, "cure": cure })
    }
}

/// All codes of a program, in order. As an option's parser it takes any text, and tells shells which
/// codes there are.
#[derive(Clone, Copy, Debug)]
pub struct Codes(pub fn() -> Vec<Entry>);

impl Codes {
    /// Lists all codes with their titles.
    pub fn list(self, report: &mut Report) {
        for entry in (self.0)() {
            let text = format!("{}  {:<7}  {}", entry.code, entry.sort, entry.about.title);
            report.answer(&text, &entry.object());
        }
    }

    /// Explains the code that was `typed`; fails as `unknown` where there is none.
    pub fn explain(
        self,
        typed: &str,
        unknown: impl Kind,
        report: &mut Report,
    ) -> Result<(), Failure> {
        let mut entries = (self.0)().into_iter();
        let entry =
            entries.find(|entry| entry.code.eq_ignore_ascii_case(typed)).ok_or_else(|| {
                Failure::new(unknown, format!("there is no code `{typed}`"))
                    .help(format!("`{} explain --list` lists all codes", report.program().name))
            })?;
        let Entry { code, sort, about: Explanation { title, cause, effect, cure } } = entry;
        let text = format!(
            "{code} ({sort}): {title}\n\nCause:  {cause}\nEffect: {effect}\nCure:   {cure}"
        );
        report.answer(&text, &entry.object());
        Ok(())
    }
}

impl TypedValueParser for Codes {
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
        let entries = (self.0)().into_iter();
        Some(Box::new(
            entries.map(|Entry { code, about, .. }| PossibleValue::new(code).help(about.title)),
        ))
    }
}
