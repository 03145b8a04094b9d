//! Differences of payloads: which entries came, went or differ.

use std::collections::{BTreeMap, BTreeSet};

use packaging::Package;
use packaging::package::File;

use super::{Change, FileChange, Files, Single};
use crate::inspect::mode;

/// The type bits of `st_mode`, and their value for a link, whose permissions mean nothing.
const TYPE: u32 = 0o170_000;
const LINK: u32 = 0o120_000;

/// How the paths of a package are shortened.
#[derive(Debug)]
pub(super) struct Names {
    /// The plugin's folder, which differs from release line to release line.
    pub(super) folder: Option<String>,
    /// Whether what lies elsewhere counts: it is the format's own, such as a Debian changelog.
    pub(super) elsewhere: bool,
}

impl Names {
    /// Returns `path` relative to the plugin's folder (`.` is the folder itself) or, elsewhere,
    /// absolute; `None` for what does not count, such as the folders that lead there, which belong to
    /// the host.
    pub(super) fn shorten<'a>(&self, path: &'a str) -> Option<&'a str> {
        let Some(folder) = &self.folder else { return Some(path) };
        match path.strip_prefix(folder.as_str()) {
            Some("") => Some("."),
            Some(rest) if rest.starts_with('/') => Some(&rest[1..]),
            _ if path == "/" || leads_to(path, folder) => None,
            _ => self.elsewhere.then_some(path),
        }
    }
}

fn leads_to(path: &str, folder: &str) -> bool {
    folder.strip_prefix(path).is_some_and(|rest| rest.starts_with('/'))
}

/// Compares the payloads of two packages, each with its way to shorten paths.
pub(super) fn compare(old: (&Package, &Names), new: (&Package, &Names)) -> Files {
    let (old, new) = (short(old.0, old.1), short(new.0, new.1));
    let mut files = Files::default();
    for (path, before) in &old {
        match new.get(path) {
            None => files.removed.push(Single::of(path, before)),
            Some(after) => match FileChange::of(path, before, after) {
                Some(change) => files.changed.push(change),
                None => files.unchanged += 1,
            },
        }
    }
    let added = new.iter().filter(|(path, _)| !old.contains_key(*path));
    files.added = added.map(|(path, file)| Single::of(path, file)).collect();
    files
}

fn short<'a>(package: &'a Package, names: &Names) -> BTreeMap<&'a str, &'a File> {
    let files = package.files.iter();
    files.filter_map(|(path, file)| Some((names.shorten(path)?, file))).collect()
}

impl Single {
    fn of(path: &str, file: &File) -> Self {
        Self { path: path.to_owned(), mode: mode::text(file.mode), size: file.size }
    }
}

impl FileChange {
    /// Returns how two entries differ in anything but their times.
    fn of(path: &str, old: &File, new: &File) -> Option<Self> {
        let shown = |file: &File| {
            mode::text(if file.mode & TYPE == LINK { LINK | 0o777 } else { file.mode })
        };
        let changes = [
            Change::of("mode", Some(&shown(old)), Some(&shown(new))),
            Change::of("owner", Some(&old.owner), Some(&new.owner)),
            Change::of("target", old.target.as_deref(), new.target.as_deref()),
            Change::of("content", old.sha256.as_deref(), new.sha256.as_deref()),
        ];
        let changes: Vec<_> = changes.into_iter().flatten().collect();
        (!changes.is_empty()).then(|| Self {
            path: path.to_owned(),
            changes,
            old_size: old.size,
            new_size: new.size,
            text: None,
        })
    }

    /// Whether the bytes of a file that both sides have differ.
    pub(super) fn is_of_content(&self) -> bool {
        let both = |change: &Change| change.old.is_some() && change.new.is_some();
        self.changes.iter().any(|change| change.name == "content" && both(change))
    }
}

/// Takes the indexes below the `repositories` out of `files`, and the list of digests, which follow
/// from other changes; returns their paths.
pub(super) fn take_indexes(files: &mut Files, repositories: &BTreeSet<String>) -> Vec<String> {
    let mut taken = Vec::new();
    for single in [&mut files.added, &mut files.removed] {
        let indexes = single.extract_if(.., |file| is_index(&file.path, repositories));
        taken.extend(indexes.map(|file| file.path));
    }
    let indexes = files.changed.extract_if(.., |file| {
        file.is_of_content() && file.changes.len() == 1 && is_index(&file.path, repositories)
    });
    taken.extend(indexes.map(|file| file.path));
    taken.sort();
    taken
}

/// Whether a path is that of a repository's index or of the list of digests.
fn is_index(path: &str, repositories: &BTreeSet<String>) -> bool {
    const APT: [&str; 4] = ["Packages", "Packages.gz", "Packages.xz", "Release"];
    let yum = |name: &str| name == "repodata" || name.starts_with("repodata/");
    path == "checksums.sha1"
        || repositories.iter().any(|folder| {
            let below = path.strip_prefix(folder.as_str()).and_then(|rest| rest.strip_prefix('/'));
            below.is_some_and(|name| APT.contains(&name) || yum(name))
        })
}
