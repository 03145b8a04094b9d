//! Differences of hand-made packages.

use std::collections::BTreeMap;

use packaging::package::{File, Integrity, Relation, Script};
use plugin::Format;

use super::*;

fn file(mode: u32, content: &str) -> File {
    let (size, sha256) = (content.len() as u64, Some(format!("digest of {content}")));
    File { mode, owner: "root:root".to_owned(), time: 7, size, sha256, target: None }
}

fn package(version: &str, files: &[(&str, File)]) -> Package {
    let line = version.rsplit_once('.').unwrap().0;
    let folder = format!("/var/www/nailgun/plugins/demo-{line}");
    let path = |name: &str| format!("{folder}/{name}");
    let mut all: BTreeMap<_, _> =
        files.iter().map(|(name, file)| (path(name), file.clone())).collect();
    let metadata = format!(
        "name: demo\nversion: {version}\nfuel_version: ['9.0']\nreleases:\n  - repository_path: ./repo//u/\n"
    );
    all.insert(path("metadata.yaml"), file(0o100_644, &metadata));
    all.insert(folder, File { sha256: None, ..file(0o040_755, "") });
    Package {
        format: Format::Rpm,
        name: format!("demo-{line}"),
        version: version.to_owned(),
        release: Some("1".to_owned()),
        fields: vec![("Summary".into(), "Demo".into()), ("Size".into(), version.into())],
        relations: vec![(Relation::Provides, format!("demo-{line} = {version}-1"))],
        scripts: Vec::new(),
        files: all,
        metadata: Some(metadata),
        compression: "zstd".to_owned(),
        size: 1000,
        sha256: "0".repeat(64),
        integrity: vec![Integrity::digest("payload sha256", true)],
    }
}

#[test]
fn equal_packages_have_no_differences_whatever_their_times() {
    let old = package("1.0.0", &[("a", file(0o100_644, "a"))]);
    let mut new = old.clone();
    new.files.values_mut().for_each(|file| file.time = 8);
    let difference = Difference::between(&old, &new);
    assert!(difference.identical && difference.same_content);
    assert!(difference.warnings.is_empty(), "{:?}", difference.warnings);
}

#[test]
fn a_security_fix_is_shown_by_what_it_changes() {
    let old = package(
        "1.0.0",
        &[
            ("run", file(0o100_644, "x")),
            ("gone", file(0o100_644, "x")),
            ("repo/u/libfoo_1.2-1_amd64.deb", file(0o100_644, "1")),
            ("repo/u/Packages", file(0o100_644, "1")),
            ("checksums.sha1", file(0o100_644, "1")),
        ],
    );
    let mut new = package(
        "1.0.1",
        &[
            ("run", file(0o104_755, "x")),
            ("Packages", file(0o100_644, "no index here")),
            ("repo/u/libfoo_1.2-2_amd64.deb", file(0o100_644, "2")),
            ("repo/u/Packages", file(0o100_644, "2")),
            ("checksums.sha1", file(0o100_644, "2")),
        ],
    );
    let interpreter = vec!["/bin/sh".to_owned()];
    new.scripts.push(Script { name: "%post".into(), interpreter, body: "echo \x1b[2J\n".into() });
    insta::assert_snapshot!(Difference::between(&old, &new), @r"
    old  demo-1.0 1.0.0-1  rpm  1000 B
    new  demo-1.0 1.0.1-1  rpm  1000 B

    package
      version  1.0.0 -> 1.0.1

    metadata.yaml
      version  1.0.0 -> 1.0.1

    relations
      - provides demo-1.0 = 1.0.0-1
      + provides demo-1.0 = 1.0.1-1

    packages in repositories
      libfoo 1.2-1 -> 1.2-2  amd64, repo/u

    files: 1 added, 1 removed, 2 changed, 1 unchanged
      + Packages  -rw-r--r--  13 B
      - gone  -rw-r--r--  1 B
      ~ metadata.yaml  content (90 B -> 90 B)
      ~ run  mode -rw-r--r-- -> -rwsr-xr-x

    indexes that follow
      checksums.sha1
      repo/u/Packages

    --- a/%post
    +++ b/%post
    @@ -0,0 +1,2 @@
    +#!/bin/sh
    +echo \u{1b}[2J
    ");
}

#[test]
fn packages_of_another_line_are_compared_file_by_file() {
    let old = package("1.0.0", &[("a", file(0o100_644, "a"))]);
    let new = package("1.1.0", &[("a", file(0o100_644, "a"))]);
    let difference = Difference::between(&old, &new);
    let changed: Vec<_> = difference.files.changed.iter().map(|file| &*file.path).collect();
    assert_eq!(changed, ["metadata.yaml"]);
    assert_eq!(difference.files.unchanged, 2);
    assert!(difference.warnings[0].starts_with("the release lines differ (1.0 and 1.1)"));
}

#[test]
fn formats_may_differ_and_what_is_lost_is_said() {
    let old = package("1.0.0", &[("a", file(0o100_644, "a"))]);
    let mut new = Package { format: Format::Deb, fields: Vec::new(), ..old.clone() };
    let host = File { sha256: None, ..file(0o040_755, "") };
    new.files.insert("/var/www".to_owned(), host);
    new.files.insert("/usr/share/doc/demo/copyright".to_owned(), file(0o100_644, "x"));
    let difference = Difference::between(&old, &new);
    assert!(difference.same_content && !difference.identical);
    assert_eq!(difference.package[0].name, "format");
    assert!(difference.warnings[0].contains("the formats differ"));
}

#[test]
fn trouble_is_a_warning() {
    let old = package("1.0.1", &[]);
    let lower = package("1.0.0", &[]);
    let mut same = package("1.0.1", &[("a", file(0o100_644, "a"))]);
    same.integrity[0].holds = Some(false);
    let other =
        Package { metadata: Some("name: other\nversion: 1.0.1\n".to_owned()), ..old.clone() };
    let cases = [
        (lower, "1.0.0 is lower than 1.0.1"),
        (same.clone(), "the new package is damaged: payload sha256 does not hold"),
        (same, "the content differs, but both are version 1.0.1"),
        (other, "these are different plugins"),
        (Package { metadata: None, ..old.clone() }, "a package has no metadata.yaml"),
    ];
    for (new, expected) in cases {
        let warnings = Difference::between(&old, &new).warnings;
        assert!(warnings.iter().any(|w| w.contains(expected)), "{expected:?} not in {warnings:?}");
    }
}

#[test]
fn texts_are_compared_line_by_line_within_bounds() {
    let mut effort = content::Effort::default();
    let mut text = |old: &[u8], new: &[u8]| content::text_change("f", old, new, &mut effort);
    let small = text(b"a\nb\n", b"a\nc\n");
    assert_eq!(small.diff.as_deref(), Some("--- a/f\n+++ b/f\n@@ -1,2 +1,2 @@\n a\n-b\n+c\n"));
    assert_eq!(text(b"a\0", b"b").note.as_deref(), Some("binary"));
    assert_eq!(text(b"\xff", b"b").note.as_deref(), Some("binary"));
    let many = "x\n".repeat(20_001);
    let much = Some("too much to be compared line by line");
    assert_eq!(text(many.as_bytes(), b"").note.as_deref(), much);
    assert!(text(many.as_bytes(), format!("{many}y\n").as_bytes()).note.is_none());
    let cut = text(b"", "x\n".repeat(3_000).as_bytes());
    assert_eq!(cut.diff.map(|diff| diff.lines().count()), Some(2_000));
    assert_eq!(cut.note.as_deref(), Some("1003 more lines of the diff are not shown"));
    for _ in 0..5 {
        text(b"", "x\n".repeat(19_000).as_bytes());
    }
    let late = text(b"", "x\n".repeat(19_000).as_bytes());
    assert_eq!((late.diff, late.note.as_deref()), (None, much));
}
