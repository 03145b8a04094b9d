//! Yum repositories: `repodata` beside a folder of RPMs (`fuel-formats 7.2`).
//!
//! `rpmrepo_metadata` turns headers into XML; its own repository writer is left aside, because that
//! needs a folder on disk, stamps the clock, has fixed file names and asserts. What it says of one
//! package is kept as a [`Record`]; records are strung together as [`Metadata`], compressed, in memory.
//! Here that is gzip, which also the oldest yum reads. Files are named by their digests, as
//! `createrepo_c` does.

mod metadata;
mod reading;
mod record;
mod updateinfo;

use std::io;

use rpmrepo_metadata::MetadataError;

use super::{Folder, Found, IndexError};
use crate::contents::{Entry, Kind};
use crate::{Compression, Contents};

pub use metadata::Metadata;
pub use reading::{DataFile, Listed, Unreadable, count, packages, repomd};
pub use record::Record;
pub use updateinfo::{Fixed, Notice};

/// Where packages are, and where what is said of them is.
const PACKAGES: &str = "Packages";
const REPODATA: &str = "repodata";

/// Moves the RPMs that lie in `folder` itself to `Packages/` there, and puts `repodata/` beside it.
pub fn index(contents: &mut Contents, folder: &str, time: u32) -> Result<(), IndexError> {
    let folder = Folder::of(contents, folder)?;
    gather(contents, &folder)?;
    remove(contents, &folder.at(REPODATA));
    let found = folder.packages(contents, ".rpm")?;
    for (path, bytes) in describe(&found, time)? {
        contents.insert_text(&folder.at(&path), bytes);
    }
    Ok(())
}

/// Moves the packages that lie in `folder` itself to `Packages`, which is made in any case.
fn gather(contents: &mut Contents, folder: &Folder) -> Result<(), IndexError> {
    let packages = folder.at(PACKAGES);
    match contents.get(&packages).map(|entry| &entry.kind) {
        None => contents.insert(&packages, Entry { mode: 0o755, kind: Kind::Folder }),
        Some(Kind::Folder) => {}
        Some(_) => {
            return Err(IndexError::Occupied { path: packages, wanted: "the folder of RPMs" });
        }
    }
    let is_loose = |path: &str| path.ends_with(".rpm") && !folder.inside(path).contains('/');
    let loose: Vec<_> = contents
        .below(&folder.0)
        .filter(|(path, entry)| is_loose(path) && !matches!(entry.kind, Kind::Folder))
        .map(|(path, _)| path.to_owned())
        .collect();
    for old in loose {
        let new = format!("{packages}/{}", folder.inside(&old));
        if contents.get(&new).is_some() {
            return Err(IndexError::Occupied { path: new, wanted: "an RPM of the same name" });
        }
        let mut entry = contents.remove(&old).expect("its path was just listed");
        if let Kind::Link { target } = &mut entry.kind {
            target.insert_str(0, "../");
        }
        contents.insert(&new, entry);
    }
    Ok(())
}

/// Takes `path` out, with what is in it.
fn remove(contents: &mut Contents, path: &str) {
    let inside: Vec<_> = contents.below(path).map(|(path, _)| path.to_owned()).collect();
    for path in inside.iter().map(String::as_str).chain([path]) {
        contents.remove(path);
    }
}

/// Writes the metadata of the packages: paths, relative to the repository, and bytes.
fn describe(found: &[Found<'_>], time: u32) -> Result<Vec<(String, Vec<u8>)>, IndexError> {
    let mut metadata = Metadata::new(found.len(), Compression::Gzip)?;
    for found in found {
        metadata.add(&record(found, time)?)?;
    }
    Ok(metadata.finish(&[], time)?)
}

/// Reads one package, once.
fn record(found: &Found<'_>, time: u32) -> Result<Record, IndexError> {
    let (record, length) = Record::read(found.content.open()?, found.inside, Some(time))
        .map_err(|error| found.unread(error))?;
    found.check_size(length)?;
    Ok(record)
}

fn unwritten(failure: MetadataError) -> io::Error {
    io::Error::other(failure)
}
