//! Has the package manager do a transaction, and judges from its database what came of it.

use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use super::{Host, HostError, Ran};
use crate::plan::{Item, Transact};
use crate::{Condition, Installed};

/// What tools say when something else has the database, in the C locale.
const BUSY: [&str; 9] = [
    "transaction lock",
    "cannot get exclusive lock",
    "database is locked",
    "Could not get lock",
    "Unable to acquire the dpkg frontend lock",
    "Unable to lock the administration directory",
    "frontend lock was locked by another process",
    "status database is locked by another process",
    "Another app is currently holding the yum lock",
];

/// What became of a transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judgement {
    /// Whether each item is as it should be, in order.
    pub done: Vec<bool>,
    /// How the package manager ended. Where its status is not 0 and all is done, a script failed.
    pub ran: Ran,
}

impl Judgement {
    /// Whether every item is as it should be.
    pub fn is_done(&self) -> bool {
        self.done.iter().all(|done| *done)
    }

    /// Whether all is done and yet something failed on the way, such as a script.
    pub fn is_doubtful(&self) -> bool {
        self.is_done() && !self.ran.status.success()
    }
}

impl Host {
    /// Carries out `transact` with files from the folder `files`, where they are named by digest and
    /// format, and reads the database again. `on` hears what the package manager prints.
    ///
    /// # Errors
    ///
    /// Where the package manager could not be run or would have refused; then nothing has changed. That
    /// it ran and did nothing is a judgement.
    pub fn transact(
        &self,
        transact: &Transact,
        files: &Path,
        on: &mut dyn FnMut(&str),
    ) -> Result<Judgement, HostError> {
        let manager = self.manager()?;
        if let Some(command) = manager.rehearsal(transact, files) {
            let mut rehearsed = self.runner.ask(&command)?.ran;
            if !rehearsed.status.success() {
                rehearsed.last.retain(|line| !is_remark(line));
                return Err(HostError::Rehearsal(rehearsed));
            }
        }
        let mut commands = manager.command_lines(transact, files);
        let command = commands.pop().expect("a transaction is one command");
        let ran = self.patiently(&command, on)?;
        let packages = self.packages()?;
        let done = transact.items.iter().map(|item| is_as_wanted(item, &packages)).collect();
        Ok(Judgement { done, ran })
    }

    /// Whether each item of `transact` is as it should be, by the database.
    pub fn judge(&self, transact: &Transact) -> Result<Vec<bool>, HostError> {
        let packages = self.packages()?;
        Ok(transact.items.iter().map(|item| is_as_wanted(item, &packages)).collect())
    }

    /// Runs a changing command again for as long as something else has the database locked.
    pub(super) fn patiently(
        &self,
        command: &[std::ffi::OsString],
        on: &mut dyn FnMut(&str),
    ) -> Result<Ran, HostError> {
        let started = Instant::now();
        let mut pause = Duration::from_millis(100);
        loop {
            let ran = self.runner.change(command, on)?;
            if !is_busy(&ran) {
                return Ok(ran);
            }
            if started.elapsed() + pause > self.patience {
                return Err(HostError::Busy(ran));
            }
            thread::sleep(pause);
            pause = (pause * 2).min(Duration::from_secs(2));
        }
    }
}

fn is_busy(ran: &Ran) -> bool {
    let says = |line: &String| BUSY.iter().any(|words| line.contains(words));
    !ran.status.success() && ran.last.iter().any(says)
}

/// Whether a line is what Debian's rpm says whenever it is called.
fn is_remark(line: &str) -> bool {
    line.starts_with("rpm: ")
}

fn is_as_wanted(item: &Item, packages: &[Installed]) -> bool {
    let found = packages.iter().find(|package| package.package == item.package);
    match (&item.after, found) {
        (None, None) => true,
        (Some(after), Some(package)) => {
            package.version == *after && package.condition == Condition::Whole
        }
        _ => false,
    }
}
