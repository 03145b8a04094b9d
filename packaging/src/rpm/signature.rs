//! The signature header: what vouches for header and payload, and room for signatures.

use std::io::{self, Read, Seek};

use ::rpm::{Header, HeaderEntry, IndexData, IndexSignatureTag, SignatureHeaderBuilder};
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha256};

use super::payload::Payload;
use crate::Compression;
use crate::codec::Method;

/// Makes the signature header for `header` and the payload that follows it.
pub(super) fn build(
    header: &[u8],
    payload: &mut Payload,
    method: Method,
) -> io::Result<Header<IndexSignatureTag>> {
    let (size, large_size) =
        (IndexSignatureTag::RPMSIGTAG_SIZE, IndexSignatureTag::RPMSIGTAG_LONGSIZE);
    let (archive, large_archive) =
        (IndexSignatureTag::RPMSIGTAG_PAYLOADSIZE, IndexSignatureTag::RPMSIGTAG_LONGARCHIVESIZE);
    let mut entries = vec![
        digest(IndexSignatureTag::RPMSIGTAG_SHA1, hex::encode(Sha1::digest(header))),
        digest(IndexSignatureTag::RPMSIGTAG_SHA256, hex::encode(Sha256::digest(header))),
        length(size, large_size, header.len() as u64 + payload.length),
        length(archive, large_archive, payload.unpacked),
        // rpmsign puts signatures here without moving the rest of the file.
        bytes(
            IndexSignatureTag::RPMSIGTAG_RESERVEDSPACE,
            vec![0; SignatureHeaderBuilder::DEFAULT_RESERVED_SPACE as usize],
        ),
    ];
    // Where rpm reads zstd it also knows the payload's SHA-256; older ones have nothing but this.
    if method.compression() != Compression::Zstd {
        entries.push(bytes(IndexSignatureTag::RPMSIGTAG_MD5, md5(header, payload)?));
    }
    Ok(Header::from_entries(entries, IndexSignatureTag::HEADER_SIGNATURES))
}

/// Returns the MD5 over header and payload together.
fn md5(header: &[u8], payload: &mut Payload) -> io::Result<Vec<u8>> {
    payload.scratch.rewind()?;
    let mut both = header.chain(&mut payload.scratch);
    let mut md5 = Md5::new();
    io::copy(&mut both, &mut md5)?;
    Ok(md5.finalize().to_vec())
}

fn digest(tag: IndexSignatureTag, hex: String) -> HeaderEntry {
    HeaderEntry::new(tag.into(), IndexData::StringTag(hex))
}

fn bytes(tag: IndexSignatureTag, bytes: Vec<u8>) -> HeaderEntry {
    HeaderEntry::new(tag.into(), IndexData::Bin(bytes))
}

/// Writes a length under the tag for 32 bits where it fits.
fn length(tag: IndexSignatureTag, large: IndexSignatureTag, length: u64) -> HeaderEntry {
    match u32::try_from(length) {
        Ok(length) => HeaderEntry::new(tag.into(), IndexData::Int32(vec![length])),
        Err(_) => HeaderEntry::new(large.into(), IndexData::Int64(vec![length])),
    }
}
