//! Repositories of packages: the indexes that yum and apt read.
//!
//! Each kind has two halves: a *record* is what an index says of one package, made while the file
//! passes by once; the index is written from records. Nothing here touches a disk but to read
//! packages: indexes are put into the [`Contents`]. Indexing again gives the same bytes.

pub mod apt;
mod candidate;
pub mod yum;

use std::io;

pub use candidate::{Candidate, Record};

use crate::contents::Kind;
use crate::{Content, Contents, ReadError};

/// Why no index was made.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    /// A file could not be read.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// A file is no package, or a damaged one.
    #[error("`{}` cannot be indexed: {problem}", path.escape_debug())]
    BadPackage {
        /// The file, relative to the plugin.
        path: String,
        /// What is wrong with it.
        problem: String,
    },
    /// The repository is to be where no folder can be.
    #[error("`{0}` is not a folder of the plugin")]
    BadFolder(String),
    /// Something else is where a part of the repository has to be.
    #[error("`{path}` is in the way of {wanted}")]
    Occupied {
        /// What is there, relative to the plugin.
        path: String,
        /// What has to be there.
        wanted: &'static str,
    },
}

/// How many links may follow each other, as on Linux.
const LINKS: usize = 40;

/// A folder of the plugin without `.` and needless `/`; the top itself is empty.
#[derive(Debug, PartialEq, Eq)]
struct Folder(String);

/// A package file, by whatever name or link it was found.
struct Found<'a> {
    /// Where it was found, relative to the plugin.
    path: &'a str,
    /// Where it was found, relative to the repository.
    inside: &'a str,
    size: u64,
    content: &'a Content,
}

impl Folder {
    /// Returns `path` of the plugin as a folder, which need not exist.
    fn of(contents: &Contents, path: &str) -> Result<Self, IndexError> {
        let folder = normalise("", path).ok_or_else(|| IndexError::BadFolder(path.to_owned()))?;
        let ends = folder.match_indices('/').map(|(at, _)| at).chain([folder.len()]);
        for way in ends.map(|end| &folder[..end]) {
            if contents.get(way).is_some_and(|entry| !matches!(entry.kind, Kind::Folder)) {
                return Err(IndexError::BadFolder(way.to_owned()));
            }
        }
        Ok(Self(folder))
    }

    /// Returns the path of `name`, which is relative to this folder.
    fn at(&self, name: &str) -> String {
        if self.0.is_empty() { name.to_owned() } else { format!("{}/{name}", self.0) }
    }

    /// Returns `path`, which is below this folder, relative to it.
    fn inside<'a>(&self, path: &'a str) -> &'a str {
        path[self.0.len()..].trim_start_matches('/')
    }

    /// Returns the packages with names that end in `suffix`, at any depth, sorted by path.
    fn packages<'a>(
        &self,
        contents: &'a Contents,
        suffix: &str,
    ) -> Result<Vec<Found<'a>>, IndexError> {
        contents
            .below(&self.0)
            .filter(|(path, entry)| path.ends_with(suffix) && !matches!(entry.kind, Kind::Folder))
            .map(|(path, _)| {
                // A line feed would end the line of an index.
                if path.contains(char::is_control) {
                    return Err(bad_package(path, "its name has a control character"));
                }
                let (size, content) = resolve(contents, path)
                    .ok_or_else(|| bad_package(path, "a link that leads to no file"))?;
                Ok(Found { path, inside: self.inside(path), size, content })
            })
            .collect()
    }
}

impl Found<'_> {
    /// Makes sure that as many bytes were read as the plugin has.
    fn check_size(&self, read: u64) -> Result<(), IndexError> {
        if read == self.size { Ok(()) } else { Err(self.bad("it changed while it was read")) }
    }

    /// Says why this package could not be read.
    fn unread(&self, error: ReadError) -> IndexError {
        match error {
            // That it is damaged, and of which format, the rest of the message says.
            ReadError::Damaged { problem, .. } => self.bad(problem),
            error => self.bad(error),
        }
    }

    /// Says what is wrong with this package.
    fn bad(&self, problem: impl ToString) -> IndexError {
        bad_package(self.path, problem)
    }
}

fn bad_package(path: &str, problem: impl ToString) -> IndexError {
    IndexError::BadPackage { path: path.to_owned(), problem: problem.to_string() }
}

/// Returns the file at `path`, also through links.
fn resolve<'a>(contents: &'a Contents, path: &str) -> Option<(u64, &'a Content)> {
    let mut path = path.to_owned();
    for _ in 0..LINKS {
        match &contents.get(&path)?.kind {
            Kind::File { size, content } => return Some((*size, content)),
            Kind::Folder => return None,
            Kind::Link { target } => {
                path = normalise(path.rsplit_once('/').map_or("", |(parent, _)| parent), target)?;
            }
        }
    }
    None
}

/// Returns `path` as seen from `base`; `None` where it is absolute or leads out of the plugin.
fn normalise(base: &str, path: &str) -> Option<String> {
    if path.starts_with('/') {
        return None;
    }
    let mut parts = Vec::new();
    for part in base.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            _ => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contents::Entry;

    #[test]
    fn folders_are_normalised_and_stay_inside_the_plugin() {
        let mut contents = Contents::default();
        contents.insert_text("a/file", *b"");
        for (path, folder) in [("", ""), (".", ""), ("./a//b/", "a/b"), ("a/../b/.", "b")] {
            assert_eq!(Folder::of(&contents, path).unwrap(), Folder(folder.to_owned()), "{path}");
        }
        for path in ["/a", "..", "a/../../b", "a/file", "a/file/b"] {
            assert!(Folder::of(&contents, path).is_err(), "{path}");
        }
        assert_eq!(Folder(String::new()).inside("a/b"), "a/b");
        assert_eq!(Folder("a".to_owned()).inside("a/b"), "b");
    }

    #[test]
    fn links_are_followed_inside_the_plugin_and_never_for_ever() {
        let mut contents = Contents::default();
        contents.insert_text("pool/x.deb", *b"1234");
        for (path, target) in
            [("a/x.deb", "../pool/x.deb"), ("a/y.deb", "x.deb"), ("l", "l"), ("o", "../pool/x.deb")]
        {
            let kind = Kind::Link { target: target.to_owned() };
            contents.insert(path, Entry { mode: 0o777, kind });
        }
        assert_eq!(resolve(&contents, "a/y.deb").map(|(size, _)| size), Some(4));
        for path in ["l", "o", "pool", "absent"] {
            assert!(resolve(&contents, path).is_none(), "{path}");
        }
    }
}
