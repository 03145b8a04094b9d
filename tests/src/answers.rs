//! What the client answers, in the few words that stories need.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::run::{Outcome, built, command, run};
use crate::{Host, tree};

/// What a reading or a refused command may leave: its lock, its log, and what rpm's own database keeps
/// of its readers.
const TRACES: [&str; 4] = ["var/lib/plugins/lock", "var/log", "root/.rpmdb", "var/lib/rpm"];

impl Host {
    /// Returns the registry in short: `1 demo 1.0.2`.
    #[track_caller]
    pub fn registry(&self) -> Vec<String> {
        let row = |(id, name, version)| format!("{id} {name} {version}");
        self.registered().into_iter().map(row).collect()
    }

    /// Returns the row of the list that is about `plugin`: `demo==1.0.2`.
    #[track_caller]
    pub fn row(&self, plugin: &str) -> Value {
        let (name, version) = plugin.split_once("==").expect("a name and a version");
        let answer = self.json(["list"]);
        let rows = answer["results"].as_array().expect("a list");
        let row = rows.iter().find(|row| row["name"] == name && row["version"] == version);
        row.unwrap_or_else(|| panic!("no {plugin} in {answer}")).clone()
    }

    /// Returns how it is with `plugin`: `registered`, or `held linked` …
    #[track_caller]
    pub fn state(&self, plugin: &str) -> String {
        let row = self.row(plugin);
        let states = row["states"].as_array().unwrap_or_else(|| panic!("no states in {row}"));
        states.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" ")
    }

    /// Returns all that is on the host, without what even a reader may leave there.
    pub fn everything(&self) -> BTreeMap<PathBuf, String> {
        let root = self.root();
        let trace = |path: &Path| {
            TRACES.iter().any(|trace| path.starts_with(root.join(trace)) && !path.is_dir())
        };
        // A folder that only holds such traces is one itself.
        let mut found = tree(&root);
        found.retain(|path, _| !trace(path));
        let empty = |path: &PathBuf| {
            ["var/lib/plugins", "var/log"].iter().any(|folder| *path == root.join(folder))
        };
        found.retain(|path, _| !empty(path));
        found
    }

    /// Makes sure that nothing is there that was not there `before`, and nothing else.
    #[track_caller]
    pub fn is_as(&self, before: &BTreeMap<PathBuf, String>) {
        let mut now = self.everything();
        let state = self.root().join("var/lib/plugins");
        if !before.contains_key(&state.join("registry.db")) {
            // An empty registry says what none says.
            now.retain(|path, _| before.contains_key(path) || !is_around(path, &state));
        }
        let other = |a: &BTreeMap<PathBuf, String>, b: &BTreeMap<PathBuf, String>| {
            let differs = a.iter().filter(|(path, what)| b.get(*path) != Some(*what));
            differs.map(|(path, what)| format!("{} {what}", path.display())).collect::<Vec<_>>()
        };
        assert_eq!(other(before, &now), other(&now, before), "was, and is");
    }

    /// Makes sure that the client ends with `status`, says `what`, and has not changed anything.
    #[track_caller]
    pub fn refuses(&self, arguments: &[&str], status: i32, what: &str) -> Outcome {
        let before = self.everything();
        let outcome = self.plugins(arguments).refusal(status, what);
        self.is_as(&before);
        outcome
    }

    /// Makes sure that the client has nothing to do, and does nothing.
    #[track_caller]
    pub fn does_nothing(&self, arguments: &[&str]) -> Value {
        let before = self.everything();
        let answer = self.json(arguments.iter().copied());
        assert_eq!((&answer["ok"], &answer["changed"]), (&true.into(), &false.into()), "{answer}");
        self.is_as(&before);
        answer
    }

    /// Makes sure that the client changes something, and returns its answer.
    #[track_caller]
    pub fn changes(&self, arguments: &[&str]) -> Value {
        let answer = self.json(arguments.iter().copied());
        assert_eq!((&answer["ok"], &answer["changed"]), (&true.into(), &true.into()), "{answer}");
        answer
    }

    /// Returns the command that runs the client under another of its names.
    pub fn client_called(&self, name: &str, arguments: &[&str]) -> Command {
        let link = self.beside(name);
        if !link.exists() {
            fs_err::os::unix::fs::symlink(built("plugins"), &link).expect("the folder is ours");
        }
        let mut client = command(link.to_str().expect("a UTF-8 path"), ["--root"]);
        client.arg(self.root()).args(arguments).env("LC_ALL", "C.UTF-8");
        client
    }

    /// Returns a path beside the host's root, for what a story needs and the host does not see.
    pub fn beside(&self, name: &str) -> PathBuf {
        self.root().parent().expect("the root lies in a folder of its own").join(name)
    }

    /// Replaces this host's whole content with that of `saved`, see [`Host::save`].
    pub fn restore(&self, saved: &Path) {
        fs_err::remove_dir_all(self.root()).expect("the folder is ours");
        copy(saved, &self.root());
    }

    /// Copies this host's whole content aside.
    pub fn save(&self, name: &str) -> PathBuf {
        let saved = self.beside(name);
        copy(&self.root(), &saved);
        saved
    }
}

/// Whether `path` is a folder, something in it or a folder that it lies in.
fn is_around(path: &Path, folder: &Path) -> bool {
    path.starts_with(folder) || folder.starts_with(path)
}

fn copy(from: &Path, to: &Path) {
    run("cp", [Path::new("-a"), from, to]).success();
}
