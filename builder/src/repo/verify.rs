//! A finished tree judged as clients would: every signature, every time, every file that anything names,
//! and nothing beside.

mod faces;
mod files;

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::Serialize;

use super::manifest::{MANIFEST, Manifest};
use super::{Error, Judge, PUBLIC, SETTINGS};
use files::Files;

/// Whom to believe.
#[expect(missing_debug_implementations, reason = "holds keys")]
#[derive(Clone, Copy)]
pub enum Trust<'a> {
    /// Those whose keys these are.
    Keys(&'a dyn Judge),
    /// Anybody: only digests are compared.
    Anybody,
}

/// A tree in which no problem was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Verified {
    /// The tree.
    pub folder: PathBuf,
    /// How many files it has.
    pub files: usize,
    /// How many bytes.
    pub bytes: u64,
    /// Which key signed it.
    pub signed_by: Option<String>,
    /// Until when it may be trusted.
    pub valid_until: Timestamp,
}

/// Returns the published tree of the repository in `folder`, or `folder` itself.
pub(super) fn published(folder: &Path) -> PathBuf {
    if folder.join(SETTINGS).is_file() { folder.join(PUBLIC) } else { folder.to_owned() }
}

/// Judges the tree in `folder`, a repository or what one has published, at the time `now`.
pub fn verify(folder: &Path, trust: Trust<'_>, now: Timestamp) -> Result<Verified, Error> {
    let folder = published(folder);
    let Some(manifest) = Manifest::read(&folder)? else { return Err(Error::Unpublished(folder)) };
    let mut files = Files::new(&folder, trust);
    files.signed(MANIFEST);
    files.is_in_time(MANIFEST, manifest.valid_until, now);
    for (path, entry) in manifest.files.iter().chain(&manifest.previous) {
        files.is_as_said(MANIFEST, path, entry.size, &entry.sha256);
    }
    files.has_nothing_beside(&manifest);
    faces::yum(&mut files, now);
    faces::apt(&mut files, now);
    faces::fp(&mut files);
    faces::matrix(&mut files);
    if files.problems.is_empty() {
        return Ok(Verified {
            files: manifest.files.len() + manifest.previous.len(),
            bytes: files.bytes(),
            signed_by: manifest.signed_by,
            valid_until: manifest.valid_until,
            folder,
        });
    }
    let problems = files.problems;
    Err(Error::Unsound { folder, problems })
}
