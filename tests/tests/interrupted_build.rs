//! Whatever happens to a build, the package that was there before is still there, whole, and nothing
//! else is.

#![expect(clippy::unwrap_used, reason = "a test ends where its stage cannot be set")]

use std::collections::BTreeSet;
use std::path::Path;

use tests::{Outcome, Plugin, built, command, finish, have, run};

fn names(folder: &Path) -> BTreeSet<String> {
    let entries = fs_err::read_dir(folder).unwrap();
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

#[test]
fn a_failed_build_keeps_the_earlier_package_and_leaves_no_litter() {
    let plugin = Plugin::create("demo", "5.0.0");
    let package = plugin.package("rpm");
    let before = (names(&plugin.path()), fs_err::read(&package).unwrap());
    let cure = fs_err::read(plugin.path().join("metadata.yaml")).unwrap();
    plugin.edit("metadata.yaml", "is_hotpluggable: false", "is_hotpluggable: maybe");
    plugin.build(&[]).status(1);
    assert_eq!(before, (names(&plugin.path()), fs_err::read(&package).unwrap()));

    plugin.write("metadata.yaml", cure);
    plugin.write("pre_build_hook", "#!/bin/sh\necho to no avail\nexit 7\n");
    let failed = plugin.build(&[]).status(1);
    assert!(failed.stderr.contains('7'), "{}", failed.stderr);
    assert_eq!(before, (names(&plugin.path()), fs_err::read(&package).unwrap()));
    plugin.build(&["--no-hooks"]).success();
}

#[test]
fn builds_at_the_same_time_do_not_harm_each_other() {
    if !have(&["rpm"]) {
        return;
    }
    let plugin = Plugin::create("demo", "5.0.0");
    let builds: Vec<_> = (0..8)
        .map(|_| {
            let fpb = built("fpb");
            let mut build = command(fpb.to_str().unwrap(), ["build", ".", "--format", "rpm,deb"]);
            build.current_dir(plugin.path()).stdout(std::process::Stdio::null()).spawn().unwrap()
        })
        .collect();
    for mut build in builds {
        assert!(build.wait().unwrap().success());
    }
    let package = plugin.path().join("demo-1.0-1.0.0-1.noarch.rpm");
    run("rpm", ["-K", "--nosignature", package.to_str().unwrap()]).success();
}

/// A shell in which other file systems can be mounted without anybody else seeing them.
struct Mounts(&'static str);

impl Mounts {
    /// Says aloud where there is none.
    #[expect(clippy::print_stderr, reason = "a skipped test says so")]
    fn find() -> Option<Self> {
        let works = |options: &&str| {
            run("unshare", [options, "mount", "-t", "tmpfs", "none", "/mnt"]).status == Some(0)
        };
        let found = ["-m", "-rm"].into_iter().find(works).map(Self);
        if found.is_none() {
            eprintln!("SKIPPED: file systems cannot be mounted here");
        }
        found
    }

    /// Builds `plugin` into `out`, which is a small disk with the package `old` on it; prints what is
    /// there then.
    fn build(&self, plugin: &Plugin, out: &Path, disk: &str, old: &Path) -> Outcome {
        let script = "mount -t tmpfs -o \"${disk% ro}\" none \"$out\" && cp \"$old\" \"$out\" &&
            case $disk in *ro) mount -o remount,ro \"$out\" ;; esac
            \"$fpb\" build . --no-hooks -o \"$out\" >/dev/null
            status=$?; cd \"$out\"; ls -A; sha256sum *; exit $status";
        let mut shell = command("unshare", [self.0, "sh", "-c", script]);
        shell.env("fpb", built("fpb")).env("disk", disk).env("out", out).env("old", old);
        finish(shell.current_dir(plugin.path()))
    }
}

#[test]
fn a_full_or_read_only_disk_keeps_the_earlier_package_and_is_named() {
    let Some(mounts) = Mounts::find() else { return };
    let plugin = Plugin::create("demo", "5.0.0");
    let mut numbers = tests::Numbers::new(1);
    plugin.write("noise", (0..300_000).map(|_| numbers.below(256) as u8).collect::<Vec<u8>>());
    let folder = tempfile::tempdir().unwrap();
    let old = folder.path().join("demo-1.0-1.0.0-1.noarch.rpm");
    fs_err::copy(plugin.package("rpm"), &old).unwrap();
    let before = run("sha256sum", [old.to_str().unwrap()]).success()[..64].to_owned();
    plugin.edit("metadata.yaml", "title: ", "title: New ");
    let out = folder.path().join("out");
    fs_err::create_dir(&out).unwrap();

    let mut built = 0;
    let sizes = (320..=960).step_by(64).map(|size| format!("size={size}k"));
    for disk in sizes.chain(["size=2m ro".to_owned(), "size=2m,nr_inodes=2".to_owned()]) {
        let outcome = mounts.build(&plugin, &out, &disk, &old);
        let left: Vec<&str> = outcome.stdout.lines().collect();
        assert_eq!(left.len(), 2, "{disk}: {left:?}");
        assert_eq!(left[0], "demo-1.0-1.0.0-1.noarch.rpm", "{disk}");
        if outcome.status == Some(0) {
            assert!(!left[1].starts_with(&before), "{disk}");
            built += 1;
        } else {
            assert!(left[1].starts_with(&before), "{disk}");
            let why = ["No space left", "Read-only file system"];
            let said = why.iter().any(|why| outcome.stderr.contains(why));
            assert!(said, "{disk}: {}", outcome.stderr);
            outcome.refusal(1, "error");
        }
    }
    assert!((1..11).contains(&built), "built on {built} of the disks");
}
