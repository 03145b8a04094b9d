//! Plugins to check: a small one of each generation, and the complete one of `fuel-schemas 14`.

use std::path::Path;

use builder::{Finding, Source, check};
use tempfile::TempDir;

/// A plugin's folder that goes away with the value.
pub(crate) struct Sample {
    folder: TempDir,
}

/// Keys of `metadata.yaml` with their text, and the generation that first asks for them.
const METADATA: [(u8, &str, &str); 12] = [
    (1, "name", "name: demo\n"),
    (1, "title", "title: Demo\n"),
    (1, "version", "version: 1.0.2\n"),
    (1, "package_version", ""),
    (1, "description", "description: Shows\n"),
    (1, "fuel_version", "fuel_version: ['9.0']\n"),
    (1, "releases", RELEASES),
    (2, "licenses", "licenses: [MIT]\n"),
    (2, "authors", "authors: [Example]\n"),
    (2, "homepage", "homepage: http://example.com\n"),
    (2, "groups", "groups: []\n"),
    (4, "is_hotpluggable", "is_hotpluggable: false\n"),
];

const RELEASES: &str = "releases:\n- os: ubuntu\n  version: mitaka-9.0\n  mode: [ha]\n  \
     deployment_scripts_path: scripts\n  repository_path: repositories/ubuntu\n";

/// The side files of the complete plugin.
pub(crate) const COMPLETE: [(&str, &str); 9] = [
    ("metadata.yaml", include_str!("complete/metadata.yaml")),
    ("environment_config.yaml", include_str!("complete/environment_config.yaml")),
    ("deployment_tasks.yaml", include_str!("complete/deployment_tasks.yaml")),
    ("node_roles.yaml", include_str!("complete/node_roles.yaml")),
    ("volumes.yaml", include_str!("complete/volumes.yaml")),
    ("network_roles.yaml", include_str!("complete/network_roles.yaml")),
    ("components.yaml", include_str!("complete/components.yaml")),
    ("nic_config.yaml", include_str!("complete/nic_config.yaml")),
    ("node_config.yaml", include_str!("complete/node_config.yaml")),
];

impl Sample {
    /// A plugin of generation 1 to 5 with nothing that need not be.
    pub(crate) fn small(generation: u8) -> Self {
        let sample = Self { folder: tempfile::tempdir().unwrap() };
        fs_err::create_dir_all(sample.path().join("repositories/ubuntu")).unwrap();
        fs_err::create_dir(sample.path().join("scripts")).unwrap();
        sample.write("metadata.yaml", metadata(generation, ""));
        sample.write("environment_config.yaml", "");
        let tasks = if generation < 3 { "tasks.yaml" } else { "deployment_tasks.yaml" };
        sample.write(tasks, "[]\n");
        sample
    }

    /// The complete plugin.
    pub(crate) fn complete() -> Self {
        let sample = Self { folder: tempfile::tempdir().unwrap() };
        fs_err::create_dir_all(sample.path().join("repositories/ubuntu")).unwrap();
        fs_err::create_dir(sample.path().join("deployment_scripts")).unwrap();
        for (name, text) in COMPLETE {
            sample.write(name, text);
        }
        sample
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        fs_err::write(self.path().join(name), text).unwrap();
    }

    pub(crate) fn check(&self) -> Vec<Finding> {
        check::check(&Source::read(self.path()).unwrap())
    }
}

/// Returns the small plugin's metadata with the keys of `changes` in place of its own; a line `-key`
/// takes a key out.
pub(crate) fn metadata(generation: u8, changes: &str) -> String {
    let mut keys: Vec<(&str, String)> = METADATA
        .iter()
        .filter(|(since, ..)| *since <= generation)
        .map(|&(_, key, text)| (key, text.to_owned()))
        .collect();
    keys[3].1 = format!("package_version: {generation}.0.0\n");
    for line in changes.split_inclusive('\n') {
        let key = line.trim_start_matches('-').trim_end();
        if line.starts_with([' ', '-']) && !keys.iter().any(|(known, _)| *known == key) {
            keys.last_mut().unwrap().1.push_str(line);
        } else if line.starts_with('-') {
            keys.retain(|(known, _)| *known != key);
        } else {
            let key = line.split(':').next().unwrap();
            keys.retain(|(known, _)| *known != key);
            keys.push((key, line.to_owned()));
        }
    }
    keys.into_iter().map(|(_, text)| text).collect()
}

/// One line per finding.
pub(crate) fn show(finding: &Finding) -> String {
    let place = finding
        .span
        .map_or(String::new(), |span| format!(":{}:{}", span.start.line, span.start.column));
    let help = finding.help.as_ref().map_or(String::new(), |help| format!(" ({help})"));
    let (code, file, path) = (finding.code, &finding.file, &finding.path);
    format!("=> {code} {file}{place} [{path}] {}{help}\n", finding.message)
}
