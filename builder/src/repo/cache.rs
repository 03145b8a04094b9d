//! What packages of the pool said when they were last read. May be lost, or be wrong about files that
//! were replaced: then they are read again.

use std::collections::BTreeMap;
use std::io::{self, BufWriter, Write};
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use packaging::durable;
use serde::{Deserialize, Serialize};

use super::{Error, Item};

/// The file in a repository's folder.
pub(super) const CACHE: &str = ".cache.json";

/// Raised whenever the same package would be described otherwise.
const SCHEMA: u32 = 2;

/// What is remembered, by a package's place.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Cache {
    schema: u32,
    entries: BTreeMap<String, Entry>,
    #[serde(skip)]
    changed: bool,
}

/// A package as it was.
#[derive(Debug, Serialize, Deserialize)]
struct Entry {
    /// Seconds and nanoseconds.
    changed: (i64, i64),
    item: Item,
}

impl Cache {
    /// Reads what is remembered in `folder`: nothing, where that cannot be read.
    pub(super) fn read(folder: &Path) -> Self {
        let read = || {
            let text = fs_err::read_to_string(folder.join(CACHE)).ok()?;
            serde_json::from_str(&text).ok().filter(|cache: &Self| cache.schema == SCHEMA)
        };
        read().unwrap_or_default()
    }

    /// Returns what the file at `place` below `folder` is, read only where it is not remembered.
    pub(super) fn look_up(&mut self, folder: &Path, place: &str) -> Result<Item, Error> {
        let path = folder.join(place);
        let metadata = fs_err::metadata(&path)?;
        let changed = (metadata.mtime(), metadata.mtime_nsec());
        let known = self.entries.get(place);
        let known = known.filter(|it| it.changed == changed && it.item.size == metadata.len());
        if let Some(entry) = known {
            return Ok(entry.item.clone());
        }
        let item = Item::read(&path)?;
        self.entries.insert(place.to_owned(), Entry { changed, item: item.clone() });
        self.changed = true;
        Ok(item)
    }

    /// Forgets all but what is at `places`, which are sorted.
    pub(super) fn retain(&mut self, places: &[String]) {
        let before = self.entries.len();
        self.entries.retain(|place, _| places.binary_search(place).is_ok());
        self.changed |= before != self.entries.len();
    }

    /// Writes what is remembered into `folder`, where that has changed.
    pub(super) fn write(&mut self, folder: &Path) -> Result<(), Error> {
        if !self.changed {
            return Ok(());
        }
        self.schema = SCHEMA;
        durable::replace(&folder.join(CACHE), |file| {
            let mut out = BufWriter::new(file);
            serde_json::to_writer(&mut out, self).map_err(io::Error::from)?;
            out.flush()
        })?;
        self.changed = false;
        Ok(())
    }
}
