//! The files that a header lists.

use std::collections::{HashMap, HashSet};

use ::rpm::{DigestAlgorithm, FileEntry, FileFlags, IndexTag, PackageMetadata};

use super::damaged;
use super::manifest::{FILE, LINK};
use crate::package::File;
use crate::{Limits, ReadError};

/// Bits of `st_mode` that tell the type.
const TYPE: u32 = 0o170_000;

/// One file of a header.
#[derive(Debug)]
pub(super) struct Listed {
    pub(super) path: String,
    /// As in the header; the SHA-256 only where that is the header's kind of digest.
    pub(super) file: File,
    /// The header's digest of the file.
    pub(super) digest: Option<(DigestAlgorithm, String)>,
    /// Whether the payload has no such file.
    pub(super) is_ghost: bool,
}

/// Returns the files of a header in its order.
pub(super) fn read(metadata: &PackageMetadata, limits: &Limits) -> Result<Vec<Listed>, ReadError> {
    if metadata.is_source_package() {
        return Err(damaged("it is a source package"));
    }
    let mut listed = Vec::new();
    let read = metadata.for_each_file_entry(|entry| {
        listed.push(from_entry(&entry));
        Ok(())
    });
    read.map_err(damaged)?;
    for item in &listed {
        check_path(&item.path, limits)?;
    }
    check_links(&listed)?;
    name_origins(&mut listed, metadata, limits)?;
    Ok(listed)
}

fn from_entry(entry: &FileEntry<'_>) -> Listed {
    let mode = u32::from(entry.mode());
    let digest = entry.digest().map(|digest| (digest.algorithm(), digest.as_hex().to_owned()));
    let sha256 = digest.clone().filter(|(algorithm, _)| *algorithm == DigestAlgorithm::Sha2_256);
    let file = File {
        mode,
        owner: format!("{}:{}", entry.user(), entry.group()),
        time: u32::from(entry.modified_at()).into(),
        size: if mode & TYPE == FILE { entry.size() as u64 } else { 0 },
        sha256: sha256.map(|(_, digest)| digest),
        target: entry.linkto().filter(|_| mode & TYPE == LINK).map(str::to_owned),
    };
    Listed {
        path: format!("{}{}", entry.dirname(), entry.basename()),
        file,
        digest,
        is_ghost: entry.flags().contains(FileFlags::GHOST),
    }
}

/// Makes hard links of the names of one file but the last, which alone has bytes in the payload.
fn name_origins(
    listed: &mut [Listed],
    metadata: &PackageMetadata,
    limits: &Limits,
) -> Result<(), ReadError> {
    let numbers = |tag| metadata.header.get_entry_data_as_u32_array(tag).unwrap_or_default();
    let devices = numbers(IndexTag::RPMTAG_FILEDEVICES);
    let inodes = numbers(IndexTag::RPMTAG_FILEINODES);
    let mut origins = HashMap::new();
    let mut held = 0;
    for (item, inode) in listed.iter_mut().zip(devices.into_iter().zip(inodes)).rev() {
        if item.is_ghost || !item.file.is_regular() {
            continue;
        }
        let what = (item.digest.clone(), item.file.size);
        let origin = origins.entry((inode, what)).or_insert_with(|| item.path.clone());
        if *origin != item.path {
            held += origin.len() as u64;
            item.file.target = Some(origin.clone());
        }
        if held > limits.header {
            return Err(ReadError::Limit("the names of its hard links take too much".to_owned()));
        }
    }
    Ok(())
}

/// Refuses a file whose folder is a link: it would be written to wherever the link leads.
fn check_links(listed: &[Listed]) -> Result<(), ReadError> {
    let links: HashSet<_> =
        listed.iter().filter(|it| it.file.is_link()).map(|it| &*it.path).collect();
    for Listed { path, .. } in listed {
        let mut folders = path.match_indices('/').map(|(at, _)| &path[..at]);
        if let Some(link) = folders.find(|folder| links.contains(folder)) {
            let (path, link) = (path.escape_debug(), link.escape_debug());
            return Err(ReadError::Unsafe(format!("`{path}` lies below the link `{link}`")));
        }
    }
    Ok(())
}

/// Refuses a path that is not plainly one below `/`.
fn check_path(path: &str, limits: &Limits) -> Result<(), ReadError> {
    let shown = path.escape_debug();
    let parts = || path.split('/').skip(1);
    if !path.starts_with('/') || parts().any(|part| matches!(part, "" | "." | "..")) {
        return Err(ReadError::Unsafe(format!("the path `{shown}`")));
    }
    if path.chars().any(char::is_control) {
        return Err(ReadError::Unsafe(format!("the path `{shown}` has a control character")));
    }
    if path.len() > limits.path || parts().any(|part| part.len() > limits.name) {
        return Err(ReadError::Limit("a path is too long".to_owned()));
    }
    if parts().count() > limits.depth {
        return Err(ReadError::Limit(format!("the path `{shown}` is too deep")));
    }
    Ok(())
}

/// Returns where each path stands in the list.
pub(super) fn positions(listed: &[Listed]) -> Result<HashMap<&str, usize>, ReadError> {
    let mut positions = HashMap::with_capacity(listed.len());
    for (index, item) in listed.iter().enumerate() {
        if positions.insert(item.path.as_str(), index).is_some() {
            return Err(damaged(format!("`{}` is listed twice", item.path.escape_debug())));
        }
    }
    Ok(positions)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_absolute_paths_within_the_limits_pass() {
        let limits = Limits { depth: 4, path: 20, name: 8, ..Limits::default() };
        for good in ["/a", "/a/b c/..d", "/a/-x", "/é"] {
            assert!(check_path(good, &limits).is_ok(), "{good}");
        }
        for bad in [
            "",
            "a",
            "./a",
            "/",
            "/a/",
            "/a//b",
            "/../a",
            "/a/..",
            "/a/./b",
            "/123456789",
            "/a\nb",
            "/\u{1b}[1m",
            "/1/2/3/4/5",
            "/123456/123456/123456",
        ] {
            assert!(check_path(bad, &limits).is_err(), "{bad}");
        }
    }
}
