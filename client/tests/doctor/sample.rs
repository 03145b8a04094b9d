//! Plugin packages, as small as they can be.

use std::fs::File;
use std::path::{Path, PathBuf};

use packaging::{Blueprint, Contents, Hooks, Settings};
use plugin::{Format, Generation, PluginId};

/// Writes the package of a version into `folder`.
pub(crate) fn package(
    folder: &Path,
    name: &str,
    version: &str,
    (generation, format): (Generation, Format),
) -> PathBuf {
    let blueprint = blueprint(name, version, generation);
    let path = folder.join(packaging::file_name(format, &blueprint).unwrap());
    let settings = Settings { compression: None, level: None, scratch: folder, progress: &|_| {} };
    let file = File::options().read(true).write(true).create(true).truncate(true).open(&path);
    packaging::write(format, &blueprint, &settings, &file.unwrap()).unwrap();
    path
}

fn blueprint(name: &str, version: &str, generation: Generation) -> Blueprint {
    let id =
        PluginId { name: name.parse().unwrap(), version: version.parse().unwrap(), generation };
    let metadata = format!(
        "name: {name}\ntitle: Demo\nversion: '{version}'\npackage_version: '{generation}'\n\
         description: Shows how\nfuel_version: ['9.0']\nlicenses: [Apache-2.0]\n\
         authors: [A. N. Author]\ngroups: []\nis_hotpluggable: false\nreleases:\n\
         - os: ubuntu\n  version: mitaka-9.0\n  mode: [ha]\n  deployment_scripts_path: \
         scripts/\n  repository_path: repositories/ubuntu\n"
    );
    let mut contents = Contents::default();
    let content = format!("content of {version}\n");
    contents.insert_text("metadata.yaml", metadata.clone().into_bytes());
    contents.insert_text("tasks.yaml", *b"[]\n");
    contents.insert_text("content", content.clone().into_bytes());
    if generation == Generation::V1 {
        let files =
            [("content", content), ("metadata.yaml", metadata), ("tasks.yaml", "[]\n".into())];
        contents.insert_text("checksums.sha1", sums(&files).into_bytes());
    }
    Blueprint {
        id,
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

fn sums(files: &[(&str, String)]) -> String {
    let line = |(path, text): &(&str, String)| {
        let sums = packaging::digest::Digests::of(text.as_bytes());
        format!("{} {path}\n", hex::encode(sums.sha1))
    };
    files.iter().map(line).collect()
}
