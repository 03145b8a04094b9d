//! Tar entries in GNU form.

use std::io::{self, Read, Write};
use std::path::PathBuf;

use tar::{EntryType, Header};

use super::path;
use crate::contents::Entry;
use crate::{Content, Kind, Limits, WriteError};

/// Writes an archive in which everything belongs to root and has one time.
pub(crate) struct Writer<W: Write> {
    tar: tar::Builder<W>,
    prefix: &'static str,
    floor: fn(&str) -> usize,
    time: u32,
}

impl<W: Write> Writer<W> {
    /// Starts an archive; `prefix` stands before every path, and `floor` is that of the reader.
    pub(crate) fn new(out: W, prefix: &'static str, floor: fn(&str) -> usize, time: u32) -> Self {
        Self { tar: tar::Builder::new(out), prefix, floor, time }
    }

    /// Adds the entry at `path`; `watch` sees a file's bytes as they pass.
    pub(crate) fn append(
        &mut self,
        path: &str,
        entry: &Entry,
        watch: &mut dyn FnMut(&[u8]),
    ) -> Result<(), WriteError> {
        check(path, entry, self.floor)?;
        match &entry.kind {
            Kind::Folder => Ok(self.folder(path, entry.mode)?),
            Kind::Link { target } => {
                let mut header = self.header(EntryType::Symlink, entry.mode, 0);
                self.long(EntryType::GNULongLink, target.as_bytes())?;
                fill(&mut header.as_old_mut().linkname, target.as_bytes());
                Ok(self.entry(path, header, io::empty())?)
            }
            Kind::File { size, content } => {
                let header = self.header(EntryType::Regular, entry.mode, *size);
                let mut exact =
                    Exact { inner: content.open()?, left: *size, changed: false, watch };
                let written = self.entry(path, header, &mut exact);
                if exact.changed {
                    return Err(WriteError::Changed(source(path, content)));
                }
                Ok(written?)
            }
        }
    }

    /// Adds a folder; the empty path is the archive's root.
    pub(crate) fn folder(&mut self, path: &str, mode: u32) -> io::Result<()> {
        let path = if path.is_empty() { String::new() } else { format!("{path}/") };
        self.entry(&path, self.header(EntryType::Directory, mode, 0), io::empty())
    }

    /// Writes the archive's end.
    pub(crate) fn finish(self) -> io::Result<W> {
        self.tar.into_inner()
    }

    fn entry(&mut self, path: &str, mut header: Header, data: impl Read) -> io::Result<()> {
        // The crate's own setters drop a leading `./`, which dpkg's archives have.
        let path = format!("{}{path}", self.prefix);
        self.long(EntryType::GNULongName, path.as_bytes())?;
        fill(&mut header.as_old_mut().name, path.as_bytes());
        header.set_cksum();
        self.tar.append(&header, data)
    }

    /// Writes the record that holds a name for which the header of the next entry has no room.
    fn long(&mut self, kind: EntryType, name: &[u8]) -> io::Result<()> {
        if name.len() <= Header::new_old().as_old().name.len() {
            return Ok(());
        }
        let mut header = self.header(kind, 0o644, name.len() as u64 + 1);
        fill(&mut header.as_old_mut().name, b"././@LongLink");
        header.set_cksum();
        self.tar.append(&header, name.chain(&[0][..]))
    }

    fn header(&self, kind: EntryType, mode: u32, size: u64) -> Header {
        let mut header = Header::new_gnu();
        header.set_entry_type(kind);
        header.set_mode(mode);
        header.set_size(size);
        header.set_uid(0);
        header.set_gid(0);
        header.set_mtime(u64::from(self.time));
        let owner = header.as_gnu_mut().expect("the header was made as a GNU one");
        fill(&mut owner.uname, b"root");
        fill(&mut owner.gname, b"root");
        header
    }
}

/// Puts as much of `text` into a field as there is room for.
fn fill(field: &mut [u8], text: &[u8]) {
    let length = field.len().min(text.len());
    field[..length].copy_from_slice(&text[..length]);
}

/// Refuses what the readers of this crate would refuse.
fn check(path: &str, entry: &Entry, floor: fn(&str) -> usize) -> Result<(), WriteError> {
    let refuse = |why: String| Err(WriteError::Unrepresentable(why));
    if let Err(problem) = path::normal(path.as_bytes(), &Limits::default()) {
        return refuse(problem.to_string());
    }
    match &entry.kind {
        Kind::Link { target } => path::check_link(path, target, floor(path))
            .or_else(|problem| refuse(problem.to_string())),
        Kind::File { .. } if entry.mode & 0o6000 != 0 => {
            refuse(format!("`{}` is a set-uid or set-gid program", path.escape_debug()))
        }
        Kind::File { .. } | Kind::Folder => Ok(()),
    }
}

/// Returns what to call a file that changed.
fn source(path: &str, content: &Content) -> PathBuf {
    match content {
        Content::OnDisk(source) => source.clone(),
        Content::InMemory(_) => path.into(),
    }
}

/// Reads a file that must have exactly the length announced.
struct Exact<'a, R> {
    inner: R,
    left: u64,
    changed: bool,
    watch: &'a mut dyn FnMut(&[u8]),
}

impl<R: Read> Read for Exact<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        let count = self.inner.read(buffer)?;
        if count as u64 > self.left || (count == 0 && self.left > 0) {
            self.changed = true;
            return Err(io::Error::other("the file's length changed"));
        }
        self.left -= count as u64;
        (self.watch)(&buffer[..count]);
        Ok(count)
    }
}
