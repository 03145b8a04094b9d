//! A release engineer with a key and a repository, who works with the built `fpb`.

use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::run::{Outcome, built, command, finish, run};
use crate::{Host, Key, Plugin};

/// A release engineer.
#[derive(Debug)]
pub struct Publisher {
    folder: TempDir,
    /// Signs packages and repository.
    pub key: Key,
}

impl Publisher {
    /// Makes one with a new key and an empty repository called `name`.
    #[track_caller]
    pub fn new(name: &str) -> Self {
        let folder = tempfile::tempdir().expect("the temporary folder is writable");
        let publisher = Self { folder, key: Key::of_gpg(&format!("{name} <{name}@example.org>")) };
        publisher.key.write_secret(publisher.folder.path());
        publisher.fpb(&["repo", "init", "--name", name, "repo"]);
        publisher
    }

    /// Returns what is served.
    pub fn public(&self) -> PathBuf {
        self.folder.path().join("repo/public")
    }

    /// Returns what is served, as an address.
    pub fn address(&self) -> String {
        format!("file://{}", self.public().display())
    }

    /// Builds `version` of a plugin for a host, signed, and adds it to the repository.
    #[track_caller]
    pub fn add(&self, host: &Host, plugin: &Plugin, version: &str) -> String {
        let package = plugin.release_by(&self.key, version, host.manager.format());
        self.fpb(&["repo", "add", "--repo", "repo", &package]);
        package
    }

    /// Issues a notice: `--fixes demo==1.0.4`, `--withdraws demo==1.0.3`.
    #[track_caller]
    pub fn advise(&self, id: &str, versions: &[&str]) {
        let words =
            ["advisory", "add", "--repo", "repo", "--severity", "important", "--title", "Leak"];
        self.fpb(&[&words[..], &["--id", id], versions].concat());
    }

    /// Publishes what was added.
    #[track_caller]
    pub fn publish(&self) {
        finish(&mut self.publication(&[])).success();
    }

    /// Publishes what was added as if it were `days` ago, or to come.
    #[track_caller]
    pub fn publish_days_ago(&self, days: i64) {
        let now = std::time::SystemTime::UNIX_EPOCH.elapsed().expect("it is past").as_secs();
        let then = now.cast_signed() - days * 24 * 60 * 60;
        finish(self.publication(&["--refresh"]).env("SOURCE_DATE_EPOCH", then.to_string()))
            .success();
    }

    /// Copies what is served aside.
    pub fn save(&self, name: &str) -> PathBuf {
        let saved = self.folder.path().join(name);
        copy(&self.public(), &saved);
        saved
    }

    /// Serves what was saved, or something else, in the place of what was published.
    pub fn serve(&self, folder: &Path) {
        fs_err::remove_dir_all(self.public()).expect("the folder is ours");
        copy(folder, &self.public());
    }

    /// Replaces a file that is served.
    pub fn put(&self, path: &str, content: impl AsRef<[u8]>) {
        let path = self.public().join(path);
        // It may be linked to another one.
        fs_err::remove_file(&path).expect("the file is ours");
        fs_err::write(path, content).expect("the folder is ours");
    }

    /// Runs `fpb`, which has to succeed.
    #[track_caller]
    pub fn fpb(&self, words: &[&str]) -> String {
        finish(&mut self.command(words)).success()
    }

    fn publication(&self, words: &[&str]) -> std::process::Command {
        let key = format!("{}.key", self.key.fingerprint());
        self.command(&[&["repo", "publish", "--repo", "repo", "--key", &key], words].concat())
    }

    fn command(&self, words: &[&str]) -> std::process::Command {
        let program = built("fpb");
        let mut command = command(program.to_str().expect("a UTF-8 path"), words);
        command.current_dir(self.folder.path()).env("LC_ALL", "C.UTF-8");
        command
    }
}

impl Host {
    /// Runs `plugins repo add`, with the right fingerprint.
    #[track_caller]
    pub fn add_source(&self, publisher: &Publisher, words: &[&str]) -> Outcome {
        let (address, fingerprint) = (publisher.address(), publisher.key.fingerprint());
        let own = ["repo", "add", &address, "--accept-fingerprint", &fingerprint, "--yes"];
        self.plugins([&own[..], words].concat())
    }
}

fn copy(from: &Path, to: &Path) {
    run("cp", [Path::new("-a"), from, to]).success();
}
