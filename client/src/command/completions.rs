//! `plugins completions`

use clap::Args;
use console::Report;
use console::completions::{self, Shell};

use crate::cli::Cli;
use crate::failure::Problem;
use crate::program::PLUGINS;

/// For which shell.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  plugins completions bash > /usr/share/bash-completion/completions/plugins
  plugins completions zsh > /usr/share/zsh/site-functions/_plugins
  plugins completions fish > /usr/share/fish/vendor_completions.d/plugins.fish")]
pub(crate) struct Arguments {
    /// The shell
    shell: Shell,
}

/// Prints a shell's completion script.
pub(crate) fn run(arguments: &Arguments, report: &mut Report) -> Result<(), Problem> {
    let mut program = PLUGINS.declarations::<Cli>();
    report.document(&completions::script(&mut program, arguments.shell, &[]));
    Ok(())
}
