//! Names that change places on one disk: each move is made at once, and survives a crash when it
//! returns.

use std::io;
use std::path::Path;

use rustix::fs::{CWD, RenameFlags, renameat_with};
use rustix::io::Errno;

use super::{folder_of, sync};

/// Moves whatever is at `from` to `to`, where nothing may be.
///
/// # Errors
///
/// [`io::ErrorKind::AlreadyExists`] where anything is at `to`; both are left alone.
pub fn shift(from: &Path, to: &Path) -> io::Result<()> {
    match renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE) {
        // Some network disks lack the flag. Who moves files here is alone with them.
        Err(Errno::INVAL | Errno::NOSYS) if to.symlink_metadata().is_err() => {
            renameat_with(CWD, from, CWD, to, RenameFlags::empty())
        }
        moved => moved,
    }
    .map_err(|error| named(error, from, to))?;
    sync_both(from, to)
}

/// Moves the file or link at `from` to `to`, where it replaces what is there if that is no folder.
pub fn supersede(from: &Path, to: &Path) -> io::Result<()> {
    renameat_with(CWD, from, CWD, to, RenameFlags::empty())
        .map_err(|error| named(error, from, to))?;
    sync_both(from, to)
}

/// Lets what is at `one` and at `other` change places. `false` where the disk cannot: then nothing
/// has moved.
pub fn exchange(one: &Path, other: &Path) -> io::Result<bool> {
    match renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE) {
        Ok(()) => sync_both(one, other).map(|()| true),
        Err(Errno::INVAL | Errno::NOSYS) => Ok(false),
        Err(error) => Err(named(error, one, other)),
    }
}

fn sync_both(one: &Path, other: &Path) -> io::Result<()> {
    sync(folder_of(one))?;
    sync(folder_of(other))
}

pub(super) fn named(error: Errno, from: &Path, to: &Path) -> io::Error {
    let error = io::Error::from(error);
    let text = format!("failed to move `{}` to `{}`: {error}", from.display(), to.display());
    io::Error::new(error.kind(), text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_moves_only_to_where_nothing_is() {
        let folder = tempfile::tempdir().unwrap();
        let (one, other) = (folder.path().join("one"), folder.path().join("other"));
        fs_err::create_dir(&one).unwrap();
        fs_err::write(&other, "other").unwrap();
        assert_eq!(shift(&one, &other).unwrap_err().kind(), io::ErrorKind::AlreadyExists);
        assert!(one.is_dir() && other.is_file());
        fs_err::remove_file(&other).unwrap();
        shift(&one, &other).unwrap();
        assert!(other.is_dir() && !one.exists());
    }

    #[test]
    fn a_folder_and_a_link_change_places() {
        let folder = tempfile::tempdir().unwrap();
        let (one, other) = (folder.path().join("one"), folder.path().join("other"));
        fs_err::create_dir(&one).unwrap();
        fs_err::os::unix::fs::symlink("nowhere", &other).unwrap();
        assert!(exchange(&one, &other).unwrap(), "the disk of the tests can");
        assert!(one.is_symlink() && other.is_dir());
        fs_err::os::unix::fs::symlink("elsewhere", folder.path().join("new")).unwrap();
        supersede(&folder.path().join("new"), &one).unwrap();
        assert_eq!(fs_err::read_link(&one).unwrap(), Path::new("elsewhere"));
    }
}
