//! A newer program meets an older one's registry, and an older program a newer one's
//! (`threats-and-faults` F19).

#![expect(clippy::print_stderr, reason = "the count of points is what the sweep is for")]

use std::path::PathBuf;

use tests::{Host, Manager, Plugin, Sweep, Victim, have};

/// What the first release had written when two versions of a legacy plugin were installed and held.
const FILES: [&str; 2] = ["registry.db", "history.jsonl"];

/// How many points are tried by default.
const FEW: usize = 6;

/// A host on which an older program has installed what is there.
fn host() -> Option<Host> {
    let host = Host::of(Manager::Rpm)?;
    let plugin = Plugin::create("demo", "1.0.0");
    for version in ["1.0.1", "1.0.2"] {
        let package = plugin.release(version, "fp");
        host.plugins(["install", &package, "--yes"]).success();
    }
    for file in FILES {
        fs_err::copy(kept(file), state(&host, file)).expect("the folder is ours");
    }
    Some(host)
}

fn kept(file: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("data/schema-1").join(file)
}

fn state(host: &Host, file: &str) -> PathBuf {
    host.root().join("var/lib/plugins").join(file)
}

#[test]
fn an_older_registry_is_read_as_it_is_and_brought_up_to_date_by_the_first_change() {
    let Some(host) = host() else { return };
    let original = fs_err::read(kept("registry.db")).expect("it is there");
    assert_eq!(host.registry(), ["1 demo 1.0.1", "2 demo 1.0.2"]);
    assert_eq!(host.state("demo==1.0.1"), "held");
    host.plugins(["history", "--verify"]).success();
    assert_eq!(fs_err::read(state(&host, "registry.db")).expect("it is there"), original);

    host.plugins(["unhold", "demo", "--yes"]).success();
    assert_ne!(fs_err::read(state(&host, "registry.db")).expect("it is there"), original);
    let backup = state(&host, "registry.db.schema-1");
    assert_eq!(fs_err::read(backup).expect("it was kept"), original);
    assert_eq!(host.registry(), ["1 demo 1.0.1", "2 demo 1.0.2"]);
    host.plugins(["history", "--verify"]).success();
    host.plugins(["doctor"]).success();
}

#[test]
fn torture_bringing_the_registry_up_to_date_survives() {
    let Some(host) = host() else { return };
    if !have(&["strace"]) {
        return;
    }
    let sweep = Sweep::new(&host, &["unhold", "demo", "--yes"], &[]);
    let killed = sweep.kill(Victim::Client, FEW);
    let failed: Vec<usize> = ["EIO", "ENOSPC"].iter().map(|error| sweep.fail(error, FEW)).collect();
    eprintln!("an older registry: client killed at {killed} points, failed at {failed:?}");
}
