//! Repositories of packages: one pool, from which yum, apt and those who unpack fp packages are served.
//!
//! A repository is a folder: `repo.yaml` says what it is, `pool/` has every package that was added,
//! `advisories/` the notices. [`publish`](Repository::publish) makes `public/` of these: a tree of plain
//! files for any web server. Whoever writes holds the [`Lock`]; readers need none, because files and
//! the tree are replaced whole. What packages say is remembered in a cache, which may be lost.
//!
//! Order of a publication: read the pool → make all indexes in memory → build the new tree beside the
//! old one → sync → exchange the two in one step. The tree that was replaced is kept until the next
//! publication, for those who are still reading it.

mod advisory;
mod apt;
mod arrival;
mod cache;
mod change;
mod error;
mod export;
mod fp;
mod item;
mod level;
mod list;
mod lock;
mod manifest;
mod matrix;
mod page;
mod parallel;
mod pool;
mod publish;
mod seal;
mod settings;
mod stage;
mod tree;
mod verify;
mod yum;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

pub use advisory::{Advisory, Notices, Severity, Spec};
pub use change::{Added, Keep, Removal};
pub use error::Error;
pub use export::export;
pub use item::{Index, Item};
pub use level::Level;
pub use list::Row;
pub use lock::Lock;
pub use manifest::{MANIFEST, Manifest};
pub use publish::{Published, Request};
pub use seal::{Judge, Key, Keys, Seal, Signable};
pub use settings::{Days, Fingerprint, Line, Packing, SETTINGS, Settings, Word};
pub use verify::{Trust, Verified, verify};

use packaging::durable;

/// What is in a repository's folder beside its settings.
const POOL: &str = "pool";
const ADVISORIES: &str = "advisories";
const PUBLIC: &str = "public";

/// A repository on disk.
#[derive(Debug)]
pub struct Repository {
    folder: PathBuf,
    /// What it is.
    pub settings: Settings,
}

impl Repository {
    /// Makes a repository in `folder`, which may be there but must not be one.
    pub fn init(folder: &Path, settings: Settings) -> Result<Self, Error> {
        let file = folder.join(SETTINGS);
        if file.symlink_metadata().is_ok() {
            return Err(Error::Exists(folder.to_owned()));
        }
        for part in [POOL, ADVISORIES] {
            fs_err::create_dir_all(folder.join(part))?;
        }
        durable::replace(&file, |out| out.write_all(settings.text().as_bytes()))?;
        Ok(Self { folder: folder.to_owned(), settings })
    }

    /// Opens the repository in `folder`.
    pub fn open(folder: &Path) -> Result<Self, Error> {
        let file = folder.join(SETTINGS);
        if !file.is_file() {
            return Err(Error::NoRepository(folder.to_owned()));
        }
        let settings = Settings::parse(&file, &fs_err::read_to_string(&file)?)?;
        Ok(Self { folder: folder.to_owned(), settings })
    }

    /// Keeps all other writers out until the lock is dropped; waits for them as long as `patience`.
    pub fn lock(&self, patience: Duration) -> Result<Lock, Error> {
        Lock::take(&self.folder, patience)
    }

    /// Returns the folder that is published.
    pub fn public(&self) -> PathBuf {
        self.folder.join(PUBLIC)
    }

    fn pool(&self) -> PathBuf {
        self.folder.join(POOL)
    }
}
