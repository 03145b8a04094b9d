//! Killed at any system call, a publication leaves the old tree or the new one, and the next clears up.

use std::collections::BTreeMap;

use tests::{command, finish, have, torture};

use super::{Stage, TIME};

/// Calls that change something, or see that somebody else did.
const CALLS: &str = "openat,write,link,linkat,mkdir,fchmod,chmod,utimensat,fsync,flock,renameat2,\
                     rename,unlinkat,rmdir,close";

const PUBLISH: &str = "repo publish --repo repo --unsigned";

fn bytes(stage: &Stage) -> BTreeMap<String, Vec<u8>> {
    stage.tree("repo/public").into_iter().map(|(path, (bytes, _))| (path, bytes)).collect()
}

/// Publishes under strace with `expression`; returns the exit status.
fn trace(stage: &Stage, log: &str, expression: &str) -> Option<i32> {
    let mut strace = command("strace", ["-f", "-qq", "-o", log, "-e", expression, "--"]);
    strace.arg(env!("CARGO_BIN_EXE_fpb")).args(PUBLISH.split(' '));
    strace.env("SOURCE_DATE_EPOCH", (TIME + 1).to_string()).current_dir(stage.folder.path());
    finish(&mut strace).status
}

/// Returns a repository whose pool has changed since it was published.
fn changed() -> Stage {
    let stage = Stage::new();
    stage.add("demo", "1.0.0");
    stage.fpb_at(TIME, PUBLISH).success();
    stage.add("demo", "1.0.1");
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
fn points(stage: &Stage) -> Vec<(String, usize)> {
    let log = stage.path("trace");
    assert_eq!(trace(stage, log.to_str().unwrap(), &format!("trace={CALLS}")), Some(0));
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
    let points = points(&stage);
    let new = bytes(&stage);
    assert!(old != new);
    let mut killed = [0, 0];
    for (call, occurrence) in &points {
        reset(&stage);
        let inject = format!("inject={call}:signal=KILL:when={occurrence}");
        trace(&stage, "/dev/null", &inject);
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
fn torture_a_failing_disk_leaves_the_old_tree_or_the_new_one() {
    if !have(&["strace"]) {
        return;
    }
    let stage = changed();
    let old = bytes(&stage);
    let points = points(&stage);
    let new = bytes(&stage);
    let calls = ["write", "mkdir", "fchmod", "fsync", "renameat2", "utimensat"];
    for (call, occurrence) in points.iter().filter(|(call, _)| calls.contains(&call.as_str())) {
        for error in ["EIO", "ENOSPC"] {
            reset(&stage);
            let inject = format!("inject={call}:error={error}:when={occurrence}");
            let status = trace(&stage, "/dev/null", &inject);
            let left = bytes(&stage);
            assert!(left == old || left == new, "{inject}: neither old nor new");
            assert!(left == new || status != Some(0), "{inject}: called that a success");
        }
    }
}
