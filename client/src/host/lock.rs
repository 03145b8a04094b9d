//! The lock that one writer per host holds from observing to the end of applying.
//!
//! It is the kernel's, so it dies with its holder; what the file says is for people. Programs that the
//! holder runs do not inherit it. Whoever may read a file may lock it: only root may read this one.

use std::fs::{File, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use rustix::fs::{FlockOperation, OFlags, flock};
use rustix::io::Errno;

use crate::{Call, Places};

/// After this a waiter looks whether the holder is stopped.
const SUSPICION: Duration = Duration::from_secs(5);

/// How long we wait between two tries at most.
const TICK: Duration = Duration::from_millis(200);

/// A held lock; it is given back when this is dropped.
#[derive(Debug)]
#[must_use = "the lock is given back when this is dropped"]
pub struct Lock {
    /// Closing it is what gives the lock back.
    _file: File,
}

/// Who holds the lock, as far as the file says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// The process.
    pub pid: Option<u32>,
    /// The command that it carries out.
    pub command: String,
    /// Since when.
    pub since: Option<Timestamp>,
    /// Whether the process has been stopped for the time that we waited.
    pub stopped: bool,
}

/// Why the lock was not had.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// Somebody else holds it.
    #[error("another command is at work: {0}")]
    Held(Holder),
    /// A link, a pipe, or another name of some other file.
    #[error("the lock `{}` is not a file of its own", .0.display())]
    NotAFile(PathBuf),
    /// The file cannot be made or locked.
    #[error(transparent)]
    Io(#[from] io::Error),
}

impl std::fmt::Display for Holder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.pid {
            Some(pid) => write!(f, "`{}` (process {pid})", self.command.escape_debug())?,
            None => f.write_str("it does not say which")?,
        }
        if let Some(since) = self.since {
            write!(f, " since {since}")?;
        }
        f.write_str(if self.stopped { ", which is stopped" } else { "" })
    }
}

impl Lock {
    /// Takes the lock for `call`, waiting up to `timeout`. `on_wait` hears once whom we wait for, and
    /// again when that process turns out to be stopped.
    pub fn take(
        places: &Places,
        call: &Call,
        timeout: Duration,
        on_wait: &mut dyn FnMut(&Holder),
    ) -> Result<Self, LockError> {
        let mut folder = std::fs::DirBuilder::new();
        folder.recursive(true).mode(0o755).create(places.state())?;
        let mut file = open(&places.lock())?;
        let started = Instant::now();
        let mut pause = Duration::from_millis(5);
        let mut told: Option<Holder> = None;
        while !try_lock(&file)? {
            let holder = Holder::read(&places.lock(), started.elapsed() >= SUSPICION)?;
            let left = timeout.saturating_sub(started.elapsed());
            if left.is_zero() {
                return Err(LockError::Held(holder));
            }
            if told.as_ref() != Some(&holder) {
                on_wait(&holder);
                told = Some(holder);
            }
            thread::sleep(pause.min(left));
            pause = (pause * 2).min(TICK);
        }
        file.set_len(0)?;
        write!(file, "{}\n{}\n{}\n", std::process::id(), call.time, call.command)?;
        Ok(Self { _file: file })
    }
}

/// Opens the file without following a link; the standard library keeps children from inheriting it.
///
/// It is emptied when it is locked, so that it must not be another file's second name.
fn open(path: &Path) -> Result<File, LockError> {
    let not_a_file = || LockError::NotAFile(path.to_owned());
    let flags = (OFlags::NOFOLLOW | OFlags::NONBLOCK).bits().cast_signed();
    let mut options = fs_err::OpenOptions::new();
    options.read(true).append(true).create(true);
    options.options_mut().mode(0o600).custom_flags(flags);
    let file = match options.open(path) {
        Ok(file) => file.into_file(),
        Err(_) if path.symlink_metadata().is_ok_and(|found| !found.is_file()) => {
            return Err(not_a_file());
        }
        Err(error) => return Err(error.into()),
    };
    let found = file.metadata()?;
    if !found.is_file() || found.nlink() != 1 {
        return Err(not_a_file());
    }
    if found.mode() & 0o077 != 0 {
        file.set_permissions(Permissions::from_mode(0o600))?;
    }
    Ok(file)
}

fn try_lock(file: &File) -> io::Result<bool> {
    match flock(file, FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => Ok(true),
        Err(Errno::WOULDBLOCK) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

impl Holder {
    fn read(path: &Path, suspicious: bool) -> io::Result<Self> {
        let text = fs_err::read_to_string(path)?;
        let mut lines = text.lines();
        let pid = lines.next().and_then(|line| line.parse().ok());
        let since = lines.next().and_then(|line| line.parse().ok());
        let command = lines.next().unwrap_or_default().to_owned();
        Ok(Self { pid, command, since, stopped: suspicious && pid.is_some_and(is_stopped) })
    }
}

/// Whether a process is stopped; where there is no `/proc` nothing is said.
fn is_stopped(pid: u32) -> bool {
    let stat = fs_err::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    stat.rsplit_once(") ").is_some_and(|(_, rest)| rest.starts_with(['T', 't']))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call() -> Call {
        let time = "2026-11-21T10:00:00Z".parse().unwrap();
        Call { time, actor: "root".to_owned(), command: "plugins sync".to_owned() }
    }

    #[test]
    fn a_second_writer_hears_who_the_first_is_and_gets_the_lock_after_it() {
        let folder = tempfile::tempdir().unwrap();
        let places = Places::new(folder.path(), plugin::PLUGINS_ROOT);
        let first = Lock::take(&places, &call(), Duration::ZERO, &mut |_| ()).unwrap();
        let mut heard = Vec::new();
        let patience = Duration::from_millis(100);
        let refused = Lock::take(&places, &call(), patience, &mut |holder| {
            heard.push(holder.clone());
        });
        let text = refused.unwrap_err().to_string();
        let pid = std::process::id();
        assert_eq!(
            text,
            format!(
                "another command is at work: `plugins sync` (process {pid}) since 2026-11-21T10:00:00Z"
            )
        );
        assert_eq!(heard.len(), 1);

        let mut first = Some(first);
        let patience = Duration::from_secs(60);
        let second = Lock::take(&places, &call(), patience, &mut |_| drop(first.take()));
        assert!(second.is_ok());
    }

    #[test]
    fn nobody_but_the_owner_can_lock_others_out() {
        let folder = tempfile::tempdir().unwrap();
        let places = Places::new(folder.path(), plugin::PLUGINS_ROOT);
        let mode = || fs_err::metadata(places.lock()).unwrap().permissions().mode() & 0o7777;
        drop(Lock::take(&places, &call(), Duration::ZERO, &mut |_| ()));
        assert_eq!(mode(), 0o600);
        fs_err::set_permissions(places.lock(), Permissions::from_mode(0o644)).unwrap();
        drop(Lock::take(&places, &call(), Duration::ZERO, &mut |_| ()));
        assert_eq!(mode(), 0o600);
    }

    #[test]
    fn a_stopped_process_is_told_from_a_busy_one() {
        assert!(!is_stopped(std::process::id()));
        assert!(!is_stopped(u32::MAX));
    }
}
