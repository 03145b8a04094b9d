//! Folders of the plugins root that come, go, and become links (`fuel 4.5`).
//!
//! Each change of a name is one exchange or move. Where the disk has no exchange there is a moment in
//! which the name is free; the steps know it from the saved folder and go on from there.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use packaging::durable;
use registry::Link;

use super::attic::{Attic, Found, Identity, found, identity, remove};
use super::{StepFailed, unpack};
use crate::Places;

/// The plugins root of a host and the folders beside it.
#[derive(Debug)]
pub(super) struct Layer<'a> {
    places: &'a Places,
    attic: Attic,
}

impl<'a> Layer<'a> {
    /// Opens the plugins root; makes what is missing where `make` says so.
    pub(super) fn of(places: &'a Places) -> Result<Self, StepFailed> {
        Ok(Self { places, attic: Attic::of(places)? })
    }

    /// Makes the folders that steps need.
    pub(super) fn prepare(&self) -> Result<(), StepFailed> {
        Ok(self.attic.make(self.places)?)
    }

    /// Returns what stands at a folder's name, and what is saved of it.
    pub(super) fn stand(&self, folder: &str) -> Result<Vec<Option<Identity>>, StepFailed> {
        let (path, saved) = (self.path(folder), self.attic.saved(folder));
        // A link among the saved folders is only on its way to another place.
        let saved = if found(&saved)? == Found::Folder { identity(&saved)? } else { None };
        Ok(vec![identity(&path)?, saved])
    }

    /// Whether a folder has exactly the files of a package.
    pub(super) fn is_unpacked(&self, package: &Path, folder: &str) -> Result<bool, StepFailed> {
        let path = self.path(folder);
        if found(&path)? != Found::Folder {
            return Ok(false);
        }
        let mut file = File::from(fs_err::File::open(package)?);
        Ok(unpack::is_unpacked(&mut file, &path)?)
    }

    /// Unpacks a package beside a folder, and exchanges the two.
    pub(super) fn unpack(&self, package: &Path, folder: &str) -> Result<(), StepFailed> {
        let (path, staged) = (self.path(folder), self.attic.staged(folder));
        remove(&staged)?;
        let mut file = File::from(fs_err::File::open(package)?);
        unpack::unpack(&mut file, &staged)?;
        // All of it is on the disk before it has its name.
        rustix::fs::syncfs(fs_err::File::open(&staged)?).map_err(io::Error::from)?;
        match found(&path)? {
            Found::Nothing => durable::shift(&staged, &path)?,
            Found::Folder => self.replace(&staged, &path)?,
            Found::Link | Found::Other => return Err(StepFailed::Occupied(path)),
        }
        Ok(())
    }

    /// Whether a folder is gone.
    pub(super) fn is_discarded(&self, folder: &str) -> Result<bool, StepFailed> {
        Ok(found(&self.path(folder))? == Found::Nothing)
    }

    /// Takes a folder away.
    pub(super) fn discard(&self, folder: &str) -> Result<(), StepFailed> {
        let path = self.path(folder);
        if found(&path)? == Found::Link {
            return Err(StepFailed::Occupied(path));
        }
        Ok(self.attic.discard(&path)?)
    }

    /// Whether the layer's link is there.
    pub(super) fn is_linked(&self, link: &Link) -> Result<bool, StepFailed> {
        let path = self.path(&old_folder(link));
        Ok(found(&path)? == Found::Link
            && fs_err::read_link(&path)?.as_os_str() == link.folder.as_str())
    }

    /// Makes a folder a link; what it has is saved.
    pub(super) fn link(&self, link: &Link) -> Result<(), StepFailed> {
        let target = self.path(&link.folder);
        if found(&target)? != Found::Folder {
            return Err(StepFailed::NoTarget(target));
        }
        let name = old_folder(link);
        let (path, saved, staged) =
            (self.path(&name), self.attic.saved(&name), self.attic.staged(&name));
        match found(&path)? {
            Found::Other => return Err(StepFailed::Occupied(path)),
            Found::Folder => {
                // One that was saved before has been replaced by what is there now.
                if found(&saved)? == Found::Folder {
                    self.attic.discard(&saved)?;
                }
                remove(&saved)?;
                fs_err::os::unix::fs::symlink(&link.folder, &saved)?;
                if durable::exchange(&saved, &path)? {
                    return Ok(());
                }
                remove(&saved)?;
                durable::shift(&path, &saved)?;
            }
            Found::Link | Found::Nothing => {}
        }
        remove(&staged)?;
        fs_err::os::unix::fs::symlink(&link.folder, &staged)?;
        Ok(durable::supersede(&staged, &path)?)
    }

    /// Whether a link is undone.
    pub(super) fn is_unlinked(&self, link: &Link, restore: bool) -> Result<bool, StepFailed> {
        let name = old_folder(link);
        let (there, saved) = (found(&self.path(&name))?, found(&self.attic.saved(&name))?);
        let is_there = if restore { there == Found::Folder } else { there != Found::Link };
        Ok(is_there && saved != Found::Folder)
    }

    /// Whether what a link is to give way to can be had.
    pub(super) fn check_saved(&self, link: &Link) -> Result<(), StepFailed> {
        let name = old_folder(link);
        if found(&self.path(&name))? == Found::Folder
            || found(&self.attic.saved(&name))? == Found::Folder
        {
            return Ok(());
        }
        Err(StepFailed::NotSaved(self.attic.saved(&name)))
    }

    /// Puts the saved folder in the place of a link, or takes both away.
    pub(super) fn unlink(&self, link: &Link, restore: bool) -> Result<(), StepFailed> {
        let name = old_folder(link);
        let (path, saved) = (self.path(&name), self.attic.saved(&name));
        let there = found(&path)?;
        if restore {
            self.check_saved(link)?;
            return match there {
                Found::Link if durable::exchange(&saved, &path)? => Ok(remove(&saved)?),
                Found::Link => {
                    fs_err::remove_file(&path)?;
                    Ok(durable::shift(&saved, &path)?)
                }
                Found::Nothing => Ok(durable::shift(&saved, &path)?),
                Found::Folder | Found::Other => Err(StepFailed::Occupied(path)),
            };
        }
        if there == Found::Link {
            self.attic.discard(&path)?;
        }
        if found(&saved)? == Found::Folder {
            self.attic.discard(&saved)?;
        }
        Ok(())
    }

    /// Puts `staged` in the place of the folder at `path`, which goes.
    fn replace(&self, staged: &Path, path: &Path) -> io::Result<()> {
        if durable::exchange(staged, path)? {
            return self.attic.discard(staged);
        }
        self.attic.discard(path)?;
        durable::shift(staged, path)
    }

    fn path(&self, folder: &str) -> PathBuf {
        self.places.plugins().join(folder)
    }
}

/// Returns the name of the folder that a link of the layer takes the place of.
pub(super) fn old_folder(link: &Link) -> String {
    format!("{}-{}", link.name, link.old)
}
