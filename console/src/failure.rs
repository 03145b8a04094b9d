//! What went wrong, at a program's door: one type for every command of every program.

use std::error::Error;
use std::fmt::Display;

use crate::{Explanation, Status};

/// The sorts of failures of a program; each decides the code and the exit status.
pub trait Kind: Copy {
    /// Returns the stable code: `F0906`.
    fn code(self) -> &'static str;

    /// Returns how the program ends.
    fn status(self) -> Status;

    /// Returns what the code means.
    fn explanation(self) -> Explanation;
}

/// A command that did not do what it was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// What sort of failure it is, for those who look it up.
    pub code: &'static str,
    /// How the program ends.
    pub status: Status,
    /// What failed: lower case, one clause, no full stop.
    pub message: String,
    /// Why, the nearest cause first.
    pub causes: Vec<String>,
    /// The last lines of a program that failed.
    pub output: Vec<String>,
    /// What to do about it.
    pub help: Option<String>,
}

impl Failure {
    /// Returns a failure that has no deeper cause.
    pub fn new(kind: impl Kind, message: impl Into<String>) -> Self {
        Self::coded(kind.code(), kind.status(), message)
    }

    /// Returns the failure that `error` is, its sources being the causes.
    pub fn from_error(kind: impl Kind, error: &dyn Error) -> Self {
        Self::coded_error(kind.code(), kind.status(), error)
    }

    pub(crate) fn coded(code: &'static str, status: Status, message: impl Into<String>) -> Self {
        let message = message.into();
        Self { code, status, message, causes: Vec::new(), output: Vec::new(), help: None }
    }

    pub(crate) fn coded_error(code: &'static str, status: Status, error: &dyn Error) -> Self {
        let mut failure = Self::coded(code, status, without_numbers(&error.to_string()));
        let mut source = error.source();
        while let Some(cause) = source {
            failure = failure.cause(cause);
            source = cause.source();
        }
        failure
    }

    /// Adds a deeper cause, unless it says what was said last: transparent errors say the same twice.
    pub fn cause(mut self, cause: impl Display) -> Self {
        let text = without_numbers(&cause.to_string());
        if self.causes.last().unwrap_or(&self.message) != &text {
            self.causes.push(text);
        }
        self
    }

    /// Adds the last lines of the program that failed.
    pub fn output(self, lines: Vec<String>) -> Self {
        Self { output: lines, ..self }
    }

    /// Adds what to do about it.
    pub fn help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }
}

/// Returns `text` without the numbers that the system gives its errors beside their names.
fn without_numbers(text: &str) -> String {
    const BEFORE: &str = " (os error ";
    let mut parts = text.split(BEFORE);
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        match part.split_once(')') {
            Some((number, rest)) if number.parse::<i32>().is_ok() => plain.push_str(rest),
            _ => plain.extend([BEFORE, part]),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_of_system_errors_are_left_out() {
        let table = [
            ("no room (os error 28)", "no room"),
            ("a (os error 1) at b (os error 2)", "a at b"),
            ("`x (os error ` and (os error y)", "`x (os error ` and (os error y)"),
        ];
        for (text, plain) in table {
            assert_eq!(without_numbers(text), plain);
        }
    }

    #[test]
    fn causes_are_the_sources_of_an_error_each_said_once() {
        #[derive(Debug, thiserror::Error)]
        #[error("the outer one")]
        struct Outer(#[source] std::io::Error);

        let failure = Failure::coded_error(
            "X0001",
            Status::Failed,
            &Outer(std::io::Error::other(std::io::Error::other("disk full"))),
        );
        assert_eq!(failure.message, "the outer one");
        assert_eq!(failure.causes, ["disk full"]);
    }
}
