//! Repositories before the tools that they are for, many writers at once, and a failing host.

#![expect(clippy::unwrap_used, reason = "a test ends where its stage cannot be set")]

mod disks;
mod gpg;
mod hosts;
mod interrupted;
mod matrix;
mod page;
mod rules;
mod tools;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use packaging::{Blueprint, Contents, Hooks, Settings};
use plugin::{Format, Generation, PluginId};
use tempfile::TempDir;
use tests::Outcome;

/// The time of all packages.
const TIME: u32 = 1_700_000_000;

/// A repository in a folder of its own, and packages beside it.
struct Stage {
    folder: TempDir,
}

impl Stage {
    fn new() -> Self {
        let stage = Self { folder: tempfile::tempdir().unwrap() };
        stage.fpb("repo init --name example repo").success();
        stage
    }

    fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    fn text(&self, path: &str) -> String {
        fs_err::read_to_string(self.path(path)).unwrap()
    }

    /// Makes the package of `name` and `version`, whose one file says `content`; returns its name.
    fn package(&self, format: Format, id: (&str, &str), content: &str) -> String {
        let (name, version) = id;
        let generation = if format == Format::Fp { Generation::V1 } else { Generation::V5 };
        let blueprint = blueprint(name, version, generation, content);
        let file = packaging::file_name(format, &blueprint).unwrap();
        let settings = Settings {
            compression: None,
            level: None,
            scratch: self.folder.path(),
            progress: &|_| {},
        };
        let out = fs_err::File::create(self.path(&file)).unwrap().into_file();
        packaging::write(format, &blueprint, &settings, &out).unwrap();
        file
    }

    /// Makes RPM and deb of a version and adds them.
    fn add(&self, name: &str, version: &str) {
        let [rpm, deb] = [Format::Rpm, Format::Deb]
            .map(|format| self.package(format, (name, version), "content"));
        self.fpb(&format!("repo add --repo repo {rpm} {deb}")).success();
    }

    fn command(&self, line: &str) -> Command {
        let mut command = tests::command(env!("CARGO_BIN_EXE_fpb"), line.split(' '));
        command.current_dir(self.folder.path()).env("LC_ALL", "C.UTF-8");
        command
    }

    fn fpb(&self, line: &str) -> Outcome {
        tests::finish(&mut self.command(line)).harmless()
    }

    fn fpb_at(&self, epoch: u32, line: &str) -> Outcome {
        tests::finish(self.command(line).env("SOURCE_DATE_EPOCH", epoch.to_string())).harmless()
    }

    fn json(&self, line: &str) -> serde_json::Value {
        serde_json::from_str(&self.fpb(&format!("{line} --json")).stdout).unwrap()
    }

    fn publish(&self) {
        self.fpb("repo publish --repo repo --unsigned").success();
    }

    /// Returns every file below `path` but the lock, which has the number of who held it last: its bytes
    /// and when it was changed.
    fn tree(&self, path: &str) -> BTreeMap<String, (Vec<u8>, std::time::SystemTime)> {
        let mut tree = BTreeMap::new();
        walk(&self.path(path), "", &mut tree);
        tree.remove(".lock");
        tree
    }
}

fn walk(
    folder: &Path,
    prefix: &str,
    tree: &mut BTreeMap<String, (Vec<u8>, std::time::SystemTime)>,
) {
    for entry in fs_err::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let path = format!("{prefix}{}", entry.file_name().to_str().unwrap());
        if entry.file_type().unwrap().is_dir() {
            walk(&entry.path(), &format!("{path}/"), tree);
        } else {
            let bytes = fs_err::read(entry.path()).unwrap();
            tree.insert(path, (bytes, entry.metadata().unwrap().modified().unwrap()));
        }
    }
}

fn blueprint(name: &str, version: &str, generation: Generation, content: &str) -> Blueprint {
    let id =
        PluginId { name: name.parse().unwrap(), version: version.parse().unwrap(), generation };
    let mut contents = Contents::default();
    let metadata = format!(
        "name: {name}\nversion: '{version}'\npackage_version: '{}'\ntitle: The <{name}>\n\
         description: d\nfuel_version: ['9.0']\nlicenses: [Apache-2.0]\nauthors: [A]\n\
         homepage: https://example.org\ngroups: []\nbuild_version: '1'\nreleases:\n\
         - {{os: ubuntu, version: mitaka-9.0, mode: [ha], deployment_scripts_path: s/, \
         repository_path: r/}}\n",
        generation.as_str()
    );
    contents.insert_text("metadata.yaml", metadata.into_bytes());
    contents.insert_text("file", content.as_bytes().to_vec());
    Blueprint {
        id,
        release: "1".to_owned(),
        title: "The example".to_owned(),
        description: "d".to_owned(),
        homepage: None,
        licenses: vec!["Apache-2.0".to_owned()],
        authors: vec!["A <a@example.org>".to_owned()],
        contents,
        hooks: Hooks::default(),
        time: TIME,
    }
}
