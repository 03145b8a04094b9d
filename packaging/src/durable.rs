//! The only rename: a file is replaced whole and synced, or not at all.
//!
//! Until its bytes are there a file has no name, so that a killed process leaves nothing behind. Where
//! the disk knows only files with names it has a hidden one, as it has everywhere for the moment
//! between link and rename. Such a name stands for a living process as long as the file is locked;
//! [`clear_leftovers`] removes the others.

mod many;
mod moved;
mod staged;

use std::fs::File;
use std::io;
use std::os::unix::fs::{MetadataExt, PermissionsExt, fchown};
use std::path::Path;

use rustix::fs::{CWD, RenameFlags, renameat_with};
use rustix::io::Errno;

pub use many::{publish_files, settle};
pub use moved::{exchange, shift, supersede};
pub use staged::clear_leftovers;

/// Replaces `path`, mode 644, with what `fill` writes; after a crash the old or the new content is
/// there.
pub fn replace<E: From<io::Error>>(
    path: &Path,
    fill: impl FnOnce(&mut File) -> Result<(), E>,
) -> Result<(), E> {
    put(path, |file| {
        fill(file)?;
        Ok(file.set_permissions(PermissionsExt::from_mode(0o644))?)
    })
}

/// Replaces what the file at `path` holds with what `fill` writes, as [`replace`] does. The file keeps
/// its mode and, where we may give files away, its owner; a link to a file stays one.
pub fn rewrite<E: From<io::Error>>(
    path: &Path,
    fill: impl FnOnce(&mut File) -> Result<(), E>,
) -> Result<(), E> {
    let path = fs_err::canonicalize(path)?;
    let old = fs_err::metadata(&path)?;
    put(&path, |file| {
        fill(file)?;
        // Who may not is the owner from now on. A change of owner may take bits from the mode.
        let _ = fchown(&*file, Some(old.uid()), Some(old.gid()));
        Ok(file.set_permissions(old.permissions())?)
    })
}

/// Puts a file that `make` fills and finishes at `path`.
fn put<E: From<io::Error>>(
    path: &Path,
    make: impl FnOnce(&mut File) -> Result<(), E>,
) -> Result<(), E> {
    let folder = folder_of(path);
    let mut staged = staged::Staged::new(folder)?;
    make(&mut staged.file)?;
    staged.file.sync_all()?;
    staged.publish(folder, path)?;
    sync(folder)?;
    Ok(())
}

/// Moves the finished folder `staged` to `path`, on the same disk, so that after a crash it is there
/// whole or not at all.
///
/// # Errors
///
/// [`io::ErrorKind::AlreadyExists`] where anything is at `path`; that is left alone.
pub fn publish_folder(staged: &Path, path: &Path) -> io::Result<()> {
    sync(staged)?;
    match renameat_with(CWD, staged, CWD, path, RenameFlags::NOREPLACE) {
        // Some network disks lack the flag. There an empty folder is the most that could be replaced.
        Err(Errno::INVAL | Errno::NOSYS) if path.symlink_metadata().is_err() => {
            #[expect(clippy::disallowed_methods, reason = "this is the door that the lint names")]
            fs_err::rename(staged, path)?;
        }
        Err(error) => return Err(named(["move", "to"], staged, path, error)),
        Ok(()) => {}
    }
    sync(folder_of(path))
}

/// Puts the finished folder `staged` at `path`, and what was there at `staged`, in one step.
///
/// # Errors
///
/// [`io::ErrorKind::Unsupported`] where the disk cannot; then nothing was done.
pub fn exchange_folders(staged: &Path, path: &Path) -> io::Result<()> {
    sync(staged)?;
    match renameat_with(CWD, staged, CWD, path, RenameFlags::EXCHANGE) {
        Err(Errno::INVAL | Errno::NOSYS) => return Err(io::ErrorKind::Unsupported.into()),
        Err(error) => return Err(named(["exchange", "with"], staged, path, error)),
        Ok(()) => {}
    }
    sync(folder_of(path))
}

/// Says what was not done with which folders.
fn named([what, to]: [&str; 2], staged: &Path, path: &Path, error: Errno) -> io::Error {
    let error = io::Error::from(error);
    let (staged, path) = (staged.display(), path.display());
    io::Error::new(error.kind(), format!("failed to {what} `{staged}` {to} `{path}`: {error}"))
}

/// Makes the names in `folder` survive a crash.
fn sync(folder: &Path) -> io::Result<()> {
    fs_err::File::open(folder)?.sync_all()
}

/// Returns the folder that `path` is in.
fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn a_failed_fill_keeps_the_old_file_and_leaves_nothing_behind() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        fs_err::write(&path, "old").unwrap();
        let failed = replace(&path, |out| {
            out.write_all(b"new")?;
            Err(io::Error::other("no more"))
        });
        assert_eq!(failed.unwrap_err().to_string(), "no more");
        assert_eq!(fs_err::read_to_string(&path).unwrap(), "old");
        assert_eq!(fs_err::read_dir(folder.path()).unwrap().count(), 1);

        replace::<io::Error>(&path, |out| out.write_all(b"new")).unwrap();
        assert_eq!(fs_err::read_to_string(&path).unwrap(), "new");
        assert_eq!(fs_err::metadata(&path).unwrap().permissions().mode() & 0o7777, 0o644);
        assert_eq!(fs_err::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_rewritten_file_keeps_its_mode_its_owner_and_the_links_to_it() {
        let folder = tempfile::tempdir().unwrap();
        let (path, link) = (folder.path().join("file"), folder.path().join("link"));
        fs_err::write(&path, "old").unwrap();
        fs_err::set_permissions(&path, PermissionsExt::from_mode(0o2640)).unwrap();
        // Only some users may; then the file keeps the present owner.
        let _ = std::os::unix::fs::chown(&path, Some(12), Some(34));
        let state = || {
            let metadata = fs_err::metadata(&path).unwrap();
            (metadata.mode(), metadata.uid(), metadata.gid())
        };
        let before = state();
        fs_err::os::unix::fs::symlink("file", &link).unwrap();

        rewrite::<io::Error>(&link, |out| out.write_all(b"new")).unwrap();
        assert_eq!(fs_err::read_to_string(&path).unwrap(), "new");
        assert!(link.is_symlink());
        assert_eq!(state(), before);
    }

    #[test]
    fn a_file_that_cannot_be_made_is_told_by_its_folder() {
        let failed = replace::<io::Error>(Path::new("/proc/file"), |_| Ok(())).unwrap_err();
        let failed = failed.to_string();
        assert!(failed.starts_with("failed to make a file in `/proc`: "), "{failed}");
    }

    #[test]
    fn a_folder_is_published_where_nothing_is_and_only_there() {
        let folder = tempfile::tempdir().unwrap();
        let (staged, path) = (folder.path().join("staged"), folder.path().join("path"));
        fs_err::create_dir(&staged).unwrap();
        fs_err::create_dir(&path).unwrap();
        let refused = publish_folder(&staged, &path).unwrap_err();
        assert_eq!(refused.kind(), io::ErrorKind::AlreadyExists);
        assert!(staged.is_dir());

        fs_err::remove_dir(&path).unwrap();
        publish_folder(&staged, &path).unwrap();
        assert!(path.is_dir() && !staged.exists());
    }
}
