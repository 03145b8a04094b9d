//! Files on their way to a name: nameless where the disk can, locked in any case.

use std::fs::File;
use std::io;
use std::os::fd::AsRawFd;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use rustix::fs::{AtFlags, CWD, Mode, OFlags, linkat, open};
use tempfile::{Builder, TempPath};

/// What the name of every staged file begins with, and how many letters and digits follow.
const PREFIX: &str = ".fpb-";
const RANDOM: usize = 6;

/// A file being written.
pub(super) struct Staged {
    pub(super) file: File,
    /// Its hidden name, where it needs one; the file goes away with it.
    name: Option<TempPath>,
}

impl Staged {
    /// Begins a file on the disk of `folder`.
    pub(super) fn new(folder: &Path) -> io::Result<Self> {
        // Why a disk refuses does not matter: a file with a name fails again, or is a way out.
        nameless(folder)
            .map_or_else(|| Self::with_name(folder), |file| Ok(Self { file, name: None }))
    }

    fn with_name(folder: &Path) -> io::Result<Self> {
        loop {
            let (file, name) =
                hidden().tempfile_in(folder).map_err(|error| unmade(&error, folder))?.into_parts();
            lock(&file);
            // Before it was locked it looked like a leftover.
            if file.metadata()?.nlink() > 0 {
                return Ok(Self { file, name: Some(name) });
            }
        }
    }

    /// Puts the file at `path` in `folder`, where it replaces what was there.
    pub(super) fn publish(self, folder: &Path, path: &Path) -> io::Result<()> {
        let name = match self.name {
            Some(name) => name,
            None => link(&self.file, folder)?,
        };
        #[expect(clippy::disallowed_methods, reason = "this is the door that the lint names")]
        name.persist(path).map_err(|failure| failure.error)?;
        // The lock ends here: until now the hidden name could be taken for a leftover without it.
        drop(self.file);
        Ok(())
    }
}

/// Gives a file without a name a hidden one in `folder`.
fn link(file: &File, folder: &Path) -> io::Result<TempPath> {
    let from = descriptor(file);
    let link = |to: &Path| Ok(linkat(CWD, &from, CWD, to, AtFlags::SYMLINK_FOLLOW)?);
    let named = hidden().make_in(folder, link).map_err(|error| unmade(&error, folder))?;
    Ok(named.into_temp_path())
}

/// Names the folder where the error names a hidden file, which is nothing to its reader.
fn unmade(error: &io::Error, folder: &Path) -> io::Error {
    let cause = error.get_ref().and_then(|named| named.source());
    let cause = cause.map_or_else(|| error.to_string(), ToString::to_string);
    io::Error::new(
        error.kind(),
        format!("failed to make a file in `{}`: {cause}", folder.display()),
    )
}

/// Removes the files in `folder` that killed processes were writing.
///
/// Files that a living process is writing stay, and so does everything on a disk without locks.
pub fn clear_leftovers(folder: &Path) -> io::Result<()> {
    for entry in fs_err::read_dir(folder)? {
        let entry = entry?;
        let is_staged = entry.file_name().to_str().is_some_and(is_staged);
        if is_staged && entry.file_type()?.is_file() {
            clear(&entry.path())?;
        }
    }
    Ok(())
}

/// Removes the staged file at `path` unless it is locked or gone.
fn clear(path: &Path) -> io::Result<()> {
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    // Gone in the meantime, or another user's.
    let Ok(file) = open(path, flags, Mode::empty()).map(File::from) else { return Ok(()) };
    if file.try_lock().is_err() {
        return Ok(());
    }
    match fs_err::remove_file(path) {
        Err(failure) if failure.kind() != io::ErrorKind::NotFound => Err(failure),
        _ => Ok(()),
    }
}

fn is_staged(name: &str) -> bool {
    name.strip_prefix(PREFIX).is_some_and(|random| {
        random.len() == RANDOM && random.bytes().all(|byte| byte.is_ascii_alphanumeric())
    })
}

fn hidden() -> Builder<'static, 'static> {
    let mut builder = Builder::new();
    builder.prefix(PREFIX).rand_bytes(RANDOM);
    builder
}

/// Opens a locked file that has no name, where the disk can and `/proc` can give it one later.
fn nameless(folder: &Path) -> Option<File> {
    let flags = OFlags::TMPFILE | OFlags::RDWR | OFlags::CLOEXEC;
    let file = File::from(open(folder, flags, Mode::RUSR | Mode::WUSR).ok()?);
    lock(&file);
    Path::new(&descriptor(&file)).exists().then_some(file)
}

/// Marks a file as one that a living process writes.
fn lock(file: &File) {
    // A disk without locks has none for `clear_leftovers` either, which then removes nothing.
    let _ = file.lock();
}

/// Returns the name under which the kernel shows an open file.
fn descriptor(file: &File) -> String {
    format!("/proc/self/fd/{}", file.as_raw_fd())
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead, BufReader, Write};
    use std::process::{Child, Command, Stdio};

    use super::*;

    /// The folder that a child process stages in.
    const FOLDER: &str = "STAGED_IN";

    /// Stages a file of each kind and waits to be killed. Without a folder there is nothing to do.
    #[test]
    fn the_part_of_the_process_that_is_killed() {
        #[expect(clippy::disallowed_methods, reason = "what the next test has to say")]
        let Some(folder) = std::env::var_os(FOLDER) else { return };
        let mut nameless = Staged::new(folder.as_ref()).unwrap();
        let mut named = Staged::with_name(folder.as_ref()).unwrap();
        nameless.file.write_all(b"half").unwrap();
        named.file.write_all(b"half").unwrap();
        println!("staged");
        std::thread::park();
    }

    fn stage_elsewhere(folder: &Path) -> Child {
        #[expect(clippy::disallowed_methods, reason = "a process to be killed")]
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "--nocapture"])
            .arg("durable::staged::tests::the_part_of_the_process_that_is_killed")
            .env(FOLDER, folder)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let said = BufReader::new(child.stdout.take().unwrap());
        assert!(said.lines().any(|line| line.unwrap().contains("staged")), "it staged nothing");
        child
    }

    fn names(folder: &Path) -> Vec<String> {
        let names = fs_err::read_dir(folder).unwrap();
        names.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }

    #[test]
    fn only_what_a_killed_process_left_is_cleared() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        let mut child = stage_elsewhere(folder);
        let staged = names(folder);
        assert_eq!(staged.len(), 1, "the other file has no name: {staged:?}");
        clear_leftovers(folder).unwrap();
        assert_eq!(names(folder), staged, "its process lives");

        child.kill().unwrap();
        child.wait().unwrap();
        let mut others = [".fpb-notes.txt", ".fpb-a", "file"];
        others.sort_unstable();
        for other in others {
            fs_err::write(folder.join(other), "").unwrap();
        }
        clear_leftovers(folder).unwrap();
        let mut left = names(folder);
        left.sort_unstable();
        assert_eq!(left, others);
    }

    #[test]
    fn a_file_of_either_kind_gets_its_name() {
        let folder = tempfile::tempdir().unwrap();
        for stage in [Staged::new, Staged::with_name] {
            let mut staged = stage(folder.path()).unwrap();
            staged.file.write_all(b"new").unwrap();
            staged.publish(folder.path(), &folder.path().join("file")).unwrap();
            assert_eq!(names(folder.path()), ["file"]);
        }
    }

    #[test]
    fn a_linked_file_is_locked_until_it_goes_away() {
        let folder = tempfile::tempdir().unwrap();
        let file = nameless(folder.path()).expect("the disk of the tests has files without names");
        let name = link(&file, folder.path()).unwrap();
        clear_leftovers(folder.path()).unwrap();
        assert!(name.exists());
        drop(name);
        assert_eq!(names(folder.path()), [""; 0]);
    }
}
