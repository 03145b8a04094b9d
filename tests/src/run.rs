//! Running programs and keeping what they said.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// How a program ended.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// What was run, for messages.
    pub command: String,
    /// Exit status; `None` where a signal ended it.
    pub status: Option<i32>,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
}

impl Outcome {
    /// Returns standard output, after making sure that the program ended with 0.
    #[track_caller]
    pub fn success(self) -> String {
        self.status(0).stdout
    }

    /// Makes sure that the program ended with `status` and said `what` on standard error, and that
    /// nothing which it said can drive a terminal.
    #[track_caller]
    pub fn refusal(self, status: i32, what: &str) -> Self {
        let outcome = self.status(status).harmless();
        assert!(
            outcome.stderr.contains(what),
            "{} did not say `{what}`\n{}",
            outcome.command,
            outcome.stderr
        );
        outcome
    }

    /// Makes sure that the program did not panic and that nothing which it said can drive a terminal.
    #[track_caller]
    pub fn harmless(self) -> Self {
        let drives = |c: char| {
            c.is_control() && c != '\n' && c != '\t' || matches!(c, '\u{202a}'..='\u{202e}')
        };
        for text in [&self.stdout, &self.stderr] {
            assert!(!text.contains(drives), "{}\n{}", self.command, text.escape_debug());
            let fault = ["panicked", "F0909"].iter().find(|word| text.contains(**word));
            assert_eq!(fault, None, "{}\n{text}", self.command);
        }
        self
    }

    /// Makes sure that the program ended with `status`.
    #[track_caller]
    pub fn status(self, status: i32) -> Self {
        assert_eq!(
            self.status,
            Some(status),
            "{}\n--- stdout\n{}--- stderr\n{}",
            self.command,
            self.stdout,
            self.stderr
        );
        self
    }
}

/// Runs `command` to its end with closed standard input.
#[expect(clippy::disallowed_methods, reason = "tests run programs")]
pub fn command<S: AsRef<OsStr>>(program: &str, arguments: impl IntoIterator<Item = S>) -> Command {
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null());
    command
}

/// Runs `program` with `arguments` in the C locale.
#[track_caller]
pub fn run<S: AsRef<OsStr>>(program: &str, arguments: impl IntoIterator<Item = S>) -> Outcome {
    finish(command(program, arguments).env("LC_ALL", "C"))
}

/// Runs the built `fpb` in the folder `directory`.
#[track_caller]
pub fn fpb<S: AsRef<OsStr>>(directory: &Path, arguments: impl IntoIterator<Item = S>) -> Outcome {
    let program = built("fpb");
    finish(command(program.to_str().expect("a UTF-8 path"), arguments).current_dir(directory))
}

/// Runs the built `fpb` in the folder `directory` with 512 MiB of address space and 60 s of processor
/// time. That is much more than it should need, and much less than an attack would make it take.
#[track_caller]
pub fn bounded<S: AsRef<OsStr>>(
    directory: &Path,
    arguments: impl IntoIterator<Item = S>,
) -> Outcome {
    let mut command = command("prlimit", ["--as=536870912", "--cpu=60", "--"]);
    command.arg(built("fpb")).args(arguments);
    finish(command.env("LC_ALL", "C.UTF-8").current_dir(directory))
}

/// Runs a prepared command to its end.
#[track_caller]
pub fn finish(command: &mut Command) -> Outcome {
    let described = format!("{command:?}");
    ended(&described, command.output())
}

/// Returns how a command ended that was started elsewhere, by whatever it is to be called.
#[track_caller]
pub(crate) fn ended(described: &str, output: std::io::Result<Output>) -> Outcome {
    let output = output.unwrap_or_else(|error| panic!("{described}: {error}"));
    Outcome {
        command: described.to_owned(),
        status: output.status.code(),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// Returns a program that this workspace builds; `cargo test --workspace` has built it.
pub fn built(program: &str) -> PathBuf {
    let mut path = std::env::current_exe().expect("a test knows its own file");
    path.pop();
    if path.ends_with("deps") {
        path.pop();
    }
    path.push(program);
    assert!(path.exists(), "{} is not built: run the tests with --workspace", path.display());
    path
}

/// Whether all of `tools` are there; says which is not, and fails where `CI` is set.
#[track_caller]
#[expect(clippy::disallowed_methods, reason = "tests look at their own environment")]
#[expect(clippy::print_stderr, reason = "a skipped test says so")]
pub fn have(tools: &[&str]) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let missing = tools
        .iter()
        .find(|tool| !std::env::split_paths(&path).any(|folder| folder.join(tool).exists()));
    if let Some(tool) = missing {
        assert!(std::env::var_os("CI").is_none(), "`{tool}` is missing: `make deps` installs it");
        eprintln!("SKIPPED: `{tool}` is missing; `make deps` installs it");
    }
    missing.is_none()
}
