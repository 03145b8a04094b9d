//! The records of a payload, held against the files that the header lists.

use std::collections::HashMap;
use std::io::{self, Read};

use ::rpm::DigestAlgorithm;
use md5::Md5;
use plugin::Format;
use sha2::Sha256;

use super::cpio::{self, Record};
use super::damaged;
use super::listing::{self, Listed};
use super::unpack::Payload;
use crate::ReadError;
use crate::digest::Hashing;
use crate::package::Visitor;
use crate::stream::{cause, read_error};

/// Most bytes that a link may say.
const LONGEST_LINK: u64 = 4096;

/// What was learnt from an archive.
pub(super) struct ArchiveFacts {
    /// Its length in bytes.
    pub(super) length: u64,
    /// SHA-256 of each regular file, in the order of the header.
    pub(super) digests: Vec<Option<String>>,
}

/// An archive being read.
pub(super) struct Archive<'a, 'b> {
    input: Payload<'a>,
    listed: &'a [Listed],
    positions: HashMap<&'a str, usize>,
    visitor: &'a mut Visitor<'b>,
    seen: Vec<bool>,
}

impl<'a, 'b> Archive<'a, 'b> {
    pub(super) fn new(
        input: Payload<'a>,
        listed: &'a [Listed],
        visitor: &'a mut Visitor<'b>,
    ) -> Result<Self, ReadError> {
        let positions = listing::positions(listed)?;
        Ok(Self { input, listed, positions, visitor, seen: vec![false; listed.len()] })
    }

    /// Visits all files.
    pub(super) fn read(mut self) -> Result<ArchiveFacts, ReadError> {
        let digests = self.walk()?;
        let length = self.input.unpacked();
        self.input.finish()?;
        Ok(ArchiveFacts { length, digests })
    }

    /// Reads up to the trailer and returns the files' digests.
    fn walk(&mut self) -> Result<Vec<Option<String>>, ReadError> {
        let mut digests = vec![None; self.listed.len()];
        loop {
            let record = cpio::read_record(&mut self.input).map_err(broken)?;
            let Some((index, size)) = self.announced(record)? else { break };
            let item = &self.listed[index];
            if std::mem::replace(&mut self.seen[index], true) {
                return Err(wrong(item, "is in the payload twice"));
            }
            check_size(item, size)?;
            digests[index] = self.body(item, size)?;
            cpio::skip_padding(&mut self.input, size).map_err(broken)?;
        }
        for (item, seen) in self.listed.iter().zip(&self.seen) {
            if !seen && !item.is_ghost {
                return Err(wrong(item, "is not in the payload"));
            }
        }
        self.share(&mut digests);
        Ok(digests)
    }

    /// Returns which file a record announces and how many bytes of it follow; nothing at the end.
    fn announced(&self, record: Record) -> Result<Option<(usize, u64)>, ReadError> {
        match record {
            Record::Trailer => Ok(None),
            Record::Stripped { index } => {
                let item = self.listed.get(index).ok_or_else(|| {
                    damaged(format!("its payload has a file {index} that its header has not"))
                })?;
                Ok(Some((index, announced_size(item))))
            }
            Record::Named { name, size } => {
                let relative = name.strip_prefix("./").or(name.strip_prefix('/')).unwrap_or(&name);
                let path = format!("/{relative}");
                let index = self.positions.get(path.as_str()).copied().ok_or_else(|| {
                    let name = name.escape_debug();
                    damaged(format!("its payload has `{name}`, which its header does not list"))
                })?;
                Ok(Some((index, size)))
            }
        }
    }

    /// Hands the body to the visitor, reads what it left, and compares the digest.
    fn body(&mut self, item: &Listed, size: u64) -> Result<Option<String>, ReadError> {
        if item.file.is_link() {
            return self.link(item, size).map(|()| None);
        }
        let mut body = Hashing::<_, Sha256>::new((&mut self.input).take(size));
        let md5 = if matches!(item.digest, Some((DigestAlgorithm::Md5, _))) {
            let mut body = Hashing::<_, Md5>::new(&mut body);
            pass(&mut body, item, self.visitor)?;
            Some(body.finish().digest)
        } else {
            pass(&mut body, item, self.visitor)?;
            None
        };
        let body = body.finish();
        if body.length != size {
            return Err(damaged("its payload ends early"));
        }
        let bytes_came = size == item.file.size;
        let actual = md5.as_ref().unwrap_or(&body.digest);
        if bytes_came && judged(item).is_some_and(|digest| !digest.eq_ignore_ascii_case(actual)) {
            return Err(wrong(item, "differs from the digest in the header"));
        }
        Ok((item.file.is_regular() && bytes_came).then_some(body.digest))
    }

    fn link(&mut self, item: &Listed, size: u64) -> Result<(), ReadError> {
        if size > LONGEST_LINK {
            return Err(wrong(item, "is a link too long for any host"));
        }
        let mut target = vec![0; size as usize];
        self.input.read_exact(&mut target).map_err(broken)?;
        let target = String::from_utf8_lossy(&target);
        // Some writers leave the target to the header.
        if size > 0 && item.file.target.as_deref() != Some(&*target) {
            return Err(wrong(item, "differs between header and payload"));
        }
        (self.visitor)(&item.path, &item.file, &mut io::empty())
    }

    /// Gives the digest of a file to all of its names.
    fn share(&self, digests: &mut [Option<String>]) {
        for (index, item) in self.listed.iter().enumerate() {
            let origin = item.file.target.as_ref().filter(|_| item.file.is_hard_link());
            if let Some(&origin) = origin.and_then(|path| self.positions.get(path.as_str())) {
                digests[index] = digests[origin].clone();
            }
        }
    }
}

/// Returns how many bytes the payload has of an item where it does not say so itself.
fn announced_size(item: &Listed) -> u64 {
    match &item.file.target {
        None => item.file.size,
        Some(target) if item.file.is_link() => target.len() as u64,
        Some(_) => 0,
    }
}

/// Refuses a length that is not that of the header.
fn check_size(item: &Listed, size: u64) -> Result<(), ReadError> {
    let may_be_empty = item.file.target.is_some();
    let expected = if item.file.is_link() { size } else { item.file.size };
    if size == expected || size == 0 && may_be_empty {
        return Ok(());
    }
    Err(wrong(item, "differs in length between header and payload"))
}

/// Returns the header's digest of `item`, if it is of a kind that is computed here.
pub(super) fn judged(item: &Listed) -> Option<&str> {
    let (algorithm, digest) = item.digest.as_ref()?;
    matches!(algorithm, DigestAlgorithm::Md5 | DigestAlgorithm::Sha2_256).then_some(digest.as_str())
}

fn pass(body: &mut dyn Read, item: &Listed, visitor: &mut Visitor<'_>) -> Result<(), ReadError> {
    visitor(&item.path, &item.file, body).map_err(cause)?;
    io::copy(body, &mut io::sink()).map_err(broken)?;
    Ok(())
}

fn broken(error: io::Error) -> ReadError {
    read_error(Format::Rpm, error)
}

fn wrong(item: &Listed, problem: &str) -> ReadError {
    damaged(format!("`{}` {problem}", item.path.escape_debug()))
}
