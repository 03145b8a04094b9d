//! The files below `repodata`: three streams from the records of packages, a fourth of notices, and
//! `repomd.xml`, which lists them.

use std::io::{self, Write};

use rpmrepo_metadata::{
    Checksum, FilelistsXml, MetadataError, OtherXml, PrimaryXml, RepomdData, RepomdRecord,
    RepomdXml, utils::create_xml_writer,
};
use sha2::{Digest, Sha256};

use super::record::{Record, text};
use super::updateinfo::{self, Notice};
use super::{REPODATA, unwritten};
use crate::Compression;
use crate::background::Background;
use crate::codec::{Encoder, Method};
use crate::digest::Hashing;

/// Metadata on its way into memory.
#[expect(missing_debug_implementations, reason = "holds compressors")]
pub struct Metadata {
    compression: Compression,
    streams: Vec<Stream>,
}

/// One stream: its name, what was written of it, and what it ends with.
struct Stream {
    kind: &'static str,
    packed: Packed,
    end: Vec<u8>,
}

impl Metadata {
    /// Begins the metadata of `count` packages.
    pub fn new(count: usize, compression: Compression) -> io::Result<Self> {
        let frames = frames(count).map_err(unwritten)?;
        let begin = |Frame { kind, begin, end }| {
            let mut packed = Packed::new(compression)?;
            packed.write_all(&begin)?;
            io::Result::Ok(Stream { kind, packed, end })
        };
        let streams = frames.into_iter().map(begin).collect::<io::Result<_>>()?;
        Ok(Self { compression, streams })
    }

    /// Adds a package.
    pub fn add(&mut self, record: &Record) -> io::Result<()> {
        let parts = [&record.primary, &record.filelists, &record.other];
        for (stream, part) in self.streams.iter_mut().zip(parts) {
            stream.packed.write_all(part.as_bytes())?;
        }
        Ok(())
    }

    /// Returns the files: paths, relative to the repository, and bytes; `repomd.xml` last.
    pub fn finish(self, notices: &[Notice<'_>], time: u32) -> io::Result<Vec<(String, Vec<u8>)>> {
        let mut repomd = RepomdData::default();
        repomd.set_revision(&time.to_string());
        let mut files = Vec::new();
        let mut add = |kind, packed: Packed| {
            let (record, path, bytes) = packed.finish(kind, time)?;
            repomd.add_record(record);
            files.push((path, bytes));
            io::Result::Ok(())
        };
        for Stream { kind, mut packed, end } in self.streams {
            packed.write_all(&end)?;
            add(kind, packed)?;
        }
        if !notices.is_empty() {
            let mut packed = Packed::new(self.compression)?;
            packed.write_all(&updateinfo::document(notices).map_err(unwritten)?)?;
            add("updateinfo", packed)?;
        }
        let mut bytes = Vec::new();
        RepomdXml::write_data(&repomd, &mut create_xml_writer(&mut bytes)).map_err(unwritten)?;
        files.push((format!("{REPODATA}/repomd.xml"), bytes));
        Ok(files)
    }
}

/// What a stream begins and ends with.
struct Frame {
    kind: &'static str,
    begin: Vec<u8>,
    end: Vec<u8>,
}

impl Frame {
    /// Returns the frame that begins with `begin`; `head` and `whole` are those of a stream without
    /// packages, which ends as any other.
    fn new(kind: &'static str, begin: Vec<u8>, head: &[u8], mut whole: Vec<u8>) -> Self {
        Self { kind, begin, end: whole.split_off(head.len()) }
    }
}

/// Returns the frames of the streams that have `count` packages.
fn frames(count: usize) -> Result<[Frame; 3], MetadataError> {
    Ok([
        Frame::new(
            "primary",
            text!(PrimaryXml, write_header(count)),
            &text!(PrimaryXml, write_header(0)),
            text!(PrimaryXml, write_header(0), finish()),
        ),
        Frame::new(
            "filelists",
            text!(FilelistsXml, write_header(count)),
            &text!(FilelistsXml, write_header(0)),
            text!(FilelistsXml, write_header(0), finish()),
        ),
        Frame::new(
            "other",
            text!(OtherXml, write_header(count)),
            &text!(OtherXml, write_header(0)),
            text!(OtherXml, write_header(0), finish()),
        ),
    ])
}

/// XML on its way into memory: hashed and compressed, each stream on a thread of its own.
struct Packed {
    out: Background<Hashing<Encoder<Vec<u8>>, Sha256>>,
    suffix: &'static str,
}

impl Packed {
    fn new(compression: Compression) -> io::Result<Self> {
        let (level, suffix) = match compression {
            Compression::Gzip => (Some(9), ".gz"),
            Compression::Xz => (None, ".xz"),
            Compression::Zstd => (Some(10), ".zst"),
            Compression::Uncompressed => (None, ""),
        };
        let method = Method::new(compression, level).expect("these are levels that it has");
        let out = Hashing::new(Encoder::new(Vec::new(), method)?);
        Ok(Self { out: Background::new(out), suffix })
    }

    /// Returns what `repomd.xml` says of it, its path and its bytes.
    fn finish(self, kind: &str, time: u32) -> io::Result<(RepomdRecord, String, Vec<u8>)> {
        let open = self.out.finish()?.finish();
        let bytes = open.inner.finish()?;
        let digest = hex::encode(Sha256::digest(&bytes));
        let path = format!("{REPODATA}/{digest}-{kind}.xml{}", self.suffix);
        let mut record = RepomdRecord::default();
        record.metadata_name = kind.to_owned();
        record.location_href = path.clone().into();
        record.timestamp = time.into();
        record.size = Some(bytes.len() as u64);
        record.checksum = Checksum::Sha256(digest);
        record.open_size = Some(open.length);
        record.open_checksum = Some(Checksum::Sha256(open.digest));
        Ok((record, path, bytes))
    }
}

impl Write for Packed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.out.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        // A flush of the encoder would only cost compression: nobody reads before the end.
        Ok(())
    }
}
