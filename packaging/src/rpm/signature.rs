//! The signature header: what vouches for header and payload, and room for signatures.

use std::io::{self, Read, Seek};

use ::rpm::{Header, HeaderEntry, IndexData, IndexSignatureTag, SignatureHeaderBuilder};
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha256};

use super::payload::Payload;
use crate::Compression;
use crate::codec::Method;

/// Where rpmsign puts signatures without moving the rest of the file.
const ROOM: IndexSignatureTag = IndexSignatureTag::RPMSIGTAG_RESERVEDSPACE;

/// What a new signature replaces: signatures of all kinds, and what is made anew.
const REPLACED: [IndexSignatureTag; 7] = [
    ROOM,
    IndexSignatureTag::HEADER_SIGNATURES,
    IndexSignatureTag::RPMSIGTAG_OPENPGP,
    IndexSignatureTag::RPMSIGTAG_RSA,
    IndexSignatureTag::RPMSIGTAG_DSA,
    IndexSignatureTag::RPMSIGTAG_PGP,
    IndexSignatureTag::RPMSIGTAG_GPG,
];

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
        bytes(ROOM, vec![0; SignatureHeaderBuilder::DEFAULT_RESERVED_SPACE as usize]),
    ];
    // Where rpm reads zstd it also knows the payload's SHA-256; older ones have nothing but this.
    if method.compression() != Compression::Zstd {
        entries.push(bytes(IndexSignatureTag::RPMSIGTAG_MD5, md5(header, payload)?));
    }
    Ok(Header::from_entries(entries, IndexSignatureTag::HEADER_SIGNATURES))
}

/// Makes a signature header of `entries` with one signature over the header, in the place where every
/// rpm looks: the newer one, a list of signatures, is unknown to those before version 6.
pub(super) fn signed(
    entries: &[(u32, IndexData)],
    signature: &[u8],
    is_rsa: bool,
    reserved: usize,
) -> Header<IndexSignatureTag> {
    let replaced = REPLACED.map(u32::from);
    let kept = entries.iter().filter(|(tag, _)| !replaced.contains(tag));
    let kept = kept.map(|(tag, data)| HeaderEntry::new(*tag, data.clone()));
    let tag =
        if is_rsa { IndexSignatureTag::RPMSIGTAG_RSA } else { IndexSignatureTag::RPMSIGTAG_DSA };
    let room = (reserved > 0).then(|| bytes(ROOM, vec![0; reserved]));
    let entries = kept.chain([bytes(tag, signature.to_vec())]).chain(room);
    Header::from_entries(entries, IndexSignatureTag::HEADER_SIGNATURES)
}

/// Returns how many bytes are kept free for signatures.
pub(super) fn reserved(entries: &[(u32, IndexData)]) -> usize {
    let room = entries.iter().find(|(tag, _)| *tag == u32::from(ROOM));
    match room {
        Some((_, IndexData::Bin(bytes))) => bytes.len(),
        _ => 0,
    }
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
