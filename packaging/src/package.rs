//! What was read from a package file.

use std::collections::BTreeMap;
use std::io::{self, Read};

use plugin::Format;

use crate::signature::Fingerprint;

/// A package file as read; nothing in it is trusted.
#[derive(Clone, Debug)]
pub struct Package {
    /// RPM, deb or fp.
    pub format: Format,
    /// The package's name: `demo-1.0`.
    pub name: String,
    /// Its version as the format orders it: `1.0.2`, `1.0.0~b2`.
    pub version: String,
    /// Its release, revision; `None` for fp.
    pub release: Option<String>,
    /// Header tags or control fields for people, in the format's own words and order.
    pub fields: Vec<(String, String)>,
    /// What it provides, requires, conflicts with …, one expression each, sorted.
    pub relations: Vec<(Relation, String)>,
    /// Scripts, in the order in which they run.
    pub scripts: Vec<Script>,
    /// Files, folders and links by absolute path on a host (fp: below the plugins root).
    pub files: BTreeMap<String, File>,
    /// The plugin's own `metadata.yaml`, where the package has one; at most 1 MiB.
    pub metadata: Option<String>,
    /// How the payload is compressed, in the format's words: `zstd`, `gzip`, `xz`, `none`.
    pub compression: String,
    /// Length of the file in bytes.
    pub size: u64,
    /// SHA-256 of the whole file, hexadecimal.
    pub sha256: String,
    /// What the package's own digests and signatures say.
    pub integrity: Vec<Integrity>,
}

impl Package {
    /// Whether all digests that were judged hold. Signatures are not judged, so that this says nothing
    /// of who made the package.
    pub fn is_intact(&self) -> bool {
        self.integrity.iter().all(|item| item.holds != Some(false))
    }
}

/// How packages depend on each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the terms are those of package managers")]
pub enum Relation {
    Provides,
    Requires,
    Recommends,
    Conflicts,
    Replaces,
}

/// A script of a package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Script {
    /// The format's name for it: `%pre`, `postinst`.
    pub name: String,
    /// Interpreter and arguments.
    pub interpreter: Vec<String>,
    /// Its text.
    pub body: String,
}

/// One entry of a payload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Type and permission bits as in `st_mode`.
    pub mode: u32,
    /// `user:group`.
    pub owner: String,
    /// Seconds since 1970.
    pub time: u64,
    /// Length in bytes; 0 but for regular files.
    pub size: u64,
    /// SHA-256 of a regular file, hexadecimal.
    pub sha256: Option<String>,
    /// What a symbolic link says, or for a hard link the absolute path that has the file's bytes: in a
    /// tar a path before, in an RPM one behind. Length and SHA-256 are those of the file in any case.
    pub target: Option<String>,
}

impl File {
    /// Whether this is a regular file, by whichever of its names.
    pub fn is_regular(&self) -> bool {
        self.mode & 0o170_000 == 0o100_000
    }

    /// Whether this is a symbolic link.
    pub fn is_link(&self) -> bool {
        self.mode & 0o170_000 == 0o120_000
    }

    /// Whether this is a further name of a regular file, whose bytes come under [`File::target`].
    pub fn is_hard_link(&self) -> bool {
        self.is_regular() && self.target.is_some()
    }
}

/// What [`crate::visit`] calls for every entry of a payload: its absolute path on a host, what it is,
/// and a file's bytes, of which a hard link has none. The digest of these bytes is not known yet.
pub type Visitor<'a> = dyn FnMut(&str, &File, &mut dyn Read) -> Result<(), ReadError> + 'a;

/// One digest or signature that the package carries over itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Integrity {
    /// What it covers and how: `payload sha256`.
    pub name: String,
    /// Whether it holds; `None` where that was not judged (signatures).
    pub holds: Option<bool>,
    /// Of a signature the key that it says made it.
    pub issuer: Option<Fingerprint>,
}

impl Integrity {
    /// A digest that was compared.
    pub fn digest(name: &str, holds: bool) -> Self {
        Self { name: name.to_owned(), holds: Some(holds), issuer: None }
    }

    /// A signature that was found, and is not judged.
    pub fn signature(name: &str, issuer: Option<Fingerprint>) -> Self {
        Self { name: name.to_owned(), holds: None, issuer }
    }
}

/// Why a package cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The file could not be read.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// It is none of ours.
    #[error("not a package: neither RPM, deb nor fp")]
    Unrecognised,
    /// It breaks its format's rules; what and where.
    #[error("damaged {format:?} package: {problem}")]
    Damaged {
        /// Its format.
        format: Format,
        /// What is wrong.
        problem: String,
    },
    /// It is larger than allowed.
    #[error("package exceeds a limit: {0}")]
    Limit(String),
    /// A path that would leave its folder, or an entry that no package may have.
    #[error("package holds something unsafe: {0}")]
    Unsafe(String),
}
