//! The same sources give the same bytes, whoever builds them, wherever and whenever.

#![expect(clippy::unwrap_used, reason = "a test ends where its stage cannot be set")]

use std::path::{Path, PathBuf};

use tests::{Plugin, built, command, finish, have, run};

/// Copies the plugin to a folder of its own, with other times and other permissions, as
/// `chmod permissions` makes them.
fn copy(plugin: &Plugin, into: &Path, permissions: &str) -> PathBuf {
    let copy = into.join("elsewhere with a blank");
    run("cp", ["-r", plugin.path().to_str().unwrap(), copy.to_str().unwrap()]).success();
    run("chmod", ["-R", permissions, copy.to_str().unwrap()]).success();
    run("find", [copy.to_str().unwrap(), "-exec", "touch", "-d", "2011-11-11", "{}", "+"])
        .success();
    copy
}

#[test]
fn user_zone_locale_umask_cores_path_and_times_leave_no_trace() {
    if !have(&["cp", "chmod", "find", "setpriv", "taskset"]) {
        return;
    }
    for (generation, format, permissions) in
        [("1.0.0", "fp", "g+w"), ("5.0.0", "rpm", "go-rwx"), ("5.0.0", "deb", "go-rwx")]
    {
        let plugin = Plugin::create("demo", generation);
        plugin.with_hooks("/bin/bash").write("data/ünï cödé", "text");
        let here = fs_err::read(plugin.package(format)).unwrap();

        let other = tempfile::tempdir().unwrap();
        let copy = copy(&plugin, other.path(), permissions);
        fs_err::remove_file(copy.join(plugin.package(format).file_name().unwrap())).unwrap();
        run("chown", ["-R", "65534:65534", other.path().to_str().unwrap()]).success();
        let script = "umask 077; exec taskset 1 setpriv --reuid 65534 --clear-groups \
                      \"$0\" build . --format \"$1\"";
        let program = tempfile::tempdir().unwrap();
        run("chmod", ["755", program.path().to_str().unwrap()]).success();
        let fpb = program.path().join("fpb");
        fs_err::copy(built("fpb"), &fpb).unwrap();
        let mut build = command("sh", ["-c", script, fpb.to_str().unwrap(), format]);
        build.current_dir(&copy).env("TZ", "Asia/Kathmandu").env("LC_ALL", "tr_TR.UTF-8");
        finish(build.env("HOME", "/nonexistent").env("USER", "nobody")).success();

        let name = plugin.package(format);
        let there = fs_err::read(copy.join(name.file_name().unwrap())).unwrap();
        assert!(here == there, "{} differs", name.display());
    }
}

#[test]
fn the_source_date_epoch_is_the_one_time_in_a_package() {
    if !have(&["rpm", "dpkg-deb"]) {
        return;
    }
    let plugin = Plugin::create("demo", "5.0.0");
    let mut build = command(built("fpb").to_str().unwrap(), ["build", ".", "--format", "rpm,deb"]);
    let build = build.current_dir(plugin.path()).env("SOURCE_DATE_EPOCH", "1234567890");
    finish(build).success();
    let rpm = plugin.path().join("demo-1.0-1.0.0-1.noarch.rpm");
    let query = "%{BUILDTIME} [%{FILEMTIMES} ]";
    let times = run("rpm", ["-qp", "--qf", query, rpm.to_str().unwrap()]).success();
    assert!(times.split_whitespace().all(|time| time == "1234567890"), "{times}");
    let deb = plugin.path().join("demo-1.0_1.0.0-1_all.deb");
    let list = run("dpkg-deb", ["-c", deb.to_str().unwrap()]).success();
    assert!(list.lines().all(|line| line.contains("2009-02-13 23:31")), "{list}");
}
