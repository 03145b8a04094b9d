//! A scratch host with dpkg and apt.

use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::run::{Outcome, run};
use crate::{plugin, shell};

/// A root folder with an own package database, into which the real dpkg and apt install.
#[derive(Debug)]
pub struct DebianHost {
    folder: TempDir,
}

impl DebianHost {
    /// Makes a host that has a shell and nothing else.
    pub fn new() -> Self {
        let folder = tempfile::tempdir().expect("the temporary folder is writable");
        let host = Self { folder };
        let root = host.root();
        for part in [
            "tmp",
            "var/lib/dpkg/updates",
            "var/lib/dpkg/info",
            "var/lib/apt/lists/partial",
            "var/cache/apt/archives/partial",
            "var/log/apt",
            "etc/apt/apt.conf.d",
            "etc/apt/preferences.d",
            "etc/apt/sources.list.d",
            "etc/apt/trusted.gpg.d",
        ] {
            fs_err::create_dir_all(root.join(part)).expect("the folder is ours");
        }
        fs_err::write(root.join("var/lib/dpkg/status"), "").expect("the folder is ours");
        fs_err::write(root.join("etc/apt/sources.list"), "").expect("the folder is ours");
        shell::place(&root);
        host
    }

    /// Returns what hooks wrote since the last call: one line each.
    pub fn hooks(&self) -> String {
        plugin::ran_hooks(&self.root())
    }

    /// Returns the host's root folder.
    pub fn root(&self) -> PathBuf {
        self.folder.path().join("root")
    }

    /// Runs `dpkg --root`.
    #[track_caller]
    pub fn dpkg(&self, arguments: &[&str]) -> Outcome {
        let root = format!("--root={}", path(&self.root()));
        run("dpkg", [&*root].iter().chain(arguments))
    }

    /// Runs `apt-get`, cut off from the machine's own settings, sources and lists.
    #[track_caller]
    pub fn apt_get(&self, arguments: &[&str]) -> Outcome {
        self.apt("apt-get", arguments)
    }

    /// Runs `apt-cache`, cut off likewise.
    #[track_caller]
    pub fn apt_cache(&self, arguments: &[&str]) -> Outcome {
        self.apt("apt-cache", arguments)
    }

    #[track_caller]
    fn apt(&self, program: &str, arguments: &[&str]) -> Outcome {
        let root = self.root();
        let options = [
            format!("-oDir={}", path(&root)),
            format!("-oDir::State::status={}/var/lib/dpkg/status", path(&root)),
            "-oDir::Bin::dpkg=/usr/bin/dpkg".to_owned(),
            format!("-oDPkg::Options::=--root={}", path(&root)),
            "-oAPT::Get::Assume-Yes=true".to_owned(),
        ];
        let options = [options.to_vec(), self.apt_options()].concat();
        run(program, options.iter().map(String::as_str).chain(arguments.iter().copied()))
    }

    /// Returns the options by which apt works as root for an architecture of its own.
    pub fn apt_options(&self) -> Vec<String> {
        vec!["-oAPT::Architecture=amd64".to_owned(), "-oAPT::Sandbox::User=root".to_owned()]
    }

    /// Makes the flat repository in `folder` known to apt, unsigned.
    pub fn add_repository(&self, folder: &Path) {
        let text = format!("deb [trusted=yes] file:{} /\n", path(folder));
        fs_err::write(self.root().join("etc/apt/sources.list"), text).expect("the folder is ours");
    }

    /// Returns the version of an installed package.
    #[track_caller]
    pub fn installed(&self, name: &str) -> Option<String> {
        let admin = format!("--admindir={}/var/lib/dpkg", path(&self.root()));
        let format = "${db:Status-Status} ${Version}";
        let answer = run("dpkg-query", [&admin, "-W", "-f", format, name]);
        answer.stdout.strip_prefix("installed ").map(str::to_owned)
    }
}

impl Default for DebianHost {
    fn default() -> Self {
        Self::new()
    }
}

/// A path as text; all paths in these tests are.
fn path(path: &Path) -> &str {
    path.to_str().expect("a UTF-8 path")
}
