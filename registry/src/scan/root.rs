//! The plugins root, by handle.

use std::collections::BTreeMap;
use std::ffi::CString;
use std::io;
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};

use rustix::fs::{AtFlags, CWD, Dir, Mode, OFlags, Stat};
use rustix::io::Errno;

use super::tree::Tree;
use super::{Content, Folder, ScanError, content};
use crate::Fingerprint;

/// An open plugins root.
pub(super) struct Root {
    path: PathBuf,
    handle: OwnedFd,
}

/// How folders are opened: never through a link.
const FOLDER: OFlags =
    OFlags::DIRECTORY.union(OFlags::NOFOLLOW).union(OFlags::CLOEXEC).union(OFlags::RDONLY);

impl Root {
    /// Opens the plugins root; `None` where there is none.
    pub(super) fn open(path: &Path) -> Result<Option<Self>, ScanError> {
        let path = path.to_owned();
        match rustix::fs::openat(CWD, &path, FOLDER, Mode::empty()) {
            Ok(handle) => Ok(Some(Self { path, handle })),
            Err(Errno::NOENT) => Ok(None),
            Err(Errno::NOTDIR | Errno::LOOP) => Err(ScanError::NotAFolder(path)),
            Err(error) => Err(ScanError::Unreadable { path, source: error.into() }),
        }
    }

    /// Returns the names of all entries, sorted.
    pub(super) fn names(&self) -> Result<Vec<CString>, ScanError> {
        let mut names = list(&self.handle).map_err(|error| {
            let source = io::Error::from(error);
            ScanError::Unreadable { path: self.path.clone(), source }
        })?;
        names.sort_unstable();
        Ok(names)
    }

    /// Says what an entry is, unless it has gone; a name that is no text is no plugin's.
    pub(super) fn folder(
        &self,
        name: CString,
        known: &BTreeMap<String, Fingerprint>,
    ) -> Option<Folder> {
        match name.into_string() {
            Ok(name) => {
                let content = self.content(&name, known.get(&name))?;
                Some(Folder { name, content })
            }
            Err(error) => {
                let name = error.into_cstring().to_string_lossy().into_owned();
                Some(Folder { name, content: Content::Stray })
            }
        }
    }

    /// Says what has this name, `known` being its fingerprint when it was registered; `None` where
    /// nothing has.
    ///
    /// A folder that was taken away or replaced while it was read may have been read in pieces: then
    /// what has the name now is read.
    pub(super) fn content(&self, name: &str, known: Option<&Fingerprint>) -> Option<Content> {
        if name.starts_with('.') || name.contains('/') {
            return Some(Content::Stray);
        }
        loop {
            let handle = match rustix::fs::openat(&self.handle, name, FOLDER, Mode::empty()) {
                Ok(handle) => handle,
                Err(Errno::NOENT) => return None,
                Err(Errno::NOTDIR | Errno::LOOP) => return Some(self.link(name)),
                Err(error) => return Some(broken(name, error)),
            };
            let read = rustix::fs::fstat(&handle);
            let content = content::read(&Tree::new(handle), name, known);
            let there = rustix::fs::statat(&self.handle, name, AtFlags::SYMLINK_NOFOLLOW);
            match (read, there) {
                (Ok(read), Ok(there)) if !is_same(&read, &there) => {}
                (_, Err(Errno::NOENT)) => {}
                (Err(error), _) | (_, Err(error)) => return Some(broken(name, error)),
                _ => return Some(content),
            }
        }
    }

    /// Says what something that is no folder is.
    fn link(&self, name: &str) -> Content {
        match rustix::fs::readlinkat(&self.handle, name, Vec::new()) {
            Ok(target) => Content::Link { target: target.to_string_lossy().into_owned() },
            Err(_) => Content::Stray,
        }
    }
}

fn broken(name: &str, error: Errno) -> Content {
    Content::Broken(format!("`{name}`: {}", io::Error::from(error)))
}

fn is_same(one: &Stat, other: &Stat) -> bool {
    (one.st_dev, one.st_ino) == (other.st_dev, other.st_ino)
}

/// Returns the names in an open folder, in no order.
pub(super) fn list(folder: &OwnedFd) -> Result<Vec<CString>, Errno> {
    let own = |entry: &Result<rustix::fs::DirEntry, Errno>| {
        !entry.as_ref().is_ok_and(|e| matches!(e.file_name().to_bytes(), b"." | b".."))
    };
    Dir::read_from(folder)?.filter(own).map(|entry| Ok(entry?.file_name().to_owned())).collect()
}
