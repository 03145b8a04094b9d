//! `fpb advisory`

mod add;
mod list;
mod remove;
mod show;

use clap::Subcommand;
use console::{Failure, Report};

use crate::environment::Environment;

/// What to do with advisories.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Add an advisory
    ///
    /// The versions that it fixes have to be in the pool. It reaches hosts with `fpb repo publish`.
    Add(add::Arguments),
    /// List all advisories
    List(list::Arguments),
    /// Show an advisory
    Show(show::Arguments),
    /// Take an advisory back
    Remove(remove::Arguments),
}

impl Verb {
    /// Returns the command's name.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Add(_) => "advisory add",
            Self::List(_) => "advisory list",
            Self::Show(_) => "advisory show",
            Self::Remove(_) => "advisory remove",
        }
    }

    /// Does it.
    pub(crate) fn run(self, report: &mut Report, environment: &Environment) -> Result<(), Failure> {
        match self {
            Self::Add(arguments) => add::run(arguments, report, environment),
            Self::List(arguments) => list::run(&arguments, report),
            Self::Show(arguments) => show::run(&arguments, report),
            Self::Remove(arguments) => remove::run(&arguments, report),
        }
    }
}
