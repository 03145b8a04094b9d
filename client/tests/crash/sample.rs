//! Plugin packages, as small as they can be.

use std::fs::File;
use std::path::{Path, PathBuf};

use packaging::contents::Entry;
use packaging::{Blueprint, Contents, Hooks, Settings};
use plugin::{Format, Generation, PluginId};

/// Returns name, version and generation of the sample.
pub(crate) fn id(version: &str, generation: Generation) -> PluginId {
    PluginId { name: "demo".parse().unwrap(), version: version.parse().unwrap(), generation }
}

/// Writes the package of a version into `folder`: legacy as fp, others as RPM.
pub(crate) fn package(folder: &Path, version: &str, generation: Generation) -> PathBuf {
    let blueprint = blueprint(version, generation);
    let format = if generation.is_legacy() { Format::Fp } else { Format::Rpm };
    let path = folder.join(packaging::file_name(format, &blueprint).unwrap());
    let settings = Settings { compression: None, level: None, scratch: folder, progress: &|_| {} };
    let file = File::options().read(true).write(true).create(true).truncate(true).open(&path);
    packaging::write(format, &blueprint, &settings, &file.unwrap()).unwrap();
    path
}

fn blueprint(version: &str, generation: Generation) -> Blueprint {
    let mut contents = Contents::default();
    contents.insert_text("metadata.yaml", metadata(version, generation).into_bytes());
    contents.insert_text("environment_config.yaml", *b"attributes: {}\n");
    contents.insert_text("tasks.yaml", *b"[]\n");
    contents.insert_text("deployment_tasks.yaml", *b"[]\n");
    contents.insert_text("content", version.as_bytes());
    contents.insert_text("deployment_scripts/deploy.sh", *b"#!/bin/sh\n");
    let deploy = contents.remove("deployment_scripts/deploy.sh").unwrap();
    contents.insert("deployment_scripts/deploy.sh", Entry { mode: 0o755, ..deploy });
    contents.insert_text(&format!("only-in-{version}"), *b"");
    Blueprint {
        id: id(version, generation),
        release: "1".to_owned(),
        title: "Demo".to_owned(),
        description: "Shows how".to_owned(),
        homepage: None,
        licenses: vec!["Apache-2.0".to_owned()],
        authors: vec!["A. N. Author".to_owned()],
        contents,
        hooks: Hooks::default(),
        time: 1_700_000_000,
    }
}

/// Returns what `metadata.yaml` of a version says.
pub(crate) fn metadata(version: &str, generation: Generation) -> String {
    format!(
        "name: demo\ntitle: Demo\nversion: '{version}'\npackage_version: '{generation}'\n\
         description: Shows how\nfuel_version: ['9.0']\nlicenses: [Apache-2.0]\n\
         authors: [A. N. Author]\ngroups: []\nis_hotpluggable: false\nreleases:\n\
         - os: ubuntu\n  version: mitaka-9.0\n  mode: [ha]\n  deployment_scripts_path: \
         deployment_scripts/\n  repository_path: repositories/ubuntu\n"
    )
}
