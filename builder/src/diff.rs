//! `fpb diff`: what really changes from one package file to another.
//!
//! Headers are compared first, without payloads ([`Difference::between`], pure); then the few text
//! files that differ are read from both packages for a line-by-line diff. Times, sizes of packages
//! and indexes that follow from other changes are no differences of their own. Packages of two
//! formats can be compared: what is a format's own (fields, relations, scripts, files outside of the
//! plugin's folder) is left out then.

mod content;
mod display;
mod embedded;
mod files;
mod headers;
mod metadata;

use std::path::Path;

use packaging::{Limits, Package};
use serde::Serialize;

use crate::inspect::{BadPackage, PluginIdentity, damage, format_name, open, plugin_folder};

/// All differences between two packages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// Whether nothing that counts differs.
    pub identical: bool,
    /// Whether both packages put the same on a host, times aside.
    pub same_content: bool,
    /// The package that was there before.
    pub old: Side,
    /// The package that comes after it.
    pub new: Side,
    /// What a release engineer should not overlook.
    pub warnings: Vec<String>,
    /// Format, name, version and release.
    pub package: Vec<Change>,
    /// Values of the embedded `metadata.yaml`, by path.
    pub metadata: Vec<Change>,
    /// Header tags or control fields; only within one format.
    pub fields: Vec<Change>,
    /// Relations that only one side has; only within one format.
    pub relations: Vec<Change>,
    /// Scripts; only within one format.
    pub scripts: Vec<ScriptChange>,
    /// Files, folders and links; paths are relative to the plugin's folder.
    pub files: Files,
    /// Packages in the plugin's own repositories.
    pub repositories: Vec<Upgrade>,
    /// Indexes that follow from other changes, by path.
    pub indexes: Vec<String>,
}

/// One of the two packages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Side {
    /// The package file as named by the user.
    pub file: String,
    /// `rpm`, `deb` or `fp`.
    pub format: &'static str,
    /// The package's name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Its release; `None` for fp.
    pub release: Option<String>,
    /// Length of the package file in bytes.
    pub size: u64,
    /// SHA-256 of the package file.
    pub sha256: String,
    /// What the embedded metadata says.
    pub plugin: Option<PluginIdentity>,
    /// The names of its digests that do not hold.
    pub damage: Vec<String>,
}

/// A value that differs; `None` on the side that does not have it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// What differs.
    pub name: String,
    /// What it was.
    pub old: Option<String>,
    /// What it is.
    pub new: Option<String>,
}

/// A script that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ScriptChange {
    /// The format's name for it.
    pub name: String,
    /// How it differs, the interpreter as its first line.
    pub text: TextChange,
}

/// How a text differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TextChange {
    /// As unified diff; `None` where that says nothing or is too much.
    pub diff: Option<String>,
    /// Why the diff is missing or cut.
    pub note: Option<String>,
}

/// The payload's differences.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Files {
    /// What only the new package has.
    pub added: Vec<Single>,
    /// What only the old package has.
    pub removed: Vec<Single>,
    /// What both have and differs.
    pub changed: Vec<FileChange>,
    /// How many entries are the same on both sides.
    pub unchanged: usize,
}

/// A file, folder or link that only one side has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Single {
    /// Its path.
    pub path: String,
    /// Type and permissions as `ls` writes them.
    pub mode: String,
    /// Length in bytes.
    pub size: u64,
}

/// A file, folder or link that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FileChange {
    /// Its path.
    pub path: String,
    /// `mode`, `owner`, `target` and `content` (as SHA-256), those that differ.
    pub changes: Vec<Change>,
    /// Length in bytes before.
    pub old_size: u64,
    /// Length in bytes after.
    pub new_size: u64,
    /// How the text differs; `None` where the content is the same.
    pub text: Option<TextChange>,
}

/// Versions of one package in a repository of the plugin that come or go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Upgrade {
    /// The folder.
    pub folder: String,
    /// The package's name.
    pub name: String,
    /// Its architecture.
    pub architecture: String,
    /// The versions that only the old side has.
    pub old: Vec<String>,
    /// The versions that only the new side has.
    pub new: Vec<String>,
}

/// Compares the package in `old` with the one in `new`.
pub fn diff(old: &Path, new: &Path, limits: &Limits) -> Result<Difference, BadPackage> {
    let (mut old_file, old_package) = open(old, limits)?;
    let (mut new_file, new_package) = open(new, limits)?;
    let bad = |file: &Path| {
        let file = file.to_owned();
        |source| BadPackage { file, source }
    };
    let mut difference = Difference::between(&old_package, &new_package);
    difference.old.file = old.to_string_lossy().into_owned();
    difference.new.file = new.to_string_lossy().into_owned();
    let wanted = content::wanted(&mut difference.files.changed);
    if !wanted.is_empty() {
        let (old_names, new_names) = names(&old_package, &new_package);
        let before =
            content::collect(&mut old_file, limits, &old_names, &wanted).map_err(bad(old))?;
        let after =
            content::collect(&mut new_file, limits, &new_names, &wanted).map_err(bad(new))?;
        content::compare(&mut difference.files.changed, &before, &after);
    }
    Ok(difference)
}

/// Returns how the paths of both packages are shortened.
fn names(old: &Package, new: &Package) -> (files::Names, files::Names) {
    let elsewhere = old.format == new.format;
    let names = |package| files::Names { folder: plugin_folder(package), elsewhere };
    (names(old), names(new))
}

impl Difference {
    /// Compares all but the text of files.
    pub fn between(old: &Package, new: &Package) -> Self {
        let (sides, metadata) = ((Side::of(old), Side::of(new)), metadata::compare(old, new));
        let (old_names, new_names) = names(old, new);
        let mut all = files::compare((old, &old_names), (new, &new_names));
        let repositories = embedded::take_upgrades(&mut all);
        let indexes = files::take_indexes(&mut all, &metadata::repositories(&[old, new]));
        let one_format = old.format == new.format;
        let mut difference = Self {
            identical: false,
            same_content: all.are_same() && repositories.is_empty() && indexes.is_empty(),
            warnings: Vec::new(),
            package: headers::identity(&sides.0, &sides.1),
            metadata,
            fields: if one_format { headers::fields(old, new) } else { Vec::new() },
            relations: if one_format { headers::relations(old, new) } else { Vec::new() },
            scripts: if one_format { headers::scripts(old, new) } else { Vec::new() },
            files: all,
            repositories,
            indexes,
            old: sides.0,
            new: sides.1,
        };
        difference.identical = difference.is_empty();
        difference.warnings = headers::warnings(&difference, old, new);
        difference
    }

    fn is_empty(&self) -> bool {
        let lists = [&self.package, &self.metadata, &self.fields, &self.relations];
        lists.into_iter().all(Vec::is_empty) && self.scripts.is_empty() && self.same_content
    }
}

impl Files {
    fn are_same(&self) -> bool {
        self.added.is_empty() && self.removed.is_empty() && self.changed.is_empty()
    }
}

impl Side {
    fn of(package: &Package) -> Self {
        Self {
            file: String::new(),
            format: format_name(package.format),
            name: package.name.clone(),
            version: package.version.clone(),
            release: package.release.clone(),
            size: package.size,
            sha256: package.sha256.clone(),
            plugin: package.metadata.as_deref().and_then(PluginIdentity::read),
            damage: damage(package),
        }
    }
}

impl Change {
    /// Returns the change of `name`, `None` where both sides are equal.
    fn of(name: &str, old: Option<&str>, new: Option<&str>) -> Option<Self> {
        (old != new).then(|| Self {
            name: name.to_owned(),
            old: old.map(str::to_owned),
            new: new.map(str::to_owned),
        })
    }
}

#[cfg(test)]
mod tests;
