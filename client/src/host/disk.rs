//! What disks have room for, and making them remember.

use std::io;
use std::path::Path;

/// What is free on a file system, for those who may not use what is set aside for root.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Space {
    /// Bytes.
    pub bytes: u64,
    /// Files; `None` where the file system has no bound of its own.
    pub inodes: Option<u64>,
}

/// Returns what is free where `path` is, or will be: its nearest folder that exists counts.
pub fn space(path: &Path) -> io::Result<Space> {
    let there = path.ancestors().find(|folder| folder.exists()).unwrap_or(Path::new("/"));
    let found = rustix::fs::statvfs(there)?;
    let inodes = (found.f_files > 0).then_some(found.f_favail);
    Ok(Space { bytes: found.f_bavail.saturating_mul(found.f_frsize), inodes })
}

/// Makes all that was written to the file system of `path` survive a power cut.
pub fn sync_file_system(path: &Path) -> io::Result<()> {
    Ok(rustix::fs::syncfs(fs_err::File::open(path)?)?)
}
