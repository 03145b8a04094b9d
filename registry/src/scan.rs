//! Reads the plugins root.
//!
//! Folders are opened by handle and nothing outside of a plugin's own folder is ever read: an entry
//! of the plugins root that is a link is told as one, and a link inside a plugin is followed only as
//! long as it stays inside. Whatever a folder holds, reading it ends in a value that says so.

mod content;
mod defaults;
mod files;
mod fingerprint;
mod json;
mod metadata;
mod packaged;
mod references;
mod root;
mod side;
mod tree;
mod unfit;

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use crate::{Fingerprint, Kept, Plugin};

pub use packaged::plugin_from;

use root::Root;

/// Something in the plugins root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folder {
    /// Its name there.
    pub name: String,
    /// What it is.
    pub content: Content,
}

/// What something in the plugins root is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// A plugin that was read.
    Plugin(Box<Found>),
    /// A plugin none of whose files changed since its registration was read from them.
    Unchanged,
    /// A folder that ought to be a plugin and cannot be read as one; why, with file and place.
    Broken(String),
    /// A symbolic link: part of the layer, or foreign. It is never followed.
    Link {
        /// What it says.
        target: String,
    },
    /// Anything else: a stray file, a hidden folder. Never a plugin.
    Stray,
}

/// A plugin as its folder describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// What its metadata says.
    pub plugin: Plugin,
    /// What is kept of its side files.
    pub kept: Kept,
    /// What the folder looked like.
    pub fingerprint: Fingerprint,
}

/// Why the plugins root could not be listed. What is wrong with one plugin is told in its place.
#[derive(Debug, thiserror::Error)]
pub enum ScanError {
    /// It is a link or a file.
    #[error("the plugins root `{}` is not a folder", .0.display())]
    NotAFolder(PathBuf),
    /// It cannot be read.
    #[error("the plugins root `{}` cannot be read", path.display())]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// Reads all that is in the plugins root, sorted by name; none where there is no such folder.
///
/// A folder whose files are as `known` says, by its name, is not read.
///
/// # Errors
///
/// Where the root itself cannot be listed.
pub fn scan(root: &Path, known: &BTreeMap<String, Fingerprint>) -> Result<Vec<Folder>, ScanError> {
    let Some(root) = Root::open(root)? else { return Ok(Vec::new()) };
    Ok(root.names()?.into_iter().filter_map(|name| root.folder(name, known)).collect())
}

/// Reads what has this name in the plugins root; where nothing has, that is its fault.
pub fn read(root: &Path, name: &str) -> Content {
    match Root::open(root) {
        Ok(found) => found
            .and_then(|root| root.content(name, None))
            .unwrap_or_else(|| Content::Broken(format!("the plugins root has no `{name}`"))),
        Err(error) => Content::Broken(error.to_string()),
    }
}

#[cfg(test)]
mod tests;
