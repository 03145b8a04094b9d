//! The tools of the distributions, which judge our packages.

use std::process::{Command, Output};

/// Whether the tools are here; without one a test ends early, aloud, and fails where all must run.
pub(crate) fn has(tools: &[&str]) -> bool {
    let is_missing = |tool: &&&str| command(tool).arg("--version").output().is_err();
    let Some(tool) = tools.iter().find(is_missing) else { return true };
    #[expect(clippy::disallowed_methods, reason = "the variable that turns skips into failures")]
    let must_run = std::env::var_os("CI").is_some();
    assert!(!must_run, "`{tool}` is missing");
    #[expect(clippy::print_stderr, reason = "a skipped test says so")]
    {
        eprintln!("skipped: `{tool}` is missing");
    }
    false
}

/// Begins a tool's command line.
pub(crate) fn command(tool: &str) -> Command {
    #[expect(clippy::disallowed_methods, reason = "the tools that judge our packages")]
    let mut command = Command::new(tool);
    command.env("LC_ALL", "C.UTF-8");
    command
}

/// Runs a tool that must succeed.
pub(crate) fn run(command: &mut Command) -> Output {
    let output = command.output().unwrap();
    let said = [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes));
    assert!(output.status.success(), "{command:?}\n{}", said.concat());
    output
}

/// Runs a tool that must succeed and returns what it says.
pub(crate) fn output(command: &mut Command) -> String {
    String::from_utf8(run(command).stdout).unwrap()
}
