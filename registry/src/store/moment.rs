//! Reading without locks: nobody who reads keeps a writer waiting, not even one that is stopped.
//!
//! A question is asked of the file as it lies there, and asked again where a commit came between. As long
//! as the journal of a commit is there, and where the file was written meanwhile, the answer is no good.
//! SQLite writes the first page, which counts the commits, before any other.

use std::fs::File;
use std::io;
use std::os::unix::fs::{FileExt, MetadataExt};
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Flock, FlockType, fcntl_getlk};

use super::open::beside;
use super::{Fault, StoreError};

/// How long to ask again; a commit takes some milliseconds.
const PATIENCE: Duration = Duration::from_secs(5);

/// How long to look away while a commit is under way.
const PAUSE: Duration = Duration::from_millis(1);

/// Where a database's header has the format for writers and the one for readers; 2 is a write-ahead log.
const FORMATS: std::ops::Range<usize> = 18..20;

/// The length of the part of the header that is looked at, at whose end the commits are counted.
const HEADER: usize = 28;

/// What tells one moment of a database from another.
#[derive(Debug, PartialEq, Eq)]
struct Moment {
    header: [u8; HEADER],
    file: Option<Look>,
    journal: Option<Look>,
}

/// What tells one file, or one state of it, from another.
#[derive(Debug, PartialEq, Eq)]
struct Look {
    inode: u64,
    /// When it was written last; that its owner was set, as SQLite does with journals, is no change.
    written: (i64, i64),
}

/// Asks the database until the whole answer is of one moment.
///
/// # Errors
///
/// [`StoreError::Interrupted`] where a writer was killed in its commit, and only another can undo it.
pub(super) fn ask<T>(
    path: &Path,
    question: impl Fn() -> Result<T, Fault>,
) -> Result<T, StoreError> {
    let begun = Instant::now();
    loop {
        let before = Moment::of(path)?;
        let answer = question().map_err(|fault| fault.at(path));
        let is_cut_off = matches!(answer, Err(StoreError::Interrupted { .. }));
        if Moment::of(path)? == before && !(is_cut_off && is_written(path)?) {
            return answer;
        }
        if begun.elapsed() > PATIENCE {
            return Err(StoreError::Busy { path: path.to_owned() });
        }
        thread::sleep(PAUSE);
    }
}

/// Whether the file says that it has a write-ahead log.
///
/// Closing a file lets go of every lock that this process has on it: not to be asked within a transaction.
pub(super) fn has_log(path: &Path) -> io::Result<bool> {
    Ok(header(path)?[FORMATS].contains(&2))
}

impl Moment {
    /// Looks at the file before its journal: a commit that is over by then is in both looks or in none.
    fn of(path: &Path) -> io::Result<Self> {
        let header = header(path)?;
        Ok(Self { header, file: look(path)?, journal: look(&beside(path, "-journal"))? })
    }
}

fn header(path: &Path) -> io::Result<[u8; HEADER]> {
    let mut header = [0; HEADER];
    match File::open(path) {
        // A file too short for a header has none.
        Ok(file) => drop(file.read_at(&mut header, 0)?),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    Ok(header)
}

fn look(path: &Path) -> io::Result<Option<Look>> {
    match fs_err::symlink_metadata(path) {
        Ok(found) => {
            Ok(Some(Look { inode: found.ino(), written: (found.mtime(), found.mtime_nsec()) }))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Whether a living process holds a writer's lock.
fn is_written(path: &Path) -> io::Result<bool> {
    let file = fs_err::File::open(path)?;
    Ok(fcntl_getlk(&file, &Flock::from(FlockType::ReadLock))?.is_some())
}
