//! The ground that a writer stands on: what it finds in the state folder it goes by as root, or removes,
//! and what settings say it runs.
//!
//! So it refuses where anyone else could have put something there (`threats-and-faults` A32), and where a
//! link would make it empty a folder that is not its own (A19).

use std::fs::Metadata;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;

use rustix::process::geteuid;

use crate::Places;
use crate::apply::Attic;

/// Permissions of a file's group, and of all others, to write.
const GROUP_WRITES: u32 = 0o020;
const OTHERS_WRITE: u32 = 0o002;

/// What keeps a writer from working. Nothing has been changed.
#[derive(Debug, thiserror::Error)]
pub enum Unsafe {
    /// Somebody else could have made or changed it.
    #[error("`{}` may be written by others than root", .0.display())]
    Open(PathBuf),
    /// Somebody else could say what root's commands run.
    #[error("settings in `{}` may be written by others than root", .0.display())]
    Settings(PathBuf),
    /// A link, or something else that no command of ours makes.
    #[error("`{}` is not a folder of its own", .0.display())]
    NotAFolder(PathBuf),
    /// A link, a pipe, a folder.
    #[error("`{}` is not a file of its own", .0.display())]
    NotAFile(PathBuf),
    /// It cannot be looked at.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// Makes sure that the state of a host is what root's own commands left there.
pub(crate) fn check(places: &Places) -> Result<(), Unsafe> {
    // It alone may be a link, to a disk with more room.
    closed(places.state(), &fs_err::metadata(places.state())?)?;
    let history = places.registry().with_file_name("history.jsonl");
    for path in [places.journal(), places.registry(), history] {
        match found(&path)? {
            Some(metadata) if metadata.is_file() => closed(path, &metadata)?,
            Some(_) => return Err(Unsafe::NotAFile(path)),
            None => {}
        }
    }
    for path in settings(places)? {
        match fs_err::metadata(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Ok(metadata) if is_closed(&metadata) => {}
            Ok(_) => return Err(Unsafe::Settings(path)),
            Err(error) => return Err(error.into()),
        }
    }
    for path in Attic::folders(places).chain([places.incoming()]) {
        match found(&path)? {
            Some(metadata) if metadata.is_dir() => closed(path, &metadata)?,
            Some(_) => return Err(Unsafe::NotAFolder(path)),
            None => {}
        }
    }
    Ok(())
}

/// Returns the administrator's folder of settings and all that is read in it.
fn settings(places: &Places) -> io::Result<Vec<PathBuf>> {
    let top = places.settings();
    let mut paths = vec![top.join("plugins.yaml")];
    for folder in [top.join("conf.d"), top.join("hosts.d")] {
        match fs_err::read_dir(&folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            entries => {
                for entry in entries? {
                    paths.push(entry?.path());
                }
            }
        }
        paths.push(folder);
    }
    paths.push(top);
    Ok(paths)
}

/// Whether anyone beside the owner may write; that root's own group may is no harm.
pub(crate) fn is_open(metadata: &Metadata) -> bool {
    let mode = metadata.mode();
    mode & OTHERS_WRITE != 0 || mode & GROUP_WRITES != 0 && metadata.gid() != 0
}

fn closed(path: PathBuf, metadata: &Metadata) -> Result<(), Unsafe> {
    if is_closed(metadata) { Ok(()) } else { Err(Unsafe::Open(path)) }
}

/// Whether it is root's, or that of whoever runs this, and nobody else may write.
fn is_closed(metadata: &Metadata) -> bool {
    let is_ours = metadata.uid() == 0 || metadata.uid() == geteuid().as_raw();
    is_ours && !is_open(metadata)
}

fn found(path: &PathBuf) -> io::Result<Option<Metadata>> {
    match fs_err::symlink_metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        found => found.map(Some),
    }
}
