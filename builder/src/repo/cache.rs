//! What packages of the pool said when they were last read. May be lost, or be wrong about files that
//! were replaced: then they are read again.
//!
//! Most of what is remembered stays text: of ten thousand packages nothing but their length, time and
//! digest is looked at where nothing has changed.

use std::collections::BTreeMap;
use std::fs::Metadata;
use std::io::{self, BufWriter, Write};
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use packaging::durable;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::{Error, Item};

/// The file in a repository's folder.
pub(super) const CACHE: &str = ".cache.json";

/// Raised whenever the same package would be described otherwise.
pub(super) const SCHEMA: u32 = 3;

/// The text of the cache.
pub(super) struct Memory(String);

/// What is remembered, by a package's place.
#[derive(Serialize, Deserialize)]
struct Document<T> {
    schema: u32,
    entries: T,
}

/// A package as it was.
#[derive(Clone, Copy, Deserialize)]
pub(super) struct Remembered<'a> {
    pub(super) stamp: Stamp,
    pub(super) sha256: &'a str,
    #[serde(borrow)]
    item: &'a RawValue,
}

/// By what a file is known to be the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Stamp {
    pub(super) size: u64,
    /// Seconds and nanoseconds.
    changed: (i64, i64),
}

/// A package as it is to be remembered.
#[derive(Serialize)]
pub(super) struct Entry<'a> {
    stamp: Stamp,
    sha256: &'a str,
    item: Described<'a>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Described<'a> {
    Before(&'a RawValue),
    Now(&'a Item),
}

impl Memory {
    /// Reads what is remembered in `folder`: nothing, where that cannot be read.
    pub(super) fn read(folder: &Path) -> Self {
        Self(fs_err::read_to_string(folder.join(CACHE)).unwrap_or_default())
    }

    /// Returns what is remembered of each place.
    pub(super) fn entries(&self) -> BTreeMap<&str, Remembered<'_>> {
        match serde_json::from_str::<Document<_>>(&self.0) {
            Ok(Document { schema: SCHEMA, entries }) => entries,
            _ => BTreeMap::new(),
        }
    }
}

impl Remembered<'_> {
    /// Returns the package, if the text is one.
    pub(super) fn item(&self) -> Option<Item> {
        serde_json::from_str(self.item.get()).ok()
    }
}

impl Stamp {
    pub(super) fn of(metadata: &Metadata) -> Self {
        Self { size: metadata.len(), changed: (metadata.mtime(), metadata.mtime_nsec()) }
    }
}

impl<'a> From<&Remembered<'a>> for Entry<'a> {
    fn from(known: &Remembered<'a>) -> Self {
        let Remembered { stamp, sha256, item } = *known;
        Self { stamp, sha256, item: Described::Before(item) }
    }
}

impl<'a> Entry<'a> {
    /// Returns what is to be remembered of a package that was just read.
    pub(super) fn new(stamp: Stamp, item: &'a Item) -> Self {
        Self { stamp, sha256: &item.sha256, item: Described::Now(item) }
    }
}

/// Writes what is to be remembered into `folder`.
pub(super) fn write(folder: &Path, entries: &BTreeMap<&str, Entry<'_>>) -> Result<(), Error> {
    durable::replace(&folder.join(CACHE), |file| {
        let mut out = BufWriter::with_capacity(1 << 16, file);
        let document = Document { schema: SCHEMA, entries };
        serde_json::to_writer(&mut out, &document).map_err(io::Error::from)?;
        Ok(out.flush()?)
    })
}
