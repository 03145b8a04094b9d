//! The new tree, built beside the one that is published, and the one step that puts it in its place.
//!
//! Names in the repository's folder: `.next` is being built, `public` is served, `.previous` was
//! served before. A process killed at any point leaves `public` as it was or new and whole; what
//! else it left is removed by the next publication.
//!
//! The new tree is made out of the previous one, so that the work is that of what has changed: each
//! file is in its place that is the same file, by its inode, as that which it has to be.

use std::collections::{BTreeSet, HashMap};
use std::fs::FileTimes;
use std::io::{self, Write};
use std::os::unix::fs::{DirEntryExt, MetadataExt, PermissionsExt};
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
        let folders = tree.folders();
        let mut there = self.recycle(tree, &folders)?;
        for folder in folders.difference(&there.folders.iter().map(String::as_str).collect()) {
            make_folder(&self.next.join(folder))?;
            there.touched.insert(self.next.join(parent(folder)));
        }
        for (path, source) in &tree.files {
            self.put(path, source, &mut there, time)?;
        }
        Ok(durable::settle(&there.touched.iter().map(PathBuf::as_path).collect())?)
    }

    /// Takes the previous tree, or else an empty folder, to build in; removes what is not of `tree` and
    /// returns what is left.
    fn recycle(&self, tree: &Tree, folders: &BTreeSet<&str>) -> Result<There, Error> {
        let mut there = There::default();
        if self.previous.exists() {
            durable::shift(&self.previous, &self.next)?;
            self.sort_out("", tree, folders, &mut there)?;
        } else {
            make_folder(&self.next)?;
        }
        there.touched.insert(self.next.clone());
        Ok(there)
    }

    /// Looks at the folder `path` of the tree that is to be used again.
    fn sort_out(
        &self,
        path: &str,
        tree: &Tree,
        folders: &BTreeSet<&str>,
        there: &mut There,
    ) -> Result<(), Error> {
        let folder = self.next.join(path);
        for entry in fs_err::read_dir(&folder)? {
            let entry = entry?;
            let name = entry.file_name();
            let path = name.to_str().map(|name| join(path, name)).unwrap_or_default();
            let kind = entry.file_type()?;
            if kind.is_dir() && folders.contains(path.as_str()) {
                self.sort_out(&path, tree, folders, there)?;
                there.folders.insert(path);
            } else if kind.is_file() && tree.files.contains_key(&path) {
                there.files.insert(path, entry.ino());
            } else {
                there.touched.insert(folder.clone());
                match kind.is_dir() {
                    true => fs_err::remove_dir_all(entry.path())?,
                    false => fs_err::remove_file(entry.path())?,
                }
            }
        }
        Ok(())
    }

    /// Puts a file at `path`, unless it is there.
    fn put(&self, path: &str, source: &Source, there: &mut There, time: u32) -> Result<(), Error> {
        let (old, target) = (self.public.join(path), self.next.join(path));
        let origin = match source {
            Source::Pool(place, _) => Some(self.folder.join(place)),
            Source::Kept(_) => Some(old.clone()),
            Source::Bytes(bytes) => is_same(&old, bytes)?.then(|| old.clone()),
        };
        if let Some(inode) = there.files.get(path) {
            if let Some(origin) = &origin
                && fs_err::symlink_metadata(origin)?.ino() == *inode
            {
                return Ok(());
            }
            fs_err::remove_file(&target)?;
        }
        there.touched.insert(self.next.join(parent(path)));
        match (origin, source) {
            (None, Source::Bytes(bytes)) => {
                let mut file = fs_err::File::create_new(&target)?.into_file();
                file.write_all(bytes)?;
                finish(&file, modified(&old, time)?)?;
                there.touched.insert(target);
            }
            (Some(origin), _) if !link(&origin, &target)? => drop(there.touched.insert(target)),
            _ => {}
        }
        Ok(())
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

/// What is in a tree while it is built.
#[derive(Default)]
struct There {
    folders: BTreeSet<String>,
    /// The inode of each file.
    files: HashMap<String, u64>,
    /// What has still to be synced.
    touched: BTreeSet<PathBuf>,
}

fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

fn make_folder(path: &Path) -> io::Result<()> {
    fs_err::create_dir(path)?;
    fs_err::set_permissions(path, PermissionsExt::from_mode(0o755))
}

/// Gives `file` the further name `target`; where the disk cannot, a copy. Returns whether it could.
fn link(file: &Path, target: &Path) -> io::Result<bool> {
    if fs_err::hard_link(file, target).is_ok() {
        return Ok(true);
    }
    let mut input = fs_err::File::open(file)?;
    let mut output = fs_err::File::create_new(target)?.into_file();
    io::copy(&mut input, &mut output)?;
    finish(&output, input.metadata()?.modified()?)?;
    Ok(false)
}

fn finish(file: &std::fs::File, time: SystemTime) -> io::Result<()> {
    file.set_permissions(PermissionsExt::from_mode(0o644))?;
    file.set_times(FileTimes::new().set_modified(time))
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
