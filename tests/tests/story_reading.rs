//! Anybody may look, with no rights at all; and who looks, or only asks what would be done, changes not a
//! byte.

use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use tests::{Host, Manager, Outcome, Plugin, built, command, finish, have};

/// A host with one plugin, an update for it beside, and a legacy one.
struct Stage {
    host: Host,
    newer: String,
    package: String,
    fp: String,
    /// Kept so that the packages above stay.
    _plugins: [Plugin; 2],
}

fn stage(host: Host) -> Stage {
    let demo = Plugin::create("demo", "5.0.0");
    let old = Plugin::create("old", "1.0.0");
    let [package, newer] = ["1.0.2", "1.0.3"].map(|version| host.release(&demo, version));
    let [first, fp] = ["2.0.0", "2.0.1"].map(|version| old.release(version, "fp"));
    for package in [&package, &first] {
        host.plugins(["install", package, "--yes"]).success();
    }
    Stage { host, newer, package, fp, _plugins: [demo, old] }
}

/// Commands that look.
const READING: [&[&str]; 14] = [
    &["list"],
    &["--list"],
    &["list", "--json"],
    &["list", "--drift"],
    &["list", "--held"],
    &["info", "demo"],
    &["verify"],
    &["compat", "--product-version", "9.0"],
    &["history"],
    &["history", "--plugin", "demo"],
    &["doctor"],
    &["sync", "--check"],
    &["config", "show"],
    &["explain"],
];

#[test]
fn looking_leaves_every_byte_as_it_was() {
    for stage in Host::quick().map(stage) {
        let host = &stage.host;
        let before = host.everything();
        for arguments in READING {
            let outcome = host.plugins(arguments);
            assert!(matches!(outcome.status, Some(0 | 4 | 9)), "{arguments:?} {outcome:?}");
            host.is_as(&before);
        }
    }
}

#[test]
fn asking_what_would_be_done_does_nothing_of_it() {
    for stage in Host::quick().map(stage) {
        let host = &stage.host;
        let table: [(&[&str], i32); 14] = [
            (&["install", &stage.newer], 0),
            (&["install", &stage.fp], 0),
            (&["install", &stage.package, "--strategy", "always"], 0),
            (&["update", &stage.newer], 0),
            (&["update", &stage.fp], 4),
            (&["downgrade", &stage.newer], 4),
            (&["remove", "demo-1.0"], 0),
            (&["remove", "other-1.0"], 3),
            (&["unregister", "demo==1.0.2"], 0),
            (&["hold", "demo-1.0"], 0),
            (&["undo"], 0),
            (&["sync"], 0),
            (&["sync", "--prune"], 0),
            (&["doctor", "--repair"], 0),
        ];
        let before = host.everything();
        for (arguments, status) in table {
            host.plugins(arguments.iter().chain(&["--dry-run"])).status(status);
            host.is_as(&before);
        }
        let plan = host.plugins(["update", &stage.newer, "--dry-run"]);
        let said = plan.stdout + &plan.stderr;
        let tool = host.manager.name();
        assert!(said.contains(tool) && said.contains("1.0.3"), "{said}");
    }
}

#[test]
fn an_empty_host_can_be_looked_at_and_stays_empty() {
    for host in Host::quick() {
        let before = host.everything();
        for arguments in READING {
            if arguments[0] != "info" {
                host.plugins(arguments).success();
            }
        }
        host.is_as(&before);
        assert!(!host.root().join("var/lib/plugins").exists());
    }
}

/// Runs a copy of the client, which a stranger may read, as a stranger.
fn as_nobody(host: &Host, arguments: &[&str]) -> Outcome {
    let program = program(host);
    let who = ["--reuid=65534", "--regid=65534", "--clear-groups", "--"];
    let mut client = command("setpriv", who);
    client.arg(program).arg("--root").arg(host.root()).args(arguments);
    finish(client.env("LC_ALL", "C.UTF-8").env("HOME", "/nonexistent").current_dir("/"))
}

fn program(host: &Host) -> PathBuf {
    let copy = host.beside("plugins");
    if !copy.exists() {
        fs_err::copy(built("plugins"), &copy).expect("the folder is ours");
        let folder = copy.parent().expect("it lies in a folder");
        for path in [folder, &*host.root(), &*copy] {
            let open = std::fs::Permissions::from_mode(0o755);
            fs_err::set_permissions(path, open).expect("ours");
        }
    }
    copy
}

#[test]
fn a_stranger_may_read_and_not_write() {
    if !have(&["setpriv"]) {
        return;
    }
    for stage in Host::quick().map(stage) {
        let host = &stage.host;
        let mine = host.plugins(["list"]).success();
        let before = host.everything();
        assert_eq!(as_nobody(host, &["list"]).success(), mine);
        for arguments in [&["info", "demo"][..], &["history"], &["--list"], &["list", "--json"]] {
            as_nobody(host, arguments).success();
        }
        for arguments in [
            &["remove", "demo-1.0", "--yes"][..],
            &["sync", "--yes"],
            &["hold", "demo-1.0", "--yes"],
            &["update", &stage.newer, "--yes"],
        ] {
            let refused = as_nobody(host, arguments).harmless();
            assert!(matches!(refused.status, Some(1..=7)), "{refused:?}");
        }
        host.is_as(&before);
    }
}

#[test]
fn the_version_is_told_and_what_the_program_works_with() {
    for host in Host::quick() {
        let short = host.plugins(["--version"]).success();
        assert_eq!(short.lines().count(), 1, "{short}");
        let long = host.plugins(["--version", "-v"]).success();
        assert!(long.starts_with(&short), "{long}");
        let tool = if host.manager == Manager::Rpm { "rpm " } else { "dpkg " };
        for part in ["registry schema ", "SQLite 3.", tool] {
            assert!(long.lines().any(|line| line.starts_with(part)), "{part}: {long}");
        }
    }
}
