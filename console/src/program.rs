//! A program: what it is called, and the way from its command line to its exit status.

use std::ffi::OsString;
use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};

use clap::{Command, CommandFactory, Parser};

use crate::{Failure, Manner, Report, Status, Verbosity, globals};

/// What all that is shared has to know of a program.
#[derive(Debug)]
pub struct Program {
    /// Its name, as one types it.
    pub name: &'static str,
    /// What the names of its environment variables begin with: `FPB`.
    pub prefix: &'static str,
    /// Code of wrong usage.
    pub usage: &'static str,
    /// Code of what the system refused.
    pub failed: &'static str,
    /// Code of a fault of the program itself.
    pub internal: &'static str,
}

impl Program {
    /// Returns the declarations of the command line `C`, which holds [`crate::Globals`].
    pub fn declarations<C: CommandFactory>(&self) -> Command {
        globals::with_environment(C::command(), self.prefix)
    }

    /// Parses `words`, the program's name first.
    pub fn parse<C: Parser>(&self, words: &[OsString]) -> Result<C, clap::Error> {
        let mut command = self.declarations::<C>();
        let mut matches = command.try_get_matches_from_mut(words)?;
        C::from_arg_matches_mut(&mut matches).map_err(|error| error.format(&mut command))
    }

    /// Returns that the command line is wrong.
    pub fn misused(&self, message: impl Into<String>) -> Failure {
        Failure::coded(self.usage, Status::Usage, message)
            .help(format!("see `{} --help`", self.name))
    }

    /// Returns that a stream of ours failed, after something was `changed` or not.
    pub(crate) fn broken(&self, error: &std::io::Error, changed: bool) -> Failure {
        let status = if changed { Status::Partly } else { Status::Failed };
        Failure::coded_error(self.failed, status, error)
    }

    fn faulty(&self) -> Failure {
        Failure::coded(self.internal, Status::Failed, "this should not have happened")
            .help("please report it, with what the same command prints under `-vv`")
    }
}

/// Does `work` and returns the exit status; a fault of ours is reported like any failure, without a
/// trace.
pub fn carry_out(manner: Manner, work: impl FnOnce(&mut Report) -> Result<(), Failure>) -> u8 {
    let debug = manner.verbosity == Verbosity::Debug;
    std::panic::set_hook(Box::new(move |panic| {
        if debug {
            let _ = writeln!(std::io::stderr(), "{panic}");
        }
    }));
    let mut report = Report::new(manner);
    let outcome = catch_unwind(AssertUnwindSafe(|| work(&mut report)))
        .unwrap_or_else(|_| Err(manner.program.faulty()));
    report.finish(outcome)
}
