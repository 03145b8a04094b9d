//! What a package manager that did not come to its end has left of a plugin's files.
//!
//! rpm writes files before, and removes them while, its database says that nothing has happened. What
//! was touched since the plan was written down tells its work from that of people, whose changed files
//! are no sign of anything.

use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use rustix::fs::{AtFlags, CWD, StatxFlags, statx};

use super::files::Fault;
use super::mend::is_leftover;
use super::{Host, HostError};
use crate::plan::Item;

/// A moment by the clock that stamps files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Moment {
    seconds: i64,
    nanoseconds: i64,
}

impl Moment {
    /// Returns when the file at `path` was last changed in any way; nobody can set that.
    pub(crate) fn of(path: &Path) -> io::Result<Self> {
        Ok(Self::changed(&fs_err::symlink_metadata(path)?))
    }

    fn changed(found: &std::fs::Metadata) -> Self {
        Self { seconds: found.ctime(), nanoseconds: found.ctime_nsec() }
    }
}

impl Host {
    /// Whether the files of `item` have been touched since `begun` and are not what the database, which
    /// says that nothing has happened, has of them.
    pub(crate) fn is_torn(&self, item: &Item, begun: Moment) -> Result<bool, HostError> {
        let folder = self.places.plugins().join(&item.folder);
        if !fs_err::symlink_metadata(&folder).is_ok_and(|found| found.is_dir()) {
            return Ok(item.before.is_some());
        }
        if !any(&folder, &|_, found| Moment::changed(found) >= begun)? {
            return Ok(false);
        }
        if item.before.is_none() || any(&folder, &|name, _| is_leftover(name))? {
            return Ok(true);
        }
        let torn = |fault| matches!(fault, Fault::Missing | Fault::Changed | Fault::Empty);
        Ok(self.verify_files(&item.package)?.iter().any(|problem| torn(problem.fault)))
    }

    /// Removes the folder of `item`, which is not installed, if it was made since `begun`: then all in it
    /// is the package manager's. Where the disk does not tell it stays.
    pub(crate) fn clear_newborn(&self, item: &Item, begun: Moment) -> io::Result<()> {
        let folder = self.places.plugins().join(&item.folder);
        if item.before.is_none() && born(&folder)?.is_some_and(|born| born >= begun) {
            fs_err::remove_dir_all(&folder)?;
        }
        Ok(())
    }
}

/// Returns when a file or folder was made, where the disk tells.
fn born(path: &Path) -> io::Result<Option<Moment>> {
    let found = statx(CWD, path, AtFlags::SYMLINK_NOFOLLOW, StatxFlags::BTIME)?;
    let tells = StatxFlags::from_bits_retain(found.stx_mask).contains(StatxFlags::BTIME);
    let at = found.stx_btime;
    Ok(tells.then(|| Moment { seconds: at.tv_sec, nanoseconds: i64::from(at.tv_nsec) }))
}

/// Whether `fits` holds of the folder or of anything below it.
fn any(folder: &Path, fits: &dyn Fn(&str, &std::fs::Metadata) -> bool) -> io::Result<bool> {
    let mut folders = vec![folder.to_owned()];
    if fits("", &fs_err::symlink_metadata(folder)?) {
        return Ok(true);
    }
    while let Some(folder) = folders.pop() {
        for entry in fs_err::read_dir(folder)? {
            let entry = entry?;
            let found = entry.metadata()?;
            if fits(&entry.file_name().to_string_lossy(), &found) {
                return Ok(true);
            }
            if found.is_dir() {
                folders.push(entry.path());
            }
        }
    }
    Ok(false)
}
