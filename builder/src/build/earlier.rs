//! What earlier builds left in the output folder: packages that the new ones replace.
//!
//! They are told by their whole names, never by how these begin: `demo-extra` is another plugin. Only
//! those that were there when the build began are removed, so that of two builds at once neither
//! removes what the other has just made.

use std::ffi::OsStr;
use std::fs::Metadata;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use packaging::{Limits, inspect, signature};
use plugin::{Format, PluginName};

use crate::tree::leftovers::format_of;

/// The packages of a plugin in a folder, as they were at some moment.
#[derive(Debug)]
pub(super) struct Earlier {
    plugin: PluginName,
    packages: Vec<Seen>,
}

#[derive(Debug)]
struct Seen {
    path: PathBuf,
    format: Format,
    mark: Mark,
}

/// What changes when a file is replaced.
type Mark = (u64, u64, i64, i64);

impl Earlier {
    /// Looks what `folder` holds of `plugin`.
    pub(super) fn look(folder: &Path, plugin: &PluginName) -> io::Result<Self> {
        let mut packages = Vec::new();
        for entry in fs_err::read_dir(folder)? {
            let entry = entry?;
            let name = entry.file_name();
            let Some(format) = name.to_str().and_then(|name| format_of(name, plugin)) else {
                continue;
            };
            match entry.metadata() {
                Ok(metadata) if metadata.is_file() => {
                    packages.push(Seen { path: entry.path(), format, mark: mark(&metadata) });
                }
                Ok(_) => {}
                // Another build has just replaced it.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(error),
            }
        }
        Ok(Self { plugin: plugin.clone(), packages })
    }

    /// Whether the file at `path` is a package of this plugin, or there is none.
    pub(super) fn owns(&self, path: &Path, format: Format) -> io::Result<bool> {
        // Other names say whose they are; in Debian's, `_` and `-` have become one.
        if format != Format::Deb || !self.plugin.as_str().contains(['_', '-']) {
            return Ok(true);
        }
        let mut file = match fs_err::metadata(path) {
            Ok(metadata) if metadata.is_file() => fs_err::File::open(path)?.into_file(),
            Ok(_) => return Ok(false),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(true),
            Err(error) => return Err(error),
        };
        let Ok(package) = inspect(&mut file, &Limits::default()) else { return Ok(false) };
        let plugin = package.fields.iter().find(|(field, _)| field == "Plugin-Name");
        Ok(plugin.is_some_and(|(_, name)| name == self.plugin.as_str()))
    }

    /// Removes the packages of `formats` that were there and still are, but for `kept`; returns why
    /// some of them could not be removed.
    pub(super) fn remove(&self, formats: &[Format], kept: &[&OsStr]) -> Vec<io::Error> {
        let is_kept = |seen: &&Seen| seen.path.file_name().is_some_and(|name| kept.contains(&name));
        self.packages
            .iter()
            .filter(|seen| formats.contains(&seen.format) && !is_kept(seen))
            .filter_map(|seen| self.remove_one(seen).err())
            .collect()
    }

    /// Removes a package and the signature beside it unless it has been replaced or is another plugin's.
    fn remove_one(&self, seen: &Seen) -> io::Result<()> {
        let Ok(metadata) = fs_err::symlink_metadata(&seen.path) else { return Ok(()) };
        if mark(&metadata) == seen.mark && self.owns(&seen.path, seen.format)? {
            fs_err::remove_file(&seen.path)?;
            remove_signature(&seen.path)?;
        }
        Ok(())
    }
}

/// Removes the signature beside a package that is gone or another now; a file that only is called so
/// stays.
pub(super) fn remove_signature(package: &Path) -> io::Result<()> {
    let path = signature::beside(package);
    let bytes = match fs_err::read(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        read => read?,
    };
    if signature::issuers(&bytes).is_none() {
        return Ok(());
    }
    fs_err::remove_file(path)
}

fn mark(metadata: &Metadata) -> Mark {
    (metadata.dev(), metadata.ino(), metadata.mtime(), metadata.mtime_nsec())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_there_and_is_of_the_format_is_removed() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let old = ["demo-1.0-1.0.1-1.noarch.rpm", "demo-1.1-1.1.0-1.noarch.rpm"];
        let other = ["demo-1.0.1.fp", "demo-x-1.0-1.0.1-1.noarch.rpm"];
        for name in old.iter().chain(&other) {
            fs_err::write(at(name), "old").unwrap();
        }
        let earlier = Earlier::look(folder.path(), &"demo".parse().unwrap()).unwrap();
        let fresh = at("demo-1.0-1.0.2-1.noarch.rpm");
        fs_err::write(&fresh, "of another build").unwrap();
        let replaced = at(old[1]);
        fs_err::write(at("new"), "of another build, too").unwrap();
        fs_err::remove_file(&replaced).unwrap();
        fs_err::hard_link(at("new"), &replaced).unwrap();

        assert!(earlier.remove(&[Format::Rpm], &[]).is_empty());
        assert!(!at(old[0]).exists());
        assert!(fresh.exists() && replaced.exists());
        assert!(other.iter().all(|name| at(name).exists()));
    }

    #[test]
    fn what_cannot_be_removed_is_told_and_the_others_go() {
        let folder = tempfile::tempdir().unwrap();
        let old = folder.path().join("demo-1.0-1.0.1-1.noarch.rpm");
        fs_err::write(&old, "old").unwrap();
        let plugin = "demo".parse().unwrap();
        let mut earlier = Earlier::look(folder.path(), &plugin).unwrap();
        // Nobody may remove this one.
        let path = PathBuf::from("/proc/version");
        let mark = mark(&fs_err::metadata(&path).unwrap());
        earlier.packages.insert(0, Seen { path, format: Format::Rpm, mark });

        let problems = earlier.remove(&[Format::Rpm], &[]);
        assert_eq!(problems.len(), 1);
        assert!(problems[0].to_string().contains("/proc/version"), "{problems:?}");
        assert!(!old.exists());
    }
}
