//! Tar entries, checked one by one while the archive streams by.

use std::collections::HashMap;
use std::collections::hash_map::Entry as Slot;
use std::io::{self, Read};

use plugin::Format;
use tar::{EntryType, Header};

use super::path;
use super::records::Pending;
use crate::package::{File, Visitor};
use crate::stream::{cause, damaged, read_error};
use crate::{Limits, ReadError};

/// What an archive of a format must keep to.
pub(crate) struct Rules<'a> {
    /// For errors.
    pub(crate) format: Format,
    /// Bounds.
    pub(crate) limits: &'a Limits,
    /// The folder of a host that the archive's paths are relative to; empty for `/`.
    pub(crate) root: &'static str,
    /// Says how many leading parts of an entry's path a link there must not climb out of.
    pub(crate) floor: fn(&str) -> usize,
}

impl Rules<'_> {
    fn absolute(&self, path: &str) -> String {
        format!("{}/{path}", self.root)
    }
}

/// Reads the archive up to its end and shows every entry to `visitor`, by its absolute path on a host.
pub(crate) fn walk(
    input: &mut dyn Read,
    rules: &Rules<'_>,
    visitor: &mut Visitor<'_>,
) -> Result<(), ReadError> {
    let broken = |error| read_error(rules.format, error);
    let mut tree = Tree { rules, seen: HashMap::new(), held: 0 };
    let mut archive = tar::Archive::new(input);
    let mut pending = Pending::default();
    // Raw: the crate would hold a long name of any length in memory.
    for entry in archive.entries().map_err(broken)?.raw(true) {
        let mut entry = entry.map_err(broken)?;
        let kind = entry.header().entry_type();
        if pending.take(kind, &mut entry, rules)? {
            continue;
        }
        let header = entry.header().clone();
        let names = std::mem::take(&mut pending);
        names.check_size(header.entry_size().map_err(broken)?, rules)?;
        let (path, file) = tree.admit(&header, names)?;
        if !path.is_empty() {
            let left = if file.is_hard_link() { 0 } else { file.size };
            let mut content = Content { inner: &mut entry, left, format: rules.format };
            visitor(&rules.absolute(&path), &file, &mut content).map_err(cause)?;
        }
    }
    if pending.is_any() {
        return Err(damaged(rules.format, "a name without its entry"));
    }
    Ok(())
}

/// A file's bytes: exactly as many as were announced. Its errors hold a [`ReadError`].
struct Content<'a> {
    inner: &'a mut dyn Read,
    left: u64,
    format: Format,
}

impl Read for Content<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let broken = |error| io::Error::other(read_error(self.format, error));
        let count = self.inner.read(buffer).map_err(broken)?;
        if count == 0 && self.left > 0 && !buffer.is_empty() {
            return Err(io::Error::other(damaged(self.format, "a file is cut off")));
        }
        self.left -= count as u64;
        Ok(count)
    }
}

/// What has been seen at a path.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Seen {
    /// A folder that so far only its content speaks of.
    Implied,
    Folder,
    File {
        size: u64,
    },
    Link,
}

/// The tree that the entries so far make.
struct Tree<'a> {
    rules: &'a Rules<'a>,
    seen: HashMap<String, Seen>,
    held: u64,
}

impl Tree<'_> {
    /// Checks an entry against those before it.
    fn admit(&mut self, header: &Header, names: Pending) -> Result<(String, File), ReadError> {
        let rules = self.rules;
        let written = names.path.unwrap_or_else(|| header.path_bytes().into_owned());
        let path = path::normal(&written, rules.limits)?;
        let (mut kind, type_bits) = self.kind(header, &path)?;
        if (path.is_empty() || written.ends_with(b"/")) && kind != Seen::Folder {
            return Err(damaged(rules.format, "a file with the name of a folder"));
        }
        let mut file = self.describe(header, type_bits)?;
        let target = names.target.or_else(|| header.link_name_bytes().map(Into::into));
        match header.entry_type() {
            EntryType::Symlink => file.target = Some(self.link(&path, target)?),
            EntryType::Link => {
                (file.target, file.size) = self.hard_link(&path, target)?;
                kind = Seen::File { size: file.size };
            }
            _ => {}
        }
        if file.is_regular() && file.mode & 0o6000 != 0 {
            return Err(refused(&path, "is a set-uid or set-gid program"));
        }
        self.place(&path, kind)?;
        Ok((path, file))
    }

    fn kind(&self, header: &Header, path: &str) -> Result<(Seen, u32), ReadError> {
        Ok(match header.entry_type() {
            EntryType::Directory => (Seen::Folder, 0o040_000),
            EntryType::Symlink => (Seen::Link, 0o120_000),
            EntryType::Regular | EntryType::Link => {
                let size =
                    header.entry_size().map_err(|error| read_error(self.rules.format, error))?;
                (Seen::File { size }, 0o100_000)
            }
            EntryType::Char | EntryType::Block => return Err(refused(path, "is a device")),
            EntryType::Fifo => return Err(refused(path, "is a pipe")),
            other => {
                let problem = format!("an entry of type `{}`", other.as_byte().escape_ascii());
                return Err(damaged(self.rules.format, problem));
            }
        })
    }

    fn link(&mut self, path: &str, target: Option<Vec<u8>>) -> Result<String, ReadError> {
        let target = target.unwrap_or_default();
        if target.len() > self.rules.limits.path {
            return Err(ReadError::Limit(format!("a link of {} bytes", target.len())));
        }
        let target =
            String::from_utf8(target).map_err(|_| refused(path, "is a link that is not UTF-8"))?;
        path::check_link(path, &target, (self.rules.floor)(path))?;
        self.held += target.len() as u64;
        Ok(target)
    }

    /// Returns which file a hard link names, and how long that is.
    fn hard_link(
        &mut self,
        path: &str,
        target: Option<Vec<u8>>,
    ) -> Result<(Option<String>, u64), ReadError> {
        let target = path::normal(&target.unwrap_or_default(), self.rules.limits)?;
        let Some(&Seen::File { size }) = self.seen.get(&target) else {
            return Err(refused(path, "is a hard link to no file of the package"));
        };
        self.held += target.len() as u64;
        Ok((Some(self.rules.absolute(&target)), size))
    }

    fn describe(&self, header: &Header, type_bits: u32) -> Result<File, ReadError> {
        let broken = |error| read_error(self.rules.format, error);
        let size = header.entry_size().map_err(broken)?;
        if size > 0 && header.entry_type() != EntryType::Regular {
            return Err(damaged(self.rules.format, "a folder or link with content"));
        }
        let number = |id: io::Result<u64>| id.map(|id| id.to_string()).map_err(broken);
        let proper = |name: &str| !name.is_empty() && !name.contains(char::is_control);
        let user = match header.username() {
            Ok(Some(name)) if proper(name) => name.to_owned(),
            _ => number(header.uid())?,
        };
        let group = match header.groupname() {
            Ok(Some(name)) if proper(name) => name.to_owned(),
            _ => number(header.gid())?,
        };
        Ok(File {
            mode: type_bits | (header.mode().map_err(broken)? & 0o7777),
            owner: format!("{user}:{group}"),
            time: header.mtime().map_err(broken)?,
            size,
            sha256: None,
            target: None,
        })
    }

    /// Gives an entry its place: free, and below folders only.
    fn place(&mut self, path: &str, kind: Seen) -> Result<(), ReadError> {
        for (at, _) in path.match_indices('/') {
            match self.seen.get(&path[..at]) {
                Some(Seen::Implied | Seen::Folder) => {}
                Some(Seen::File { .. } | Seen::Link) => {
                    return Err(refused(path, "lies below a link or file"));
                }
                None => self.hold(&path[..at], Seen::Implied)?,
            }
        }
        if let Slot::Occupied(mut slot) = self.seen.entry(path.to_owned()) {
            if *slot.get() != Seen::Implied || kind != Seen::Folder {
                return Err(refused(path, "comes twice"));
            }
            slot.insert(kind);
            return Ok(());
        }
        self.hold(path, kind)
    }

    fn hold(&mut self, path: &str, kind: Seen) -> Result<(), ReadError> {
        self.seen.insert(path.to_owned(), kind);
        self.held += path.len() as u64;
        if self.seen.len() > self.rules.limits.entries {
            return Err(ReadError::Limit(format!(
                "more than {} entries",
                self.rules.limits.entries
            )));
        }
        if self.held > self.rules.limits.header {
            return Err(ReadError::Limit("the names of its entries take too much".to_owned()));
        }
        Ok(())
    }
}

fn refused(path: &str, why: &str) -> ReadError {
    ReadError::Unsafe(format!("`{}` {why}", path.escape_debug()))
}
