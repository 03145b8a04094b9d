//! `fpb completions`

use clap::Args;
use console::completions::{self, Shell};
use console::{Failure, Report};

use crate::cli::{Cli, HISTORICAL_NAME};
use crate::program::FPB;

/// For which shell.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  fpb completions bash > /usr/share/bash-completion/completions/fpb
  fpb completions zsh > /usr/share/zsh/site-functions/_fpb
  fpb completions fish > /usr/share/fish/vendor_completions.d/fpb.fish")]
pub(crate) struct Arguments {
    /// The shell
    shell: Shell,
}

/// Prints a shell's completion script.
pub(crate) fn run(arguments: &Arguments, report: &mut Report) -> Result<(), Failure> {
    let mut program = FPB.declarations::<Cli>();
    report.document(&completions::script(&mut program, arguments.shell, &[HISTORICAL_NAME]));
    Ok(())
}
