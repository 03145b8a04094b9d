//! The repositories inside a plugin (`fuel-formats 7`).

use packaging::repository::{IndexError, apt, yum};
use packaging::{Contents, Kind};
use plugin::{Metadata, OperatingSystem, PluginId};

use crate::tree::links;

/// Folders of the package that get an index, each once, in the order of the metadata.
#[derive(Debug, Default)]
pub(super) struct Folders {
    apt: Vec<String>,
    yum: Vec<String>,
}

/// Returns the folders that the releases of a checked plugin name, with links resolved. A file that
/// stands in place of one has been warned of.
pub(super) fn folders(contents: &Contents, metadata: &Metadata) -> Folders {
    let mut folders = Folders::default();
    for release in &metadata.releases {
        let of_system = match release.os {
            OperatingSystem::Ubuntu => &mut folders.apt,
            OperatingSystem::Centos => &mut folders.yum,
        };
        if let Some(folder) = folder(contents, &release.repository)
            && !of_system.contains(&folder)
        {
            of_system.push(folder);
        }
    }
    folders
}

/// Indexes the folders: those of debs first, for the same folder may hold RPMs, too.
pub(super) fn index(
    contents: &mut Contents,
    folders: &Folders,
    id: &PluginId,
    time: u32,
) -> Result<(), IndexError> {
    for folder in &folders.apt {
        apt::index(contents, folder, id, time)?;
    }
    for folder in &folders.yum {
        yum::index(contents, folder, time)?;
    }
    Ok(())
}

fn folder(contents: &Contents, path: &str) -> Option<String> {
    let folder = links::resolve(contents, path).ok()?;
    // The top is a folder without an entry.
    let is_folder = match contents.get(&folder) {
        Some(entry) => matches!(entry.kind, Kind::Folder),
        None => folder.is_empty(),
    };
    is_folder.then_some(folder)
}

#[cfg(test)]
mod tests {
    use packaging::contents::Entry;
    use plugin::{Generation, Release};

    use super::*;

    fn metadata(repositories: &[(OperatingSystem, &str)]) -> Metadata {
        let release = |(os, repository): &(OperatingSystem, &str)| Release {
            os: *os,
            version: "mitaka-9.0".to_owned(),
            repository: (*repository).to_owned(),
            scripts: "scripts".to_owned(),
        };
        Metadata {
            id: PluginId {
                name: "demo".parse().unwrap(),
                version: "1.0.2".parse().unwrap(),
                generation: Generation::V5,
            },
            title: String::new(),
            description: String::new(),
            products: Vec::new(),
            licenses: Vec::new(),
            authors: Vec::new(),
            homepage: None,
            build: None,
            releases: repositories.iter().map(release).collect(),
        }
    }

    #[test]
    fn a_folder_is_indexed_once_for_each_system_and_never_outside_the_plugin() {
        use OperatingSystem::{Centos, Ubuntu};
        let mut contents = Contents::default();
        contents.insert_text("repositories/ubuntu/.gitkeep", *b"");
        contents.insert_text("file", *b"");
        let kind = Kind::Link { target: "ubuntu/".to_owned() };
        contents.insert("repositories/link", Entry { mode: 0o777, kind });
        let metadata = metadata(&[
            (Centos, "repositories/ubuntu"),
            (Ubuntu, "repositories/ubuntu"),
            (Ubuntu, "./repositories/link/"),
            (Ubuntu, "/etc"),
            (Ubuntu, "../other"),
            (Centos, "repositories/centos"),
            (Centos, "file"),
            (Centos, "."),
        ]);
        let folders = folders(&contents, &metadata);
        assert_eq!(folders.apt, ["repositories/ubuntu"]);
        assert_eq!(folders.yum, ["repositories/ubuntu", ""]);
    }
}
