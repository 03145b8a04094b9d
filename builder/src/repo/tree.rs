//! The tree that is to be published: each path, and where its bytes come from. Nothing is written here.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Cursor;
use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;
use packaging::digest::{Hashed, Hashing};
use sha2::{Digest, Sha256};

use super::cache::SCHEMA;
use super::manifest::{Entry, Manifest};
use super::pool::Pool;
use super::{Error, Item, Notices, Seal, Settings};

/// Where a file's bytes come from.
#[derive(Debug)]
pub(super) enum Source {
    /// The pool: place and what is there.
    Pool(String, Entry),
    /// The tree that is published now, at the same path.
    Kept(Entry),
    /// Memory, which several files may have in common.
    Bytes(Arc<Vec<u8>>),
}

/// What is to be published.
pub(super) struct Edition<'a> {
    /// The repository's folder.
    pub(super) folder: &'a Path,
    pub(super) settings: &'a Settings,
    pub(super) items: &'a [Item],
    pub(super) notices: &'a Notices,
    pub(super) seal: Option<&'a dyn Seal>,
    /// What is published now.
    pub(super) old: Option<&'a Manifest>,
    /// When this is published, and until when it is to be trusted.
    pub(super) time: u32,
    pub(super) end: u32,
    /// A digest of what it is made from.
    pub(super) inputs: String,
}

/// The files by path.
#[derive(Debug, Default)]
pub(super) struct Tree {
    pub(super) files: BTreeMap<String, Source>,
}

impl Tree {
    /// Returns the folders that files are in, each behind the one that it is in.
    pub(super) fn folders(&self) -> BTreeSet<&str> {
        let mut folders = BTreeSet::new();
        for path in self.files.keys() {
            let ends = path.rmatch_indices('/').map(|(end, _)| &path[..end]);
            // Where a folder is known, those around it are too.
            for folder in ends {
                if !folders.insert(folder) {
                    break;
                }
            }
        }
        folders
    }

    /// Puts `bytes` at `path`.
    pub(super) fn put(&mut self, path: impl Into<String>, bytes: impl Into<Vec<u8>>) {
        self.share(path, &Arc::new(bytes.into()));
    }

    /// Puts `bytes` at `path` as well as elsewhere.
    pub(super) fn share(&mut self, path: impl Into<String>, bytes: &Arc<Vec<u8>>) {
        self.files.insert(path.into(), Source::Bytes(Arc::clone(bytes)));
    }

    /// Puts the package `item` at `path`.
    pub(super) fn link(&mut self, path: String, item: &Item) {
        let entry = Entry { size: item.size, sha256: item.sha256.clone() };
        self.files.insert(path, Source::Pool(item.place(), entry));
    }

    /// Puts `bytes` at `path`, and beside it a signature where there is a key.
    pub(super) fn seal(
        &mut self,
        edition: &Edition<'_>,
        path: &str,
        bytes: impl Into<Vec<u8>>,
    ) -> Result<(), Error> {
        let bytes = bytes.into();
        if let Some(seal) = edition.seal {
            let signature = seal.detached(&mut Cursor::new(&bytes)).map_err(Error::NotSigned)?;
            self.put(format!("{path}.asc"), signature);
        }
        self.put(path, bytes);
        Ok(())
    }
}

impl Source {
    /// Returns the length and digest of the bytes.
    pub(super) fn entry(&self) -> Entry {
        match self {
            Self::Pool(_, entry) | Self::Kept(entry) => entry.clone(),
            Self::Bytes(bytes) => {
                Entry { size: bytes.len() as u64, sha256: hex::encode(Sha256::digest(&**bytes)) }
            }
        }
    }
}

impl Edition<'_> {
    /// Returns who signs.
    pub(super) fn signer(&self) -> Option<String> {
        self.seal.map(|seal| seal.fingerprint())
    }
}

/// Returns a digest of all that decides what is published, apart from the time. What indexes say of a
/// package follows from its bytes.
pub(super) fn inputs(settings: &Settings, pool: &Pool<'_>, notices: &Notices) -> String {
    let mut out = Hashing::<_, Sha256>::new(std::io::sink());
    let packages: Vec<_> = pool.digests().collect();
    let inputs = (env!("CARGO_PKG_VERSION"), SCHEMA, settings, packages, &notices.0);
    serde_json::to_writer(&mut out, &inputs).expect("its keys are texts");
    let Hashed { digest, .. } = out.finish();
    digest
}

/// Returns seconds since 1970 as a time.
pub(super) fn timestamp(seconds: u32) -> Timestamp {
    Timestamp::from_second(seconds.into()).expect("32 bits of seconds are in range")
}
