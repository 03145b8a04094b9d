//! Reads a payload as a stream and holds it against its header and the limits.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};

use ::rpm::IndexTag;
use md5::Md5;
use plugin::Format;
use sha2::{Digest, Sha256};

use super::archive::{Archive, ArchiveFacts};
use super::damaged;
use super::front::Front;
use super::listing::Listed;
use crate::codec::{Decoder, Source};
use crate::package::Visitor;
use crate::{Compression, Limits, ReadError};

/// A payload's archive as it is unpacked.
pub(super) type Payload<'a> = Decoder<&'a mut dyn BufRead>;

/// What was learnt on the way through a payload.
pub(super) struct Unpacked {
    /// Name of the payload's compression.
    pub(super) compression: String,
    /// SHA-256 of the compressed payload, hexadecimal.
    pub(super) payload: String,
    /// SHA-256 of the whole file, hexadecimal.
    pub(super) whole: String,
    /// MD5 of header and payload.
    pub(super) md5: Option<Vec<u8>>,
    /// Length of the file.
    pub(super) size: u64,
    pub(super) archive: ArchiveFacts,
}

/// Streams the payload that follows `front`.
///
/// # Errors
///
/// Where the payload cannot be read, differs from the list of files, or goes on behind its end.
pub(super) fn unpack(
    file: &mut File,
    front: &Front,
    listed: &[Listed],
    limits: &Limits,
    visitor: &mut Visitor<'_>,
) -> Result<Unpacked, ReadError> {
    let length = file.metadata()?.len().saturating_sub(front.bytes.len() as u64);
    let source = Source { format: Format::Rpm, packed: length, limits };
    let mut packed = BufReader::with_capacity(64 << 10, Packed::new(file, front));
    let name = compression(front, &mut packed)?;
    let input = decoder(&name, &mut packed, &source)?;
    let archive = Archive::new(input, listed, visitor)?.read()?;
    let packed = packed.into_inner();
    Ok(Unpacked {
        compression: name,
        payload: hex::encode(packed.payload.finalize()),
        whole: hex::encode(packed.whole.finalize()),
        md5: packed.md5.map(|md5| md5.finalize().to_vec()),
        size: packed.size,
        archive,
    })
}

/// Begins to unpack what `name` compressed.
fn decoder<'a>(
    name: &str,
    packed: &'a mut dyn BufRead,
    source: &Source<'_>,
) -> Result<Payload<'a>, ReadError> {
    match Compression::named(name) {
        Some(compression) => Decoder::new(packed, compression, source),
        None if name == "lzma" => Decoder::lzma(packed, source),
        None => {
            let name = name.escape_debug();
            Err(damaged(format!("its payload is compressed with `{name}`, which is not supported")))
        }
    }
}

/// Returns the name of the payload's compression; where the header has none, rpm takes gzip or plain.
fn compression(front: &Front, packed: &mut dyn BufRead) -> Result<String, ReadError> {
    match front.metadata.header.get_entry_data_as_string(IndexTag::RPMTAG_PAYLOADCOMPRESSOR) {
        Ok(name) => Ok(name.to_owned()),
        Err(::rpm::Error::TagNotFound(_)) => {
            let is_gzip = packed.fill_buf()?.starts_with(&[0x1f, 0x8b]);
            Ok(if is_gzip { "gzip" } else { "none" }.to_owned())
        }
        Err(failure) => Err(damaged(failure)),
    }
}

/// The compressed payload; hashed while it is read.
struct Packed<'a> {
    file: &'a mut File,
    payload: Sha256,
    whole: Sha256,
    md5: Option<Md5>,
    size: u64,
}

impl<'a> Packed<'a> {
    fn new(file: &'a mut File, front: &Front) -> Self {
        // Only older packages have an MD5 to compare with.
        let has_md5 =
            front.metadata.signature.entry_is_present(::rpm::IndexSignatureTag::RPMSIGTAG_MD5);
        Self {
            file,
            payload: Sha256::new(),
            whole: Sha256::new_with_prefix(&front.bytes),
            md5: has_md5.then(|| Md5::new_with_prefix(front.header())),
            size: front.bytes.len() as u64,
        }
    }
}

impl Read for Packed<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.file.read(buffer)?;
        let bytes = &buffer[..count];
        self.payload.update(bytes);
        self.whole.update(bytes);
        if let Some(md5) = &mut self.md5 {
            md5.update(bytes);
        }
        self.size += count as u64;
        Ok(count)
    }
}
