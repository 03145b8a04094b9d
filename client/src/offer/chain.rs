//! Who vouches for a deb from a repository: its index has the deb's SHA-256, `InRelease` has the index's,
//! and a key that we trust has signed `InRelease`. apt's own keys do not count.

use std::io;
use std::path::Path;

use jiff::Timestamp;
use packaging::repository::apt;
use packaging::signature::Refusal;
use sha2::{Digest, Sha256};

use super::vouch::Verdict;
use crate::Trust;

/// What the name of a repository's signed index ends with, in apt's folder of lists.
const SIGNED: &str = "InRelease";

/// An index of a large repository is smaller than this.
const LARGEST: u64 = 64 << 20;

/// Says who vouches for the deb with this SHA-256 by way of the lists in `folder`, which apt has fetched.
pub(super) fn judge(
    folder: &Path,
    trust: &Trust,
    sha256: &str,
    at: Timestamp,
) -> io::Result<Verdict> {
    let names = names_in(folder)?;
    let mut verdict = Err(Refusal::Unsigned);
    for release in &names {
        let Some(repository) = release.strip_suffix(SIGNED) else { continue };
        let own: Vec<&String> = names
            .iter()
            .filter(|name| name.starts_with(repository) && name.ends_with("Packages"))
            .collect();
        if !has(folder, &own, sha256)? {
            continue;
        }
        let found = trust.judge_text(&read(&folder.join(release))?, at);
        let found = match found {
            Ok((signatory, text)) => vouches(folder, repository, &own, &text, sha256)?
                .then_some(signatory.clone())
                .ok_or(Refusal::Altered { key: signatory.key }),
            Err(refusal) => Err(refusal),
        };
        if found.is_ok() {
            return Ok(found);
        }
        verdict = found;
    }
    Ok(verdict)
}

/// Whether any of these indexes names the deb, whoever says so.
fn has(folder: &Path, indexes: &[&String], sha256: &str) -> io::Result<bool> {
    for index in indexes {
        let text = read(&folder.join(index))?;
        if names(&text, sha256) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether an index that has the digest which `release` says names the deb.
fn vouches(
    folder: &Path,
    repository: &str,
    indexes: &[&String],
    release: &str,
    sha256: &str,
) -> io::Result<bool> {
    let Ok(contents) = apt::contents(release) else { return Ok(false) };
    let listed = contents.sections.iter().find(|section| section.title == "SHA256");
    let Some(listed) = listed else { return Ok(false) };
    for index in indexes {
        // apt writes `_` for `/` in the names of its lists.
        let path = index.strip_prefix(repository).unwrap_or(index);
        let bytes = read(&folder.join(index))?;
        let digest = hex::encode(Sha256::digest(&bytes));
        let is_signed = listed
            .indexes
            .iter()
            .any(|(known, _, name)| *known == digest && name.replace('/', "_") == path);
        if is_signed && names(&bytes, sha256) {
            return Ok(true);
        }
    }
    Ok(false)
}

fn names(index: &[u8], sha256: &str) -> bool {
    let line = format!("SHA256: {sha256}");
    index.split(|byte| *byte == b'\n').any(|found| found.trim_ascii_end() == line.as_bytes())
}

fn read(path: &Path) -> io::Result<Vec<u8>> {
    let size = fs_err::metadata(path)?.len();
    if size > LARGEST {
        let problem = format!("`{}` is too large for an index", path.display());
        return Err(io::Error::other(problem));
    }
    fs_err::read(path)
}

fn names_in(folder: &Path) -> io::Result<Vec<String>> {
    let entries = match fs_err::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut names = Vec::new();
    for entry in entries {
        names.push(entry?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    Ok(names)
}
