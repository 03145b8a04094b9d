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
use registry::{Origin, Voucher};
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
    /// Where it came from; labels of the first release do not say.
    #[serde(default = "file")]
    pub(crate) origin: Origin,
    /// Who vouched for it.
    #[serde(default)]
    pub(crate) voucher: Voucher,
}

fn file() -> Origin {
    Origin::File
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

    /// Returns where the detached signature of a package is or would be. It goes wherever the package
    /// goes.
    pub(crate) fn signature(&self, sha256: &str, format: Format) -> PathBuf {
        self.folder.join(format!("{sha256}.{}.asc", extension(format)))
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
        for name in [Self::package, Self::signature] {
            let (from, to) = (name(other, sha256, label.format), name(self, sha256, label.format));
            if from.exists() {
                carry(&from, &to)?;
            }
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
            let name = entry?.file_name();
            let sha256 = name.to_str().and_then(|name| name.split('.').next());
            let label = sha256.map(|sha256| self.label_path(sha256));
            if !label.is_some_and(|label| label.exists()) {
                remove_file(&self.folder.join(name))?;
            }
        }
        Ok(())
    }

    /// Takes a package away, label first.
    pub(crate) fn remove(&self, sha256: &str, format: Format) -> io::Result<()> {
        remove_file(&self.label_path(sha256))?;
        remove_file(&self.signature(sha256, format))?;
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

#[cfg(test)]
mod tests {
    use super::*;

    const SHA256: &str = "c200ee53c200ee53c200ee53c200ee53c200ee53c200ee53c200ee53c200ee53";

    #[test]
    fn labels_of_the_first_release_are_read() {
        let text = r#"{"plugin": {"name": "demo", "version": "1.0.1", "generation": "4.0.0"},
            "format": "rpm", "size": 7, "unpacked": {"bytes": 9, "entries": 2}, "transaction": 3}"#;
        let label: Label = serde_json::from_str(text).unwrap();
        assert_eq!((label.origin, label.voucher), (Origin::File, Voucher::Unknown));
    }

    #[test]
    fn a_signature_goes_wherever_its_package_goes() {
        let folder = tempfile::tempdir().unwrap();
        let incoming = Shelf::new(folder.path().join("incoming"));
        let kept = Shelf::new(folder.path().join("kept"));
        fs_err::create_dir(incoming.folder()).unwrap();
        for file in [Shelf::package, Shelf::signature] {
            fs_err::write(file(&incoming, SHA256, Format::Deb), "content").unwrap();
        }
        let label = Label {
            plugin: PluginId {
                name: "demo".parse().unwrap(),
                version: "1.0.1".parse().unwrap(),
                generation: plugin::Generation::V4,
            },
            format: Format::Deb,
            size: 7,
            unpacked: Extent::default(),
            transaction: None,
            origin: Origin::Repository("main".to_owned()),
            voucher: Voucher::Unsigned,
        };
        incoming.put_label(SHA256, &label).unwrap();
        kept.take_over(&incoming, SHA256, Transaction(4)).unwrap();
        kept.tidy().unwrap();
        let names = |shelf: &Shelf| fs_err::read_dir(shelf.folder()).unwrap().count();
        assert_eq!((names(&incoming), names(&kept)), (0, 3));
        let found = kept.label(SHA256).unwrap().unwrap();
        assert_eq!(found, Label { transaction: Some(Transaction(4)), ..label });
        kept.remove(SHA256, Format::Deb).unwrap();
        assert_eq!(names(&kept), 0);
    }
}
