//! Many files at once: all their bytes reach the disk before the first of them gets its name.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

use rustix::fs::{CWD, RenameFlags, renameat_with, syncfs};

use super::{folder_of, moved, sync};

/// How many files are synced one by one. Each of them waits for the disk, and so at some point all that
/// the disk has still to write takes less.
const FEW: usize = 8;

/// Moves finished files, from and to, on one disk and into folders that are there. After a crash each
/// is whole at its new name, or not there.
pub fn publish_files(moves: &[(PathBuf, PathBuf)]) -> io::Result<()> {
    settle(&moves.iter().map(|(from, _)| from.as_path()).collect())?;
    for (from, to) in moves {
        renameat_with(CWD, from, CWD, to, RenameFlags::empty())
            .map_err(|error| moved::named(error, from, to))?;
    }
    settle(&moves.iter().map(|(_, to)| folder_of(to)).collect())
}

/// Makes files, and the names in folders, survive a crash; all of them are on one disk.
pub fn settle(paths: &BTreeSet<&Path>) -> io::Result<()> {
    match paths.first() {
        Some(first) if paths.len() > FEW => Ok(syncfs(fs_err::File::open(first)?.file())?),
        _ => paths.iter().try_for_each(|path| sync(path)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_move_together_however_many_they_are() {
        for count in [0, 1, FEW + 1] {
            let folder = tempfile::tempdir().unwrap();
            let (from, to) = (folder.path().join("from"), folder.path().join("to"));
            fs_err::create_dir(&from).unwrap();
            fs_err::create_dir(&to).unwrap();
            let name = |n: usize| n.to_string();
            let moves: Vec<_> =
                (0..count).map(|n| (from.join(name(n)), to.join(name(n)))).collect();
            for (from, _) in &moves {
                fs_err::write(from, "bytes").unwrap();
            }
            publish_files(&moves).unwrap();
            assert_eq!(fs_err::read_dir(&from).unwrap().count(), 0);
            assert_eq!(fs_err::read_dir(&to).unwrap().count(), count);
        }
    }
}
