//! A folder by its handle, and what is below it: no link on the way is ever followed.

use std::io;
use std::os::fd::OwnedFd;
use std::path::Path;

use rustix::fs::{CWD, Mode, OFlags, fchmod, mkdirat, open, openat};
use rustix::io::Errno;

const FOLDER: OFlags =
    OFlags::RDONLY.union(OFlags::DIRECTORY).union(OFlags::NOFOLLOW).union(OFlags::CLOEXEC);

/// A folder, and that of the folders below it which was asked for last.
#[derive(Debug)]
pub(super) struct Handles {
    base: OwnedFd,
    last: Option<(String, OwnedFd)>,
}

/// Whether a folder that is not there is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Missing {
    Fails,
    IsMade,
}

impl Handles {
    /// Opens the folder at `path`, which is no link.
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        let base = open(path, FOLDER, Mode::empty()).map_err(|error| {
            let error = io::Error::from(error);
            io::Error::new(error.kind(), format!("failed to open `{}`: {error}", path.display()))
        })?;
        Ok(Self { base, last: None })
    }

    /// Makes an empty folder at `path` and opens it.
    pub(super) fn make(path: &Path) -> io::Result<Self> {
        mkdirat(CWD, path, Mode::RWXU)?;
        let made = Self::open(path)?;
        fchmod(&made.base, Mode::from_raw_mode(0o755))?;
        Ok(made)
    }

    /// Returns the folder at the relative `path`; the folder itself at `""`.
    pub(super) fn folder(&mut self, path: &str, missing: Missing) -> io::Result<&OwnedFd> {
        if path.is_empty() {
            return Ok(&self.base);
        }
        if self.last.as_ref().is_none_or(|(last, _)| last != path) {
            let mut folder = None;
            for name in path.split('/') {
                folder = Some(step(folder.as_ref().unwrap_or(&self.base), name, missing)?);
            }
            self.last = folder.map(|folder| (path.to_owned(), folder));
        }
        Ok(self.last.as_ref().map_or(&self.base, |(_, folder)| folder))
    }

    /// Returns the folder that the relative `path` is in, and the last part of it.
    pub(super) fn place<'p>(
        &mut self,
        path: &'p str,
        missing: Missing,
    ) -> io::Result<(&OwnedFd, &'p str)> {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        Ok((self.folder(folder, missing)?, name))
    }
}

fn step(folder: &OwnedFd, name: &str, missing: Missing) -> io::Result<OwnedFd> {
    match openat(folder, name, FOLDER, Mode::empty()) {
        Err(Errno::NOENT) if missing == Missing::IsMade => {
            mkdirat(folder, name, Mode::RWXU)?;
            let made = openat(folder, name, FOLDER, Mode::empty())?;
            fchmod(&made, Mode::from_raw_mode(0o755))?;
            Ok(made)
        }
        opened => Ok(opened?),
    }
}
