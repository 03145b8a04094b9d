//! Folders on disk, and what they are read as.

mod confinement;
mod corpus;
mod fingerprints;
mod metadata;
mod side_files;

use std::os::unix::fs::symlink;
use std::path::Path;

use rustix::fs::CWD;
use tempfile::TempDir;

use super::*;

const METADATA: &str = "\
name: demo
title: Demo
version: 1.0.2
package_version: '5.0.0'
fuel_version: ['9.0']
releases:
- os: ubuntu
  version: mitaka-9.0
  mode: [ha]
  repository_path: repositories/ubuntu
";

/// A plugins root with one plugin, `demo-1.0`.
pub(super) fn root() -> TempDir {
    let root = TempDir::new().unwrap();
    write(root.path(), "demo-1.0/metadata.yaml", METADATA);
    root
}

pub(super) fn write(root: &Path, path: &str, text: impl AsRef<[u8]>) {
    let path = root.join(path);
    fs_err::create_dir_all(path.parent().unwrap()).unwrap();
    fs_err::write(path, text).unwrap();
}

pub(super) fn found(root: &TempDir) -> Found {
    match read(root.path(), "demo-1.0") {
        Content::Plugin(found) => *found,
        other => panic!("{other:?}"),
    }
}

pub(super) fn why(root: &TempDir) -> String {
    match read(root.path(), "demo-1.0") {
        Content::Broken(why) => why,
        other => panic!("{other:?}"),
    }
}

#[test]
fn only_real_folders_are_plugins() {
    let root = root();
    write(root.path(), "a-file", "");
    write(root.path(), ".saved/metadata.yaml", METADATA);
    write(root.path(), "empty-1.0/nothing", "");
    symlink("demo-1.0", root.path().join("demo-1.0.1")).unwrap();
    symlink("/nowhere", root.path().join("z")).unwrap();
    let scanned = scan(root.path(), &BTreeMap::new()).unwrap();
    let shown: Vec<String> = scanned
        .iter()
        .map(|folder| match &folder.content {
            Content::Plugin(found) => format!("{}: {}", folder.name, found.plugin.id),
            other => format!("{}: {other:?}", folder.name),
        })
        .collect();
    insta::assert_snapshot!(shown.join("\n"), @r#"
    .saved: Stray
    a-file: Stray
    demo-1.0: demo==1.0.2
    demo-1.0.1: Link { target: "demo-1.0" }
    empty-1.0: Broken("metadata.yaml: the file is not there, or empty")
    z: Link { target: "/nowhere" }
    "#);
}

#[test]
fn a_root_that_is_not_there_is_empty_and_one_that_is_no_folder_is_an_error() {
    let root = root();
    let none = BTreeMap::new();
    assert_eq!(scan(&root.path().join("none"), &none).unwrap(), []);
    symlink(root.path(), root.path().join("link")).unwrap();
    let file = root.path().join("demo-1.0/metadata.yaml");
    for path in [file, root.path().join("link")] {
        assert!(matches!(scan(&path, &none), Err(ScanError::NotAFolder(_))), "{path:?}");
    }
}

#[test]
fn a_name_outside_of_the_root_is_never_read() {
    let root = root();
    for name in ["..", ".", "../x", "demo-1.0/metadata.yaml", "/etc"] {
        assert_eq!(read(root.path(), name), Content::Stray, "{name}");
    }
    assert!(matches!(read(root.path(), "none-1.0"), Content::Broken(_)));
}

#[test]
fn a_folder_that_is_exchanged_while_it_is_read_is_read_as_one_of_both() {
    const ROUNDS: usize = 300;
    let root = root();
    let staged = TempDir::new_in(root.path().parent().unwrap()).unwrap();
    let (staged, place) = (staged.path().join("demo-1.0"), root.path().join("demo-1.0"));
    let is_done = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for _ in 0..ROUNDS {
                write(staged.parent().unwrap(), "demo-1.0/metadata.yaml", METADATA);
                let exchange = rustix::fs::RenameFlags::EXCHANGE;
                rustix::fs::renameat_with(CWD, &staged, CWD, &place, exchange).unwrap();
                fs_err::remove_dir_all(&staged).unwrap();
            }
            is_done.store(true, std::sync::atomic::Ordering::Relaxed);
        });
        while !is_done.load(std::sync::atomic::Ordering::Relaxed) {
            found(&root);
        }
    });
}
