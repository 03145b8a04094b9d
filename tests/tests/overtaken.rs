//! Who only looks may be overtaken by who writes, at any moment: it sees the host before or after, and
//! never fails because something was gone when it came to look (`threats-and-faults` F9).

#![expect(clippy::print_stderr, reason = "the count of points is what the sweep is for")]

use std::cell::Cell;

use tests::{Host, Manager, Outcome, Plugin, have, overtake};

/// At how many calls a command is stopped by default.
const FEW: usize = 5;

/// Versions of one legacy plugin: one of them is there, and the next change makes it the other.
const VERSIONS: [&str; 2] = ["1.0.0", "1.0.1"];

/// Overtakes `command` at its calls; it may end with one of `statuses`.
#[track_caller]
fn overtaken(command: &[&str], statuses: &[i32]) {
    if !have(&["strace", "rpm"]) {
        return;
    }
    let host = Host::new(Manager::Rpm);
    // What was kept of a version goes when the other is installed.
    host.write_settings(&format!("{}keep-versions: 1\n", host.settings()));
    let plugin = Plugin::create("demo", "1.0.0");
    let packages = VERSIONS.map(|version| plugin.release(version, "fp"));
    host.plugins(["install", &packages[0], "--yes"]).success();
    let there = Cell::new(0);
    let change = || {
        let (old, new) = (there.get(), 1 - there.get());
        host.plugins(["install", &packages[new], "--yes"]).success();
        let old = format!("demo=={}", VERSIONS[old]);
        host.plugins(["remove", &old, "--yes"]).success();
        there.set(new);
    };
    let judge = |at: &str, outcome: Outcome| {
        let outcome = outcome.harmless();
        let status = outcome.status.unwrap_or(-1);
        assert!(statuses.contains(&status), "{at}: {outcome:?}");
    };
    let points = overtake(&host, command, FEW, change, judge);
    eprintln!("{command:?} overtaken at {points} calls");
}

#[test]
fn torture_a_list_is_overtaken() {
    overtaken(&["list"], &[0]);
}

#[test]
fn torture_a_list_of_drift_is_overtaken() {
    overtaken(&["list", "--drift"], &[0]);
}

#[test]
fn torture_a_doctor_is_overtaken() {
    // It may see work under way.
    overtaken(&["doctor"], &[0, 9]);
}

#[test]
fn torture_a_verification_is_overtaken() {
    overtaken(&["verify"], &[0, 9]);
}

#[test]
fn torture_a_dry_run_is_overtaken() {
    overtaken(&["sync", "--dry-run"], &[0]);
}

#[test]
fn torture_a_check_of_the_history_is_overtaken() {
    overtaken(&["history", "--verify"], &[0]);
}
