//! What went wrong, at the program's door: one type for every command.
//!
//! The kind decides exit status and code. Findings of the checker have codes of their own; these are
//! the `F09..` ones. `fpb explain` knows both.

mod kind;

use std::error::Error;
use std::io::ErrorKind;
use std::path::Path;

use builder::inspect::BadPackage;
use packaging::ReadError;

use crate::environment::BadEpoch;

pub(crate) use kind::Kind;

/// A command that did not do what it was asked for.
#[derive(Debug)]
pub(crate) struct Failure {
    /// What sort of failure it is.
    pub(crate) kind: Kind,
    /// What failed: lower case, one clause, no full stop.
    pub(crate) message: String,
    /// Why, the nearest cause first.
    pub(crate) causes: Vec<String>,
    /// The last lines of a program that failed.
    pub(crate) output: Vec<String>,
    /// What to do about it.
    pub(crate) help: Option<String>,
}

impl Failure {
    /// Returns a failure that has no deeper cause.
    pub(crate) fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), causes: Vec::new(), output: Vec::new(), help: None }
    }

    /// Returns the failure that `error` is, its sources being the causes.
    pub(crate) fn from_error(kind: Kind, error: &dyn Error) -> Self {
        let mut failure = Self::new(kind, without_numbers(&error.to_string()));
        let mut source = error.source();
        while let Some(cause) = source {
            let text = without_numbers(&cause.to_string());
            // Transparent errors say the same twice.
            if failure.causes.last().unwrap_or(&failure.message) != &text {
                failure.causes.push(text);
            }
            source = cause.source();
        }
        failure
    }

    /// Returns why a package could not be read.
    pub(crate) fn from_package(error: &BadPackage) -> Self {
        let kind = match error.source {
            ReadError::Io(_) => Kind::Failed,
            ReadError::Damaged { .. } => Kind::Damaged,
            ReadError::Unrecognised | ReadError::Limit(_) | ReadError::Unsafe(_) => {
                Kind::Unreadable
            }
        };
        let failure = Self::from_error(kind, error);
        match &error.source {
            ReadError::Damaged { problem, .. } => Self { causes: vec![problem.clone()], ..failure },
            _ => failure,
        }
    }

    /// Returns that the packages in `files` are damaged; `None` where there are none.
    pub(crate) fn damaged(files: &[&str]) -> Option<Self> {
        let names: Vec<_> = files.iter().map(|file| format!("`{file}`")).collect();
        let verb = match names.len() {
            0 => return None,
            1 => "is",
            _ => "are",
        };
        let message = format!("{} {verb} damaged", names.join(" and "));
        let help = "do not install it; fetch or build it again";
        Some(Self::new(Kind::Damaged, message).help(help))
    }

    /// Adds what to do about it.
    pub(crate) fn help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }

    /// Returns the message as a label that tells failed validations from others.
    pub(crate) fn sentence(&self) -> String {
        match self.kind {
            Kind::Invalid => format!("validation failed: {}", self.message),
            _ => self.message.clone(),
        }
    }
}

impl From<BadEpoch> for Failure {
    fn from(error: BadEpoch) -> Self {
        Self::from_error(Kind::Usage, &error).help("unset it, or set it as `date +%s` prints it")
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

/// Fails where `path` names nothing.
pub(crate) fn require(path: &Path) -> Result<(), Failure> {
    match path.metadata() {
        Ok(_) => Ok(()),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            Err(Failure::new(Kind::NotFound, format!("`{}` does not exist", path.display())))
        }
        Err(error) => {
            let message = format!("`{}` cannot be reached", path.display());
            let cause = without_numbers(&error.to_string());
            Err(Failure { causes: vec![cause], ..Failure::new(Kind::Failed, message) })
        }
    }
}

/// Fails where `path` is not a folder.
pub(crate) fn require_folder(path: &Path) -> Result<(), Failure> {
    require(path)?;
    if path.is_dir() {
        return Ok(());
    }
    Err(Failure::new(Kind::Failed, format!("`{}` is not a folder", path.display()))
        .help("name the folder that holds `metadata.yaml`"))
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

        let failure = Failure::from_error(
            Kind::Failed,
            &Outer(std::io::Error::other(std::io::Error::other("disk full"))),
        );
        assert_eq!(failure.message, "the outer one");
        assert_eq!(failure.causes, ["disk full"]);
    }
}
