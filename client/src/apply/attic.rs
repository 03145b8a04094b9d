//! Folders on the disk of the plugins root, but outside of it: every entry in there counts as a plugin.
//!
//! `saved` has the originals of folders that are links of the layer, `staged` what is about to take a
//! place in the plugins root, `trash` what was taken from there. A name moves between them and the
//! plugins root in one step. Where no plan is under way, `staged` and `trash` hold leftovers only, and
//! so does a link in `saved`.

use std::collections::BTreeSet;
use std::fs::Permissions;
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use packaging::durable;
use rustix::fs::{AtFlags, CWD, StatxFlags, statx};

use super::StepFailed;
use crate::Places;

/// The folders of one host.
#[derive(Clone, Debug)]
pub(crate) struct Attic {
    folder: PathBuf,
}

/// What a name must not leave when it moves: a file system, as one mount shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Mount {
    device: (u32, u32),
    /// 0 where the kernel does not tell.
    number: u64,
}

/// What is at a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    Nothing,
    Folder,
    Link,
    Other,
}

/// Tells one folder, file or link from any other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Identity {
    device: u64,
    inode: u64,
}

impl Attic {
    /// Finds the folders' place; makes nothing.
    pub(crate) fn of(places: &Places) -> Result<Self, StepFailed> {
        let plugins = places.plugins();
        if plugins.is_symlink() {
            return Err(StepFailed::LinkedRoot(plugins.to_owned()));
        }
        let folders = candidates(places);
        let mounts = [mount(&folders[0])?, mount(&folders[1])?];
        let chosen = choose(mount(plugins)?, mounts);
        let chosen = chosen.ok_or_else(|| StepFailed::NoAttic(plugins.to_owned()))?;
        let [state, beside] = folders;
        Ok(Self { folder: if chosen == 0 { state } else { beside } })
    }

    /// Names all folders that an attic may have, in either place; they need not be there.
    pub(crate) fn folders(places: &Places) -> impl Iterator<Item = PathBuf> {
        candidates(places).into_iter().flat_map(|folder| {
            let parts = ["saved", "staged", "trash"].map(|part| folder.join(part));
            [folder].into_iter().chain(parts)
        })
    }

    /// Makes the folders, and the plugins root.
    pub(super) fn make(&self, places: &Places) -> io::Result<()> {
        for folder in
            [self.folder.clone(), self.part("saved"), self.part("staged"), self.part("trash")]
        {
            if let Some(parent) = folder.parent() {
                fs_err::create_dir_all(parent)?;
            }
            match std::fs::DirBuilder::new().mode(0o700).create(&folder) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                made => made?,
            }
        }
        if found(places.plugins())? == Found::Nothing {
            fs_err::create_dir_all(places.plugins())?;
            fs_err::set_permissions(places.plugins(), Permissions::from_mode(0o755))?;
        }
        Ok(())
    }

    /// Where the original of a linked folder is.
    pub(crate) fn saved(&self, name: &str) -> PathBuf {
        self.part("saved").join(name)
    }

    /// Names the saved originals.
    pub(crate) fn saved_names(&self) -> io::Result<BTreeSet<String>> {
        let paths = self.entries("saved")?;
        let name =
            |path: &PathBuf| path.file_name().map(|name| name.to_string_lossy().into_owned());
        Ok(paths.iter().filter(|path| path.is_dir()).filter_map(name).collect())
    }

    /// Where something waits for its place.
    pub(super) fn staged(&self, name: &str) -> PathBuf {
        self.part("staged").join(name)
    }

    /// Takes what is at `path` away: at once out of sight, then out of the world.
    pub(super) fn discard(&self, path: &Path) -> io::Result<()> {
        let name = path.file_name().expect("only named things are discarded");
        let trash = self.part("trash").join(name);
        remove(&trash)?;
        durable::shift(path, &trash)?;
        // It is out of the way. What cannot be removed now is for the next sweep.
        let _ = remove(&trash);
        Ok(())
    }

    /// Removes what plans that were cut off have left.
    pub(crate) fn sweep(&self) -> io::Result<()> {
        for part in ["staged", "trash"] {
            for path in self.entries(part)? {
                remove(&path)?;
            }
        }
        for path in self.entries("saved")? {
            if found(&path)? == Found::Link {
                remove(&path)?;
            }
        }
        Ok(())
    }

    fn entries(&self, part: &str) -> io::Result<Vec<PathBuf>> {
        match fs_err::read_dir(self.part(part)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
            entries => entries?.map(|entry| entry.map(|entry| entry.path())).collect(),
        }
    }

    fn part(&self, part: &str) -> PathBuf {
        self.folder.join(part)
    }
}

/// Returns the two places that the folders may have: with the state, or beside the plugins root.
fn candidates(places: &Places) -> [PathBuf; 2] {
    let beside = places.plugins().parent().expect("the plugins root is below the root");
    [places.state().join("attic"), beside.join(".plugins-attic")]
}

/// Returns which of two places names can move to from the plugins root; the first where both will do.
fn choose(plugins: Mount, places: [Mount; 2]) -> Option<usize> {
    places.into_iter().position(|place| place == plugins)
}

/// Returns where `path` is mounted, or where it will be: its nearest folder that exists counts.
fn mount(path: &Path) -> io::Result<Mount> {
    let there = path.ancestors().find(|folder| folder.exists()).unwrap_or(Path::new("/"));
    let wanted = StatxFlags::TYPE | StatxFlags::MNT_ID;
    let found = statx(CWD, there, AtFlags::empty(), wanted)?;
    let tells = StatxFlags::from_bits_retain(found.stx_mask).contains(StatxFlags::MNT_ID);
    Ok(Mount {
        device: (found.stx_dev_major, found.stx_dev_minor),
        number: if tells { found.stx_mnt_id } else { 0 },
    })
}

/// Returns what is at a name, without following it.
pub(super) fn found(path: &Path) -> io::Result<Found> {
    match fs_err::symlink_metadata(path) {
        Ok(metadata) if metadata.is_dir() => Ok(Found::Folder),
        Ok(metadata) if metadata.is_symlink() => Ok(Found::Link),
        Ok(_) => Ok(Found::Other),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Found::Nothing),
        Err(error) => Err(error),
    }
}

/// Returns which thing is at a name, without following it; `None` where nothing is.
pub(super) fn identity(path: &Path) -> io::Result<Option<Identity>> {
    match fs_err::symlink_metadata(path) {
        Ok(found) => Ok(Some(Identity { device: found.dev(), inode: found.ino() })),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Removes whatever is at `path`; links are removed, not followed.
pub(super) fn remove(path: &Path) -> io::Result<()> {
    match found(path)? {
        Found::Nothing => Ok(()),
        Found::Folder => fs_err::remove_dir_all(path),
        Found::Link | Found::Other => fs_err::remove_file(path),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_move_only_within_one_mount_of_one_disk() {
        let at = |device, number| Mount { device: (8, device), number };
        let cases = [
            (at(1, 7), [at(1, 7), at(1, 7)], Some(0)),
            (at(1, 7), [at(2, 3), at(1, 7)], Some(1)),
            // The same disk, seen through another mount.
            (at(1, 7), [at(1, 3), at(1, 7)], Some(1)),
            (at(1, 7), [at(2, 3), at(2, 3)], None),
        ];
        for (plugins, places, expected) in cases {
            assert_eq!(choose(plugins, places), expected, "{plugins:?} {places:?}");
        }
    }
}
