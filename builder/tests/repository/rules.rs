//! What the pool takes and keeps, and when the published tree changes.

use std::time::Duration;

use plugin::Format;

use super::{Stage, TIME};

#[test]
fn the_same_package_again_changes_nothing_and_another_of_the_same_name_is_refused() {
    let stage = Stage::new();
    let file = stage.package(Format::Rpm, ("demo", "1.0.0"), "one");
    assert_eq!(stage.json(&format!("repo add --repo repo {file}"))["changed"], true);
    assert_eq!(stage.json(&format!("repo add --repo repo {file}"))["changed"], false);
    stage.package(Format::Rpm, ("demo", "1.0.0"), "two");
    let other = stage.package(Format::Rpm, ("demo", "1.0.1"), "two");
    let before = stage.tree("repo");
    let refused = stage.fpb(&format!("repo add --repo repo {other} {file}"));
    let refused = refused.refusal(5, "is in the repository with other content");
    assert_eq!(refused.stderr.matches("sha256 ").count(), 2, "{}", refused.stderr);
    assert_eq!(stage.tree("repo").len(), before.len(), "the first file was added");
}

#[test]
fn whatever_cannot_be_served_is_not_added() {
    let stage = Stage::new();
    let file = stage.package(Format::Deb, ("demo", "1.0.0"), "one");
    let mut bytes = fs_err::read(stage.path(&file)).unwrap();
    bytes.truncate(bytes.len() - 20);
    fs_err::write(stage.path("cut.deb"), bytes).unwrap();
    fs_err::write(stage.path("text"), "no package").unwrap();
    stage.fpb("repo add --repo repo cut.deb").refusal(4, "F0911");
    stage.fpb("repo add --repo repo text").refusal(1, "cannot be read");
    stage.fpb("repo add --repo repo absent").refusal(3, "does not exist");
    stage.fpb("repo add --repo absent text").refusal(3, "is not a repository");
    stage.fpb("repo init --name again repo").refusal(5, "is a repository already");
    fs_err::write(stage.path("repo/repo.yaml"), "name: example\nsuite: a b\n").unwrap();
    stage.fpb("repo list --repo repo").refusal(1, "repo/repo.yaml:2:8: ");
}

#[test]
fn sixteen_who_add_at_once_lose_nothing() {
    let stage = Stage::new();
    let files: Vec<_> = (0..16)
        .map(|n| stage.package(Format::Rpm, ("demo", &format!("1.0.{n}")), "content"))
        .collect();
    let mut children: Vec<_> = files
        .iter()
        .map(|file| stage.command(&format!("repo add -q --repo repo {file}")).spawn().unwrap())
        .collect();
    assert!(children.iter_mut().all(|child| child.wait().unwrap().success()));
    let list = stage.json("repo list --repo repo");
    assert_eq!(list["results"].as_array().unwrap().len(), 16);
    stage.publish();
    stage.fpb("repo verify --unsigned repo").success();
}

#[test]
fn many_packages_are_added_and_taken_out_together() {
    let stage = Stage::new();
    let files: Vec<_> = (0..20)
        .map(|n| stage.package(Format::Deb, (&format!("demo{n}"), "1.0.0"), "content"))
        .collect();
    let line = format!("repo add --repo repo {}", files.join(" "));
    let bad = stage.package(Format::Fp, ("bad", "1.0.0"), "content");
    fs_err::write(stage.path(&bad), "no package").unwrap();
    stage.fpb(&format!("{line} {bad}")).refusal(1, &format!("`{bad}` cannot be read"));
    assert_eq!(stage.json("repo list --repo repo")["results"].as_array().unwrap().len(), 0);
    assert!(!stage.path("repo/.incoming").exists());

    let added = stage.json(&format!("{line} {}", files[0]));
    let answers = added["results"].as_array().unwrap();
    let new = answers.iter().filter(|answer| answer["added"] == true).count();
    assert_eq!((new, answers.len()), (20, 21), "the first was given twice");
    assert_eq!(stage.json(&line)["changed"], false);
    stage.publish();
    stage.fpb("repo verify --unsigned repo").success();
}

#[test]
fn the_new_tree_is_right_whatever_became_of_the_previous_one() {
    let stage = Stage::new();
    for (version, epoch) in [("1.0.0", TIME), ("1.0.1", TIME + 1)] {
        stage.add("demo", version);
        stage.fpb_at(epoch, "repo publish --repo repo --unsigned").success();
    }
    let previous = |path: &str| stage.path(&format!("repo/.previous/{path}"));
    let package = previous("yum/pool/demo/demo-1.0-1.0.0-1.noarch.rpm");
    fs_err::remove_file(&package).unwrap();
    fs_err::write(&package, "another file").unwrap();
    fs_err::remove_dir_all(previous("apt/dists")).unwrap();
    fs_err::write(previous("apt/dists"), "a file").unwrap();
    fs_err::create_dir_all(previous("yum/superfluous/folder")).unwrap();
    fs_err::remove_file(previous("index.html")).unwrap();
    fs_err::create_dir(previous("index.html")).unwrap();
    stage.add("demo", "1.0.2");
    stage.fpb_at(TIME + 2, "repo publish --repo repo --unsigned").success();
    assert!(!stage.path("repo/public/yum/superfluous").exists());
    let problems = stage.fpb("repo verify --unsigned repo").status(4).stdout;
    assert!(problems.lines().all(|line| line.contains(" expired on ")), "{problems}");
}

#[test]
fn whoever_waits_too_long_for_the_lock_is_told_who_has_it() {
    let stage = Stage::new();
    let file = stage.package(Format::Rpm, ("demo", "1.0.0"), "one");
    let lock = fs_err::File::create(stage.path("repo/.lock")).unwrap().into_file();
    lock.lock().unwrap();
    let line = format!("repo add --lock-timeout 0 --repo repo {file}");
    stage.fpb(&line).refusal(7, "locked by another process");
    fs_err::write(stage.path("repo/.lock"), "42").unwrap();
    stage.fpb(&line).refusal(7, "locked by process 42");
    drop(lock);
    stage.fpb(&line).success();
}

#[test]
fn versions_go_only_where_somebody_agrees_and_no_advisory_needs_them() {
    let stage = Stage::new();
    for version in ["1.0.0", "1.0.1", "1.0.2", "1.0.10", "1.1.0"] {
        stage.add("demo", version);
    }
    stage
        .fpb("advisory add --repo repo --id EX-1 --severity low --title T --fixes demo==1.0.1")
        .success();
    let left = || {
        let list = stage.json("repo list --repo repo");
        let rows = list["results"].as_array().unwrap().clone();
        rows.iter().map(|row| row["version"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    stage.fpb("repo prune --repo repo --keep 1").refusal(2, "--yes");
    let dry = stage.json("repo prune --repo repo --keep 1 --dry-run");
    assert_eq!((&dry["changed"], dry["results"].as_array().unwrap().len()), (&false.into(), 4));
    assert_eq!(left().len(), 5);
    stage.fpb("repo prune --repo repo --keep 1 --yes").success();
    assert_eq!(left(), ["1.0.1", "1.0.10", "1.1.0"]);

    stage.fpb("repo remove --repo repo demo==1.0.1 --yes").refusal(5, "advisory `EX-1`");
    stage.fpb("repo remove --repo repo demo==9.9.9 --yes").refusal(3, "not in the repository");
    stage.fpb("repo remove --repo repo demo==9.9.9 --if-present --yes").success();
    stage.fpb("advisory remove --repo repo EX-1 --yes").success();
    stage.fpb("repo remove --repo repo demo==1.0.1 demo==1.1.0 --yes").success();
    assert_eq!(left(), ["1.0.10"]);
}

#[test]
fn advisories_are_about_what_is_there_and_are_not_overwritten() {
    let stage = Stage::new();
    stage.add("demo", "1.0.1");
    let add = "advisory add --repo repo --id EX-1 --severity critical --title T --fixes";
    stage.fpb(&format!("{add} demo==1.0.2")).refusal(3, "`demo==1.0.2` is not in");
    stage.fpb(&format!("{add} demo")).refusal(2, "NAME==VERSION");
    assert_eq!(stage.json(&format!("{add} demo==1.0.1"))["changed"], true);
    assert_eq!(stage.json(&format!("{add} demo==1.0.1"))["changed"], false);
    stage.fpb(&format!("{add} demo==1.0.1 --reboot")).refusal(5, "says something else");
    stage.fpb("advisory show --repo repo EX-2").refusal(3, "no advisory `EX-2`");
    let shown = stage.fpb("advisory show --repo repo EX-1").success();
    assert!(shown.contains("severity   critical"), "{shown}");
}

#[test]
fn publishing_again_writes_nothing_until_something_changes_or_half_the_time_is_over() {
    let stage = Stage::new();
    stage.add("demo", "1.0.0");
    assert_eq!(stage.json("repo publish --repo repo --unsigned")["changed"], true);
    let before = stage.tree("repo");
    assert_eq!(stage.json("repo publish --repo repo --unsigned")["changed"], false);
    assert!(stage.tree("repo").iter().eq(before.iter()), "something was written");
    let refreshed = stage.json("repo publish --repo repo --unsigned --refresh");
    assert_eq!(refreshed["changed"], true);

    // What is remembered may be lost or be nonsense.
    fs_err::write(stage.path("repo/.cache.json"), "nonsense").unwrap();
    assert_eq!(stage.json("repo publish --repo repo --unsigned")["changed"], false);

    fs_err::remove_file(stage.path("repo/public/apt/dists/stable/Release")).unwrap();
    stage.fpb("repo verify --unsigned repo").refusal(4, "F0923");
    assert_eq!(stage.json("repo publish --repo repo --unsigned")["changed"], true);
    stage.fpb("repo verify --unsigned repo").success();

    let day = 24 * 60 * 60;
    stage.fpb_at(TIME, "repo publish --repo repo --unsigned --refresh").success();
    for (days, done) in [(15, "unchanged"), (16, "published")] {
        let epoch = TIME + days * day;
        let said = stage.fpb_at(epoch, "repo publish --repo repo --unsigned").success();
        assert!(said.contains(done), "after {days} days: {said}");
    }
}

#[test]
fn replaced_indexes_are_a_second_newer_and_the_old_ones_stay_for_one_generation() {
    let stage = Stage::new();
    stage.add("demo", "1.0.0");
    stage.fpb_at(TIME, "repo publish --repo repo --unsigned").success();
    let first = stage.tree("repo/public");
    // The same second, as a clock or a build that sets the time has it.
    stage.add("demo", "1.0.1");
    stage.fpb_at(TIME, "repo publish --repo repo --unsigned").success();
    let second = stage.tree("repo/public");
    for path in ["yum/repodata/repomd.xml", "apt/dists/stable/Release", "index.html"] {
        let (old, new) = (first[path].1, second[path].1);
        assert!(new >= old + Duration::from_secs(1), "{path}: {old:?}, {new:?}");
    }
    let named = |path: &&String| path.contains("by-hash") || path.contains("-primary.xml");
    assert!(first.keys().filter(named).all(|path| second[path].0 == first[path].0));
    let problems = stage.fpb("repo verify --unsigned repo").status(4).stdout;
    assert!(problems.lines().all(|line| line.contains(" expired on ")), "{problems}");
    stage.add("demo", "1.0.2");
    stage.fpb_at(TIME, "repo publish --repo repo --unsigned").success();
    let third = stage.tree("repo/public");
    assert!(first.keys().filter(named).all(|path| !third.contains_key(path)));
}

#[test]
fn the_same_pool_gives_the_same_bytes_in_whatever_order_it_was_filled() {
    let [one, two] = [Stage::new(), Stage::new()];
    for version in ["1.0.0", "1.0.1"] {
        one.add("demo", version);
    }
    one.add("other", "1.0.0");
    for (name, version) in [("other", "1.0.0"), ("demo", "1.0.1"), ("demo", "1.0.0")] {
        two.add(name, version);
    }
    for stage in [&one, &two] {
        stage.fpb_at(TIME, "repo publish --repo repo --unsigned").success();
    }
    let bytes = |stage: &Stage| {
        let tree = stage.tree("repo/public").into_iter();
        tree.map(|(path, (bytes, _))| (path, bytes)).collect::<Vec<_>>()
    };
    assert!(bytes(&one) == bytes(&two));
}

#[test]
fn verification_names_each_thing_that_is_wrong() {
    let stage = Stage::new();
    stage.add("demo", "1.0.0");
    let fp = stage.package(Format::Fp, ("old", "1.0.0"), "content");
    stage.fpb(&format!("repo add --repo repo {fp}")).success();
    stage.publish();
    stage.fpb("repo verify --unsigned repo").success();
    stage.fpb("repo export --unsigned --repo repo copy").success();
    stage.fpb("repo export --unsigned --repo repo copy").refusal(5, "exists already");
    stage.fpb("repo verify --unsigned copy").success();

    let packages = "copy/apt/dists/stable/main/binary-amd64/Packages";
    let damages: [(&str, &dyn Fn()); 5] = [
        ("`superfluous` does not belong", &|| {
            fs_err::write(stage.path("copy/superfluous"), "").unwrap()
        }),
        ("old-1.0.0.fp` has digest", &|| flip(&stage, "copy/fp/old-1.0.0.fp")),
        ("noarch.rpm` is missing", &|| {
            fs_err::remove_file(stage.path("copy/yum/pool/demo/demo-1.0-1.0.0-1.noarch.rpm"))
                .unwrap();
        }),
        ("Packages` has ", &|| fs_err::write(stage.path(packages), "").unwrap()),
        ("repomd.xml` has digest", &|| flip(&stage, "copy/yum/repodata/repomd.xml")),
    ];
    let mut problems = Vec::new();
    for (problem, damage) in damages {
        damage();
        problems.push(problem);
        let found = stage.fpb("repo verify --unsigned copy").status(4);
        for problem in &problems {
            assert!(found.stdout.contains(problem), "{problem}\n{}", found.stdout);
        }
    }
}

/// Turns one letter of a file into another, its length stays.
fn flip(stage: &Stage, path: &str) {
    let path = stage.path(path);
    let mut bytes = fs_err::read(&path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs_err::write(path, bytes).unwrap();
}
