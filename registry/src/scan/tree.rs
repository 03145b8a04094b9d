//! One plugin's folder, by handle.
//!
//! Paths are relative to it. Each component is opened by itself and without following links; what a
//! link says is walked in the same way, so that nothing outside is reached, whoever changes the folder
//! meanwhile.

use std::fs::File;
use std::io::{self, Read};
use std::os::fd::OwnedFd;

use glob::{MatchOptions, Pattern};
use rustix::fs::{AtFlags, FileType, Mode, OFlags, Stat};
use rustix::io::Errno;

use super::root;

/// An open plugin folder.
pub(super) struct Tree {
    handle: OwnedFd,
}

/// Why a file cannot be read.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unreachable {
    #[error("the file is not there")]
    Absent,
    #[error("the link leads out of the plugin's folder")]
    Outside,
    #[error("it is not a file")]
    NotAFile,
    #[error("the file is larger than 1 MiB")]
    TooLarge,
    #[error("the pattern has more than {MOST_MATCHES} matches")]
    TooMany,
    #[error("the pattern cannot be understood")]
    Pattern,
    #[error("{0}")]
    Io(io::Error),
}

/// Most bytes of a file.
const MOST_BYTES: u64 = 1 << 20;

/// Most paths that a pattern may stand for, at each of its levels.
const MOST_MATCHES: usize = 1000;

/// Most links that a path may lead over.
const MOST_LINKS: usize = 8;

/// How a component is opened; opening a pipe must not wait for its other end.
const ANYTHING: OFlags = OFlags::RDONLY
    .union(OFlags::NOFOLLOW)
    .union(OFlags::NONBLOCK)
    .union(OFlags::NOCTTY)
    .union(OFlags::CLOEXEC);

impl Tree {
    pub(super) fn new(handle: OwnedFd) -> Self {
        Self { handle }
    }

    /// Returns a file's content.
    pub(super) fn read(&self, path: &str) -> Result<Vec<u8>, Unreachable> {
        let file = File::from(self.open(path)?);
        let metadata = file.metadata()?;
        if !metadata.is_file() {
            return Err(Unreachable::NotAFile);
        }
        // Room for all that there is and one byte more, so that the end is found at once.
        let mut bytes = Vec::with_capacity(metadata.len().min(MOST_BYTES) as usize + 1);
        file.take(MOST_BYTES + 1).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > MOST_BYTES {
            return Err(Unreachable::TooLarge);
        }
        Ok(bytes)
    }

    /// Whether `path` is a folder.
    pub(super) fn is_folder(&self, path: &str) -> bool {
        self.stat(path).is_ok_and(|stat| is_folder(&stat))
    }

    /// Says what `path` looks like, so that a change of its content changes it. What a folder holds
    /// is not looked at.
    pub(super) fn look(&self, path: &str) -> String {
        match self.stat(path) {
            Ok(stat) if is_folder(&stat) => "folder".to_owned(),
            Ok(s) => format!(
                "{:o} {} {}.{} {}.{} {} {}",
                s.st_mode,
                s.st_size,
                s.st_mtime,
                s.st_mtime_nsec,
                s.st_ctime,
                s.st_ctime_nsec,
                s.st_ino,
                s.st_dev
            ),
            Err(error) => error.to_string(),
        }
    }

    /// Returns the paths that `pattern` stands for, sorted; a pattern without wildcards for itself.
    pub(super) fn expand(&self, pattern: &str) -> Result<Vec<String>, Unreachable> {
        let mut paths = vec![String::new()];
        for part in pattern.split('/').filter(|part| !matches!(*part, "" | ".")) {
            let mut longer = Vec::new();
            for path in &paths {
                longer.extend(self.step(path, part)?);
                if longer.len() > MOST_MATCHES {
                    return Err(Unreachable::TooMany);
                }
            }
            paths = longer;
        }
        paths.sort_unstable();
        Ok(paths)
    }

    /// Returns the paths that are one part longer than `path`.
    fn step(&self, path: &str, part: &str) -> Result<Vec<String>, Unreachable> {
        let join = |name: &str| {
            if path.is_empty() { name.to_owned() } else { format!("{path}/{name}") }
        };
        if !part.contains(['*', '?', '[']) {
            return Ok(vec![join(part)]);
        }
        let pattern = Pattern::new(part).map_err(|_| Unreachable::Pattern)?;
        let options = MatchOptions { require_literal_leading_dot: true, ..MatchOptions::new() };
        let names = match self.open(path).and_then(|folder| Ok(root::list(&folder)?)) {
            Ok(names) => names,
            Err(Unreachable::Absent) => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let texts = names.iter().filter_map(|name| name.to_str().ok());
        Ok(texts.filter(|name| pattern.matches_with(name, options)).map(join).collect())
    }

    /// Returns what the file system says of `path`. Nearly always that is one call.
    fn stat(&self, path: &str) -> Result<Stat, Unreachable> {
        if !path.contains('/') {
            let stat = rustix::fs::statat(&self.handle, path, AtFlags::SYMLINK_NOFOLLOW)?;
            if FileType::from_raw_mode(stat.st_mode) != FileType::Symlink {
                return Ok(stat);
            }
        }
        Ok(rustix::fs::fstat(self.open(path)?)?)
    }

    /// Opens `path`, over links as long as they stay inside.
    fn open(&self, path: &str) -> Result<OwnedFd, Unreachable> {
        let mut folders = vec![self.handle.try_clone()?];
        let mut ahead = parts(path.as_bytes());
        let mut links = 0;
        while let Some(part) = ahead.pop() {
            if part == b".." {
                folders.pop();
                continue;
            }
            let folder = folders.last().ok_or(Unreachable::Outside)?;
            match rustix::fs::openat(folder, &*part, ANYTHING, Mode::empty()) {
                Ok(next) => folders.push(next),
                Err(Errno::LOOP) if links < MOST_LINKS => {
                    links += 1;
                    let target = rustix::fs::readlinkat(folder, &*part, Vec::new())?;
                    if target.as_bytes().starts_with(b"/") {
                        return Err(Unreachable::Outside);
                    }
                    ahead.extend(parts(target.as_bytes()));
                }
                Err(error) => return Err(error.into()),
            }
        }
        folders.pop().ok_or(Unreachable::Outside)
    }
}

/// Returns the components of a path, the first one last.
fn parts(path: &[u8]) -> Vec<Vec<u8>> {
    let parts = path.split(|byte| *byte == b'/').filter(|part| !matches!(*part, b"" | b"."));
    parts.rev().map(<[u8]>::to_vec).collect()
}

fn is_folder(stat: &Stat) -> bool {
    FileType::from_raw_mode(stat.st_mode) == FileType::Directory
}

impl From<Errno> for Unreachable {
    fn from(error: Errno) -> Self {
        match error {
            Errno::NOENT | Errno::NOTDIR => Self::Absent,
            error => Self::Io(error.into()),
        }
    }
}

impl From<io::Error> for Unreachable {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}
