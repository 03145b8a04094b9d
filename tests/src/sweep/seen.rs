//! What can be seen of a host from outside, and what a struck command left over.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::{Host, tree};

/// Where finished commands, package managers and their readers leave what is theirs, each time
/// something else: locks, logs, folders for work, the packages kept for undo, databases.
const TRACES: [&str; 14] = [
    "var/lib/plugins/lock",
    "var/lib/plugins/attic",
    "var/lib/plugins/attic/saved",
    "var/lib/plugins/attic/staged",
    "var/lib/plugins/attic/trash",
    "var/lib/plugins/incoming",
    "var/cache",
    "var/log",
    "var/lib/rpm",
    "root/.rpmdb",
    "var/lib/dpkg",
    "var/lib/dnf",
    "tmp/hooks",
    "var/tmp",
];

/// What a host is, as far as anybody can see from outside.
#[derive(Clone, Debug, PartialEq)]
pub struct Seen {
    plugins: BTreeMap<PathBuf, String>,
    packages: Vec<(String, Option<String>)>,
    registry: Value,
}

/// Looks at a host; `packages` are those whose recorded versions count.
#[track_caller]
pub fn see(host: &Host, packages: &[&str]) -> Seen {
    let mut registry = host.json(["list"])["results"].clone();
    // Where a version came from may be told less exactly after a recovery.
    for row in registry.as_array_mut().into_iter().flatten() {
        row.as_object_mut().map(|row| row.remove("source"));
    }
    Seen {
        plugins: tree(&host.plugins_root()),
        packages: packages.iter().map(|p| ((*p).to_owned(), host.recorded(p))).collect(),
        registry,
    }
}

impl Seen {
    /// Tells how this differs from `other`.
    pub(super) fn difference(&self, other: &Self) -> String {
        let files =
            self.plugins.iter().filter(|(path, what)| other.plugins.get(*path) != Some(*what));
        let gone = other.plugins.keys().filter(|path| !self.plugins.contains_key(*path));
        format!(
            "packages {:?}, not {:?}\nother files {:?}\nmissing files {:?}\nregistry {}\nnot {}",
            self.packages,
            other.packages,
            files.collect::<Vec<_>>(),
            gone.collect::<Vec<_>>(),
            self.registry,
            other.registry
        )
    }
}

/// Returns all names on a host but those that always come and go.
pub(super) fn names(root: &Path) -> BTreeSet<PathBuf> {
    let is_trace = |path: &PathBuf| {
        TRACES.iter().any(|trace| {
            let folder = root.join(trace);
            // Of our own state only the folders themselves are no residue.
            if trace.starts_with("var/lib/plugins") {
                *path == folder
            } else {
                path.starts_with(folder)
            }
        })
    };
    let mut names: BTreeSet<PathBuf> = tree(root).into_keys().collect();
    names.retain(|path| !is_trace(path) || is_hidden(path));
    names
}

/// Whether a name is one that stands for work in progress: ours, rpm's or dpkg's.
fn is_hidden(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    name.starts_with(".fpb-")
        || name.contains(';')
        || [".dpkg-new", ".dpkg-tmp"].iter().any(|end| name.ends_with(end))
}
