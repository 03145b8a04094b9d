//! Indexes compared with those that the distributions' own tools make of the same packages.

use std::collections::BTreeMap;
use std::time::Instant;

use packaging::repository::{apt, yum};
use plugin::Format;
use tests::{have, run};

use super::Stage;

/// Returns the packages of a yum repository: path and digest.
fn listed(stage: &Stage, folder: &str) -> BTreeMap<String, (u64, String)> {
    let repomd = fs_err::read(stage.path(&format!("{folder}/repodata/repomd.xml"))).unwrap();
    let files = yum::repomd(&repomd).unwrap();
    let primary = files.iter().find(|file| file.kind == "primary").unwrap();
    let file = fs_err::File::open(stage.path(&format!("{folder}/{}", primary.path))).unwrap();
    let packages = yum::packages(file, primary).unwrap().into_iter();
    packages.map(|it| (it.path, (it.size, it.sha256))).collect()
}

#[test]
fn createrepo_and_apt_ftparchive_list_the_same_packages_with_the_same_digests() {
    if !have(&["createrepo_c", "apt-ftparchive"]) {
        return;
    }
    let stage = Stage::new();
    for version in ["1.0.0", "1.0.1", "1.0.2b1"] {
        stage.add("demo", version);
    }
    stage.publish();
    let ours = listed(&stage, "repo/public/yum");
    let yum = stage.path("repo/public/yum");
    let out = stage.path("theirs");
    fs_err::create_dir(&out).unwrap();
    let arguments = ["--general-compress-type=gz", "-q", "-o"];
    let paths = [out.to_str().unwrap(), yum.to_str().unwrap()];
    run("createrepo_c", arguments.iter().chain(&paths)).success();
    assert_eq!(ours, listed(&stage, "theirs"));
    assert_eq!(ours.len(), 3);

    let index = stage.text("repo/public/apt/dists/stable/main/binary-amd64/Packages");
    let pool = stage.path("repo/public/apt");
    let mut theirs = tests::command("apt-ftparchive", ["packages", "pool"]);
    let theirs = tests::finish(theirs.current_dir(pool)).success();
    let sorted = |text: &str| {
        let mut listed = apt::listed(text).unwrap();
        listed.sort_by(|a, b| a.path.cmp(&b.path));
        listed
    };
    assert_eq!(sorted(&index), sorted(&theirs));
    assert_eq!(sorted(&index).len(), 3);
}

#[test]
fn createrepo_takes_our_metadata_for_its_own_and_reads_no_package() {
    if !have(&["createrepo_c"]) {
        return;
    }
    let stage = Stage::new();
    for version in ["1.0.0", "1.0.1"] {
        stage.add("demo", version);
    }
    stage.publish();
    let (ours, copy) = (listed(&stage, "repo/public/yum"), stage.path("copy"));
    let yum = stage.path("repo/public/yum");
    run("cp", ["-a".as_ref(), yum.as_os_str(), copy.as_os_str()]).success();
    let read = stage.path("read");
    let arguments = ["-q", "--update", "--skip-stat", "--read-pkgs-list"];
    let paths = [read.to_str().unwrap(), copy.to_str().unwrap()];
    run("createrepo_c", arguments.iter().chain(&paths)).success();
    assert_eq!(stage.text("read").trim(), "", "it did not find these in our metadata");
    assert_eq!(listed(&stage, "copy"), ours);
}

#[test]
fn a_thousand_packages_are_published_and_only_new_ones_are_read_again() {
    let stage = Stage::new();
    let mut files = Vec::new();
    for n in 0..500 {
        for format in [Format::Rpm, Format::Deb] {
            files.push(stage.package(format, (&format!("plugin{n}"), "1.0.0"), "content"));
        }
    }
    let timed = |line: &str| {
        let begun = Instant::now();
        stage.fpb(line).success();
        begun.elapsed()
    };
    let add = timed(&format!("repo add -q --repo repo {}", files.join(" ")));
    let first = timed("repo publish --repo repo --unsigned");
    let again = timed("repo publish --repo repo --unsigned");
    stage.add("one", "1.0.0");
    let one_more = timed("repo publish --repo repo --unsigned");
    println!("add {add:?}, publish {first:?}, unchanged {again:?}, one more {one_more:?}");
    let verify = timed("repo verify --unsigned repo");
    println!("verify {verify:?}");
}
