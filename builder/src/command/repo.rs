//! `fpb repo`

mod add;
mod confirm;
mod export;
mod init;
mod list;
mod place;
mod prune;
mod publish;
mod remove;
mod trust;
mod verify;

use clap::Subcommand;
use console::{Failure, Report};

use crate::environment::Environment;

pub(crate) use confirm::{Consent, agreed};
pub(crate) use place::{Place, Writing};

/// What to do with a repository.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Make a repository
    Init(init::Arguments),
    /// Add packages
    ///
    /// Packages are read through and copied. The same package again changes nothing; the same name and
    /// version with other content is refused.
    Add(add::Arguments),
    /// Remove versions from the pool
    Remove(remove::Arguments),
    /// List what is in the pool
    List(list::Arguments),
    /// Remove old versions from the pool
    Prune(prune::Arguments),
    /// Publish the pool
    ///
    /// Builds a new tree beside the one that is served and exchanges the two in one step. Where nothing
    /// has changed nothing is written, until half of the time is over for which hosts may trust what
    /// was published.
    Publish(publish::Arguments),
    /// Judge a published repository as its clients would
    Verify(verify::Arguments),
    /// Copy a published repository to a medium
    Export(export::Arguments),
}

impl Verb {
    /// Returns the command's name.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Init(_) => "repo init",
            Self::Add(_) => "repo add",
            Self::Remove(_) => "repo remove",
            Self::List(_) => "repo list",
            Self::Prune(_) => "repo prune",
            Self::Publish(_) => "repo publish",
            Self::Verify(_) => "repo verify",
            Self::Export(_) => "repo export",
        }
    }

    /// Does it.
    pub(crate) fn run(self, report: &mut Report, environment: &Environment) -> Result<(), Failure> {
        match self {
            Self::Init(arguments) => init::run(arguments, report),
            Self::Add(arguments) => add::run(&arguments, report),
            Self::Remove(arguments) => remove::run(&arguments, report),
            Self::List(arguments) => list::run(&arguments, report),
            Self::Prune(arguments) => prune::run(&arguments, report),
            Self::Publish(arguments) => publish::run(&arguments, report, environment),
            Self::Verify(arguments) => verify::run(&arguments, report, environment),
            Self::Export(arguments) => export::run(&arguments, report, environment),
        }
    }
}
