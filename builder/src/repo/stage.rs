//! The new tree, built beside the one that is published, and the one step that puts it in its place.
//!
//! Names in the repository's folder: `.next` is being built, `public` is served, `.previous` was
//! served before. A process killed at any point leaves `public` as it was or new and whole; what
//! else it left is removed by the next publication.

use std::fs::FileTimes;
use std::io::{self, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use packaging::durable;
use rustix::fs::{Access, access};
use rustix::io::Errno;

use super::tree::{Source, Tree};
use super::{Error, PUBLIC};

const NEXT: &str = ".next";
const PREVIOUS: &str = ".previous";

/// The trees of a repository.
pub(super) struct Stage {
    folder: PathBuf,
    next: PathBuf,
    public: PathBuf,
    previous: PathBuf,
}

impl Stage {
    /// Removes what a killed publication left, and puts back what it had taken away.
    pub(super) fn clear(folder: &Path) -> Result<Self, Error> {
        let stage = Self {
            folder: folder.to_owned(),
            next: folder.join(NEXT),
            public: folder.join(PUBLIC),
            previous: folder.join(PREVIOUS),
        };
        for tree in [&stage.public, &stage.previous, &stage.next] {
            is_ours(tree)?;
        }
        if !stage.public.exists() && stage.previous.exists() {
            durable::publish_folder(&stage.previous, &stage.public)?;
        }
        remove(&stage.next)?;
        Ok(stage)
    }

    /// Builds `tree` beside the published one; files that are new get the time `time`.
    pub(super) fn build(&self, tree: &Tree, time: u32) -> Result<(), Error> {
        make_folder(&self.next)?;
        let mut folders = vec![self.next.clone()];
        for (path, source) in &tree.files {
            let target = self.next.join(path);
            for folder in missing(&self.next, &target) {
                make_folder(&folder)?;
                folders.push(folder);
            }
            self.put(path, source, &target, time)?;
        }
        for folder in folders {
            fs_err::File::open(folder)?.sync_all()?;
        }
        Ok(())
    }

    fn put(&self, path: &str, source: &Source, target: &Path, time: u32) -> Result<(), Error> {
        let old = self.public.join(path);
        match source {
            Source::Pool(place, _) => Ok(link(&self.folder.join(place), target)?),
            Source::Kept(_) => Ok(link(&old, target)?),
            Source::Bytes(bytes) if is_same(&old, bytes)? => Ok(link(&old, target)?),
            Source::Bytes(bytes) => {
                let mut file = fs_err::File::create_new(target)?.into_file();
                file.write_all(bytes)?;
                finish(&file, modified(&old, time)?)?;
                Ok(())
            }
        }
    }

    /// Puts the tree that was built in the place of the published one, which is kept as the previous.
    pub(super) fn switch(&self) -> Result<(), Error> {
        if !self.public.exists() {
            return Ok(durable::publish_folder(&self.next, &self.public)?);
        }
        match durable::exchange_folders(&self.next, &self.public) {
            Err(error) if error.kind() == io::ErrorKind::Unsupported => {
                remove(&self.previous)?;
                durable::publish_folder(&self.public, &self.previous)?;
                return Ok(durable::publish_folder(&self.next, &self.public)?);
            }
            Err(error) if error.kind() == io::ErrorKind::CrossesDevices => {
                return Err(Error::Layered(self.public.clone()));
            }
            exchanged => exchanged?,
        }
        remove(&self.previous)?;
        Ok(durable::publish_folder(&self.next, &self.previous)?)
    }
}

/// Makes sure that we can remove the tree at `path` when its time has come.
fn is_ours(path: &Path) -> Result<(), Error> {
    match access(path, Access::WRITE_OK) {
        Err(Errno::ACCESS | Errno::PERM) => Err(Error::Foreign(path.to_owned())),
        _ => Ok(()),
    }
}

/// Returns the folders of `path` below `top` that are not there, the outermost first.
fn missing(top: &Path, path: &Path) -> Vec<PathBuf> {
    let folders = path.ancestors().skip(1).take_while(|folder| *folder != top);
    let mut missing: Vec<_> =
        folders.filter(|folder| !folder.exists()).map(Path::to_owned).collect();
    missing.reverse();
    missing
}

fn make_folder(path: &Path) -> io::Result<()> {
    fs_err::create_dir(path)?;
    fs_err::set_permissions(path, PermissionsExt::from_mode(0o755))
}

/// Gives `file` the further name `target`; where the disk cannot, a copy.
fn link(file: &Path, target: &Path) -> io::Result<()> {
    if fs_err::hard_link(file, target).is_ok() {
        return Ok(());
    }
    let mut input = fs_err::File::open(file)?;
    let mut output = fs_err::File::create_new(target)?.into_file();
    io::copy(&mut input, &mut output)?;
    finish(&output, input.metadata()?.modified()?)
}

fn finish(file: &std::fs::File, time: SystemTime) -> io::Result<()> {
    file.set_permissions(PermissionsExt::from_mode(0o644))?;
    file.set_times(FileTimes::new().set_modified(time))?;
    file.sync_all()
}

/// Returns the time for a file that replaces `old`: at least a second later, because servers and their
/// clients compare no finer.
fn modified(old: &Path, time: u32) -> io::Result<SystemTime> {
    let time = SystemTime::UNIX_EPOCH + Duration::from_secs(time.into());
    match fs_err::metadata(old) {
        Ok(old) => Ok(time.max(old.modified()? + Duration::from_secs(1))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(time),
        Err(error) => Err(error),
    }
}

/// Whether the file at `path` has just these bytes.
fn is_same(path: &Path, bytes: &[u8]) -> io::Result<bool> {
    match fs_err::symlink_metadata(path) {
        Ok(there) if there.is_file() && there.len() == bytes.len() as u64 => {
            Ok(fs_err::read(path)? == bytes)
        }
        _ => Ok(false),
    }
}

/// Removes the folder at `path`, if it is there.
fn remove(path: &Path) -> io::Result<()> {
    match fs_err::remove_dir_all(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        removed => removed,
    }
}
