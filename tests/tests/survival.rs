//! Whatever kills a command, or whichever call fails it, the next one finds the host where it was or
//! where it was going, and leaves nothing over (`threats-and-faults` I1–I8, F1, F4).
//!
//! Every state-changing system call of the client and of the package manager is a point. All are tried
//! where `DOVETAIL_TORTURE` is set, some of them otherwise; the count is printed.

#![expect(clippy::print_stderr, reason = "the count of points is what the sweep is for")]

use tests::{Host, Manager, Plugin, Sweep, Victim, have, torture};

/// How many points of each sort are tried by default.
const FEW: usize = 4;

/// How many are tried of a resolver's, which makes thousands of calls and takes seconds: always some.
const SOME: usize = 50;

/// A host with packages for it.
struct Stage {
    host: Host,
    /// The plugin's versions 1.0.1 to 1.0.3.
    packages: [String; 3],
    _plugin: Plugin,
}

impl Stage {
    fn new(manager: Manager, generation: &str, format: &str) -> Self {
        let host = Host::new(manager);
        let plugin = Plugin::create("demo", generation);
        plugin.with_hooks("/bin/sh");
        let packages = ["1.0.1", "1.0.2", "1.0.3"].map(|version| plugin.release(version, format));
        Self { host, packages, _plugin: plugin }
    }

    /// Has the client do what a sweep begins after; `1`, `2` and `3` stand for the packages.
    #[track_caller]
    fn after(self, commands: &[&str]) -> Self {
        for command in commands {
            self.host.plugins(self.words(command)).success();
        }
        self
    }

    fn words(&self, command: &str) -> Vec<String> {
        let word = |word: &str| match word {
            "1" | "2" | "3" => self.packages[usize::from(word.as_bytes()[0] - b'1')].clone(),
            word => word.to_owned(),
        };
        command.split(' ').map(word).chain(["--yes".to_owned()]).collect()
    }

    #[track_caller]
    fn sweep(&self, command: &str, victims: &[Victim]) {
        let words = self.words(command);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let sweep = Sweep::new(&self.host, &words, &["demo-1.0"]);
        for victim in victims {
            let points = sweep.kill(*victim, FEW);
            eprintln!("{:?} {command}: {victim:?} killed at {points} points", self.host.manager);
        }
        for error in ["EIO", "ENOSPC"] {
            let points = sweep.fail(error, FEW);
            eprintln!("{:?} {command}: {error} at {points} points", self.host.manager);
        }
    }
}

/// Sweeps `command`, given after the commands in `before`, under both families of package managers.
#[track_caller]
fn packaged(before: &[&str], command: &str) {
    packaged_struck(before, command, &[Victim::PackageManager, Victim::Both, Victim::Client]);
}

#[track_caller]
fn packaged_struck(before: &[&str], command: &str, victims: &[Victim]) {
    if !have(&["strace", "rpm", "dpkg"]) {
        return;
    }
    for (manager, format) in [(Manager::Rpm, "rpm"), (Manager::Dpkg, "deb")] {
        let stage = Stage::new(manager, "5.0.0", format).after(before);
        stage.sweep(command, victims);
    }
}

/// Sweeps `command` with legacy packages.
#[track_caller]
fn legacy(before: &[&str], command: &str) {
    if have(&["strace", "rpm"]) {
        let stage = Stage::new(Manager::Rpm, "1.0.0", "fp").after(before);
        stage.sweep(command, &[Victim::Client]);
    }
}

/// Sweeps `command` where dnf or apt works through rpm or dpkg.
#[track_caller]
fn resolved(before: &[&str], command: &str) {
    for manager in [Manager::Dnf, Manager::Apt] {
        if !have(&["strace"]) || !manager.is_here() {
            return;
        }
        let stage = Stage::new(manager, "5.0.0", manager.format()).after(before);
        let words = stage.words(command);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let sweep = Sweep::new(&stage.host, &words, &["demo-1.0"]);
        let client = sweep.kill(Victim::Client, 1);
        let both = sweep.kill_some(Victim::Both, if torture() { SOME } else { 1 });
        eprintln!("{manager:?} {command}: client killed at {client} points, both at {both}");
    }
}

#[test]
fn torture_an_install_survives() {
    packaged(&[], "install 1");
}

#[test]
fn torture_an_update_survives() {
    packaged(&["install 1"], "update 2");
}

#[test]
fn torture_an_install_through_a_resolver_survives() {
    resolved(&[], "install 1");
}

#[test]
fn torture_an_update_through_a_resolver_survives() {
    resolved(&["install 1"], "update 2");
}

#[test]
fn torture_a_removal_through_a_resolver_survives() {
    resolved(&["install 1"], "remove demo");
}

#[test]
fn torture_a_hold_survives() {
    packaged_struck(&["install 1"], "hold demo", &[Victim::Client]);
}

#[test]
fn torture_an_unhold_survives() {
    packaged_struck(&["install 1", "hold demo"], "unhold demo", &[Victim::Client]);
}

#[test]
fn torture_an_undo_of_a_removal_survives() {
    packaged(&["install 1", "remove demo"], "undo");
}

#[test]
fn torture_a_downgrade_survives() {
    packaged(&["install 1", "update 2"], "downgrade demo --offline");
}

#[test]
fn torture_a_removal_survives() {
    packaged(&["install 1"], "remove demo");
}

#[test]
fn torture_an_undo_survives() {
    packaged(&["install 1", "update 2"], "undo");
}

#[test]
fn torture_a_registration_survives() {
    // The package manager has no part in it.
    let before = ["install 1", "unregister demo"];
    packaged_struck(&before, "register demo==1.0.1", &[Victim::Client]);
}

#[test]
fn torture_an_unregistration_survives() {
    legacy(&["install 1"], "unregister demo");
}

#[test]
fn torture_a_sync_survives() {
    legacy(&["install 1", "install 2", "unregister demo==1.0.1"], "sync");
}

#[test]
fn torture_a_legacy_install_survives() {
    legacy(&[], "install 1");
}

#[test]
fn torture_a_forced_legacy_install_survives() {
    legacy(&["install 1"], "install 1 --strategy always");
}

#[test]
fn torture_a_legacy_removal_survives() {
    legacy(&["install 1"], "remove demo");
}

#[test]
fn torture_linking_survives() {
    legacy(&["install 1", "install 2", "install 3"], "link demo==1.0.1 demo==1.0.2 --to 1.0.3");
}

#[test]
fn torture_unlinking_survives() {
    let link = "link demo==1.0.1 demo==1.0.2 --to 1.0.3";
    legacy(&["install 1", "install 2", "install 3", link], "unlink demo==1.0.1 demo==1.0.2");
}
