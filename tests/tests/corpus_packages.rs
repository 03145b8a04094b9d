//! Real plugins build to the packages that the original builder makes of them: the same file names,
//! header fields, requirements and number of entries.

#![expect(clippy::unwrap_used, reason = "a test ends where its stage cannot be set")]

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use serde_json::Value;
use tests::{fpb, have, run};

/// Where collected plugins are, beside a checkout; a clone without them has nothing to compare.
fn corpus() -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/corpus");
    path.join("expected.json").exists().then_some(path)
}

/// Lays the plugin in `from` out in `into`, as its `tree.txt` says.
fn materialise(from: &Path, into: &Path) {
    for line in fs_err::read_to_string(from.join("tree.txt")).unwrap().lines() {
        let mut parts = line.splitn(3, ' ');
        let [kind, mode, path] = [(); 3].map(|()| parts.next().unwrap());
        let path = into.join(path);
        match kind {
            "dir" => fs_err::create_dir_all(&path).unwrap(),
            "file" => fs_err::write(&path, "").unwrap(),
            "link" => fs_err::os::unix::fs::symlink(mode, &path).unwrap(),
            other => panic!("unknown kind {other}"),
        }
        if kind != "link" {
            let mode = u32::from_str_radix(mode, 8).unwrap();
            fs_err::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
        }
    }
    for entry in fs_err::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        if entry.file_name() != "tree.txt" {
            fs_err::copy(entry.path(), into.join(entry.file_name())).unwrap();
        }
    }
    let _ = fs_err::remove_file(into.join("pre_build_hook"));
}

/// Returns the header of `rpm` in the words of the list of expectations.
fn header(rpm: &Path) -> Vec<(&'static str, String)> {
    const TAGS: [(&str, &str); 9] = [
        ("name", "NAME"),
        ("version", "VERSION"),
        ("release", "RELEASE"),
        ("arch", "ARCH"),
        ("summary", "SUMMARY"),
        ("license", "LICENSE"),
        ("vendor", "VENDOR"),
        ("url", "URL"),
        ("group", "GROUP"),
    ];
    let query = |tag| run("rpm", ["-qp", "--qf", &format!("%{{{tag}}}"), rpm.to_str().unwrap()]);
    TAGS.into_iter().map(|(key, tag)| (key, query(tag).success())).collect()
}

/// Counts paths as the list does: without indexes, and without the plain `Packages` that only our
/// builder adds beside `Packages.gz`.
fn entries<'a>(paths: impl Iterator<Item = &'a str>) -> usize {
    let plain = |path: &str| path.ends_with("/Packages") && path.contains("repositories/ubuntu");
    let paths = paths.map(|path| path.trim_end_matches('/'));
    paths.filter(|path| !path.contains("/repodata/") && !plain(path)).count()
}

#[test]
fn accepted_plugins_build_to_the_packages_of_the_original() {
    let Some(corpus) = corpus().filter(|_| have(&["rpm", "tar"])) else {
        return;
    };
    let list = fs_err::read_to_string(corpus.join("expected.json")).unwrap();
    let list: Value = serde_json::from_str(&list).unwrap();
    let mut built = 0;
    for plugin in list["plugins"].as_array().unwrap() {
        let Some(expected) = plugin["package"].as_object() else { continue };
        let dir = plugin["dir"].as_str().unwrap();
        let folder = tempfile::tempdir().unwrap();
        materialise(&corpus.join(dir), folder.path());
        fpb(folder.path(), ["build", "."]).success();
        let package = folder.path().join(expected["file"].as_str().unwrap());
        assert!(package.exists(), "{dir}: no {}", package.display());
        let listing = if package.extension().unwrap() == "rpm" {
            for (key, value) in header(&package) {
                assert_eq!(value, expected[key].as_str().unwrap(), "{dir}: {key}");
            }
            let text = run("rpm", ["-qp", "--requires", package.to_str().unwrap()]).success();
            let requires: Vec<_> = text.lines().filter(|r| !r.starts_with("rpmlib(")).collect();
            let mut unique = requires.clone();
            unique.dedup();
            let list: Vec<_> =
                expected["requires"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
            assert_eq!(unique, list, "{dir}: requires");
            run("rpm", ["-qpl", package.to_str().unwrap()]).success()
        } else {
            run("tar", ["-tzf", package.to_str().unwrap()]).success()
        };
        assert_eq!(
            entries(listing.lines()) as u64,
            expected["entries_outside_repodata"].as_u64().unwrap(),
            "{dir}: {listing}"
        );
        built += 1;
    }
    assert!(built > 10, "only {built} plugins were built");
}
