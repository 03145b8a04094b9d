//! What a running program prints, line by line, the last of it kept.

use std::collections::VecDeque;
use std::ffi::OsString;
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::process::ExitStatus;
use std::time::Duration;

use super::Ran;

/// Lines of output that are kept.
const LAST_LINES: usize = 20;

/// Bytes after which a line is passed on in pieces.
const LINE: usize = 8192;

/// Reads what a program prints while it does.
pub(super) struct Follower {
    output: File,
    position: u64,
    partial: Vec<u8>,
    last: VecDeque<String>,
    /// How long the program may take.
    pub(super) limit: Option<Duration>,
}

impl Follower {
    /// Follows what is written to `output`.
    pub(super) fn new(output: File, limit: Option<Duration>) -> Self {
        Self { output, position: 0, partial: Vec::new(), last: VecDeque::new(), limit }
    }

    /// Passes on all whole lines that came since, at the end also what is left.
    pub(super) fn read(&mut self, end: bool, on: &mut dyn FnMut(&str)) -> io::Result<()> {
        let mut piece = [0; LINE];
        loop {
            let length = self.output.read_at(&mut piece, self.position)?;
            self.position += length as u64;
            for part in piece[..length].split_inclusive(|byte| matches!(byte, b'\n' | b'\r')) {
                self.partial.extend(part);
                if self.partial.ends_with(b"\n") || self.partial.ends_with(b"\r") {
                    self.line(on);
                }
            }
            if self.partial.len() >= LINE || (length == 0 && end) {
                self.line(on);
            }
            if length == 0 {
                return Ok(());
            }
        }
    }

    fn line(&mut self, on: &mut dyn FnMut(&str)) {
        let text = String::from_utf8_lossy(&std::mem::take(&mut self.partial)).into_owned();
        let text = text.trim_end();
        if text.is_empty() {
            return;
        }
        if self.last.len() == LAST_LINES {
            self.last.pop_front();
        }
        self.last.push_back(text.to_owned());
        on(text);
    }

    /// Tells how the program ended.
    pub(super) fn ran(&mut self, command: &[OsString], status: ExitStatus) -> Ran {
        Ran { command: command.to_vec(), status, last: std::mem::take(&mut self.last).into() }
    }
}
