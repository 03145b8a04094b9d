//! Sixteen commands at once, again and again: the end is the one that some serial order gives, nothing
//! is half done, and who only looks is never kept waiting (`threats-and-faults` F9).

#![expect(clippy::unwrap_used, reason = "a test ends where its stage cannot be set")]

use std::collections::BTreeSet;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use tests::{Host, Manager, Numbers, Plugin, have, torture};

/// Commands at once.
const CROWD: usize = 16;

/// Versions of one legacy plugin, each with a folder and an entry of its own.
const VERSIONS: [&str; 4] = ["1.0.0", "1.0.1", "1.0.2", "1.0.3"];

struct Stage {
    host: Host,
    packages: Vec<String>,
    _plugin: Plugin,
}

impl Stage {
    fn new() -> Self {
        let host = Host::new(Manager::Rpm);
        let plugin = Plugin::create("demo", "1.0.0");
        let packages = VERSIONS.iter().map(|version| plugin.release(version, "fp")).collect();
        Self { host, packages, _plugin: plugin }
    }

    /// Starts a random command, and says which version it concerns and whether that is there after it.
    fn start(&self, numbers: &mut Numbers) -> (usize, bool, Option<bool>, Child) {
        let at = numbers.below(VERSIONS.len());
        let exact = format!("demo=={}", VERSIONS[at]);
        let package = &*self.packages[at];
        let (words, leaves): (Vec<&str>, _) = match numbers.below(6) {
            0 | 1 => (vec!["install", package, "--strategy", "always", "--yes"], Some(true)),
            2 => (vec!["remove", &exact, "--if-present", "--yes"], Some(false)),
            3 => (vec!["sync", "--yes"], None),
            4 => (vec!["list"], None),
            _ => (vec!["doctor"], None),
        };
        let is_doctor = words == ["doctor"];
        let mut command = self.host.client(words);
        let child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        (at, is_doctor, leaves, child)
    }

    /// Runs a crowd to its end. Of each version that is left, the last command in some order left it: it
    /// is there if all its commands leave it so, gone if none does, and either way otherwise.
    fn round(&self, numbers: &mut Numbers) {
        let before = self.present();
        let crowd: Vec<_> = (0..CROWD).map(|_| self.start(numbers)).collect();
        let mut wanted: [BTreeSet<bool>; VERSIONS.len()] = Default::default();
        for (at, is_doctor, leaves, child) in crowd {
            let output = child.wait_with_output().unwrap();
            let said = String::from_utf8_lossy(&output.stderr);
            // A doctor that looks while others work may see work under way.
            let is_fine = |status| status == 0 || status == 9 && is_doctor;
            assert!(output.status.code().is_some_and(is_fine), "{:?} {said}", output.status);
            wanted[at].extend(leaves);
        }
        let after = self.present();
        for (at, wanted) in wanted.iter().enumerate() {
            let there = after.contains(VERSIONS[at]);
            let possible = match wanted.len() {
                0 => there == before.contains(VERSIONS[at]),
                _ => wanted.contains(&there),
            };
            assert!(possible, "{}: {there}, though {wanted:?}", VERSIONS[at]);
        }
    }

    /// Returns the versions that are there, after making sure that disk and registry agree.
    fn present(&self) -> BTreeSet<String> {
        let registered: BTreeSet<_> = self.host.registered().into_iter().map(|row| row.2).collect();
        let on_disk: BTreeSet<_> = VERSIONS
            .iter()
            .filter(|version| self.host.version_in(&format!("demo-{version}")).is_some())
            .map(|version| (*version).to_owned())
            .collect();
        assert_eq!(registered, on_disk);
        registered
    }
}

#[test]
fn torture_a_crowd_of_commands_leaves_what_some_serial_order_leaves() {
    if !have(&["rpm"]) {
        return;
    }
    let stage = Stage::new();
    let rounds = if torture() { 200 } else { 6 };
    let mut numbers = Numbers::new(9);
    for _ in 0..rounds {
        stage.round(&mut numbers);
    }
    stage.host.plugins(["doctor"]).success();
    eprintln!("{rounds} rounds of {CROWD} commands");
}

#[test]
fn who_only_looks_does_not_wait_for_who_writes() {
    if !have(&["rpm"]) {
        return;
    }
    let host = Host::new(Manager::Rpm);
    let plugin = Plugin::create("demo", "5.0.0");
    let package = host.release(&plugin, "1.0.0");
    let tools = plugin.path().join("tools");
    let door = plugin.path().join("door");
    tests::run("mkfifo", [door.to_str().unwrap()]).success();
    // The package manager waits at the door before it installs.
    let script = format!(
        "case \" $* \" in *' -U '*) cat {} ;; esac\nexec /usr/bin/rpm \"$@\"",
        door.display()
    );
    host.stand_in(&tools, "rpm", &script);
    let mut writer = host
        .client(["install", &package, "--yes"])
        .env("PLUGINS_TOOLS", &tools)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let begun = Instant::now();
    while !host.root().join("var/lib/plugins/journal").exists() {
        assert!(begun.elapsed() < Duration::from_secs(60), "the writer never began");
        std::thread::yield_now();
    }
    assert!(host.registered().is_empty());
    host.plugins(["history"]).success();
    // A second writer waits no longer than it is told to, and says for whom.
    let pid = writer.id().to_string();
    host.plugins(["sync", "--yes", "--lock-timeout", "0"]).refusal(7, &pid);

    fs_err::write(&door, "").unwrap();
    assert!(writer.wait().unwrap().success());
    assert_eq!(host.registered().len(), 1);
}
