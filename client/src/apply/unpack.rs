//! A legacy package's files, written to a folder or compared with one.
//!
//! Owner root, folders and programs 755, other files 644, times as in the package. Labels of security
//! modules are those that the kernel gives to what is made here: `restorecon` is not run.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, Read};
use std::os::fd::AsFd;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use packaging::package::File as Entry;
use packaging::{Limits, ReadError};
use plugin::PLUGINS_ROOT;
use rustix::fs::{
    AtFlags, Gid, Mode, OFlags, Timespec, Timestamps, UTIME_OMIT, Uid, fchmod, fchown, futimens,
    linkat, openat, readlinkat, symlinkat, utimensat,
};
use rustix::process::geteuid;

use super::handles::{Handles, Missing};

/// Unpacks the package `file` into a new folder at `path`.
pub(super) fn unpack(file: &mut File, path: &Path) -> Result<(), ReadError> {
    let mut target = Target { handles: Handles::make(path)?, folders: Vec::new() };
    packaging::visit(file, &Limits::default(), &mut |path, entry, content| {
        Ok(target.put(inside(path), entry, content)?)
    })?;
    Ok(target.finish()?)
}

/// Whether the folder at `path` has all files of the package `file` as [`unpack`] writes them, and no
/// others.
pub(super) fn is_unpacked(file: &mut File, path: &Path) -> Result<bool, ReadError> {
    let Ok(handles) = Handles::open(path) else { return Ok(false) };
    let mut there = There { handles, seen: BTreeSet::new(), differs: false };
    let compared = packaging::visit(file, &Limits::default(), &mut |path, entry, content| {
        there.compare(inside(path), entry, content)
    });
    match compared {
        Err(_) if there.differs => Ok(false),
        Err(error) => Err(error),
        Ok(()) => Ok(there.has_no_more(path, "")?),
    }
}

/// A folder that is being filled.
struct Target {
    handles: Handles,
    /// Folders and their times, which filling them changes.
    folders: Vec<(String, u64)>,
}

impl Target {
    fn put(&mut self, path: &str, entry: &Entry, content: &mut dyn Read) -> io::Result<()> {
        if let Some(origin) = entry.target.as_deref().filter(|_| entry.is_hard_link()) {
            return self.link(path, inside(origin));
        }
        if entry.is_regular() {
            return self.write(path, entry, content);
        }
        if let Some(target) = &entry.target {
            let (folder, name) = self.handles.place(path, Missing::IsMade)?;
            symlinkat(target.as_str(), folder, name)?;
            utimensat(folder, name, &times(entry.time), AtFlags::SYMLINK_NOFOLLOW)?;
            return Ok(());
        }
        own(self.handles.folder(path, Missing::IsMade)?)?;
        self.folders.push((path.to_owned(), entry.time));
        Ok(())
    }

    fn write(&mut self, path: &str, entry: &Entry, content: &mut dyn Read) -> io::Result<()> {
        let (folder, name) = self.handles.place(path, Missing::IsMade)?;
        let flags =
            OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let mut file = File::from(openat(folder, name, flags, Mode::RUSR | Mode::WUSR)?);
        io::copy(content, &mut file)?;
        own(&file)?;
        fchmod(&file, Mode::from_raw_mode(mode(entry)))?;
        Ok(futimens(&file, &times(entry.time))?)
    }

    fn link(&mut self, path: &str, origin: &str) -> io::Result<()> {
        let (folder, from) = self.handles.place(origin, Missing::Fails)?;
        let folder = folder.try_clone()?;
        let (into, to) = self.handles.place(path, Missing::IsMade)?;
        Ok(linkat(&folder, from, into, to, AtFlags::empty())?)
    }

    fn finish(mut self) -> io::Result<()> {
        for (path, time) in std::mem::take(&mut self.folders) {
            futimens(self.handles.folder(&path, Missing::Fails)?, &times(time))?;
        }
        Ok(())
    }
}

/// A folder that may have a package's files.
struct There {
    handles: Handles,
    seen: BTreeSet<String>,
    differs: bool,
}

impl There {
    fn compare(
        &mut self,
        path: &str,
        entry: &Entry,
        content: &mut dyn Read,
    ) -> Result<(), ReadError> {
        for (at, _) in path.match_indices('/') {
            self.seen.insert(path[..at].to_owned());
        }
        self.seen.insert(path.to_owned());
        // A package that cannot be read is no difference, what is on disk and cannot be is one.
        let same = if entry.is_hard_link() {
            self.open(path).is_some()
        } else if entry.is_regular() {
            match self.open(path) {
                Some(file) if is_like(&file, entry) => same_bytes(content, file)?,
                _ => false,
            }
        } else if let Some(target) = &entry.target {
            self.link(path).is_some_and(|found| found == *target)
        } else {
            self.handles.folder(path, Missing::Fails).is_ok()
        };
        if same {
            return Ok(());
        }
        self.differs = true;
        Err(ReadError::Io(io::Error::other("the folder has other content")))
    }

    fn open(&mut self, path: &str) -> Option<File> {
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
        let (folder, name) = self.handles.place(path, Missing::Fails).ok()?;
        let file = File::from(openat(folder, name, flags, Mode::empty()).ok()?);
        file.metadata().ok()?.is_file().then_some(file)
    }

    fn link(&mut self, path: &str) -> Option<String> {
        let (folder, name) = self.handles.place(path, Missing::Fails).ok()?;
        readlinkat(folder, name, Vec::new()).ok()?.into_string().ok()
    }

    /// Whether there is nothing in the folder that was not seen in the package.
    fn has_no_more(&self, path: &Path, below: &str) -> io::Result<bool> {
        for entry in fs_err::read_dir(path)? {
            let entry = entry?;
            let Ok(name) = entry.file_name().into_string() else { return Ok(false) };
            let inside = if below.is_empty() { name } else { format!("{below}/{name}") };
            let is_folder = entry.file_type()?.is_dir();
            if !self.seen.contains(&inside)
                || is_folder && !self.has_no_more(&entry.path(), &inside)?
            {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

fn is_like(file: &File, entry: &Entry) -> bool {
    file.metadata()
        .is_ok_and(|found| found.len() == entry.size && found.mode() & 0o7777 == mode(entry))
}

fn same_bytes(one: &mut dyn Read, mut other: File) -> io::Result<bool> {
    let (mut expected, mut found) = (vec![0; 1 << 16], vec![0; 1 << 16]);
    loop {
        let count = one.read(&mut expected)?;
        if count == 0 {
            return Ok(true);
        }
        let read = other.read_exact(&mut found[..count]);
        if read.is_err() || found[..count] != expected[..count] {
            return Ok(false);
        }
    }
}

/// Returns the part of an entry's path that lies in the package's one folder.
fn inside(path: &str) -> &str {
    let below = path.strip_prefix(PLUGINS_ROOT).expect("an fp unpacks into the plugins root");
    below.trim_start_matches('/').split_once('/').map_or("", |(_, inside)| inside)
}

fn mode(entry: &Entry) -> u32 {
    if entry.mode & 0o111 == 0 { 0o644 } else { 0o755 }
}

/// Gives a file to root where we may give files away.
fn own(file: &impl AsFd) -> io::Result<()> {
    if geteuid().is_root() {
        fchown(file, Some(Uid::ROOT), Some(Gid::ROOT))?;
    }
    Ok(())
}

fn times(seconds: u64) -> Timestamps {
    let seconds = i64::try_from(seconds).unwrap_or(i64::MAX);
    Timestamps {
        last_access: Timespec { tv_sec: 0, tv_nsec: UTIME_OMIT },
        last_modification: Timespec { tv_sec: seconds, tv_nsec: 0 },
    }
}
