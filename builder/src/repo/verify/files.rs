//! The files of a tree, each read once, and what is found wrong with them.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Cursor};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use packaging::digest::{Digests, Hashing, Sums};

use super::Trust;
use crate::repo::{MANIFEST, Manifest};

/// The largest index that is read into memory.
const LARGEST: u64 = 256 << 20;

/// A tree under judgement.
pub(super) struct Files<'a> {
    folder: &'a Path,
    trust: Trust<'a>,
    known: BTreeMap<String, Option<(u64, Sums)>>,
    /// What was found, in order.
    pub(super) problems: Vec<String>,
}

impl<'a> Files<'a> {
    pub(super) fn new(folder: &'a Path, trust: Trust<'a>) -> Self {
        Self { folder, trust, known: BTreeMap::new(), problems: Vec::new() }
    }

    /// Notes a problem, once.
    pub(super) fn problem(&mut self, problem: String) {
        if !self.problems.contains(&problem) {
            self.problems.push(problem);
        }
    }

    /// Returns the length of all files that were read.
    pub(super) fn bytes(&self) -> u64 {
        self.known.values().flatten().map(|(size, _)| size).sum()
    }

    /// Returns where `path` is on disk; `None` where it would leave the tree.
    pub(super) fn at(&self, path: &str) -> Option<PathBuf> {
        let plain =
            !path.starts_with('/') && path.split('/').all(|part| !matches!(part, "" | "." | ".."));
        plain.then(|| self.folder.join(path))
    }

    pub(super) fn has(&self, path: &str) -> bool {
        self.at(path).is_some_and(|path| path.is_file())
    }

    /// Returns the length and digests of the file at `path`, read once.
    fn sums(&mut self, path: &str) -> Option<(u64, Sums)> {
        if let Some(known) = self.known.get(path) {
            return *known;
        }
        let read = |file: &Path| {
            if !fs_err::symlink_metadata(file)?.is_file() {
                return Err(io::Error::other(format!("`{}` is no file", file.display())));
            }
            let mut input = Hashing::<_, Digests>::new(fs_err::File::open(file)?);
            io::copy(&mut input, &mut io::sink())?;
            let hashed = input.finish();
            Ok((hashed.length, hashed.digest))
        };
        let sums = match self.at(path) {
            None => {
                self.problem(format!("`{}` leads out of the repository", path.escape_debug()));
                None
            }
            Some(file) => match read(&file) {
                Ok(sums) => Some(sums),
                Err(error) if error.kind() == io::ErrorKind::NotFound => {
                    self.problem(format!("`{path}` is missing"));
                    None
                }
                Err(error) => {
                    self.problem(error.to_string());
                    None
                }
            },
        };
        self.known.insert(path.to_owned(), sums);
        sums
    }

    /// Compares the file at `path` with what `source` says of it; the digest's length tells its kind.
    pub(super) fn is_as_said(&mut self, source: &str, path: &str, size: u64, digest: &str) {
        let Some((length, sums)) = self.sums(path) else { return };
        let found = match digest.len() {
            32 => hex::encode(sums.md5),
            40 => hex::encode(sums.sha1),
            _ => hex::encode(sums.sha256),
        };
        if length != size {
            self.problem(format!("`{path}` has {length} bytes; `{source}` says {size}"));
        } else if found != digest {
            self.problem(format!("`{path}` has digest {found}; `{source}` says {digest}"));
        }
    }

    /// Returns the bytes of a small file.
    pub(super) fn bytes_of(&mut self, path: &str) -> Option<Vec<u8>> {
        let (size, _) = self.sums(path)?;
        if size > LARGEST {
            self.problem(format!("`{path}` has {size} bytes, which is too much to read"));
            return None;
        }
        match fs_err::read(self.at(path)?) {
            Ok(bytes) => Some(bytes),
            Err(error) => {
                self.problem(error.to_string());
                None
            }
        }
    }

    /// Returns the text of a small file.
    pub(super) fn text_of(&mut self, path: &str) -> Option<String> {
        let text = String::from_utf8(self.bytes_of(path)?);
        if text.is_err() {
            self.problem(format!("`{path}` is not UTF-8"));
        }
        text.ok()
    }

    /// Judges the signature beside the file at `path`.
    pub(super) fn signed(&mut self, path: &str) {
        self.signed_by(path, &format!("{path}.asc"));
    }

    /// Judges the file at `path` by the signature at `beside`.
    pub(super) fn signed_by(&mut self, path: &str, beside: &str) {
        let Trust::Keys(keys) = self.trust else { return };
        let (Some(signature), Some(file)) = (self.bytes_of(beside), self.at(path)) else { return };
        let verdict = match fs_err::File::open(&file) {
            Ok(mut content) => keys.detached(&mut content, &signature),
            Err(error) => Err(error.to_string()),
        };
        if let Err(why) = verdict {
            self.problem(format!("`{path}`: {why}"));
        }
    }

    /// Returns the text that is signed within the file at `path`.
    pub(super) fn clear(&mut self, path: &str) -> Option<String> {
        let Trust::Keys(keys) = self.trust else { return None };
        let bytes = self.bytes_of(path)?;
        match keys.clear(&bytes) {
            Ok(text) => Some(text),
            Err(why) => {
                self.problem(format!("`{path}`: {why}"));
                None
            }
        }
    }

    /// Whether signatures are to be judged.
    pub(super) fn are_signed(&self) -> bool {
        matches!(self.trust, Trust::Keys(_))
    }

    /// Makes sure that `now` is before the end that `path` has.
    pub(super) fn is_in_time(&mut self, path: &str, end: Timestamp, now: Timestamp) {
        if now > end {
            self.problem(format!("`{path}` expired on {end}"));
        }
    }

    /// Makes sure that the tree has no file that the manifest does not name.
    pub(super) fn has_nothing_beside(&mut self, manifest: &Manifest) {
        let signature = format!("{MANIFEST}.asc");
        let own = [MANIFEST, &signature];
        let mut known: BTreeSet<&str> = own.into_iter().collect();
        known.extend(manifest.files.keys().chain(manifest.previous.keys()).map(String::as_str));
        let mut found = Vec::new();
        if let Err(error) = walk(self.folder, "", &mut found) {
            self.problem(error.to_string());
        }
        for path in found.iter().filter(|path| !known.contains(path.as_str())) {
            self.problem(format!("`{path}` does not belong to the repository"));
        }
    }

    /// Reads back an index that is signed or compared with a digest already.
    pub(super) fn content(&self, path: &str) -> io::Result<Cursor<Vec<u8>>> {
        Ok(Cursor::new(fs_err::read(self.folder.join(path))?))
    }
}

/// Lists all files below `folder`, whose path in the tree is `prefix`.
fn walk(folder: &Path, prefix: &str, found: &mut Vec<String>) -> io::Result<()> {
    for entry in fs_err::read_dir(folder)? {
        let entry = entry?;
        let path = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            walk(&entry.path(), &format!("{path}/"), found)?;
        } else {
            found.push(path);
        }
    }
    Ok(())
}
