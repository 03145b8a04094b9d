//! Keys that gpg holds: in its agent, on a card. The only program that this crate runs.
//!
//! The secret key and its passphrase stay with the agent, which asks for the passphrase itself.

use std::io::{self, Read, Write};
use std::process::{Command, Output, Stdio};

use super::Fingerprint;

/// The program, found by `PATH`.
const PROGRAM: &str = "gpg";

/// Lines of its complaints that an error repeats.
const LAST_LINES: usize = 5;

/// Why gpg did not do what it was asked for.
#[derive(Debug, thiserror::Error)]
pub enum AgentError {
    /// It cannot be run.
    #[error("`{PROGRAM}` cannot be run")]
    Start(#[source] io::Error),
    /// What it was to sign could not be read, or handed over.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// It ran and failed.
    #[error("`{PROGRAM}` failed: {}", .0.join("; "))]
    Failed(Vec<String>),
}

/// Returns the certificate of a key, as gpg knows it.
pub(super) fn export(key: &Fingerprint) -> Result<Vec<u8>, AgentError> {
    run(&export_words(key), &mut io::empty())
}

/// Returns a binary detached signature over `data`, made at the present time.
pub(super) fn sign(key: &Fingerprint, data: &mut dyn Read) -> Result<Vec<u8>, AgentError> {
    run(&sign_words(key), data)
}

/// Returns `text` with a signature around it, made at the present time.
pub(super) fn clear(key: &Fingerprint, text: &str) -> Result<Vec<u8>, AgentError> {
    run(&clear_words(key), &mut text.as_bytes())
}

fn export_words(key: &Fingerprint) -> Vec<&str> {
    vec!["--batch", "--no-tty", "--export", key.as_str()]
}

fn sign_words(key: &Fingerprint) -> Vec<&str> {
    let how = ["--batch", "--no-tty", "--quiet", "--no-armor", "--digest-algo", "SHA256"];
    let what = ["--local-user", key.as_str(), "--output", "-", "--detach-sign"];
    [&how[..], &what].concat()
}

fn clear_words(key: &Fingerprint) -> Vec<&str> {
    let how = ["--batch", "--no-tty", "--quiet", "--digest-algo", "SHA256"];
    let what = ["--local-user", key.as_str(), "--output", "-", "--clear-sign"];
    [&how[..], &what].concat()
}

/// Runs gpg with `input` on its standard input; what it prints is short, and comes when all is read.
fn run(words: &[&str], input: &mut dyn Read) -> Result<Vec<u8>, AgentError> {
    #[expect(clippy::disallowed_methods, reason = "this crate's door to programs")]
    let mut child = Command::new(PROGRAM)
        .args(words)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(AgentError::Start)?;
    let passed = {
        let mut stdin = child.stdin.take().expect("a piped standard input is there");
        io::copy(input, &mut stdin).and_then(|_| stdin.flush())
    };
    let Output { status, stdout, stderr } = child.wait_with_output()?;
    if !status.success() || stdout.is_empty() {
        return Err(AgentError::Failed(last_lines(&stderr)));
    }
    passed?;
    Ok(stdout)
}

fn last_lines(complaints: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(complaints);
    let mut lines: Vec<_> = text.lines().map(|line| line.trim().to_owned()).collect();
    lines.dedup();
    lines[lines.len().saturating_sub(LAST_LINES)..].to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn command_lines_name_the_key_in_full_and_nothing_secret() {
        let key: Fingerprint = "0123456789ABCDEF0123456789ABCDEF01234567".parse().unwrap();
        insta::assert_snapshot!(
            sign_words(&key).join(" "),
            @"--batch --no-tty --quiet --no-armor --digest-algo SHA256 --local-user 0123456789ABCDEF0123456789ABCDEF01234567 --output - --detach-sign"
        );
        insta::assert_snapshot!(
            export_words(&key).join(" "),
            @"--batch --no-tty --export 0123456789ABCDEF0123456789ABCDEF01234567"
        );
    }
}
