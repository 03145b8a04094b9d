//! A plugin like those that authors begin with.

use std::cell::Cell;
use std::io::{Read, Seek};

use packaging::contents::Entry;
use packaging::{Blueprint, Compression, Content, Contents, Hooks, Kind, Settings, WriteError};
use plugin::{Format, Generation, PluginId};
use sha1::{Digest, Sha1};
use sha2::Sha256;

/// The time that packages carry.
pub(crate) const TIME: u32 = 1_700_000_000;

/// Returns the blueprint of `demo` with the usual files and a correct list of digests.
pub(crate) fn blueprint(version: &str, generation: Generation) -> Blueprint {
    let mut contents = Contents::default();
    let metadata =
        format!("name: demo\ntitle: Demo\nversion: '{version}'\npackage_version: '{generation}'\n");
    contents.insert_text("metadata.yaml", metadata.into_bytes());
    contents.insert_text("LICENSE", *b"Apache License\nVersion 2.0\n");
    contents.insert_text("README.md", *b"demo\n====\n");
    contents.insert_text("environment_config.yaml", *b"attributes: {}\n");
    contents.insert_text("deployment_scripts/deploy.sh", *b"#!/bin/bash\necho demo > /tmp/demo\n");
    let deploy = contents.remove("deployment_scripts/deploy.sh").unwrap();
    contents.insert("deployment_scripts/deploy.sh", Entry { mode: 0o755, ..deploy });
    contents.insert_text("repositories/ubuntu/Packages.gz", *b"");
    contents.insert("repositories/centos", Entry { mode: 0o755, kind: Kind::Folder });
    let target = "deploy.sh".to_owned();
    let link = Entry { mode: 0o777, kind: Kind::Link { target } };
    contents.insert("deployment_scripts/run.sh", link);
    with_checksums(&mut contents);
    Blueprint {
        id: PluginId {
            name: "demo".parse().unwrap(),
            version: version.parse().unwrap(),
            generation,
        },
        release: "1".to_owned(),
        title: "Title for demo plugin".to_owned(),
        description: "Please describe your plugin here".to_owned(),
        homepage: Some("https://example.org/demo".to_owned()),
        licenses: vec!["Apache License Version 2.0".to_owned()],
        authors: vec!["Specify author or company name".to_owned()],
        contents,
        hooks: Hooks::default(),
        time: TIME,
    }
}

/// Puts `checksums.sha1` of what is held in memory there.
pub(crate) fn with_checksums(contents: &mut Contents) {
    contents.remove("checksums.sha1");
    let mut sums = String::new();
    for (path, entry) in contents.iter() {
        let named = match &entry.kind {
            Kind::Link { target } => contents.get(&format!("deployment_scripts/{target}")),
            _ => Some(entry),
        };
        if let Some(Kind::File { content: Content::InMemory(bytes), .. }) = named.map(|e| &e.kind) {
            sums.push_str(&format!("{} {path}\n", hex::encode(Sha1::digest(bytes))));
        }
    }
    contents.insert_text("checksums.sha1", sums.into_bytes());
}

/// Writes the package into memory, at the usual level.
pub(crate) fn package(
    format: Format,
    blueprint: &Blueprint,
    compression: Option<Compression>,
) -> Vec<u8> {
    write(format, blueprint, compression, None).unwrap()
}

/// Writes the package into memory, tells all its progress and leaves nothing in the scratch folder.
pub(crate) fn write(
    format: Format,
    blueprint: &Blueprint,
    compression: Option<Compression>,
    level: Option<i32>,
) -> Result<Vec<u8>, WriteError> {
    let scratch = tempfile::tempdir().unwrap();
    let read = Cell::new(0);
    let progress = |count| read.set(read.get() + count);
    let settings = Settings { compression, level, scratch: scratch.path(), progress: &progress };
    let mut file = tempfile::tempfile().unwrap();
    let written = packaging::write(format, blueprint, &settings, &file)?;
    let mut bytes = Vec::new();
    file.rewind().unwrap();
    file.read_to_end(&mut bytes).unwrap();
    assert_eq!(written.size, bytes.len() as u64);
    assert_eq!(written.sha256, hex::encode(Sha256::digest(&bytes)));
    // A deb has documents of its own besides.
    let is_exact = read.get() == blueprint.contents.size() || format == Format::Deb;
    assert!(is_exact, "progress is not what was read");
    assert_eq!(fs_err::read_dir(scratch.path()).unwrap().count(), 0, "scratch is left behind");
    Ok(bytes)
}
