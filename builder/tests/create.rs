//! New plugins: what is in them, and that they pass the checks as they stand.

#![expect(clippy::unwrap_used, reason = "tests outside of `cfg(test)` are not seen as such")]

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use builder::create::create;
use builder::hook::Hook;
use builder::{Severity, Source, check};
use plugin::{Generation, Metadata, Release};
use rustix::fs::Mode;
use rustix::process::umask;
use tempfile::TempDir;

fn skeleton(name: &str, generation: Generation) -> (TempDir, Source) {
    let folder = tempfile::tempdir().unwrap();
    let created = create(&folder.path().join(name), generation).unwrap();
    let source = Source::read(&created.path).unwrap();
    (folder, source)
}

/// Adds `mode path` of all that is in `folder`, sorted.
fn list(folder: &Path, prefix: &str, lines: &mut Vec<String>) {
    let mut entries: Vec<_> = fs_err::read_dir(folder).unwrap().map(Result::unwrap).collect();
    entries.sort_by_key(fs_err::DirEntry::file_name);
    for entry in entries {
        let metadata = entry.metadata().unwrap();
        let path = format!("{prefix}{}", entry.file_name().to_str().unwrap());
        lines.push(format!("{:o} {path}", metadata.permissions().mode() & 0o7777));
        if metadata.is_dir() {
            list(&entry.path(), &format!("{path}/"), lines);
        }
    }
}

#[test]
fn each_generation_has_its_files_whatever_the_umask() {
    let common = [
        "644 LICENSE",
        "644 README.md",
        "755 deployment_scripts",
        "755 deployment_scripts/deploy.sh",
        "644 environment_config.yaml",
        "644 metadata.yaml",
        "755 pre_build_hook",
        "755 repositories",
        "755 repositories/centos",
        "644 repositories/centos/.gitkeep",
        "755 repositories/ubuntu",
        "644 repositories/ubuntu/.gitkeep",
    ];
    let third = [
        "644 deployment_scripts/deploy.pp",
        "644 deployment_tasks.yaml",
        "644 network_roles.yaml",
        "644 node_roles.yaml",
        "644 volumes.yaml",
    ];
    let fourth = ["644 components.yaml", "644 tasks.yaml"];
    let fifth = ["644 bond_config.yaml", "644 nic_config.yaml", "644 node_config.yaml"];
    let cases: [(Generation, &[&[&str]]); 5] = [
        (Generation::V1, &[&["644 tasks.yaml"]]),
        (Generation::V2, &[&["644 tasks.yaml"]]),
        (Generation::V3, &[&third]),
        (Generation::V4, &[&third, &fourth]),
        (Generation::V5, &[&third, &fourth, &fifth]),
    ];
    umask(Mode::from_raw_mode(0o077));
    for (generation, layers) in cases {
        let (folder, _) = skeleton("demo", generation);
        let mut found = Vec::new();
        list(folder.path(), "", &mut found);
        let mut expected: Vec<String> = vec!["755 demo".to_owned()];
        for line in layers.iter().copied().flatten().chain(&common) {
            let (mode, path) = line.split_once(' ').unwrap();
            expected.push(format!("{mode} demo/{path}"));
        }
        found.sort();
        expected.sort();
        assert_eq!(found, expected, "{generation}");
    }
}

#[test]
fn every_skeleton_passes_the_checks_also_under_a_name_that_yaml_takes_for_something_else() {
    for name in ["demo", "1", "-", "null", "no", "1_0", "metadata"] {
        for generation in Generation::ALL {
            let (_folder, source) = skeleton(name, generation);
            let findings: Vec<_> = check::check(&source)
                .into_iter()
                // Some such names cannot be Debian's, which is worth a warning.
                .filter(|finding| finding.severity() == Severity::Error || name == "demo")
                .collect();
            assert_eq!(findings, [], "{name}, {generation}");
        }
    }
}

#[test]
fn the_metadata_is_made_for_the_products_of_its_generation() {
    let cases: [(Generation, &[&str], &[&str]); 5] = [
        (Generation::V1, &["6.0"], &["Ubuntu 2014.2-6.0", "Centos 2014.2-6.0"]),
        (Generation::V2, &["6.1"], &["Ubuntu 2014.2-6.1", "Centos 2014.2-6.1"]),
        (Generation::V3, &["7.0", "8.0"], &["Ubuntu 2015.1.0-7.0", "Ubuntu liberty-8.0"]),
        (Generation::V4, &["8.0"], &["Ubuntu mitaka-9.0"]),
        (Generation::V5, &["9.0", "10.0"], &["Ubuntu mitaka-9.0", "Ubuntu newton-10.0"]),
    ];
    for (generation, products, releases) in cases {
        let (_folder, source) = skeleton("demo", generation);
        let document = source.file("metadata.yaml").unwrap().document.as_ref().unwrap();
        let metadata = Metadata::from_yaml(document.root.as_ref().unwrap()).unwrap();
        assert_eq!(metadata.id.to_string(), "demo==1.0.0");
        assert_eq!(metadata.id.generation, generation);
        assert_eq!(metadata.title, "Title for demo plugin");
        assert_eq!(metadata.products, products);
        let release = |r: &Release| format!("{:?} {}", r.os, r.version);
        let found: Vec<_> = metadata.releases.iter().map(release).collect();
        assert_eq!(found, releases);
        for release in &metadata.releases {
            assert!(source.directory.join(&release.repository).is_dir());
            assert!(source.directory.join(&release.scripts).is_dir());
        }
    }
}

#[test]
fn the_role_is_called_after_the_plugin_and_tasks_name_files_that_are_there() {
    for (generation, role) in
        [(Generation::V3, "demo"), (Generation::V4, "demo_role"), (Generation::V5, "demo_role")]
    {
        let (_folder, source) = skeleton("demo", generation);
        let root = |name| {
            source.file(name).unwrap().document.as_ref().unwrap().root.as_ref().unwrap().clone()
        };
        assert!(root("node_roles.yaml").get(role).is_some());
        assert!(root("volumes.yaml").get("volumes_roles_mapping").unwrap().get(role).is_some());
        let tasks = root("deployment_tasks.yaml");
        let tasks = tasks.as_list().unwrap();
        assert_eq!(tasks[0].get("id").unwrap().as_str(), Some(role));
        let manifest = tasks[1].get("parameters").unwrap().get("puppet_manifest").unwrap();
        let manifest = source.directory.join("deployment_scripts").join(manifest.as_str().unwrap());
        assert!(manifest.is_file());
    }
}

#[test]
fn the_build_hook_of_a_new_plugin_succeeds_and_does_nothing() {
    let (folder, _) = skeleton("demo", Generation::NEWEST);
    let hook = Hook::find(&folder.path().join("demo")).unwrap().unwrap();
    hook.run(&mut |_| {}).unwrap();
}
