//! Regular files at paths that others than root may have filled: opening never waits, and reading ends.

use std::fs::File;
use std::io::{self, Read};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// Why a file was not read.
#[derive(Debug, thiserror::Error)]
pub enum Unfit {
    /// A folder, a device, a pipe.
    #[error("`{}` is not a regular file", .0.display())]
    NotAFile(PathBuf),
    /// More than there may be of what is looked for.
    #[error("`{}` has more than {limit} bytes", path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// The most that is read.
        limit: u64,
    },
    /// It could not be read.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// Opens a regular file; opening anything else has no effect and never waits.
pub fn open(path: &Path) -> Result<File, Unfit> {
    let nonblocking = rustix::fs::OFlags::NONBLOCK.bits().cast_signed();
    let mut options = fs_err::OpenOptions::new();
    options.read(true).options_mut().custom_flags(nonblocking);
    let file = options.open(path)?.into_file();
    if file.metadata()?.is_file() { Ok(file) } else { Err(Unfit::NotAFile(path.to_owned())) }
}

/// Reads a regular file of at most `limit` bytes.
pub fn read(path: &Path, limit: u64) -> Result<Vec<u8>, Unfit> {
    let mut bytes = Vec::new();
    open(path)?.take(limit + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit {
        return Err(Unfit::TooLarge { path: path.to_owned(), limit });
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_but_a_small_regular_file_is_read_and_nothing_is_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        rustix::fs::mkfifoat(rustix::fs::CWD, path("pipe"), 0o600.into()).unwrap();
        std::os::unix::fs::symlink("/dev/zero", path("endless")).unwrap();
        fs_err::write(path("file"), "12345678").unwrap();
        for odd in ["pipe", "endless", "."] {
            assert!(matches!(read(&path(odd), 8), Err(Unfit::NotAFile(_))), "{odd}");
        }
        assert!(matches!(read(&path("none"), 8), Err(Unfit::Io(_))));
        assert!(matches!(read(&path("file"), 7), Err(Unfit::TooLarge { .. })));
        assert_eq!(read(&path("file"), 8).unwrap(), b"12345678");
    }
}
