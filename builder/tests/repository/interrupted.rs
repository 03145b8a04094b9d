//! Killed at any system call, a publication leaves the old tree or the new one, and the next clears up.

use std::collections::BTreeMap;

use plugin::Format;
use tests::{command, finish, have, torture};

use super::{Stage, TIME};

/// Calls that change something, or see that somebody else did.
const CALLS: &str = "openat,write,link,linkat,mkdir,fchmod,chmod,utimensat,fsync,flock,renameat2,\
                     rename,renameat,unlink,unlinkat,rmdir,close,syncfs,copy_file_range";

const PUBLISH: &str = "repo publish --repo repo --unsigned";

fn bytes(stage: &Stage) -> BTreeMap<String, Vec<u8>> {
    stage.tree("repo/public").into_iter().map(|(path, (bytes, _))| (path, bytes)).collect()
}

/// Runs fpb under strace with `expression`; returns the exit status.
fn trace(stage: &Stage, line: &str, log: &str, expression: &str) -> Option<i32> {
    let mut strace = command("strace", ["-f", "-qq", "-o", log, "-e", expression, "--"]);
    strace.arg(env!("CARGO_BIN_EXE_fpb")).args(line.split(' '));
    strace.env("SOURCE_DATE_EPOCH", (TIME + 1).to_string()).current_dir(stage.folder.path());
    finish(&mut strace).status
}

/// Returns a repository whose pool has changed since it was published, which was twice.
fn changed() -> Stage {
    let stage = Stage::new();
    for (version, epoch) in [("1.0.0", TIME - 1), ("1.0.1", TIME)] {
        stage.add("demo", version);
        stage.fpb_at(epoch, PUBLISH).success();
    }
    stage.add("demo", "1.0.2");
    copy(&stage, "repo", "kept");
    stage
}

fn copy(stage: &Stage, from: &str, to: &str) {
    let arguments = ["-a".into(), stage.path(from), stage.path(to)];
    finish(&mut command("cp", arguments)).success();
}

/// Puts the repository back as it was.
fn reset(stage: &Stage) {
    fs_err::remove_dir_all(stage.path("repo")).unwrap();
    copy(stage, "kept", "repo");
}

/// Returns each call and its occurrence.
fn points(stage: &Stage, line: &str) -> Vec<(String, usize)> {
    let log = stage.path("trace");
    assert_eq!(trace(stage, line, log.to_str().unwrap(), &format!("trace={CALLS}")), Some(0));
    let mut points: Vec<(String, usize)> = Vec::new();
    for line in stage.text("trace").lines() {
        let Some((call, _)) = line.split_once('(') else { continue };
        let call = call.rsplit(' ').next().unwrap().to_owned();
        let before = points.iter().filter(|(other, _)| *other == call).count();
        points.push((call, before + 1));
    }
    let step = if torture() { 1 } else { 11 };
    points.into_iter().step_by(step).collect()
}

#[test]
fn torture_a_killed_publication_leaves_the_old_tree_or_the_new_one() {
    if !have(&["strace"]) {
        return;
    }
    let stage = changed();
    let old = bytes(&stage);
    let points = points(&stage, PUBLISH);
    let new = bytes(&stage);
    assert!(old != new);
    let mut killed = [0, 0];
    for (call, occurrence) in &points {
        reset(&stage);
        let inject = format!("inject={call}:signal=KILL:when={occurrence}");
        trace(&stage, PUBLISH, "/dev/null", &inject);
        let left = bytes(&stage);
        assert!(left == old || left == new, "{inject}: neither old nor new");
        killed[usize::from(left == new)] += 1;
        stage.fpb_at(TIME + 1, PUBLISH).success();
        assert!(bytes(&stage) == new, "{inject}: the next one did not publish");
        assert!(!stage.path("repo/.next").exists(), "{inject}: not cleared");
    }
    println!(
        "killed at {} points: {} left the old tree, {} the new",
        points.len(),
        killed[0],
        killed[1]
    );
}

#[test]
fn torture_a_killed_addition_leaves_whole_packages_and_the_next_adds_the_rest() {
    if !have(&["strace"]) {
        return;
    }
    let stage = Stage::new();
    let files: Vec<_> =
        ["a", "b"].map(|name| stage.package(Format::Rpm, (name, "1.0.0"), "content")).into();
    let add = format!("repo add --repo repo {}", files.join(" "));
    copy(&stage, "repo", "kept");
    let points = points(&stage, &add);
    let bytes = |path: &str| {
        let tree = stage.tree(path).into_iter();
        tree.map(|(path, (bytes, _))| (path, bytes)).collect::<BTreeMap<_, _>>()
    };
    let whole = bytes("repo/pool");
    assert_eq!(whole.len(), files.len());
    for (call, occurrence) in &points {
        reset(&stage);
        let inject = format!("inject={call}:signal=KILL:when={occurrence}");
        trace(&stage, &add, "/dev/null", &inject);
        let left = bytes("repo/pool");
        assert!(left.iter().all(|(path, bytes)| whole[path] == *bytes), "{inject}: half a package");
        stage.fpb(&add).success();
        assert!(bytes("repo/pool") == whole, "{inject}: the next one did not add the rest");
        assert!(!stage.path("repo/.incoming").exists(), "{inject}: not cleared");
    }
    println!("killed at {} points", points.len());
}

#[test]
fn torture_a_failing_disk_leaves_the_old_tree_or_the_new_one() {
    if !have(&["strace"]) {
        return;
    }
    let stage = changed();
    let old = bytes(&stage);
    let points = points(&stage, PUBLISH);
    let new = bytes(&stage);
    let calls = ["write", "mkdir", "fchmod", "fsync", "renameat2", "utimensat", "syncfs"];
    for (call, occurrence) in points.iter().filter(|(call, _)| calls.contains(&call.as_str())) {
        for error in ["EIO", "ENOSPC"] {
            reset(&stage);
            let inject = format!("inject={call}:error={error}:when={occurrence}");
            let status = trace(&stage, PUBLISH, "/dev/null", &inject);
            let left = bytes(&stage);
            assert!(left == old || left == new, "{inject}: neither old nor new");
            assert!(left == new || status != Some(0), "{inject}: called that a success");
        }
    }
}
