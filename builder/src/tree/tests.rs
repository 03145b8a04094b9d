//! Tests of reading a plugin's folder.

use std::os::unix::ffi::OsStrExt;

use fs_err::os::unix::fs::symlink;
use tempfile::TempDir;

use super::*;

fn folder(files: &[&str]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for file in files {
        let path = folder.path().join(file);
        fs_err::create_dir_all(path.parent().unwrap()).unwrap();
        fs_err::write(path, file).unwrap();
    }
    folder
}

fn read_all(folder: &TempDir) -> Tree {
    let name = "demo".parse().unwrap();
    read(folder.path(), &Leftovers::of(Some(&name), folder.path()), &Limits::default())
}

fn listing(tree: &Tree) -> Vec<String> {
    let line = |(path, entry): (&str, &Entry)| match &entry.kind {
        Kind::Folder => format!("{:o} {path}/", entry.mode),
        Kind::File { size, .. } => format!("{:o} {path} {size}", entry.mode),
        Kind::Link { target } => format!("{path} -> {target}"),
    };
    assert_eq!(tree.findings, []);
    tree.contents.iter().map(line).collect()
}

fn codes(tree: &Tree) -> Vec<(Code, &str)> {
    tree.findings.iter().map(|finding| (finding.code, finding.file.as_str())).collect()
}

fn chmod(path: &Path, mode: u32) {
    fs_err::set_permissions(path, PermissionsExt::from_mode(mode)).unwrap();
}

#[test]
fn top_level_dot_names_and_leftovers_stay_out_and_the_rest_goes_in() {
    let folder = folder(&[
        ".git/HEAD",
        ".hidden/real",
        "a/.keep",
        "a/checksums.sha1",
        "checksums.sha1",
        "demo-1.0.fp",
        "demo-extra-1.0.fp",
        "é",
    ]);
    let at = |path: &str| folder.path().join(path);
    fs_err::create_dir(at("empty")).unwrap();
    symlink(".hidden", at("linked")).unwrap();
    symlink("../é", at("a/up")).unwrap();
    chmod(&at("é"), 0o664);
    chmod(&at("a"), 0o2775);
    chmod(&at("empty"), 0o700);
    for file in ["a/.keep", "a/checksums.sha1", "demo-extra-1.0.fp", ".hidden/real"] {
        chmod(&at(file), 0o777);
    }
    chmod(&at(".hidden"), 0o755);
    assert_eq!(
        listing(&read_all(&folder)),
        [
            "755 a/",
            "755 a/.keep 7",
            "755 a/checksums.sha1 16",
            "a/up -> ../é",
            "755 demo-extra-1.0.fp 17",
            "755 empty/",
            "755 linked/",
            "755 linked/real 12",
            "644 é 2",
        ]
    );
}

#[test]
fn group_and_others_may_what_the_owner_may_but_for_writing() {
    let modes = [(0o600, 0o644), (0o640, 0o644), (0o700, 0o755), (0o444, 0o444), (0o566, 0o555)];
    for (mode, packaged) in modes {
        let folder = folder(&["file"]);
        chmod(&folder.path().join("file"), mode);
        assert_eq!(listing(&read_all(&folder)), [format!("{packaged:o} file 4")]);
    }
}

#[test]
fn links_at_the_top_may_not_leave_the_plugin_or_contain_it() {
    let folder = folder(&["inside"]);
    let at = |path: &str| folder.path().join(path);
    symlink("/etc/hostname", at("a-out")).unwrap();
    symlink("nowhere", at("b-dangling")).unwrap();
    symlink("c-loop", at("c-loop")).unwrap();
    symlink(".", at("d-self")).unwrap();
    symlink("..", at("e-above")).unwrap();
    symlink(at("inside"), at("f-absolute-but-inside")).unwrap();
    assert_eq!(
        codes(&read_all(&folder)),
        [
            (Code::EscapingLink, "a-out"),
            (Code::DanglingLink, "b-dangling"),
            (Code::DanglingLink, "c-loop"),
            (Code::EscapingLink, "d-self"),
            (Code::EscapingLink, "e-above"),
        ]
    );
}

#[test]
fn what_no_package_should_hold_is_found() {
    let folder = folder(&["a-setuid", "b\nnewline"]);
    let at = |path: &str| folder.path().join(path);
    chmod(&at("a-setuid"), 0o4755);
    fs_err::write(folder.path().join(OsStr::from_bytes(b"c\xff")), "").unwrap();
    let _socket = std::os::unix::net::UnixListener::bind(at("d-socket")).unwrap();
    assert_eq!(
        codes(&read_all(&folder)),
        [
            (Code::SpecialMode, "a-setuid"),
            (Code::FileName, "b\\nnewline"),
            (Code::FileName, "c\u{fffd}"),
            (Code::SpecialFile, "d-socket"),
        ]
    );
}

#[test]
fn limits_are_findings_said_once() {
    let folder = folder(&["a/b/c/d", "a/b/c/e"]);
    let limits = Limits { depth: 3, ..Limits::default() };
    let tree = read(folder.path(), &Leftovers::default(), &limits);
    assert_eq!(codes(&tree), [(Code::TreeSize, "a/b/c/d")]);
    let limits = Limits { entries: 2, ..Limits::default() };
    let tree = read(folder.path(), &Leftovers::default(), &limits);
    assert_eq!(codes(&tree), [(Code::TreeSize, "a/b/c")]);
}
