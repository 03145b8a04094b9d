//! A command that only looks is stopped at one of its calls, the host changes under it, and it goes on.

use std::path::Path;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use super::{points, text, traced};
use crate::host::Host;
use crate::run::{Outcome, ended, finish, run};
use crate::torture::torture;

/// Calls by which something is looked at.
const CALLS: &str = "openat,openat2,newfstatat,statx,stat,lstat,statfs,getdents64,readlink,readlinkat,\
    access,faccessat2,pread64,fcntl";

/// How long a command may take to the call that it is stopped at.
const PATIENCE: Duration = Duration::from_secs(60);

/// Stops `command` at `few` of its calls, or at all where torture is wanted, has `change` change the host
/// each time, and has `judge` judge how the command ended. Returns how many calls that were.
#[track_caller]
pub fn overtake(
    host: &Host,
    command: &[&str],
    few: usize,
    mut change: impl FnMut(),
    judge: impl Fn(&str, Outcome),
) -> usize {
    let scratch = tempfile::tempdir().expect("the temporary folder is writable");
    let log = scratch.path().join("trace");
    let trace = format!("trace={CALLS}");
    let outcome = finish(&mut traced(host, command, &options(&log, &trace)));
    let read = fs_err::read_to_string(&log).expect("the command made calls");
    let points = points::looks(&read, &host.root());
    assert!(!points.is_empty(), "{outcome:?} made no call");
    let few = if torture() { points.len() } else { few };
    let mut stopped = 0;
    for points::Point { call, occurrence } in points::sample(&points, few) {
        let inject = format!("inject={call}:signal=STOP:when={occurrence}");
        fs_err::write(&log, "").expect("the file is ours");
        let mut strace = traced(host, command, &options(&log, &inject));
        let strace = strace.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
        let mut strace = strace.expect("strace is here");
        if let Some(process) = stop(&mut strace, &log) {
            change();
            run("kill", ["-CONT", &process]).success();
            stopped += 1;
        }
        judge(&inject, ended(&inject, strace.wait_with_output()));
    }
    stopped
}

fn options<'a>(log: &'a Path, expression: &'a str) -> [&'a str; 5] {
    ["-qq", "-o", text(log), "-e", expression]
}

/// Waits until the command is stopped and returns its number; `None` where it came to its end.
fn stop(strace: &mut Child, log: &Path) -> Option<String> {
    let begun = Instant::now();
    let number = strace.id();
    while strace.try_wait().expect("it is our child").is_none() {
        let said = fs_err::read_to_string(log).expect("the file is ours");
        if said.contains("stopped by SIGSTOP") {
            let children = format!("/proc/{number}/task/{number}/children");
            return Some(fs_err::read_to_string(children).ok()?.trim().to_owned());
        }
        assert!(begun.elapsed() < PATIENCE, "the command was never stopped");
        std::thread::sleep(Duration::from_millis(1));
    }
    None
}
