//! `fpb completions`

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use crate::cli::Cli;
use crate::failure::Failure;
use crate::report::Report;

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
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut Cli::command(), "fpb", &mut script);
    let script = String::from_utf8(script).expect("our options have ASCII names");
    report.document(&for_both_names(script, arguments.shell));
    Ok(())
}

/// Makes a script for `fpb` serve under the historical name, too.
fn for_both_names(script: String, shell: Shell) -> String {
    match shell {
        Shell::Bash => script + "complete -F _fpb -o bashdefault -o default fuel-plugin-builder\n",
        Shell::Zsh => script.replacen("#compdef fpb\n", "#compdef fpb fuel-plugin-builder\n", 1),
        Shell::Fish => script + "complete -c fuel-plugin-builder -w fpb\n",
        _ => script,
    }
}
