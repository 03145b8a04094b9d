//! Sixteen commands at once, again and again: each found what the transaction before it left, nothing is
//! half done, and who only looks is never kept waiting (`threats-and-faults` F9).

#![expect(clippy::unwrap_used, reason = "a test ends where its stage cannot be set")]

use std::collections::{BTreeMap, BTreeSet};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
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

/// A command under way.
struct Deed {
    version: &'static str,
    words: Vec<String>,
    /// Whether the version is there after it; `None` where it changes nothing.
    leaves: Option<bool>,
    child: Child,
}

impl Deed {
    /// Waits for the end and returns the answer.
    fn end(&mut self) -> Value {
        let stdout = std::io::read_to_string(self.child.stdout.take().unwrap()).unwrap();
        let stderr = std::io::read_to_string(self.child.stderr.take().unwrap()).unwrap();
        let status = self.child.wait().unwrap().code();
        // A doctor that looks while others work may see work under way.
        let is_fine = status == Some(0) || status == Some(9) && self.words[0] == "doctor";
        assert!(is_fine, "{:?}: {status:?} {stderr}\n{stdout}", self.words);
        serde_json::from_str(&stdout).unwrap()
    }
}

impl Stage {
    fn new() -> Self {
        let host = Host::new(Manager::Rpm);
        let plugin = Plugin::create("demo", "1.0.0");
        let packages = VERSIONS.iter().map(|version| plugin.release(version, "fp")).collect();
        Self { host, packages, _plugin: plugin }
    }

    /// Starts a random command.
    fn start(&self, numbers: &mut Numbers) -> Deed {
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
        let words: Vec<String> = words.into_iter().map(str::to_owned).collect();
        let mut command = self.host.client(words.iter().map(String::as_str).chain(["--json"]));
        let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        Deed { version: VERSIONS[at], words, leaves, child }
    }

    /// Runs a crowd to its end. What each command says that it found and did has to follow from the
    /// commands before it, in the order of their transactions, and the end has to be the last one's.
    fn round(&self, numbers: &mut Numbers) {
        let mut there = self.present();
        let mut crowd: Vec<Deed> = (0..CROWD).map(|_| self.start(numbers)).collect();
        let mut done = BTreeMap::new();
        for deed in &mut crowd {
            let answer = deed.end();
            if answer["changed"] == true {
                let transaction = answer["plan"]["transaction"].as_i64().unwrap();
                let twin = done.insert(transaction, (&*deed, answer));
                assert!(twin.is_none(), "two transactions have the number {transaction}");
            } else {
                assert_ne!(deed.leaves, Some(true), "{:?} did nothing", deed.words);
            }
        }
        for (transaction, (deed, answer)) in done {
            let found = answer["results"][0]["from"].as_str();
            let expected = there.contains(deed.version).then_some(deed.version);
            assert_eq!(found, expected, "{transaction}: {:?}", deed.words);
            match deed.leaves {
                Some(true) => there.insert(deed.version.to_owned()),
                Some(false) => there.remove(deed.version),
                None => panic!("{transaction}: {:?} changed something: {answer}", deed.words),
            };
        }
        assert_eq!(self.present(), there);
    }

    /// Makes sure that in the history each entry begins where the one before it ended, for every version,
    /// up to what is registered.
    fn chain(&self) {
        let answer = self.host.json(["history"]);
        let mut states = BTreeMap::<String, Value>::new();
        let entries = answer["results"].as_array().unwrap().iter().rev();
        let events = entries.flat_map(|entry| entry["events"].as_array().unwrap());
        for event in events.filter(|event| event["plugin"].is_object()) {
            let (before, after) = (&event["plugin"]["before"], &event["plugin"]["after"]);
            let state = if after.is_null() { before } else { after };
            let version = state["plugin"]["version"].as_str().unwrap().to_owned();
            let mut known = states.insert(version, after.clone()).unwrap_or_default();
            if known.is_object() && before["package"].is_null() {
                // What was installed from is known as long as it is kept.
                known["package"] = Value::Null;
            }
            assert_eq!(known, *before, "{event}");
        }
        let told = states.into_iter().filter_map(|(version, state)| {
            Some((state["record"].as_i64()?, "demo".to_owned(), version))
        });
        let told: BTreeSet<_> = told.collect();
        assert_eq!(told, self.host.registered().into_iter().collect());
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
fn torture_a_crowd_of_commands_works_as_if_one_came_after_the_other() {
    if !have(&["rpm"]) {
        return;
    }
    let stage = Stage::new();
    let rounds = if torture() { 200 } else { 12 };
    let mut numbers = Numbers::new(9);
    for _ in 0..rounds {
        stage.round(&mut numbers);
    }
    stage.chain();
    stage.host.plugins(["doctor"]).success();
    stage.host.plugins(["history", "--verify"]).success();
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
