//! The plugins root, by handle.

use std::collections::BTreeMap;
use std::ffi::CString;
use std::io;
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};

use rustix::fs::{CWD, Dir, Mode, OFlags};
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

    /// Says what an entry is; a name that is no text is no plugin's.
    pub(super) fn folder(&self, name: CString, known: &BTreeMap<String, Fingerprint>) -> Folder {
        match name.into_string() {
            Ok(name) => {
                let content = self.content(&name, known.get(&name));
                Folder { name, content }
            }
            Err(error) => {
                let name = error.into_cstring().to_string_lossy().into_owned();
                Folder { name, content: Content::Stray }
            }
        }
    }

    /// Says what has this name, `known` being its fingerprint when it was registered.
    pub(super) fn content(&self, name: &str, known: Option<&Fingerprint>) -> Content {
        if name.starts_with('.') || name.contains('/') {
            return Content::Stray;
        }
        match rustix::fs::openat(&self.handle, name, FOLDER, Mode::empty()) {
            Ok(handle) => content::read(&Tree::new(handle), name, known),
            Err(Errno::NOTDIR | Errno::LOOP) => self.link(name),
            Err(error) => Content::Broken(format!("`{name}`: {}", io::Error::from(error))),
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

/// Returns the names in an open folder, in no order.
pub(super) fn list(folder: &OwnedFd) -> Result<Vec<CString>, Errno> {
    let own = |entry: &Result<rustix::fs::DirEntry, Errno>| {
        !entry.as_ref().is_ok_and(|e| matches!(e.file_name().to_bytes(), b"." | b".."))
    };
    Dir::read_from(folder)?.filter(own).map(|entry| Ok(entry?.file_name().to_owned())).collect()
}
