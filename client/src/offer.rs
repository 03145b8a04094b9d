//! A package that is offered to the host: a file, read and verified, and nothing of it trusted that was
//! not.

mod chain;
mod contents;
mod error;
mod identity;
mod intake;
mod payload;
mod scripts;
pub(crate) mod shelf;
mod vouch;

use std::path::PathBuf;

use plugin::Format;
use registry::{Origin, Plugin, Voucher};

use crate::trust::Backing;

pub use contents::{Contents, contents};
pub use error::OfferError;
pub use intake::Intake;
pub(crate) use intake::make_incoming;
pub use scripts::Script;

/// A verified package file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// What its metadata says.
    pub plugin: Plugin,
    /// RPM, deb or fp, by content.
    pub format: Format,
    /// The package's name as the package manager has it: `demo-1.0`; for an fp its folder.
    pub package: String,
    /// The package's version as the package manager writes it: `1.0.2-1`; for an fp the plugin's.
    pub version: String,
    /// Our private copy.
    pub file: PathBuf,
    /// Length in bytes.
    pub size: u64,
    /// SHA-256 of the whole file, hexadecimal.
    pub sha256: String,
    /// How it came here.
    pub provenance: Provenance,
    /// Who vouches for it.
    pub backing: Backing,
    /// The same as the registry remembers it.
    pub voucher: Voucher,
    /// What of it runs as root, in the order in which it runs, that is not what `fpb` generates.
    pub scripts: Vec<Script>,
}

/// How a package came to be offered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Provenance {
    /// Named on the command line, as given.
    File(PathBuf),
    /// Taken from a repository, by its identifier.
    Repository(String),
    /// Kept from an earlier installation, when it came from there.
    Kept(Origin),
}

impl Provenance {
    /// Returns what the registry remembers of it.
    pub fn origin(&self) -> Origin {
        match self {
            Self::File(_) => Origin::File,
            Self::Repository(name) => Origin::Repository(name.clone()),
            Self::Kept(origin) => origin.clone(),
        }
    }
}
