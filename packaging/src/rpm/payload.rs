//! Packs a payload: files → archive records → compressor → a scratch file without a name.
//!
//! Each byte of a file is read once; digests are made on the way. Reading, compressing and writing
//! each have a thread.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::PathBuf;

use sha2::Sha256;

use super::cpio::{self, Entry};
use super::manifest::{Body, Item, Manifest};
use crate::background::Background;
use crate::codec::{Encoder, Method};
use crate::contents::Content;
use crate::digest::Hashing;
use crate::{Settings, WriteError};

/// Bytes read from a file at once.
const CHUNK: usize = 64 << 10;

/// A packed payload.
#[derive(Debug)]
pub(super) struct Payload {
    /// The compressed bytes; the position is at their end.
    pub(super) scratch: File,
    /// SHA-256 of the compressed bytes, hexadecimal.
    pub(super) sha256: String,
    /// Length of the compressed bytes.
    pub(super) length: u64,
    /// Length of the archive before compression.
    pub(super) unpacked: u64,
    /// SHA-256 of each file, hexadecimal; empty for folders and links.
    pub(super) digests: Vec<String>,
}

/// The archive being written.
struct Packer<'a> {
    out: Background<Encoder<Background<Hashing<File, Sha256>>>>,
    written: u64,
    buffer: Vec<u8>,
    progress: &'a dyn Fn(u64),
}

/// Packs all of `manifest`.
pub(super) fn pack(
    manifest: &Manifest<'_>,
    time: u32,
    method: Method,
    settings: &Settings<'_>,
) -> Result<Payload, WriteError> {
    let scratch = Background::new(Hashing::new(tempfile::tempfile_in(settings.scratch)?));
    let out = Background::new(Encoder::new(scratch, method)?);
    let mut packer =
        Packer { out, written: 0, buffer: vec![0; CHUNK], progress: settings.progress };
    let mut digests = Vec::with_capacity(manifest.items().len());
    for (index, item) in (0..).zip(manifest.items()) {
        packer.start(item, index, time, manifest.is_large())?;
        digests.push(packer.body(item)?);
        cpio::write_padding(&mut packer, item.size)?;
    }
    cpio::write_trailer(&mut packer)?;
    let unpacked = packer.written;
    let packed = packer.out.finish()?.finish()?.finish()?.finish();
    Ok(Payload {
        scratch: packed.inner,
        sha256: packed.digest,
        length: packed.length,
        unpacked,
        digests,
    })
}

impl Packer<'_> {
    fn start(&mut self, item: &Item<'_>, index: u32, time: u32, stripped: bool) -> io::Result<()> {
        if stripped {
            return cpio::write_stripped(self, index);
        }
        let entry = Entry { path: &item.path, index, mode: item.mode, time, size: item.size };
        cpio::write_named(self, &entry)
    }

    /// Writes what the archive has of `item` and returns a file's digest.
    fn body(&mut self, item: &Item<'_>) -> Result<String, WriteError> {
        match item.body {
            Body::Folder => {}
            Body::Link(target) => self.write_all(target.as_bytes())?,
            Body::File(content) => return self.file(item, content),
        }
        Ok(String::new())
    }

    fn file(&mut self, item: &Item<'_>, content: &Content) -> Result<String, WriteError> {
        let mut source = Hashing::<_, Sha256>::new(content.open()?);
        loop {
            let count = match source.read(&mut self.buffer) {
                Ok(0) => break,
                Ok(count) => count,
                Err(failure) if failure.kind() == io::ErrorKind::Interrupted => continue,
                Err(failure) => return Err(failure.into()),
            };
            // Also keeps a file that grows without end from filling the disk.
            if source.length() > item.size {
                break;
            }
            self.out.write_all(&self.buffer[..count])?;
            self.written += count as u64;
            (self.progress)(count as u64);
        }
        let read = source.finish();
        if read.length == item.size { Ok(read.digest) } else { Err(changed(item, content)) }
    }
}

impl Write for Packer<'_> {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        let count = self.out.write(buffer)?;
        self.written += count as u64;
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

fn changed(item: &Item<'_>, content: &Content) -> WriteError {
    WriteError::Changed(match content {
        Content::OnDisk(path) => path.clone(),
        Content::InMemory(_) => PathBuf::from(&item.path),
    })
}
