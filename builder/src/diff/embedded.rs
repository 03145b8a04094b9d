//! Packages in the plugin's own repositories: which versions come and go.
//!
//! Names and versions are taken from file names, which both package systems build in a fixed way.
//! A package that is renamed but otherwise the same is therefore shown as a change; one that keeps
//! its name but not its bytes stays among the changed files, where it belongs.

use std::collections::BTreeMap;

use super::{Files, Single, Upgrade};

/// What the name of a package file says.
#[derive(Debug, PartialEq, Eq)]
struct FileName<'a> {
    name: &'a str,
    version: String,
    architecture: &'a str,
}

/// Takes the packages that came or went out of `files` and returns them by folder and name.
pub(super) fn take_upgrades(files: &mut Files) -> Vec<Upgrade> {
    let mut upgrades = BTreeMap::new();
    take(&mut files.removed, &mut upgrades, |upgrade| &mut upgrade.old);
    take(&mut files.added, &mut upgrades, |upgrade| &mut upgrade.new);
    upgrades.into_values().collect()
}

type Key = (String, String, String);

fn take(
    files: &mut Vec<Single>,
    upgrades: &mut BTreeMap<Key, Upgrade>,
    side: fn(&mut Upgrade) -> &mut Vec<String>,
) {
    for file in files.extract_if(.., |file| file.mode.starts_with('-') && is_package(&file.path)) {
        let Some((folder, package)) = package(&file.path) else { continue };
        let key = (folder.to_owned(), package.name.to_owned(), package.architecture.to_owned());
        let upgrade = upgrades.entry(key).or_insert_with_key(|key| Upgrade {
            folder: key.0.clone(),
            name: key.1.clone(),
            architecture: key.2.clone(),
            old: Vec::new(),
            new: Vec::new(),
        });
        side(upgrade).push(package.version);
    }
}

/// Whether `path` is that of a package.
pub(super) fn is_package(path: &str) -> bool {
    package(path).is_some()
}

fn package(path: &str) -> Option<(&str, FileName<'_>)> {
    let (folder, name) = path.rsplit_once('/').unwrap_or((".", path));
    let parsed = match (name.strip_suffix(".deb"), name.strip_suffix(".rpm")) {
        (Some(stem), _) => debian(stem),
        (_, Some(stem)) => rpm(stem),
        _ => None,
    };
    Some((folder, parsed?))
}

/// `libfoo_1%3a1.2-1_amd64`
fn debian(stem: &str) -> Option<FileName<'_>> {
    let mut parts = stem.split('_');
    let (name, version, architecture) = (parts.next()?, parts.next()?, parts.next()?);
    let version = version.replace("%3a", ":").replace("%3A", ":");
    parts.next().is_none().then_some(FileName { name, version, architecture })
}

/// `libfoo-1.2-1.el9.x86_64`
fn rpm(stem: &str) -> Option<FileName<'_>> {
    let (rest, architecture) = stem.rsplit_once('.')?;
    let (rest, release) = rest.rsplit_once('-')?;
    let (name, version) = rest.rsplit_once('-')?;
    Some(FileName { name, version: format!("{version}-{release}"), architecture })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_package_files_are_taken_apart() {
        let cases = [
            ("r/u/libfoo_1.2-1_amd64.deb", Some(("r/u", "libfoo", "1.2-1", "amd64"))),
            ("a_1%3a2.0_all.deb", Some((".", "a", "1:2.0", "all"))),
            ("r/py-a-b-1.0-2.el9.noarch.rpm", Some(("r", "py-a-b", "1.0-2.el9", "noarch"))),
            ("r/libfoo.deb", None),
            ("r/a_b_c_d.deb", None),
            ("r/x.rpm", None),
            ("r/a_1_all.txt", None),
        ];
        for (path, expected) in cases {
            let found = package(path);
            let found = found.as_ref().map(|(f, p)| (*f, p.name, &*p.version, p.architecture));
            assert_eq!(found, expected, "{path}");
        }
    }
}
