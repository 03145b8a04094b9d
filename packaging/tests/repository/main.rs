//! Repositories inside plugins, judged by the tools that will read them: apt, dnf, `dpkg-scanpackages`
//! and `createrepo_c`. Where a tool is missing a test says so and is skipped, but not under `CI`.

#![expect(clippy::unwrap_used, reason = "everything here is a test")]

mod apt;
#[path = "../sample/tools.rs"]
mod tools;
mod yum;

use std::io::Read;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::Output;

use packaging::contents::Entry;
use packaging::repository::{self, IndexError};
use packaging::{Content, Contents, Kind};
use plugin::{Generation, PluginId};
use tempfile::TempDir;
use tools::has;

const TIME: u32 = 1_700_000_000;

fn said(output: &Output) -> String {
    [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes)).concat()
}

fn plugin() -> PluginId {
    let (name, version) = ("demo_plugin".parse().unwrap(), "1.10.2".parse().unwrap());
    PluginId { name, version, generation: Generation::V5 }
}

/// Reads a tree as a plugin's contents.
fn read(tree: &Path) -> Contents {
    let mut contents = Contents::default();
    read_into(&mut contents, tree, "");
    contents
}

fn read_into(contents: &mut Contents, folder: &Path, prefix: &str) {
    for entry in fs_err::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let path = format!("{prefix}{}", entry.file_name().to_str().unwrap());
        let metadata = entry.metadata().unwrap();
        let kind = if metadata.is_dir() {
            Kind::Folder
        } else if metadata.is_symlink() {
            let target = fs_err::read_link(entry.path()).unwrap();
            Kind::Link { target: target.to_str().unwrap().to_owned() }
        } else {
            Kind::File { size: metadata.len(), content: Content::OnDisk(entry.path()) }
        };
        let is_folder = matches!(kind, Kind::Folder);
        contents.insert(&path, Entry { mode: metadata.permissions().mode() & 0o7777, kind });
        if is_folder {
            read_into(contents, &entry.path(), &format!("{path}/"));
        }
    }
}

/// Writes contents as a tree.
fn unpack(contents: &Contents) -> TempDir {
    let tree = tempfile::tempdir().unwrap();
    fs_err::set_permissions(tree.path(), PermissionsExt::from_mode(0o755)).unwrap();
    for (path, entry) in contents.iter() {
        let to = tree.path().join(path);
        match &entry.kind {
            Kind::Folder => fs_err::create_dir(to).unwrap(),
            Kind::Link { target } => symlink(target, to).unwrap(),
            Kind::File { .. } => fs_err::write(to, bytes(contents, path)).unwrap(),
        }
    }
    tree
}

fn bytes(contents: &Contents, path: &str) -> Vec<u8> {
    let Some(Entry { kind: Kind::File { content, .. }, .. }) = contents.get(path) else {
        panic!("{path} is no file");
    };
    let mut bytes = Vec::new();
    content.open().unwrap().read_to_end(&mut bytes).unwrap();
    bytes
}

fn text(contents: &Contents, path: &str) -> String {
    String::from_utf8(bytes(contents, path)).unwrap()
}

/// Every path with what is there, links as they are.
fn listing(contents: &Contents) -> Vec<(String, Vec<u8>)> {
    let list = contents.iter().map(|(path, entry)| {
        let bytes = match &entry.kind {
            Kind::Folder => Vec::new(),
            Kind::Link { target } => target.clone().into_bytes(),
            Kind::File { .. } => bytes(contents, path),
        };
        (path.to_owned(), bytes)
    });
    list.collect()
}

#[test]
fn indexing_again_or_elsewhere_gives_the_same_bytes() {
    if !has(&["dpkg-deb", "rpmbuild"]) {
        return;
    }
    let (ubuntu, centos) = (apt::tree(), yum::tree());
    let index = |contents: &mut Contents| {
        repository::apt::index(contents, "ubuntu", &plugin(), TIME).unwrap();
        repository::yum::index(contents, "centos", TIME).unwrap();
    };
    let mut contents = read(ubuntu.path());
    read_into(&mut contents, centos.path(), "");
    let copy = unpack(&contents);
    index(&mut contents);
    let once = listing(&contents);
    index(&mut contents);
    assert!(once == listing(&contents), "a second time");

    let mut elsewhere = read(copy.path());
    index(&mut elsewhere);
    assert!(once == listing(&elsewhere), "another folder, other times");
}

#[test]
fn the_top_of_a_plugin_can_be_a_repository() {
    let mut contents = Contents::default();
    repository::yum::index(&mut contents, ".", TIME).unwrap();
    assert!(contents.get("Packages").is_some());
    assert!(text(&contents, "repodata/repomd.xml").contains("<revision>1700000000</revision>"));
    let failure = repository::apt::index(&mut contents, "./", &plugin(), TIME).unwrap_err();
    assert_eq!(failure.to_string(), "`Packages` is in the way of an index of Debian packages");
}

fn problem(result: Result<(), IndexError>) -> String {
    match result {
        Err(IndexError::BadPackage { path, problem }) => format!("{path}: {problem}"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn no_damage_makes_a_reader_panic() {
    if !has(&["dpkg-deb", "rpmbuild"]) {
        return;
    }
    let tree = tempfile::tempdir().unwrap();
    apt::deb(&tree.path().join("x.deb"), &apt::fields("demo", "1"), "-Znone");
    yum::rpms(tree.path(), "demo", "1");
    let mut state = 1_u64;
    let mut random = |below: usize| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    };
    for name in ["x.deb", "demo-1.noarch.rpm"] {
        let good = fs_err::read(tree.path().join(name)).unwrap();
        for _ in 0..1500 {
            let mut bytes = good.clone();
            for _ in 0..=random(4) {
                let at = random(bytes.len());
                bytes[at] = [0, 0xff, 0x7f, bytes[at] ^ 1, b'/'][random(5)];
            }
            let mut contents = Contents::default();
            contents.insert_text(name, bytes);
            // Both outcomes are right: not every byte is described by the index.
            let _ = repository::apt::index(&mut contents, "", &plugin(), TIME);
            contents.remove("Packages");
            let _ = repository::yum::index(&mut contents, "", TIME);
        }
    }
}
