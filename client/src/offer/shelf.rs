//! Package files in one folder, each under its digest with a label beside it.
//!
//! A label is written after its package and removed before it: a package without one is a leftover.

use std::fs::Permissions;
use std::io::{self, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use packaging::durable;
use plugin::{Format, PluginId};
use registry::history::Transaction;
use serde::{Deserialize, Serialize};

/// A folder of packages: the incoming ones or the kept ones.
#[derive(Clone, Debug)]
pub(crate) struct Shelf {
    folder: PathBuf,
}

/// What is known of a package on a shelf without reading it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Label {
    /// The plugin in it.
    pub(crate) plugin: PluginId,
    /// Its format.
    pub(crate) format: Format,
    /// Length in bytes.
    pub(crate) size: u64,
    /// What it takes once it is unpacked.
    pub(crate) unpacked: Extent,
    /// The transaction that last installed from it.
    pub(crate) transaction: Option<Transaction>,
}

/// What files take on a disk.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Extent {
    /// Bytes of all files.
    pub(crate) bytes: u64,
    /// How many files, folders and links.
    pub(crate) entries: u64,
}

impl std::ops::AddAssign for Extent {
    fn add_assign(&mut self, other: Self) {
        self.bytes = self.bytes.saturating_add(other.bytes);
        self.entries = self.entries.saturating_add(other.entries);
    }
}

impl Shelf {
    /// Returns the shelf in `folder`, which need not be there.
    pub(crate) fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// The folder.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Returns where a package is or would be. Package managers go by the ending.
    pub(crate) fn package(&self, sha256: &str, format: Format) -> PathBuf {
        self.folder.join(format!("{sha256}.{}", extension(format)))
    }

    /// Returns what a label says; `None` where none is, or none that can be understood: what was not
    /// written by us must not keep commands from working.
    pub(crate) fn label(&self, sha256: &str) -> io::Result<Option<Label>> {
        let path = self.label_path(sha256);
        let text = fs_err::symlink_metadata(&path).and_then(|found| match found.is_file() {
            true => fs_err::read(path),
            false => Ok(Vec::new()),
        });
        match text {
            Ok(text) => Ok(serde_json::from_slice(&text).ok()),
            // It may have gone between the two looks.
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Puts a label beside a package.
    pub(crate) fn put_label(&self, sha256: &str, label: &Label) -> io::Result<()> {
        let text = serde_json::to_vec(label)?;
        durable::replace(&self.label_path(sha256), |file| file.write_all(&text))
    }

    /// Returns all labels by digest, in no particular order.
    pub(crate) fn labels(&self) -> io::Result<Vec<(String, Label)>> {
        let entries = match fs_err::read_dir(&self.folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let mut labels = Vec::new();
        for entry in entries {
            let name = entry?.file_name();
            let stem = name.to_str().and_then(|name| name.strip_suffix(".json"));
            let Some(sha256) = stem.filter(|stem| is_digest(stem)) else { continue };
            if let Some(label) = self.label(sha256)? {
                labels.push((sha256.to_owned(), label));
            }
        }
        Ok(labels)
    }

    /// Moves a package here from `other`, where it may be gone from already, and notes the transaction
    /// that it was installed in.
    pub(crate) fn take_over(
        &self,
        other: &Self,
        sha256: &str,
        transaction: Transaction,
    ) -> io::Result<()> {
        fs_err::create_dir_all(&self.folder)?;
        let label = match other.label(sha256)? {
            Some(label) => label,
            // An earlier process has moved it.
            None => match self.label(sha256)? {
                Some(label) if self.package(sha256, label.format).exists() => label,
                _ => {
                    return Err(io::Error::new(
                        io::ErrorKind::NotFound,
                        format!("{sha256} is gone"),
                    ));
                }
            },
        };
        let (from, to) = (other.package(sha256, label.format), self.package(sha256, label.format));
        if from.exists() {
            carry(&from, &to)?;
        }
        self.put_label(sha256, &Label { transaction: Some(transaction), ..label.clone() })?;
        other.remove(sha256, label.format)
    }

    /// Removes everything in the folder.
    pub(crate) fn clear(&self) -> io::Result<()> {
        let entries = match fs_err::read_dir(&self.folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(error),
        };
        for entry in entries {
            let entry = entry?;
            if entry.file_type()?.is_dir() {
                fs_err::remove_dir_all(entry.path())?;
            } else {
                fs_err::remove_file(entry.path())?;
            }
        }
        Ok(())
    }

    /// Removes packages without a label, and files that a killed process was writing.
    pub(crate) fn tidy(&self) -> io::Result<()> {
        if !self.folder.exists() {
            return Ok(());
        }
        durable::clear_leftovers(&self.folder)?;
        for entry in fs_err::read_dir(&self.folder)? {
            let path = entry?.path();
            let is_label = path.extension().is_some_and(|extension| extension == "json");
            if !is_label && !path.with_extension("json").exists() {
                remove_file(&path)?;
            }
        }
        Ok(())
    }

    /// Takes a package away, label first.
    pub(crate) fn remove(&self, sha256: &str, format: Format) -> io::Result<()> {
        remove_file(&self.label_path(sha256))?;
        remove_file(&self.package(sha256, format))
    }

    fn label_path(&self, sha256: &str) -> PathBuf {
        self.folder.join(format!("{sha256}.json"))
    }
}

/// Whether a name is a SHA-256 as we write it.
fn is_digest(name: &str) -> bool {
    name.len() == 64 && name.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// Moves a package, to another disk too. What is kept may be read by everyone.
fn carry(from: &Path, to: &Path) -> io::Result<()> {
    fs_err::set_permissions(from, Permissions::from_mode(0o644))?;
    match durable::supersede(from, to) {
        Err(error) if error.kind() == io::ErrorKind::CrossesDevices => {
            let mut file = fs_err::File::open(from)?;
            durable::replace(to, |copy| io::copy(&mut file, copy).map(drop))
        }
        moved => moved,
    }
}

/// Returns what the names of package files end with.
pub(crate) fn extension(format: Format) -> &'static str {
    match format {
        Format::Fp => "fp",
        Format::Rpm => "rpm",
        Format::Deb => "deb",
    }
}

/// Removes a file that may be gone already.
pub(crate) fn remove_file(path: &Path) -> io::Result<()> {
    match fs_err::remove_file(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        removed => removed,
    }
}
