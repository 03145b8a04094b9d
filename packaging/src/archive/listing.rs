//! The table of a package's files, with what their bytes hash to.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Read};

use plugin::{Format, PLUGINS_ROOT};

use crate::digest::{Digests, Hashing, Sums};
use crate::package::{File, Integrity};
use crate::stream::{read_error, read_text};
use crate::{Limits, ReadError};

/// What a plugin says of itself, and the most bytes of it that are read.
const METADATA: &str = "metadata.yaml";
const LONGEST_METADATA: u64 = 1 << 20;

/// How many links are followed on the way to one file.
const CHAIN: usize = 40;

/// Collects what a visitor is shown.
pub(crate) struct Listing {
    format: Format,
    limit: u64,
    entries: BTreeMap<String, Listed>,
    metadata: Option<String>,
    checksums: Option<(String, String)>,
}

/// A file and those of its digests that are compared, but not shown.
struct Listed {
    file: File,
    md5: [u8; 16],
    sha1: [u8; 20],
}

/// A list of digests that a package has over its own files.
struct SumList<'a> {
    /// What the names in it are relative to, absolute.
    folder: &'a str,
    /// One digest, blanks and name a line.
    text: &'a str,
    /// What stands between digest and name.
    blanks: &'static str,
    /// Files that need not be in the list, or have another digest there.
    exempt: &'a str,
}

impl Listing {
    /// Begins a table.
    pub(crate) fn new(format: Format, limits: &Limits) -> Self {
        let entries = BTreeMap::new();
        Self { format, limit: limits.header, entries, metadata: None, checksums: None }
    }

    /// Takes in the entry at the absolute `path`.
    pub(crate) fn add(
        &mut self,
        path: &str,
        file: &File,
        content: &mut dyn Read,
    ) -> Result<(), ReadError> {
        let listed = match &file.target {
            Some(target) if file.is_hard_link() => self.share(file, target),
            None if file.is_regular() => self.hash(path, file, content)?,
            _ => Listed::empty(file),
        };
        self.entries.insert(path.to_owned(), listed);
        Ok(())
    }

    /// Describes a hard link, which has the content of the entry that it names.
    fn share(&self, file: &File, target: &str) -> Listed {
        let mut listed = Listed::empty(file);
        if let Some(origin) = self.entries.get(target) {
            listed.file.sha256.clone_from(&origin.file.sha256);
            (listed.md5, listed.sha1) = (origin.md5, origin.sha1);
        }
        listed
    }

    /// Describes a file by its bytes; keeps those that say something of the plugin.
    fn hash(
        &mut self,
        path: &str,
        file: &File,
        content: &mut dyn Read,
    ) -> Result<Listed, ReadError> {
        let (format, limit) = (self.format, self.limit);
        match plugin_file(path) {
            Some((_, METADATA)) if self.metadata.is_none() => {
                let text = read_metadata(format, content)?;
                let listed = Listed::of(file, &mut text.as_bytes(), format);
                self.metadata = Some(text);
                listed
            }
            Some((folder, "checksums.sha1")) if self.checksums.is_none() => {
                let text = read_text(format, "checksums.sha1", content, limit)?;
                let listed = Listed::of(file, &mut text.as_bytes(), format);
                self.checksums = Some((folder.to_owned(), text));
                listed
            }
            _ => Listed::of(file, content, format),
        }
    }

    /// Compares the plugin's own list of digests, where there is one (`fuel-formats 8`).
    pub(crate) fn checksums(&self) -> Option<Integrity> {
        let (folder, text) = self.checksums.as_ref()?;
        let list = SumList { folder, text, blanks: " ", exempt: "checksums.sha1" };
        let holds = self.holds(&list, |listed| &listed.sha1);
        Some(Integrity::digest("checksums.sha1", holds))
    }

    /// Compares the `md5sums` of a Debian package, whose `conffiles` it leaves out.
    pub(crate) fn md5sums(&self, text: &str, conffiles: &str) -> Integrity {
        let exempt = conffiles.replace("\n/", "\n");
        let exempt = exempt.strip_prefix('/').unwrap_or(&exempt);
        let list = SumList { folder: "", text, blanks: "  ", exempt };
        let holds = self.holds(&list, |listed| &listed.md5);
        Integrity::digest("md5sums", holds)
    }

    /// Whether a list has every file below its folder and nothing else, each with its digest.
    fn holds(&self, list: &SumList<'_>, digest: fn(&Listed) -> &[u8]) -> bool {
        let exempt: BTreeSet<_> = list.exempt.lines().collect();
        let mut seen = BTreeSet::new();
        for line in list.text.lines() {
            let Some((sum, name)) = line.split_once(list.blanks) else { return false };
            if exempt.contains(name) {
                continue;
            }
            let Ok(sum) = hex::decode(sum) else { return false };
            let listed = self.resolve(format!("{}/{name}", list.folder));
            if listed.is_none_or(|listed| digest(listed) != sum) {
                return false;
            }
            seen.insert(name);
        }
        self.entries
            .iter()
            .filter(|(_, listed)| listed.file.is_regular())
            .filter_map(|(path, _)| path.strip_prefix(list.folder)?.strip_prefix('/'))
            .all(|name| seen.contains(name) || exempt.contains(name))
    }

    /// Follows links to a regular file.
    fn resolve(&self, mut path: String) -> Option<&Listed> {
        for _ in 0..CHAIN {
            let Some((end, target)) = self.first_link(&path) else {
                return self.entries.get(&path).filter(|listed| listed.file.is_regular());
            };
            path = format!("{}{}", join(&path[..end], target), &path[end..]);
        }
        None
    }

    /// Returns where the first link on the way to `path` ends, and what it says.
    fn first_link(&self, path: &str) -> Option<(usize, &str)> {
        let ends = path.match_indices('/').map(|(at, _)| at).chain([path.len()]);
        ends.into_iter().find_map(|end| {
            let listed = self.entries.get(&path[..end])?;
            let target = listed.file.target.as_deref()?;
            (!listed.file.is_regular()).then_some((end, target))
        })
    }

    /// Returns the text of the plugin's `metadata.yaml`, and the files.
    pub(crate) fn finish(self) -> (Option<String>, BTreeMap<String, File>) {
        let files = self.entries.into_iter().map(|(path, listed)| (path, listed.file));
        (self.metadata, files.collect())
    }
}

impl Listed {
    fn empty(file: &File) -> Self {
        Self { file: file.clone(), md5: [0; 16], sha1: [0; 20] }
    }

    fn of(file: &File, content: &mut dyn Read, format: Format) -> Result<Self, ReadError> {
        let mut content = Hashing::<_, Digests>::new(content);
        io::copy(&mut content, &mut io::sink()).map_err(|error| read_error(format, error))?;
        let Sums { md5, sha1, sha256 } = content.finish().digest;
        let file = File { sha256: Some(hex::encode(sha256)), ..file.clone() };
        Ok(Self { file, md5, sha1 })
    }
}

/// Whether `path` is that of a plugin's own `metadata.yaml`.
pub(crate) fn is_metadata(path: &str) -> bool {
    plugin_file(path).is_some_and(|(_, rest)| rest == METADATA)
}

/// Reads a `metadata.yaml`.
pub(crate) fn read_metadata(format: Format, content: &mut dyn Read) -> Result<String, ReadError> {
    read_text(format, METADATA, content, LONGEST_METADATA)
}

/// Splits the path of a file of a plugin into the plugin's folder and the rest.
fn plugin_file(path: &str) -> Option<(&str, &str)> {
    let below = path.strip_prefix(PLUGINS_ROOT)?.strip_prefix('/')?;
    let (name, rest) = below.split_once('/')?;
    Some((&path[..PLUGINS_ROOT.len() + 1 + name.len()], rest))
}

/// Returns where the link at `path` leads.
fn join(path: &str, target: &str) -> String {
    if target.starts_with('/') {
        return target.to_owned();
    }
    let mut parts: Vec<_> = path.split('/').collect();
    parts.pop();
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}
