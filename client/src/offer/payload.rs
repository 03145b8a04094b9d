//! Where a package may put files, and which (`threats-and-faults` A19, A20, A27).

use std::path::Path;

use packaging::Package;
use plugin::{Format, PluginId};

use super::OfferError;
use super::shelf::Extent;

/// The field that says which files of an RPM have more rights than their modes tell.
const CAPABILITIES: &str = "Capabilities";

/// Refuses a package that would put anything where it may not, or something harmful where it may.
pub(super) fn check(path: &Path, package: &Package, id: &PluginId) -> Result<(), OfferError> {
    if let Some(entry) = foreign_entry(package, id) {
        return Err(OfferError::Foreign { path: path.to_owned(), entry: entry.to_owned() });
    }
    if let Some((entry, why)) = harmful_entry(package, id) {
        let (path, entry) = (path.to_owned(), entry.to_owned());
        return Err(OfferError::Harmful { path, entry, why });
    }
    Ok(())
}

/// Returns an entry that lies neither in the plugin's own folder nor, in a Debian package, in that of
/// its documentation; folders on the way there are no harm.
fn foreign_entry<'a>(package: &'a Package, id: &PluginId) -> Option<&'a str> {
    let mut allowed = vec![id.folder()];
    if package.format == Format::Deb {
        allowed.push(format!("/usr/share/doc/{}", package.name));
    }
    // Our own builder's debs say there why lintian is overruled.
    let overrides = format!("/usr/share/lintian/overrides/{}", package.name);
    let is_allowed = |path: &str, mode: u32| {
        let is_folder = mode & 0o170_000 == 0o040_000;
        let is_file = mode & 0o170_000 == 0o100_000;
        let leads_there = is_folder && path != overrides && below(&overrides, path);
        if package.format == Format::Deb && (leads_there || is_file && path == overrides) {
            return true;
        }
        allowed.iter().any(|folder| {
            below(path, folder) && (is_folder || path != folder)
                || is_folder && (path == "/" || below(folder, path))
        })
    };
    let mut entries = package.files.iter();
    entries.find(|(path, file)| !is_allowed(path, file.mode)).map(|(path, _)| path.as_str())
}

/// Returns an entry that does harm although it may lie where it does, and why: one that everyone could
/// change, or a link beside the plugin's own folder, in which readers have seen to it that all links stay.
/// What an fp has is given other permissions when it is unpacked.
fn harmful_entry<'a>(package: &'a Package, id: &PluginId) -> Option<(&'a str, &'static str)> {
    if package.format == Format::Fp {
        return None;
    }
    let privileged = package.fields.iter().find(|(name, _)| name == CAPABILITIES);
    if let Some((_, entry)) = privileged {
        return Some((entry, "would run with rights of its own"));
    }
    package.files.iter().find_map(|(path, file)| {
        if file.mode & 0o170_000 == 0o120_000 {
            let strays = !below(path, &id.folder());
            return strays.then_some((path.as_str(), "is a link outside its plugin's folder"));
        }
        (file.mode & 0o002 != 0).then_some((path.as_str(), "everyone could write to"))
    })
}

/// Returns what a package takes once it is unpacked.
pub(super) fn extent(package: &Package) -> Extent {
    let files = package.files.values();
    let bytes = files.filter(|file| !file.is_hard_link()).map(|file| file.size).sum();
    Extent { bytes, entries: package.files.len() as u64 }
}

/// Whether `path` is `folder` or in it.
fn below(path: &str, folder: &str) -> bool {
    path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use packaging::package::File;

    use super::*;

    fn package(format: Format, path: &str, mode: u32) -> (Package, PluginId) {
        let file = File {
            mode,
            owner: "root:root".to_owned(),
            time: 0,
            size: 0,
            sha256: None,
            target: None,
        };
        let package = Package {
            format,
            name: "my-demo-1.0".to_owned(),
            version: "1.0.2".to_owned(),
            release: None,
            fields: Vec::new(),
            relations: Vec::new(),
            scripts: Vec::new(),
            files: BTreeMap::from([(path.to_owned(), file)]),
            metadata: None,
            compression: "none".to_owned(),
            size: 0,
            sha256: String::new(),
            integrity: Vec::new(),
        };
        let id = PluginId {
            name: "my_demo".parse().unwrap(),
            version: "1.0.2".parse().unwrap(),
            generation: plugin::Generation::V5,
        };
        (package, id)
    }

    fn foreign(format: Format, path: &str, mode: u32) -> bool {
        let (package, id) = package(format, path, mode);
        foreign_entry(&package, &id).is_some()
    }

    #[test]
    fn what_everyone_could_change_and_links_among_the_documentation_are_harmful() {
        let own = "/var/www/nailgun/plugins/my_demo-1.0";
        let doc = "/usr/share/doc/my-demo-1.0";
        let cases = [
            (Format::Rpm, format!("{own}/a"), 0o100_666, true),
            (Format::Deb, format!("{own}/a"), 0o100_646, true),
            (Format::Deb, format!("{own}/a"), 0o041_777, true),
            (Format::Deb, own.to_owned(), 0o040_777, true),
            (Format::Deb, format!("{own}/a"), 0o100_664, false),
            (Format::Rpm, format!("{own}/a"), 0o120_777, false),
            (Format::Deb, format!("{doc}/a"), 0o120_777, true),
            (Format::Deb, format!("{doc}/a"), 0o100_644, false),
            // They are unpacked as 644 and 755.
            (Format::Fp, format!("{own}/a"), 0o100_666, false),
        ];
        for (format, path, mode, expected) in cases {
            let (package, id) = package(format, &path, mode);
            let found = harmful_entry(&package, &id);
            assert_eq!(found.is_some(), expected, "{format:?} {path} {mode:o}");
        }
    }

    #[test]
    fn a_package_fills_its_own_folder_and_no_other() {
        const FILE: u32 = 0o100_644;
        const FOLDER: u32 = 0o040_755;
        let own = "/var/www/nailgun/plugins/my_demo-1.0";
        let cases = [
            (Format::Rpm, format!("{own}/metadata.yaml"), FILE, false),
            (Format::Rpm, own.to_owned(), FOLDER, false),
            (Format::Rpm, own.to_owned(), FILE, true),
            (Format::Rpm, format!("{own}.1/metadata.yaml"), FILE, true),
            (Format::Rpm, "/var/www/nailgun/plugins/other-1.0/metadata.yaml".into(), FILE, true),
            (Format::Rpm, "/var/www/nailgun".into(), FOLDER, false),
            (Format::Rpm, "/var/www/nailgun".into(), FILE, true),
            (Format::Rpm, "/etc".into(), FOLDER, true),
            (Format::Rpm, "/etc/cron.d/x".into(), FILE, true),
            (Format::Rpm, "/usr/share/doc/my-demo-1.0/copyright".into(), FILE, true),
            (Format::Deb, "/usr/share/doc/my-demo-1.0/copyright".into(), FILE, false),
            (Format::Deb, "/usr/share/doc/my-demo-1.0".into(), FOLDER, false),
            (Format::Deb, "/usr/share/doc/other/copyright".into(), FILE, true),
            (Format::Deb, "/".into(), FOLDER, false),
        ];
        for (format, path, mode, expected) in cases {
            assert_eq!(foreign(format, &path, mode), expected, "{format:?} {path}");
        }
    }
}
