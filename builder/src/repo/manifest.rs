//! `manifest.json`: every file of a published tree, when it was published and how long it counts.
//!
//! It is what makes "nothing missing, nothing superfluous" a question with an answer, and what tells
//! the next publication whether anything has changed.

use std::collections::BTreeMap;
use std::path::Path;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Error;
use super::tree::{Edition, Tree, timestamp};

/// The file at the top of a published tree; its signature is beside it.
pub const MANIFEST: &str = "manifest.json";

/// What is said of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Its length.
    pub size: u64,
    /// Its SHA-256, hexadecimal.
    pub sha256: String,
}

impl Entry {
    /// Whether `path` is a file of this length.
    pub(super) fn is_at(&self, path: &Path) -> bool {
        path.symlink_metadata().is_ok_and(|it| it.is_file() && it.len() == self.size)
    }
}

/// All files of a tree but the manifest and its signature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The shape of this file: 1. Fields are only ever added.
    pub schema: u32,
    /// The repository's name.
    pub name: String,
    /// When it was published.
    pub date: Timestamp,
    /// Until when hosts may trust it.
    pub valid_until: Timestamp,
    /// The key that signed; `None` where none did.
    pub signed_by: Option<String>,
    /// A digest of what the tree was made from.
    pub inputs: String,
    /// What is published.
    pub files: BTreeMap<String, Entry>,
    /// What was published before and is kept for those who are still reading that.
    pub previous: BTreeMap<String, Entry>,
}

impl Manifest {
    /// Reads the manifest of the tree in `folder`; `None` where there is none.
    pub fn read(folder: &Path) -> Result<Option<Self>, Error> {
        let path = folder.join(MANIFEST);
        if !path.exists() {
            return Ok(None);
        }
        let bytes = fs_err::read(&path)?;
        let manifest = serde_json::from_slice(&bytes).map_err(|error| Error::Unreadable {
            file: MANIFEST.to_owned(),
            problem: error.to_string(),
        });
        manifest.map(Some)
    }

    /// Returns the manifest of `tree`.
    pub(super) fn of(edition: &Edition<'_>, tree: &Tree) -> Self {
        let files: BTreeMap<_, _> =
            tree.files.iter().map(|(path, source)| (path.clone(), source.entry())).collect();
        let old = edition.old.into_iter().flat_map(|old| &old.files);
        let previous = old
            .filter(|(path, _)| !files.contains_key(*path))
            .map(|(path, entry)| (path.clone(), entry.clone()))
            .collect();
        Self {
            schema: 1,
            name: edition.settings.name.to_string(),
            date: timestamp(edition.time),
            valid_until: timestamp(edition.end),
            signed_by: edition.signer(),
            inputs: edition.inputs.clone(),
            files,
            previous,
        }
    }

    /// Returns the file's text.
    pub(super) fn text(&self) -> String {
        serde_json::to_string_pretty(self).expect("its keys are texts") + "\n"
    }

    /// Whether the files of the tree in `folder` are there, as long as they should be.
    pub(super) fn is_there(&self, folder: &Path) -> bool {
        let mut all = self.files.iter().chain(&self.previous);
        all.all(|(path, entry)| entry.is_at(&folder.join(path)))
    }
}
