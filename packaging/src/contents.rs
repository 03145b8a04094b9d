//! The files of a package, sorted, with the modes that they will have on the host.

use std::collections::BTreeMap;
use std::io::{self, Read};
use std::ops::Bound;
use std::path::PathBuf;
use std::sync::Arc;

/// What lies below a package's top folder, by relative path (`/` between parts, sorted bytewise).
///
/// Every folder on the way to an entry is an entry itself, so parents come before what is in them.
#[derive(Clone, Debug, Default)]
pub struct Contents {
    entries: BTreeMap<String, Entry>,
}

/// One file, folder or link.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Permission bits, at most `0o7777`.
    pub mode: u32,
    /// What it is.
    pub kind: Kind,
}

/// What an entry is.
#[derive(Clone, Debug)]
pub enum Kind {
    /// A folder.
    Folder,
    /// A symbolic link; relative, and inside the package's folder.
    Link {
        /// What the link says.
        target: String,
    },
    /// A regular file.
    File {
        /// Length in bytes.
        size: u64,
        /// Where the bytes come from.
        content: Content,
    },
}

/// Where a file's bytes come from.
#[derive(Clone, Debug)]
pub enum Content {
    /// A file of the plugin, read when the package is written.
    OnDisk(PathBuf),
    /// Made by us, for example an index.
    InMemory(Arc<[u8]>),
}

impl Content {
    /// Opens the bytes for reading.
    pub fn open(&self) -> io::Result<Box<dyn Read + '_>> {
        Ok(match self {
            Self::OnDisk(path) => Box::new(fs_err::File::open(path)?),
            Self::InMemory(bytes) => Box::new(&bytes[..]),
        })
    }
}

impl Contents {
    /// Puts `entry` at `path`, replacing what was there; makes missing parents, with mode 755.
    pub fn insert(&mut self, path: &str, entry: Entry) {
        for (at, _) in path.match_indices('/') {
            self.entries
                .entry(path[..at].to_owned())
                .or_insert(Entry { mode: 0o755, kind: Kind::Folder });
        }
        self.entries.insert(path.to_owned(), entry);
    }

    /// Puts a file of our own making at `path`, mode 644.
    pub fn insert_text(&mut self, path: &str, bytes: impl Into<Arc<[u8]>>) {
        let bytes = bytes.into();
        let kind = Kind::File { size: bytes.len() as u64, content: Content::InMemory(bytes) };
        self.insert(path, Entry { mode: 0o644, kind });
    }

    /// Takes the entry at `path` out.
    pub fn remove(&mut self, path: &str) -> Option<Entry> {
        self.entries.remove(path)
    }

    /// Returns the entry at `path`.
    pub fn get(&self, path: &str) -> Option<&Entry> {
        self.entries.get(path)
    }

    /// Returns all entries, sorted bytewise by path.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Entry)> {
        self.entries.iter().map(|(path, entry)| (path.as_str(), entry))
    }

    /// Returns the entries inside `folder`, at any depth but not itself, sorted; `""` is the top.
    pub fn below(&self, folder: &str) -> impl Iterator<Item = (&str, &Entry)> {
        let (start, end) = match folder {
            "" => (String::new(), Bound::Unbounded),
            // `0` is the character after `/`.
            _ => (format!("{folder}/"), Bound::Excluded(format!("{folder}0"))),
        };
        self.entries
            .range((Bound::Included(start), end))
            .map(|(path, entry)| (path.as_str(), entry))
    }

    /// Returns how many entries there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is no entry.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Returns the lengths of all files together, in bytes.
    pub fn size(&self) -> u64 {
        let size = |entry: &Entry| match entry.kind {
            Kind::File { size, .. } => size,
            Kind::Folder | Kind::Link { .. } => 0,
        };
        self.entries.values().map(size).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parents_are_entries_and_come_first() {
        let mut contents = Contents::default();
        contents.insert_text("b/c/d", *b"text");
        contents.insert_text("a", *b"");
        let paths: Vec<_> = contents.iter().map(|(path, _)| path).collect();
        assert_eq!(paths, ["a", "b", "b/c", "b/c/d"]);
        assert_eq!(contents.size(), 4);
    }

    #[test]
    fn below_a_folder_is_what_is_inside_it_and_nothing_beside_it() {
        let mut contents = Contents::default();
        for path in ["a-b", "a.b", "a/c/d", "a/e", "a0", "ab/c"] {
            contents.insert_text(path, *b"");
        }
        let below = |folder| contents.below(folder).map(|(path, _)| path).collect::<Vec<_>>();
        assert_eq!(below("a"), ["a/c", "a/c/d", "a/e"]);
        assert_eq!(below("a/c"), ["a/c/d"]);
        assert!(below("a/e").is_empty());
        assert_eq!(below("").len(), contents.len());
    }
}
