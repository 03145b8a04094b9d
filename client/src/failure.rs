//! What can go wrong with `plugins`, put as failures, each with a stable code.
//!
//! P01 says why a file is no offer, P02 why no plan was made, P03 what failed on the machine, P04 what is
//! wrong with the registry, P05 what stopped a plan, P07 what is wrong with a repository, P09 the rest. `plugins explain` knows all.

mod code;
pub(crate) mod general;
pub(crate) mod machine;
pub(crate) mod offer;
pub(crate) mod refusal;
pub(crate) mod registry;
pub(crate) mod source;

use client::{OfferError, Refusal};
use console::Failure;
use console::explain::Entry;

use crate::settings::{BadFile, BadSettings};
pub(crate) use code::Code;

/// A failure on its way to the door: whatever a library gives becomes one by `?`.
#[derive(Debug, thiserror::Error)]
#[error("{}", .0.message)]
pub(crate) struct Problem(pub(crate) Failure);

impl Problem {
    /// Returns a problem that has no deeper cause.
    pub(crate) fn new(code: Code, message: impl Into<String>) -> Self {
        Self(Failure::new(code, message))
    }

    /// Returns the problem that `error` is, its sources being the causes.
    pub(crate) fn from_error(code: Code, error: &dyn std::error::Error) -> Self {
        Self(Failure::from_error(code, error))
    }

    /// Adds a deeper cause.
    pub(crate) fn cause(self, cause: impl std::fmt::Display) -> Self {
        Self(self.0.cause(cause))
    }

    /// Adds what to do about it.
    pub(crate) fn help(self, help: impl Into<String>) -> Self {
        Self(self.0.help(help))
    }
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        Self(failure)
    }
}

/// Returns all codes and what they mean, in order.
pub(crate) fn entries() -> Vec<Entry> {
    let all = [offer::ALL, refusal::ALL, machine::ALL, registry::ALL, source::ALL, general::ALL];
    let mut entries: Vec<Entry> = all.into_iter().flatten().copied().map(Entry::of).collect();
    entries.sort_by_key(|entry| entry.code);
    entries
}

/// Returns that only an administrator may do this.
pub(crate) fn not_allowed() -> Problem {
    Problem::new(general::NOT_ALLOWED, "only an administrator may change plugins")
        .help("run the same command with `sudo`")
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let failure = Failure::from_error(refusal::code(&refusal), &refusal);
        Self(match refusal.help() {
            Some(help) => failure.help(help),
            None => failure,
        })
    }
}

impl From<OfferError> for Problem {
    fn from(error: OfferError) -> Self {
        let failure = Failure::from_error(offer::code(&error), &error);
        Self(match offer::help(&error) {
            Some(help) => failure.help(help),
            None => failure,
        })
    }
}

impl From<BadSettings> for Problem {
    fn from(error: BadSettings) -> Self {
        let failure = Failure::from_error(general::SETTINGS, &error);
        Self(match error {
            BadSettings::File(BadFile::Wrong { help: Some(help), .. }) => failure.help(help),
            _ => failure,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_means_one_thing_and_stands_in_order() {
        let codes: Vec<_> = entries().into_iter().map(|entry| entry.code).collect();
        assert!(codes.is_sorted_by(|a, b| a < b), "{codes:?}");
    }
}
