//! Metadata read back, as a client does: for those who judge a finished repository.

use std::io::{BufRead, BufReader, Read};

use plugin::Format;
use rpmrepo_metadata::{
    Checksum, FilelistsXml, MetadataError, OtherXml, PrimaryXml, RepomdRecord, RepomdXml,
    UpdateinfoXml, utils::create_xml_reader,
};
use sha2::Sha256;

use crate::codec::{Decoder, Source};
use crate::digest::{Hashed, Hashing};
use crate::{Compression, Limits, ReadError};

/// Metadata that no client could read.
#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
    /// It cannot be unpacked, or exceeds a limit.
    #[error(transparent)]
    Packed(#[from] ReadError),
    /// It is not what metadata has to be.
    #[error(transparent)]
    Content(#[from] MetadataError),
    /// Something that ours always says is missing.
    #[error("`{0}` has no {1}")]
    Missing(String, &'static str),
}

/// A file that `repomd.xml` names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataFile {
    /// `primary`, `filelists`, …
    pub kind: String,
    /// Its path in the repository.
    pub path: String,
    /// Its length and SHA-256.
    pub packed: (u64, String),
    /// Length and SHA-256 of what is in it.
    pub open: (u64, String),
}

/// A package that `primary` names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Its path in the repository.
    pub path: String,
    /// Its length.
    pub size: u64,
    /// Its SHA-256, hexadecimal.
    pub sha256: String,
}

/// Reads `repomd.xml`.
pub fn repomd(bytes: &[u8]) -> Result<Vec<DataFile>, Unreadable> {
    RepomdXml::read_data(create_xml_reader(bytes))?.records().iter().map(data_file).collect()
}

fn data_file(record: &RepomdRecord) -> Result<DataFile, Unreadable> {
    let kind = &record.metadata_name;
    let missing = |what| Unreadable::Missing(kind.clone(), what);
    let sha256 = |checksum: Option<&Checksum>| match checksum {
        Some(Checksum::Sha256(digest)) => Ok(digest.clone()),
        _ => Err(missing("SHA-256")),
    };
    let size = |size: Option<u64>| size.ok_or_else(|| missing("size"));
    Ok(DataFile {
        kind: kind.clone(),
        path: record.location_href.to_string_lossy().into_owned(),
        packed: (size(record.size)?, sha256(Some(&record.checksum))?),
        open: (size(record.open_size)?, sha256(record.open_checksum.as_ref())?),
    })
}

/// Reads the packages that `primary`, in `file` and `size` bytes long, has, and checks what is said of
/// its content.
pub fn packages(file: impl Read, said: &DataFile) -> Result<Vec<Listed>, Unreadable> {
    let mut listed = Vec::new();
    unpacked(file, said, &mut |input| {
        let mut reader = PrimaryXml::new_reader(create_xml_reader(input));
        let count = reader.read_header()?;
        let mut package = None;
        loop {
            reader.read_package(&mut package)?;
            let Some(package) = package.take() else { break };
            let Checksum::Sha256(sha256) = package.checksum() else {
                return Err(Unreadable::Missing(package.nevra(), "SHA-256"));
            };
            listed.push(Listed {
                path: package.location_href().to_owned(),
                size: package.size_package(),
                sha256: sha256.clone(),
            });
        }
        if listed.len() == count { Ok(()) } else { Err(counted("primary", count, listed.len())) }
    })?;
    Ok(listed)
}

/// Returns how many packages, in `updateinfo` notices, a stream other than `primary` has, and checks
/// what is said of its content.
pub fn count(file: impl Read, said: &DataFile) -> Result<usize, Unreadable> {
    let mut found = 0;
    unpacked(file, said, &mut |input| {
        let reader = create_xml_reader(input);
        let mut package = None;
        match &*said.kind {
            "filelists" => {
                let mut reader = FilelistsXml::new_reader(reader);
                reader.read_header()?;
                while {
                    reader.read_package(&mut package)?;
                    package.take().is_some()
                } {
                    found += 1;
                }
            }
            "other" => {
                let mut reader = OtherXml::new_reader(reader);
                reader.read_header()?;
                while {
                    reader.read_package(&mut package)?;
                    package.take().is_some()
                } {
                    found += 1;
                }
            }
            _ => {
                let mut reader = UpdateinfoXml::new_reader(reader);
                while reader.read_update()?.is_some() {
                    found += 1;
                }
            }
        }
        Ok(())
    })?;
    Ok(found)
}

fn counted(kind: &str, said: usize, found: usize) -> Unreadable {
    let problem = format!("`{kind}` says {said} packages and has {found}");
    Unreadable::Content(MetadataError::InconsistentMetadataError(problem))
}

/// Unpacks `file` for `read`, and compares what came out with what is said of it.
fn unpacked(
    file: impl Read,
    said: &DataFile,
    read: &mut dyn FnMut(&mut dyn BufRead) -> Result<(), Unreadable>,
) -> Result<(), Unreadable> {
    let compression = match said.path.rsplit_once('.') {
        Some((_, "gz")) => Compression::Gzip,
        Some((_, "zst")) => Compression::Zstd,
        Some((_, "xz")) => Compression::Xz,
        _ => Compression::Uncompressed,
    };
    let limits = Limits::default();
    let source = Source { format: Format::Rpm, packed: said.packed.0, limits: &limits };
    let decoder = Decoder::new(BufReader::new(file), compression, &source)?;
    let mut open = BufReader::new(Hashing::<_, Sha256>::new(decoder));
    read(&mut open)?;
    std::io::copy(&mut open, &mut std::io::sink()).map_err(ReadError::Io)?;
    let Hashed { length, digest, .. } = open.into_inner().finish();
    if (length, &digest) == (said.open.0, &said.open.1) {
        return Ok(());
    }
    let problem = format!("the content of `{}` is not what `repomd.xml` says", said.path);
    Err(Unreadable::Content(MetadataError::InconsistentMetadataError(problem)))
}
