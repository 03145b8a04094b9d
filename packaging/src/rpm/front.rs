//! The first part of a file: lead, signature header and header, with all lengths and offsets checked.
//!
//! The `rpm` crate trusts offsets and reserves memory for as many items as an index announces, so
//! nothing reaches it that has not passed through here.

use std::io::Read;

use ::rpm::{IndexSignatureTag, IndexTag, PackageMetadata};

use super::{damaged, signature};
use crate::{Limits, ReadError};

const LEAD: u64 = 96;
const LEAD_MAGIC: [u8; 4] = [0xed, 0xab, 0xee, 0xdb];
const INTRO: u64 = 16;
const INTRO_MAGIC: [u8; 8] = [0x8e, 0xad, 0xe8, 1, 0, 0, 0, 0];
const INDEX_ENTRY: usize = 16;
/// First entries that say how much of a header was written at once: of signatures, and of all else.
const REGIONS: [u32; 2] = [SIGNATURES, 63];
const SIGNATURES: u32 = 62;
/// What old packages call the region of signatures at its end.
const IMAGE: u32 = 61;
/// The type of a region and of its trailer, and their length.
const REGION: [u32; 2] = [7, INDEX_ENTRY as u32];

/// What stands before a payload.
pub(crate) struct Front {
    /// All of it, as in the file.
    pub(super) bytes: Vec<u8>,
    /// Where in it the header begins.
    header_at: usize,
    pub(crate) metadata: PackageMetadata,
}

impl Front {
    /// Reads up to the first byte of the payload.
    pub(crate) fn read(input: &mut dyn Read, limits: &Limits) -> Result<Self, ReadError> {
        let mut reader = Reader { input, bytes: Vec::new(), limits };
        reader.take(LEAD)?;
        if !reader.bytes.starts_with(&LEAD_MAGIC) {
            return Err(damaged("it does not begin with a lead"));
        }
        reader.header()?;
        reader.take((reader.bytes.len() as u64).wrapping_neg() % 8)?;
        let header_at = reader.bytes.len();
        reader.header()?;
        let bytes = reader.bytes;
        let metadata = PackageMetadata::parse(&mut &bytes[..]).map_err(damaged)?;
        check_names(&metadata, limits)?;
        Ok(Self { bytes, header_at, metadata })
    }

    /// Returns the header's bytes: what its digests and signatures cover.
    pub(crate) fn header(&self) -> &[u8] {
        &self.bytes[self.header_at..]
    }

    /// Returns how long this part of the file is.
    pub(crate) fn length_in_file(&self) -> usize {
        self.bytes.len()
    }

    /// Returns it with `signature` over the header in place of all signatures that were there, as long
    /// as before where the room that is kept for signatures suffices.
    pub(crate) fn signed(&self, signature: Vec<u8>, is_rsa: bool) -> Result<Vec<u8>, ReadError> {
        let entries = self.metadata.signature.get_all_entries().map_err(damaged)?;
        let mut metadata = self.metadata.clone();
        let mut write = |reserved| {
            metadata.signature = signature::signed(&entries, &signature, is_rsa, reserved);
            let mut bytes = Vec::new();
            metadata.write(&mut bytes).map_err(damaged)?;
            Ok::<_, ReadError>(bytes)
        };
        let reserved = signature::reserved(&entries);
        let mut bytes = write(reserved)?;
        if bytes.len() != self.bytes.len() {
            bytes = write((reserved + self.bytes.len()).saturating_sub(bytes.len()))?;
        }
        if !bytes.ends_with(self.header()) {
            return Err(damaged("its header cannot be kept as it is"));
        }
        bytes[..LEAD as usize].copy_from_slice(&self.bytes[..LEAD as usize]);
        Ok(bytes)
    }

    /// Returns how long the file is as far as its signature header says so.
    pub(crate) fn length(&self) -> Option<u64> {
        let (small, large) =
            (IndexSignatureTag::RPMSIGTAG_SIZE, IndexSignatureTag::RPMSIGTAG_LONGSIZE);
        // What is counted there begins with the header.
        Some(self.signed_number(small, large)?.saturating_add(self.header_at as u64))
    }

    /// Returns how long the unpacked payload is as far as the signature header says so.
    pub(super) fn archive_length(&self) -> Option<u64> {
        let large = IndexSignatureTag::RPMSIGTAG_LONGARCHIVESIZE;
        self.signed_number(IndexSignatureTag::RPMSIGTAG_PAYLOADSIZE, large)
    }

    fn signed_number(&self, tag: IndexSignatureTag, large: IndexSignatureTag) -> Option<u64> {
        let signature = &self.metadata.signature;
        let small = signature.get_entry_data_as_u32(tag).map(u64::from);
        small.or_else(|_| signature.get_entry_data_as_u64(large)).ok()
    }
}

struct Reader<'a> {
    input: &'a mut dyn Read,
    bytes: Vec<u8>,
    limits: &'a Limits,
}

impl Reader<'_> {
    /// Appends the next `count` bytes; never reserves more than there is.
    fn take(&mut self, count: u64) -> Result<(), ReadError> {
        let read = (&mut *self.input).take(count).read_to_end(&mut self.bytes)?;
        if read as u64 == count { Ok(()) } else { Err(damaged("it ends within its header")) }
    }

    /// Appends one header structure: intro, index, store.
    fn header(&mut self) -> Result<(), ReadError> {
        let intro_at = self.bytes.len();
        self.take(INTRO)?;
        let intro = &self.bytes[intro_at..];
        if intro[..8] != INTRO_MAGIC {
            return Err(damaged("a header does not begin as headers do"));
        }
        let index = u64::from(number(&intro[8..])) * INDEX_ENTRY as u64;
        let store = u64::from(number(&intro[12..]));
        if index + store > self.limits.header {
            return Err(ReadError::Limit(format!("a header of {} bytes", index + store)));
        }
        let index_at = self.bytes.len();
        self.take(index + store)?;
        let (index, store) = self.bytes[index_at..].split_at(index as usize);
        check(index, store, self.limits.entries)?;
        check_region(index, store)
    }
}

/// Checks that each entry of `index` lies inside `store`, and that they do not share bytes: so all of
/// them together cannot take more memory than the file has.
fn check(index: &[u8], store: &[u8], most: usize) -> Result<(), ReadError> {
    let mut used = 0;
    for entry in index.chunks_exact(INDEX_ENTRY) {
        let tag = number(entry);
        let outside = || damaged(format!("header tag {tag} lies outside the header"));
        let (kind, count) = (number(&entry[4..]), number(&entry[12..]) as usize);
        let start = store.get(number(&entry[8..]) as usize..).ok_or_else(outside)?;
        if matches!(kind, 8 | 9) && count > most {
            return Err(ReadError::Limit(format!("{count} values of header tag {tag}")));
        }
        let length = length(kind, count, start).ok_or_else(outside)?;
        used += length;
        if length > start.len() || used > store.len() {
            return Err(outside());
        }
    }
    Ok(())
}

/// Checks that the trailer of a header's region says what the region does: no package manager takes it
/// otherwise, and no digest covers that of the signatures.
fn check_region(index: &[u8], store: &[u8]) -> Result<(), ReadError> {
    let Some(region) = index.get(..INDEX_ENTRY).filter(|it| REGIONS.contains(&number(it))) else {
        return Ok(());
    };
    let bad = || damaged("a header's region is not as its trailer says");
    let trailer = store.get(number(&region[8..]) as usize..).and_then(|it| it.get(..INDEX_ENTRY));
    let trailer = trailer.ok_or_else(bad)?;
    let shape = |entry: &[u8]| [number(&entry[4..]), number(&entry[12..])] == REGION;
    let (tag, end) = (number(region), number(trailer));
    let is_named = end == tag || tag == SIGNATURES && end == IMAGE;
    // It counts back to the first entry.
    let length = number(&trailer[8..]).wrapping_neg() as usize;
    let is_long =
        length.is_multiple_of(INDEX_ENTRY) && (INDEX_ENTRY..=index.len()).contains(&length);
    if shape(region) && shape(trailer) && is_named && is_long { Ok(()) } else { Err(bad()) }
}

/// Returns how many bytes of `start` the values of an entry take; nothing where they do not end.
fn length(kind: u32, count: usize, start: &[u8]) -> Option<usize> {
    match kind {
        0 => Some(0),
        1 | 2 | 7 => Some(count),
        3 => count.checked_mul(2),
        4 => count.checked_mul(4),
        5 => count.checked_mul(8),
        6 => end_of_texts(1, start),
        8 | 9 => end_of_texts(count, start),
        _ => None,
    }
}

fn end_of_texts(count: usize, start: &[u8]) -> Option<usize> {
    let ends = start.iter().enumerate().filter(|&(_, &byte)| byte == 0);
    match count.checked_sub(1) {
        Some(last) => ends.map(|(at, _)| at + 1).nth(last),
        None => Some(0),
    }
}

/// Bounds what the paths of all files take: a header has the name of a folder once, whoever lists the
/// files has it with each of them.
fn check_names(metadata: &PackageMetadata, limits: &Limits) -> Result<(), ReadError> {
    let header = &metadata.header;
    let folders = header.get_entry_data_as_string_array(IndexTag::RPMTAG_DIRNAMES);
    let indexes = header.get_entry_data_as_u32_array(IndexTag::RPMTAG_DIRINDEXES);
    let (folders, indexes) = (folders.unwrap_or_default(), indexes.unwrap_or_default());
    let length = |&index: &u32| folders.get(index as usize).map_or(0, |folder| folder.len() as u64);
    if indexes.iter().map(length).sum::<u64>() > limits.header {
        return Err(ReadError::Limit("the paths of its files take too much".to_owned()));
    }
    Ok(())
}

/// Reads the big-endian number at the start of `bytes`.
fn number(bytes: &[u8]) -> u32 {
    u32::from_be_bytes(bytes[..4].try_into().expect("an intro or entry has whole numbers"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(tag: u32, kind: u32, offset: u32, count: u32) -> Vec<u8> {
        [tag, kind, offset, count].iter().flat_map(|number| number.to_be_bytes()).collect()
    }

    #[test]
    fn a_region_whose_trailer_says_otherwise_is_refused() {
        let index = [entry(62, 7, 4, 16), entry(1000, 4, 0, 1)].concat();
        let back = |entries: u32| (entries * 16).wrapping_neg();
        let with = |trailer: Vec<u8>| check_region(&index, &[vec![0; 4], trailer].concat());
        for good in
            [entry(62, 7, back(2), 16), entry(61, 7, back(2), 16), entry(62, 7, back(1), 16)]
        {
            assert!(with(good).is_ok());
        }
        for (why, bad) in [
            ("zeroed", entry(0, 0, 0, 0)),
            ("another tag", entry(63, 7, back(2), 16)),
            ("another type", entry(62, 6, back(2), 16)),
            ("another length", entry(62, 7, back(2), 15)),
            ("more entries than there are", entry(62, 7, back(3), 16)),
            ("no entry", entry(62, 7, 0, 16)),
            ("cut off", vec![0; 8]),
        ] {
            assert!(with(bad).is_err(), "{why}");
        }
        assert!(check_region(&entry(1000, 4, 0, 1), &[0; 4]).is_ok(), "it has none");
    }

    #[test]
    fn an_index_that_points_outside_or_twice_at_the_same_bytes_is_refused() {
        let store = b"one\0two\0\0\0\0\x01";
        let index = |entries: &[Vec<u8>]| check(&entries.concat(), store, 10);
        assert!(index(&[entry(1, 8, 0, 2), entry(2, 4, 8, 1)]).is_ok());
        for (why, bad) in [
            ("negative offset", entry(1, 6, u32::MAX, 1)),
            ("offset at the very end", entry(1, 4, 12, 1)),
            ("count beyond the store", entry(1, 4, 8, 2)),
            ("count that overflows", entry(1, 5, 0, u32::MAX)),
            ("text without an end", entry(1, 6, 11, 1)),
            ("too few texts", entry(1, 8, 0, 9)),
            ("unknown type", entry(1, 10, 0, 1)),
            ("more texts than allowed", entry(1, 8, 0, 11)),
        ] {
            assert!(index(&[bad]).is_err(), "{why}");
        }
        assert!(index(&[entry(1, 7, 0, 8), entry(2, 7, 0, 8)]).is_err(), "shared bytes");
    }
}
